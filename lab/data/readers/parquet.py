"""Parquet, through pyarrow; its rows are numbered from 1, since it has no lines."""

from __future__ import annotations

import io

from lab.data.limits import Limits
from lab.data.readers.json_lines import as_text
from lab.data.readers.table import Row, Table, check_row_count
from lab.errors import DataError


def read_parquet(name: str, data: bytes, limits: Limits) -> Table:
    """The table in a Parquet file. Raises DataError when it is broken or unpacks to too much."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(data))
        check_row_count(name, file.metadata.num_rows, limits)
        _check_unpacked(name, file, limits)
        rows = tuple(
            Row(number, {str(key): as_text(value) for key, value in record.items()})
            for number, record in enumerate(file.read().to_pylist(), start=1)
        )
        return Table(name, tuple(map(str, file.schema_arrow.names)), rows)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{name!r} is not a whole Parquet file; write it again") from None


def _check_unpacked(name: str, file: object, limits: Limits) -> None:
    groups = (file.metadata.row_group(i) for i in range(file.metadata.num_row_groups))
    if sum(group.total_byte_size for group in groups) > limits.unpacked_bytes:
        raise DataError(f"{name!r} unpacks to too much; upload a part of it")
