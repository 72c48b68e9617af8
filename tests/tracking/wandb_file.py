"""What an offline run of Weights & Biases wrote: wandb's own records, out of its .wandb file.

wandb 0.31 brings no reader in Python. The file is a LevelDB log (doc/log_format.md there):
blocks of 32 KiB; a record's parts each with a checksum (4 bytes), a length (2) and a type (1).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wandb.proto import wandb_internal_pb2 as pb

BLOCK, PART, HEADER = 32_768, 7, 7  # bytes; HEADER is wandb's, once at the file's start
FULL, LAST = 1, 4  # types of parts that end a record


def read_records(file: Path) -> list[pb.Record]:
    """The file's records, oldest first."""
    return [pb.Record.FromString(data) for data in _joined(file.read_bytes())]


def _joined(data: bytes) -> Iterator[bytes]:
    assert data.startswith(b":W&B")
    at, record = HEADER, b""
    while at + PART <= len(data):
        left = BLOCK - at % BLOCK
        if left < PART:  # too short for another part: the rest of the block is empty
            at += left
            continue
        length, kind = int.from_bytes(data[at + 4 : at + 6], "little"), data[at + 6]
        record += data[at + PART : at + PART + length]
        at += PART + length
        if kind in (FULL, LAST):
            yield record
            record = b""


def of_type(records: list[pb.Record], kind: str) -> list[Any]:
    """Those that hold a `run`, a piece of `history`, an `artifact` ..."""
    return [getattr(r, kind) for r in records if r.WhichOneof("record_type") == kind]


def read_items(items: Any) -> dict[str, Any]:
    """Keys and JSON values, as wandb sends settings, steps and summaries."""
    return {item.key or "/".join(item.nested_key): json.loads(item.value_json) for item in items}
