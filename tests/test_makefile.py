"""`make` sets up once, notices what changed, and takes no failed installation for a good one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


class Clone:
    """A folder with the Makefile and requirements of its own, which need no registry."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        shutil.copy(ROOT / "Makefile", folder)
        for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
            (folder / name).touch()

    def make(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run make as a person would, whatever make these tests run under."""
        outer = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON", "PORT")
        clean = {name: value for name, value in os.environ.items() if name not in outer}
        return subprocess.run(
            ["make", *arguments], cwd=self.folder, env=clean, capture_output=True, text=True
        )


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """Installed once, at a path with a space in it."""
    clone = Clone(tmp_path_factory.mktemp("make") / "a clone")
    first = clone.make("install", f"PYTHON={sys.executable}")
    assert first.returncode == 0, first.stderr
    return clone


def test_a_second_time_nothing_is_installed(clone: Clone):
    assert "Nothing to be done" in clone.make("install").stdout


@pytest.mark.parametrize("name", ["requirements.txt", "constraints.txt"])
def test_changed_requirements_are_installed_again(clone: Clone, name: str):
    (clone.folder / name).touch()
    assert "pip" in clone.make("--dry-run", "install").stdout
    assert clone.make("install").returncode == 0
    assert "Nothing to be done" in clone.make("install").stdout


def test_what_only_tests_need_is_not_installed_to_run(clone: Clone):
    assert "requirements-dev.txt" not in clone.make("--dry-run", "run").stdout
    assert "requirements-dev.txt" in clone.make("--dry-run", "test").stdout


def test_a_failed_installation_is_tried_again(clone: Clone):
    (clone.folder / "requirements.txt").write_text("./not-there\n")
    assert clone.make("install").returncode != 0
    assert clone.make("install").returncode != 0
    (clone.folder / "requirements.txt").write_text("")
    assert clone.make("install").returncode == 0


def test_another_python_makes_another_environment(clone: Clone):
    (clone.folder / ".venv" / ".python").write_text("3.9.1 /usr/bin/python3.9\n")
    assert " -m venv" in clone.make("--dry-run", "install").stdout
    assert clone.make("install").returncode == 0
    assert "Nothing to be done" in clone.make("install").stdout


def test_a_python_that_does_not_serve_is_named(clone: Clone):
    answer = clone.make("install", "PYTHON=/not/there/python3")
    assert answer.returncode != 0
    assert "PYTHON=/not/there/python3 is not a Python 3.10 to 3.13" in answer.stderr


def test_run_passes_the_port_on(clone: Clone):
    (clone.folder / "app.py").write_text("import os; print('port', os.environ['PORT'])\n")
    assert clone.make("run").stdout.splitlines()[-1] == "port 7860"
    assert clone.make("run", "PORT=8123").stdout.splitlines()[-1] == "port 8123"


def test_help_names_every_command(clone: Clone):
    listed = clone.make().stdout
    assert all(f"make {name} - " in listed for name in ("run", "test", "install", "lint", "format"))
