"""Hostile inputs by area: how each is made, who reads it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.data import Limits, PairDataset, read_pairs
from lab.errors import LabError

REFUSED, LEFT_OUT, READ = "refused", "row left out", "read"


@dataclass(frozen=True)
class Outcome:
    """happens: one of the three; says: the sentence told, or what was read."""

    happens: str
    says: str


@dataclass(frozen=True)
class Case:
    """One hostile input.

    what: for people; the same words as in TABLE.md. make: writes it into an empty folder, and
    gives its path. read: reads that path; -> what came of it, or raises LabError.
    """

    area: str
    what: str
    make: Callable[[Path], Path]
    read: Callable[[Path], Outcome]

    def end(self, path: Path) -> Outcome:
        """What reading it ends in; only LabError is an answer."""
        try:
            return self.read(path)
        except LabError as error:
            return Outcome(REFUSED, str(error))


CASES: list[Case] = []


def upload(
    area: str,
    what: str,
    shows: Callable[[PairDataset], Any] | None = None,
    **limits: int,
) -> Callable[[Callable[[Path], Path]], Callable[[Path], Path]]:
    """Adds an upload that `read_pairs` reads.

    shows: what of the pairs tells that they were read rightly; without it, their number.
    """

    def read(path: Path) -> Outcome:
        pairs = read_pairs(path, limits=Limits(**limits))
        if pairs.rejected:
            reasons = dict.fromkeys(row.reason for row in pairs.rejected)
            return Outcome(LEFT_OUT, "; ".join(reasons))
        return Outcome(READ, str(shows(pairs) if shows else f"{len(pairs)} pairs"))

    return add(area, what, read)


def add(
    area: str, what: str, read: Callable[[Path], Outcome]
) -> Callable[[Callable[[Path], Path]], Callable[[Path], Path]]:
    """Adds a case whose maker is the function under it."""

    def register(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
        CASES.append(Case(area, what, make, read))
        return make

    return register
