"""Runs and sweeps that ended with the server, or had not begun: whose they are, and what it takes
to go on with them.

    RUNS/ID.partial/
      visit.json               the settings, and a hash of the visitor's id
      checkpoint.safetensors   of a run: see lab.training.checkpoint_folder

The id itself is what a visitor proves themselves with: it stays in their browser, and nobody who
reads this folder can find it from its hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lab.config import RunConfig
from lab.durable import write_whole
from lab.errors import LabError
from lab.runs import PARTIAL
from lab.sweep.config import SweepConfig
from lab.visits.complaints import Complaint
from lab.visits.disk import remove
from lab.visits.jobs import Kind
from lab.visits.kept_file import is_kept
from lab.visits.typed_json import read_as, write_json
from lab.visits.uploads import find_uploads, list_uploads
from lab.visits.visitors import Visitor, hash_id
from lab.words import LANGUAGES

NAME = "visit.json"
CONFIGS: Mapping[Kind, type] = {"run": RunConfig, "sweep": SweepConfig}


class Restarting(Complaint):
    """A run that ends with the server, and can be gone on with."""

    def __init__(self) -> None:
        super().__init__("restarting")


@dataclass(frozen=True)
class Visit:
    """What is written down of a run or a sweep from when it waits until it is over.

    home: the folder of all runs; id: of its job; form: the controls' values, of a run.
    """

    home: Path
    id: str
    visitor: Visitor
    config: RunConfig | SweepConfig
    language: str
    form: Mapping[str, Any]

    @property
    def result(self) -> Path:
        """Where what comes of it will be."""
        return self.home / self.id

    @property
    def partial(self) -> Path:
        """Where it is written down, and where a run keeps its checkpoints."""
        return self.home / f"{self.id}{PARTIAL}"

    def note(self) -> None:
        """It waits from now on. On a full disk it cannot be gone on with, and may still end."""
        base = self.config.base if isinstance(self.config, SweepConfig) else self.config
        visit = {
            "visitor": hash_id(self.visitor.id),
            "kind": "run" if base is self.config else "sweep",
            "config": asdict(self.config),
            "language": self.language,
            "form": dict(self.form),
            "uploads": list_uploads(self.visitor, (base.pairs, base.control)),
        }
        with suppress(OSError):
            self.partial.mkdir(parents=True, exist_ok=True)
            write_whole(self.partial / NAME, write_json(visit).encode())

    def withdraw(self, error: LabError) -> None:
        """It will not begin; what it had done before the server ended can still be gone on with."""
        has_begun = _count_done(self.result, self.partial, self.config) is not None
        if not has_begun and not isinstance(error, Restarting):
            remove(self.partial)

    @contextmanager
    def gone_unless_broken_off(self) -> Iterator[None]:
        """What is kept, or ends in a sentence, will not go on; any other may."""
        try:
            yield
        except Restarting:
            raise
        except LabError:
            remove(self.partial)
            raise
        remove(self.partial)


@dataclass(frozen=True)
class Interrupted:
    """id: of the job that it was; uploads: those that it reads, by name.

    done: steps of a run at its checkpoint, or points of a sweep, and how many in all; None: it
    begins anew.
    """

    id: str
    kind: Kind
    config: Any
    language: str
    form: Mapping[str, Any]
    uploads: Mapping[str, Path]
    done: tuple[int, int] | None


def find_interrupted(home: Path, visitor_id: object) -> list[Interrupted]:
    """A visitor's runs and sweeps that are not over, the newest first. home: of all runs.

    Those that wait or train are among them.
    """
    if not isinstance(visitor_id, str) or not visitor_id:
        return []
    files = sorted(home.glob(f"*{PARTIAL}/{NAME}"), key=_age)
    found = (_read(file, hash_id(visitor_id)) for file in files)
    return [run for run in found if run is not None]


def _age(file: Path) -> float:
    try:
        return -file.stat().st_mtime
    except OSError:  # it ended just now
        return 0.0


def _read(file: Path, visitor: str) -> Interrupted | None:
    """What is interrupted, if it is this visitor's."""
    partial, home = file.parent, file.parents[1]
    job = partial.name.removesuffix(PARTIAL)
    try:
        visit = json.loads(file.read_text(encoding="utf-8"))
        if visit["visitor"] != visitor or is_kept(home / job):
            return None
        kind = read_as(Kind, visit["kind"])
        config = read_as(CONFIGS[kind], visit["config"])
        language = read_as(str, visit["language"])
        form = read_as(dict[str, Any], visit["form"])
        uploads = find_uploads(home, visit["uploads"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None  # of another version, say
    if language not in LANGUAGES:
        return None
    done = _count_done(home / job, partial, config)
    return Interrupted(job, kind, config, language, form, uploads, done)


def _count_done(
    result: Path, partial: Path, config: RunConfig | SweepConfig
) -> tuple[int, int] | None:
    if isinstance(config, SweepConfig):
        points = len(list(result.glob("points/*/point.json")))
        return (points, len(config)) if points else None
    from lab.training.checkpoint_folder import count_steps, read_header

    header = read_header(partial)
    return header and count_steps(header)
