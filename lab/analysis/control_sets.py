"""Control sets: pairs that a run never saw, of what its base could do before.

Those of the lab ask for English where the bundled pairs teach Korean; the bundled models find
nearly all of it (assets/README.md). For another model any pairs serve that it does well on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lab.data.bundled import PAIRS_FOLDER, load_pairs
from lab.data.pair import Kind
from lab.errors import DataError

if TYPE_CHECKING:
    from lab.data.dataset import PairDataset

FEWEST = 8  # control pairs; as few as a set of pairs may have


@dataclass(frozen=True)
class ControlSet:
    """Bundled pairs that no run is meant to learn from.

    title: for people, in a few words; label: what a sentence calls it, the ... control set.
    """

    name: str
    title: str
    label: str
    kind: Kind
    file: str

    @property
    def path(self) -> Path:
        """Where the file is."""
        return PAIRS_FOLDER / self.file


CONTROL_SETS = (
    ControlSet(
        "shapes-en", "Drawn shapes, English captions", "English", "image-text", "shapes-en.zip"
    ),
    ControlSet(
        "captions-en", "Scenes told twice in English", "English", "text-text", "captions-en.csv"
    ),
)


def default_control(kind: Kind) -> ControlSet:
    """The bundled control set for pairs of this kind."""
    return next(row for row in CONTROL_SETS if row.kind == kind)


def call_control(name: str) -> str:
    """What a sentence calls a control set: a bundled one by its label, others by their name."""
    return next((row.label for row in CONTROL_SETS if row.name == name), name)


def find_control(
    control: str, seen: PairDataset, pairs: PairDataset | None = None
) -> PairDataset | None:
    """The control set that RunConfig.control means for a run on `seen`; None for "none".

    pairs: what stands for a name that no file has, such as an upload. Raises as `load_control`.
    """
    if control == "none":
        return None
    if pairs is None:
        name = default_control(seen.kind).name if control == "auto" else control
        return load_control(name, seen, seen.kind)
    check_kind(pairs, seen.kind)
    return leave_out_seen(pairs, seen)


def load_control(
    name_or_path: str, seen: PairDataset | None = None, kind: Kind | None = None
) -> PairDataset:
    """The pairs of a bundled control set, or any that `load_pairs` reads.

    seen: pairs of a run; those of the control set that share an item with them are left out.
    kind: of the pairs that the model takes.
    Raises DataError where they cannot be read, are of another kind, or too few are left.
    """
    row = next((row for row in CONTROL_SETS if row.name == name_or_path), None)
    control = load_pairs(name_or_path if row is None else str(row.path))
    if row is not None:
        control = replace(control, name=row.name)
    if kind is not None:
        check_kind(control, kind)
    return control if seen is None else leave_out_seen(control, seen)


def check_kind(control: PairDataset, kind: Kind) -> None:
    """Raise DataError where the model takes pairs of another kind."""
    if control.kind != kind:
        raise DataError(
            f"{control.name!r} holds {control.kind} pairs and the model takes {kind} pairs; "
            f"choose a control set such as {default_control(kind).name}"
        )


def leave_out_seen(control: PairDataset, seen: PairDataset) -> PairDataset:
    """The control pairs whose items are on neither side of the seen ones; DataError under 8."""
    known = {*seen.a_keys, *seen.b_keys}
    keys = enumerate(zip(control.a_keys, control.b_keys, strict=True))
    unseen = [i for i, pair in keys if known.isdisjoint(pair)]
    if len(unseen) < FEWEST:
        raise DataError(
            f"of the {len(control)} pairs of {control.name!r} only {len(unseen)} share nothing "
            f"with the run's own; choose a control set with at least {FEWEST} others"
        )
    return control.subset(unseen)
