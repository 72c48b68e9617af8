"""ZIPs made to write, read or unpack what they should not."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.data.upload_files import caption_table, encode, noise, picture_members, write_zip
from tests.hostile.cases import upload

NAMES = [f"{i}.png" for i in range(10)]
CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
Members = Mapping[str, bytes | str]


def whole(extra: Members | None = None, named: str | None = None) -> dict[str, bytes | str]:
    """Ten pictures and their table; named: a picture that an eleventh row names."""
    names = [*NAMES, named] if named else NAMES
    return {**picture_members(), **(extra or {}), "t.csv": caption_table(names)}


def packed(members: Members, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP's bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def write(folder: Path, data: bytes, name: str = "u.zip") -> Path:
    """A file of these bytes."""
    (folder / name).write_bytes(data)
    return folder / name


def patch(data: bytes, name: str, layout: str, central: int, local: int, *values: int) -> bytes:
    """Overwrites a field of a member's entries: in the directory, and before its data."""
    patched = bytearray(data)
    for signature, name_at, field_at in ((CENTRAL, 46, central), (LOCAL, 30, local)):
        at = data.find(signature)
        while at >= 0:
            if data[at + name_at :].startswith(name.encode()):
                struct.pack_into(layout, patched, at + field_at, *values)
            at = data.find(signature, at + 1)
    return bytes(patched)


@upload("ZIP", "a member named ../out.png (ZIP slip)")
def slip(folder: Path) -> Path:
    return write_zip(folder / "u.zip", whole({"../out.png": encode(noise())}, "../out.png"))


@upload("ZIP", "a member with an absolute path")
def absolute(folder: Path) -> Path:
    return write_zip(folder / "u.zip", whole({"/tmp/out.png": encode(noise())}, "/tmp/out.png"))


@upload("ZIP", "a member with a drive letter")
def drive(folder: Path) -> Path:
    return write_zip(folder / "u.zip", whole({"C:/out.png": encode(noise())}, "C:/out.png"))


@upload("ZIP", "a member that climbs with backslashes")
def backslashes(folder: Path) -> Path:
    name = "..\\..\\out.png"
    return write_zip(folder / "u.zip", whole({name: encode(noise())}, name))


@upload("ZIP", "a symbolic link to /etc/passwd")
def link(folder: Path) -> Path:
    path = write_zip(folder / "u.zip", whole(named="link.png"))
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("link.png")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return path


@upload("ZIP", "an encrypted picture")
def encrypted(folder: Path) -> Path:
    data = packed(whole({"locked.png": encode(noise())}, "locked.png"))
    return write(folder, patch(data, "locked.png", "<H", 8, 6, 1))


@upload("ZIP", "an encrypted table")
def encrypted_table(folder: Path) -> Path:
    return write(folder, patch(packed(whole()), "t.csv", "<H", 8, 6, 1))


@upload("ZIP", "a ZIP within the ZIP")
def nested(folder: Path) -> Path:
    return write_zip(folder / "u.zip", {"inner.zip": packed(whole())})


@upload(
    "ZIP", "members that overlap: one 3 MB text of zeros, named 4,000 times", image_bytes=4 << 20
)
def overlapping(folder: Path) -> Path:
    names = [f"{i:04}.png" for i in range(4_000)]
    data = packed({"t.csv": caption_table(names), names[0]: bytes(3 << 20)})
    start = data.index(CENTRAL, data.index(CENTRAL) + 1)
    entry = data[start : data.index(END)]
    more = b"".join(entry.replace(b"0000.png", name.encode()) for name in names[1:])
    end = bytearray(data[data.index(END) :])
    directory = data.index(CENTRAL)
    size = len(data) - len(end) - directory + len(more)
    struct.pack_into("<HHI", end, 8, len(names) + 1, len(names) + 1, size)
    return write(folder, data[: -len(end)] + more + end)


@upload("ZIP", "a bomb: a picture of 64 MB of zeros in 64 KB")
def bomb(folder: Path) -> Path:
    return write_zip(folder / "u.zip", whole({"bomb.png": bytes(64 << 20)}, "bomb.png"))


@upload("ZIP", "a bomb: a table of 128 MB of zeros in 128 KB")
def table_bomb(folder: Path) -> Path:
    return write_zip(folder / "u.zip", {"t.csv": bytes(128 << 20)})


@upload("ZIP", "a member that holds more than it says", image_bytes=1 << 20)
def modest(folder: Path) -> Path:
    data = packed(whole({"bomb.png": bytes(5 << 20)}, "bomb.png"))
    return write(folder, patch(data, "bomb.png", "<I", 24, 22, 50))


@upload("ZIP", "a member that says it holds 4 GB")
def boastful(folder: Path) -> Path:
    data = packed(whole({"big.png": encode(noise())}, "big.png"))
    return write(folder, patch(data, "big.png", "<I", 24, 22, 0xFFFFFFFE))


@upload("ZIP", "a member packed with bzip2, which cannot be counted as it unpacks")
def bzip2(folder: Path) -> Path:
    return write(folder, packed(whole(), zipfile.ZIP_BZIP2))


@upload("ZIP", "200 empty members, 100 allowed", members=100)
def many_members(folder: Path) -> Path:
    return write_zip(folder / "u.zip", {f"{i}.png": b"" for i in range(200)})


@upload("ZIP", "two members of one name: the last counts", lambda d: d.pairs[0].a.open().size)
def doubled(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "u.zip", "w") as archive:
        for name, data in [("0.png", encode(noise(5, 5))), *whole().items()]:
            info = zipfile.ZipInfo(name)  # no warning that the name is there already
            archive.NameToInfo.pop(name, None)
            archive.writestr(info, data)
    return folder / "u.zip"


@upload("ZIP", "names that differ in capital letters alone", lambda d: d.pairs[-1].a.open().size)
def capitals(folder: Path) -> Path:
    return write_zip(
        folder / "u.zip",
        whole({"A.png": encode(noise(3, 3)), "a.png": encode(noise(4, 4))}, "a.png"),
    )


@upload("ZIP", "a picture with the name of a Windows device", lambda d: d.pairs[-1].a.name)
def device(folder: Path) -> Path:
    return write_zip(folder / "u.zip", whole({"NUL.png": encode(noise())}, "NUL.png"))


@upload("ZIP", "a missing picture, its name turned around by a bidi override")
def turned(folder: Path) -> Path:
    return write_zip(folder / "u.zip", whole(named="cat\u202egpj.exe"))


@upload("ZIP", "tables whose names hold line breaks and bidi overrides")
def strange_tables(folder: Path) -> Path:
    tables = {"a\n.csv": "a,b", "b\u202ev.csv": "a,b"}
    return write_zip(folder / "u.zip", tables)


@upload("ZIP", "names of 30,000 combining marks, slow to normalise (quadratic)")
def marks(folder: Path) -> Path:
    names = [f"{i}" + "\u0315\u0300" * 15_000 + ".png" for i in range(40)]
    return write_zip(folder / "u.zip", whole(dict.fromkeys(names, b""), named=names[0]))


@upload("ZIP", "a directory named metadata.csv, beside the table")
def directory(folder: Path) -> Path:
    return write_zip(folder / "u.zip", whole({"metadata.csv/": b""}))


@upload("ZIP", "a member without a name")
def nameless(folder: Path) -> Path:
    data = packed(whole({"x": b""}))
    # The one letter of its name is said to be what comes after the name.
    return write(folder, patch(data, "x", "<HH", 28, 26, 0, 1))


@upload("ZIP", "0 bytes")
def nothing(folder: Path) -> Path:
    return write(folder, b"")


@upload("ZIP", "cut in half")
def half(folder: Path) -> Path:
    data = packed(whole())
    return write(folder, data[: len(data) // 2])


@upload("ZIP", "a picture whose bytes are damaged")
def damaged(folder: Path) -> Path:
    data = bytearray(packed(whole({"bad.png": encode(noise(64, 64))}, "bad.png")))
    at = data.index(b"bad.png") + 40
    data[at : at + 50] = bytes(50)
    return write(folder, bytes(data))
