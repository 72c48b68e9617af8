"""A home directory that cannot be written, nor made: /proc, which not even root may write to."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numba
import pytest
from numba.core import caching

from lab.analysis.compiled import import_compiled
from lab.encoders.hub import find_cached
from lab.runs import read_run

ROOT = Path(__file__).parents[2]
HOME = "/proc"
FINETUNE = """
import sys

import lab.archive
from lab.cli.main import main

lab.archive.layout_maps = lambda outcome: []  # UMAP compiles for longer than all else takes
sys.exit(main(sys.argv[1:]))
"""


def run_python(script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
    kept = {name: os.environ[name] for name in ("PATH", "OMP_NUM_THREADS") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, *arguments],
        cwd=ROOT,
        env={**kept, "HOME": HOME, **variables},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_run_is_made_and_saved(settings: list[str], tmp_path: Path) -> None:
    nowhere = f"{HOME}/nowhere"
    done = run_python(
        FINETUNE, *settings, "--out", str(tmp_path / "run"),
        HF_HOME=nowhere, NUMBA_CACHE_DIR=nowhere, TMPDIR=str(tmp_path),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert read_run(tmp_path / "run").record["status"] == "finished"


def test_page_is_built(tmp_path: Path) -> None:
    script = "import app; print(len(app.demo.fns))"
    done = run_python(script, LAB_RUNS=str(tmp_path / "runs"), TMPDIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0


def test_numba_compiles_where_only_temporary_files_may_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    def add(a: int, b: int) -> int:
        return a + b

    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("InTreeCacheLocator", "InTreeCacheLocatorFsAgnostic", "UserWideCacheLocator"):
        monkeypatch.setattr(getattr(caching, name), "ensure_cache_path", refuse)
    with pytest.raises(RuntimeError, match="no locator available"):
        numba.njit(cache=True)(add)
    assert import_compiled(lambda: numba.njit(cache=True)(add))(2, 3) == 5
    assert list(tmp_path.glob("lab-numba-*/**/*.nbi"))


def test_other_errors_of_an_import_stay() -> None:
    def load() -> None:
        raise RuntimeError("of another kind")

    with pytest.raises(RuntimeError, match="another kind"):
        import_compiled(load)


def test_hub_cache_that_may_not_be_looked_into_holds_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "stat", refuse)
    assert find_cached("someone/model") is None
