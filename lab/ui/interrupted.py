"""Runs that ended with the server: whose they were, and what it takes to go on with them.

    RUNS/ID.partial/
      visit.json               the run's settings, and a hash of its visitor's id
      checkpoint.safetensors   see lab.training.checkpoint_folder

The id itself is what a visitor proves themselves with: it stays in their browser, and nobody who
reads this folder can find it from its hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab import runs
from lab.config import RunConfig
from lab.durable import write_whole
from lab.errors import ConfigError
from lab.ui.visitors import Visitor

NAME = "visit.json"


@dataclass(frozen=True)
class Interrupted:
    """id: of the job that it was; uploads: those that the run reads, by name.

    steps: done and in all at its checkpoint; None: it begins anew.
    """

    id: str
    config: RunConfig
    language: str
    form: Mapping[str, Any]
    uploads: Mapping[str, Path]
    steps: tuple[int, int] | None


def note_visit(
    folder: Path, visitor: Visitor, config: RunConfig, language: str, form: Mapping[str, Any]
) -> None:
    """Write down in a run's folder of checkpoints what going on takes. Raises OSError."""
    asked = {config.pairs, config.control}
    visit = {
        "visitor": _hash(visitor.id),
        "config": runs.config_as_json(config),
        "language": language,
        "form": dict(form),
        "uploads": {name: str(p) for name, p in visitor.uploads.items() if name in asked},
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / NAME, json.dumps(visit, ensure_ascii=False).encode())


def find_interrupted(home: Path, visitor_id: object) -> list[Interrupted]:
    """A visitor's runs that are not over, the newest first. home: the folder of all runs.

    Those that train are among them.
    """
    if not isinstance(visitor_id, str) or not visitor_id:
        return []
    files = sorted(home.glob(f"*{runs.PARTIAL}/{NAME}"), key=_age)
    found = (_read(file, _hash(visitor_id)) for file in files)
    return [run for run in found if run is not None]


def _age(file: Path) -> float:
    try:
        return -file.stat().st_mtime
    except OSError:  # it ended just now
        return 0.0


def _read(file: Path, visitor: str) -> Interrupted | None:
    """The run, if it is this visitor's."""
    try:
        visit = json.loads(file.read_text(encoding="utf-8"))
        if visit["visitor"] != visitor:
            return None
        config = runs.config_from_json(visit["config"])
        uploads = {name: Path(path) for name, path in visit["uploads"].items()}
        language, form = visit["language"], visit["form"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ConfigError):
        return None  # of another version, say
    job = file.parent.name.removesuffix(runs.PARTIAL)
    return Interrupted(job, config, language, form, uploads, _count_steps(file.parent))


def _count_steps(folder: Path) -> tuple[int, int] | None:
    from lab.training.checkpoint_folder import count_steps, read_header

    header = read_header(folder)
    return header and count_steps(header)


def _hash(visitor_id: str) -> str:
    return hashlib.sha256(visitor_id.encode()).hexdigest()
