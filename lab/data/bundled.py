"""The pairs that come with the lab, and the one door to any pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lab.data.dataset import PairDataset
from lab.data.limits import Limits
from lab.data.pair import Kind
from lab.errors import DataError

PAIRS_FOLDER = Path(__file__).parents[2] / "assets" / "pairs"


@dataclass(frozen=True)
class BundledPairs:
    """Pairs under assets/pairs. title: for people, in a few words."""

    name: str
    title: str
    kind: Kind
    file: str
    a_column: str
    b_column: str

    @property
    def path(self) -> Path:
        """Where the file is."""
        return PAIRS_FOLDER / self.file


BUNDLED_PAIRS = (
    BundledPairs(
        "shapes-ko", "Drawn shapes, Korean captions", "image-text", "shapes-ko.zip", "image", "ko"
    ),
    BundledPairs("emoji-ko", "Emoji, Korean names", "image-text", "emoji-ko.zip", "image", "ko"),
    BundledPairs(
        "captions-en-ko",
        "Captions, English and Korean",
        "text-text",
        "captions-en-ko.csv",
        "en",
        "ko",
    ),
)


def find_bundled(name: str) -> BundledPairs | None:
    """The bundled pairs of this name, if there are such."""
    return next((row for row in BUNDLED_PAIRS if row.name == name), None)


def load_pairs(
    name_or_path: str,
    a_column: str | None = None,
    b_column: str | None = None,
    *,
    limits: Limits | None = None,
    progress: Callable[[float], None] | None = None,
) -> PairDataset:
    """The pairs that a bundled name, a file, a folder or a ZIP holds.

    progress: called with the share of the rows that are read.
    Raises DataError when there is no such thing, or fewer than 8 usable pairs in it.
    """
    from lab.data.readers import read_pairs

    row = find_bundled(name_or_path)
    if row is not None:
        return read_pairs(
            row.path,
            a_column or row.a_column,
            b_column or row.b_column,
            name=row.name,
            limits=limits,
            progress=progress,
        )
    path = Path(name_or_path)
    if not _exists(path):
        names = ", ".join(row.name for row in BUNDLED_PAIRS)
        raise DataError(
            f"there are no pairs {name_or_path!r}; name a file, a folder, a ZIP, or one of {names}"
        )
    return read_pairs(path, a_column, b_column, limits=limits, progress=progress)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # too long for a name, say, or with a NUL in it
        return False
