"""An upload -> pairs: find the table, find the columns, turn rows into pairs or into reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lab.data.dataset import PairDataset, RejectedRow
from lab.data.limits import Limits
from lab.data.pair import Pair, Picture
from lab.data.readers.columns import find_columns, names_pictures
from lab.data.readers.lookup import PictureIndex, find_table
from lab.data.readers.pictures import load_pictures
from lab.data.readers.rows import RowReader
from lab.data.readers.source import MemorySource, Source, open_source
from lab.data.readers.table import Row, Table, read_table
from lab.errors import DataError


def read_pairs(
    path: str | Path,
    a_column: str | None = None,
    b_column: str | None = None,
    *,
    name: str | None = None,
    limits: Limits | None = None,
    progress: Callable[[float], None] | None = None,
) -> PairDataset:
    """The pairs in a CSV, TSV, JSON Lines or Parquet file, or in a folder or ZIP with one of
    those and pictures.

    a_column, b_column: found by their names, then by what is in them, when not chosen.
    progress: called with the share of the pictures that are read (0 to 1).
    Every picture is decoded once, so that a broken one is a rejected row and not a failed run.
    Raises DataError when there is no table, when the columns are not clear, or when fewer than
    limits.usable_pairs rows are pairs.
    """
    limits = limits or Limits()
    source = open_source(Path(path), name, limits)
    table_name = find_table(source)
    table = read_table(table_name, source.read(table_name, limits.table_bytes), limits)
    if table.pictures:
        source = MemorySource(source.name, table.pictures)
    pictures = PictureIndex(source, table_name, limits)
    a, b = find_columns(table, pictures, a_column, b_column)
    is_image = names_pictures(table, a, pictures)
    found = pictures if is_image else None
    results = _read_rows(table, source, (a, b), found, limits, progress or _ignore)
    pairs = tuple(result for result in results if isinstance(result, Pair))
    rejected = tuple(result for result in results if isinstance(result, RejectedRow))
    _check_enough(source.name, pairs, rejected, limits)
    others = tuple(column for column in table.columns if column not in (a, b))
    return PairDataset(
        name=name or Path(path).name,
        kind="image-text" if is_image else "text-text",
        pairs=pairs,
        rejected=rejected,
        columns=(a, b, *others),
        side_names=("image", "text") if is_image else (a, b),
    )


def _read_rows(
    table: Table,
    source: Source,
    columns: tuple[str, str],
    pictures: PictureIndex | None,
    limits: Limits,
    progress: Callable[[float], None],
) -> list[Pair | RejectedRow]:
    loaded: Mapping[str, Picture | str] = {}
    if pictures is not None:
        named = (row.values.get(columns[0], "") for row in table.rows if isinstance(row, Row))
        members = (pictures.find(name) for name in named)
        loaded = load_pictures(source, filter(None, members), limits, progress)
    read_row = RowReader(*columns, limits, pictures, loaded)
    results = [read_row(row) for row in table.rows]
    progress(1.0)
    return results


def _check_enough(
    name: str, pairs: Sequence[Pair], rejected: Sequence[RejectedRow], limits: Limits
) -> None:
    if len(pairs) >= limits.usable_pairs:
        return
    why = ""
    if rejected:
        first = rejected[0]
        why = f" ({len(rejected)} rows were left out; line {first.line}: {first.reason})"
    raise DataError(
        f"{name!r} holds {len(pairs)} usable pairs{why}; add some, at least "
        f"{limits.usable_pairs} are needed"
    )


def _ignore(share: float) -> None:
    """Progress that nobody asked for."""
