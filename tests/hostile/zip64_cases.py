"""ZIPs whose Zip64 records, which older readers pass over, say something else."""

from __future__ import annotations

import struct
from pathlib import Path

from tests.data.upload_files import encode, noise
from tests.hostile.cases import upload
from tests.hostile.zip_cases import CENTRAL, END, packed, whole, write


def with_zip64(data: bytes, directory_size: int, directory_at: int, entries: int) -> bytes:
    """The ZIP with Zip64 end records put before its own end record."""
    at = data.index(END)
    record = struct.pack(
        "<4sQHHIIQQQQ",
        b"PK\x06\x06",
        44,
        45,
        45,
        0,
        0,
        entries,
        entries,
        directory_size,
        directory_at,
    )
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    return data[:at] + record + locator + data[at:]


@upload("ZIP", "Zip64 records that say 2^63 bytes of directory")
def zip64_size(folder: Path) -> Path:
    return write(folder, with_zip64(packed(whole()), 1 << 63, 0, 11))


@upload("ZIP", "Zip64 records that put the directory at 2^64 - 1")
def zip64_place(folder: Path) -> Path:
    data = packed(whole())
    size = data.index(END) - data.index(CENTRAL)
    return write(folder, with_zip64(data, size, (1 << 64) - 1, 11))


@upload("ZIP", "20,000 members behind Zip64 records, 16 in the plain end record", members=100)
def zip64_hides(folder: Path) -> Path:
    data = packed({f"{i}.png": b"" for i in range(20_000)})
    at, directory = data.index(END), data.index(CENTRAL)
    modest_end = struct.pack("<4sHHHHIIH", END, 0, 0, 16, 16, 800, directory, 0)
    hidden = with_zip64(data, at - directory, directory, 20_000)
    return write(folder, hidden[: hidden.rindex(END)] + modest_end)


@upload("ZIP", "a member said to lie at 2^64 - 1")
def far_member(folder: Path) -> Path:
    data = bytearray(packed(whole({"far.png": encode(noise())}, "far.png")))
    end, size = data.index(END), 12
    at = data.index(b"far.png", data.index(CENTRAL)) - 46
    struct.pack_into("<I", data, at + 42, 0xFFFFFFFF)
    struct.pack_into("<H", data, at + 30, size)
    extra = struct.pack("<HHQ", 1, 8, (1 << 64) - 1)
    directory = struct.unpack_from("<I", data, end + 12)[0]
    struct.pack_into("<I", data, end + 12, directory + size)
    name_ends = at + 46 + len("far.png")
    return write(folder, bytes(data[:name_ends]) + extra + bytes(data[name_ends:]))
