"""An upload -> pairs: find the table, find the columns, turn rows into pairs or into reasons."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab.data.dataset import PairDataset, RejectedRow
from lab.data.images import SUFFIXES, thumbnail
from lab.data.limits import Limits
from lab.data.pair import Pair, Picture
from lab.data.readers.columns import find_columns
from lab.data.readers.source import PictureIndex, Source, find_table, open_source
from lab.data.readers.table import Row, Table, read_table
from lab.errors import DataError

THUMBNAIL_SIDE = 64  # pixels
PROGRESS_EVERY = 50  # rows


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

    a_column, b_column: found by their names when not chosen.
    progress: called with the share of rows that are read (0 to 1).
    Every picture is decoded once, so that a broken one is a rejected row and not a failed run.
    Raises DataError when there is no table, when the columns are not clear, or when fewer than
    limits.usable_pairs rows are pairs.
    """
    limits = limits or Limits()
    source = open_source(Path(path), name, limits)
    table_name = find_table(source)
    table = read_table(table_name, source.read(table_name), limits)
    pictures = PictureIndex(source, table_name)
    a, b = find_columns(table.columns, len(pictures) > 0, a_column, b_column)
    is_image = len(pictures) > 0 and _names_pictures(table, a, pictures)
    to_pair = _PairMaker(source, pictures, a, b, limits, is_image)
    results = list(_announce(to_pair.all(table.rows), len(table.rows), progress))
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


class _PairMaker:
    """Turns rows into pairs, or into the reason why not."""

    def __init__(
        self, source: Source, pictures: PictureIndex, a: str, b: str, limits: Limits, is_image: bool
    ) -> None:
        self._source, self._pictures, self._limits = source, pictures, limits
        self._a, self._b, self._is_image = a, b, is_image

    def all(self, rows: tuple[Row | RejectedRow, ...]) -> Iterator[Pair | RejectedRow]:
        """In the rows' order; pictures are decoded in parallel, since Pillow frees the GIL."""
        if not self._is_image:
            yield from map(self, rows)
            return
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            yield from pool.map(self, rows)

    def __call__(self, row: Row | RejectedRow) -> Pair | RejectedRow:
        if isinstance(row, RejectedRow):
            return row
        try:
            a = row.values.get(self._a, "").strip()
            b = self._text(row.values.get(self._b, ""), self._b)
            extra = {k: v for k, v in row.values.items() if k not in (self._a, self._b)}
            item = self._picture(a) if self._is_image else self._text(a, self._a)
            return Pair(item, b, row.line, extra)
        except DataError as error:
            return RejectedRow(row.line, str(error))

    def _text(self, text: str, column: str) -> str:
        text = text.strip()
        if not text:
            raise DataError(f"its {column} is empty")
        if len(text) > self._limits.text_characters:
            raise DataError(
                f"its {column} is longer than {self._limits.text_characters:,} characters"
            )
        # Half of a surrogate pair can be written in JSON, but not encoded by any tokenizer.
        return text.encode("utf-8", "replace").decode()

    def _picture(self, name: str) -> Picture:
        if not name:
            raise DataError(f"its {self._a} is empty")
        if "://" in name:
            raise DataError("its picture is a web address, and none is fetched; put it in the ZIP")
        member = self._pictures.find(name)
        if member is None:
            raise DataError(f"there is no picture {name[:80]!r} in the upload")
        data = self._source.read(member)
        small = io.BytesIO()
        thumbnail(data, THUMBNAIL_SIDE, self._limits).save(small, "WEBP", quality=80)
        key = hashlib.sha256(data).hexdigest()
        return Picture(name, key, self._source, member, small.getvalue())


def _names_pictures(table: Table, column: str, pictures: PictureIndex) -> bool:
    values = [row.values.get(column, "") for row in table.rows if isinstance(row, Row)]
    if any(pictures.find(value) for value in values):
        return True
    looks_like = sum(value.lower().endswith(SUFFIXES) for value in values)
    if looks_like * 2 > len(values):
        raise DataError(
            f"none of the pictures that column {column!r} names is in the upload "
            f"({values[0][:80]!r}, say); check the names"
        )
    return False


def _announce(
    results: Iterator[Pair | RejectedRow], count: int, progress: Callable[[float], None] | None
) -> Iterator[Pair | RejectedRow]:
    for done, result in enumerate(results, start=1):
        if progress is not None and (done % PROGRESS_EVERY == 0 or done == count):
            progress(done / count)
        yield result


def _check_enough(
    name: str, pairs: tuple[Pair, ...], rejected: tuple[RejectedRow, ...], limits: Limits
) -> None:
    if len(pairs) >= limits.usable_pairs:
        return
    why = f" ({len(rejected)} rows were left out; line {rejected[0].line}: {rejected[0].reason})"
    raise DataError(
        f"{name!r} holds {len(pairs)} usable pairs{why if rejected else ''}; at least "
        f"{limits.usable_pairs} are needed"
    )
