"""ZIPs made to do harm: each is refused, or its bad members are, in words and within bounds."""

from __future__ import annotations

import io
import random
import stat
import struct
import time
import zipfile
from pathlib import Path

import pytest
from upload_files import caption_table, encode, noise, picture_members, write_zip

from lab.data import read_pairs
from lab.data.limits import Limits
from lab.data.readers.zip_source import ZipSource
from lab.errors import DataError

NAMES = [f"{i}.png" for i in range(10)]


def whole_upload(extra: dict[str, bytes | str] | None = None) -> dict[str, bytes | str]:
    return {**picture_members(), "t.csv": caption_table(NAMES), **(extra or {})}


def zip_bytes(members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def reason_for(path: Path, name: str) -> str:
    """Why the row that names `name`, after ten good ones, is left out."""
    (row,) = read_pairs(path).rejected
    assert row.line == 12
    assert name in row.reason
    return row.reason


def patch_flag(data: bytes, name: str, flag: int) -> bytes:
    """Set a bit of a member's flags in the ZIP's directory and in front of its data."""
    patched = bytearray(data)
    for signature, flags_at, name_at in ((b"PK\x01\x02", 8, 46), (b"PK\x03\x04", 6, 30)):
        at = data.find(signature)
        while at >= 0:
            if data[at + name_at :].startswith(name.encode()):
                patched[at + flags_at] |= flag
            at = data.find(signature, at + 1)
    return bytes(patched)


@pytest.mark.parametrize("name", ["../out.png", "/out.png", "a/../../out.png", "C:/out.png"])
def test_members_that_point_outside(tmp_path: Path, name: str) -> None:
    upload = whole_upload({name: encode(noise())})
    upload["t.csv"] = caption_table([*NAMES, name])
    path = write_zip(tmp_path / "u.zip", upload)
    before = sorted(tmp_path.rglob("*"))
    assert "points outside" in reason_for(path, name)
    assert sorted(tmp_path.rglob("*")) == before


def test_symlink(tmp_path: Path) -> None:
    upload = whole_upload()
    upload["t.csv"] = caption_table([*NAMES, "link.png"])
    path = write_zip(tmp_path / "u.zip", upload)
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "is a link" in reason_for(path, "link.png")


def test_encrypted_picture_and_table(tmp_path: Path) -> None:
    upload = whole_upload({"locked.png": encode(noise())})
    upload["t.csv"] = caption_table([*NAMES, "locked.png"])
    path = tmp_path / "u.zip"
    path.write_bytes(patch_flag(zip_bytes(upload), "locked.png", 1))
    assert "is encrypted; pack it without a password" in reason_for(path, "locked.png")
    path.write_bytes(patch_flag(zip_bytes(upload), "t.csv", 1))
    with pytest.raises(DataError, match=r"the table 't.csv' in 'u.zip' is encrypted"):
        read_pairs(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_cannot_be_counted_while_they_unpack(tmp_path: Path, method: int) -> None:
    path = tmp_path / "u.zip"
    path.write_bytes(zip_bytes(whole_upload(), method))
    with pytest.raises(DataError, match="pack it as a plain ZIP"):
        read_pairs(path)


def test_nested_zip_is_not_opened(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "u.zip", {"inner.zip": zip_bytes(whole_upload())})
    with pytest.raises(DataError, match="holds 0 pictures and no table"):
        read_pairs(path)


def test_bomb_is_stopped_by_what_it_unpacks_to(tmp_path: Path) -> None:
    zeros = bytes(5_000_000)
    upload = whole_upload({f"bomb{i}.png": zeros for i in range(20)})
    upload["t.csv"] = caption_table([*NAMES, *(f"bomb{i}.png" for i in range(20))])
    path = write_zip(tmp_path / "u.zip", upload)
    assert path.stat().st_size < 200_000
    with pytest.raises(DataError, match=r"'u\.zip' unpacks to more than 9 MB"):
        read_pairs(path, limits=Limits(unpacked_bytes=9 << 20))
    reasons = {row.reason for row in read_pairs(path, limits=Limits(image_bytes=1 << 20)).rejected}
    assert all("is larger than 1 MB" in reason for reason in reasons)
    assert len(reasons) == 20


def test_overlapping_members_are_counted_each_time(tmp_path: Path) -> None:
    # Every entry of the directory points at the same data, as in Fifield's bomb.
    data = zip_bytes({"0.png": bytes(3_000_000), "t.csv": caption_table(NAMES)})
    directory = data.index(b"PK\x01\x02")
    entry = data[directory : data.index(b"PK\x01\x02", directory + 1)]
    entries = b"".join(entry.replace(b"0.png", f"{i}.png".encode()) for i in range(1, 10))
    end = bytearray(data[data.rindex(b"PK\x05\x06") :])
    size = len(data) - len(end) - directory + len(entries)
    struct.pack_into("<HHI", end, 8, 11, 11, size)
    path = tmp_path / "u.zip"
    path.write_bytes(data[: len(data) - len(end)] + entries + end)
    with pytest.raises(DataError):
        read_pairs(path, limits=Limits(unpacked_bytes=9 << 20))


def test_a_size_that_is_a_lie_is_a_broken_member(tmp_path: Path) -> None:
    data = bytearray(zip_bytes(whole_upload()))
    at = data.index(b"0.png", data.index(b"PK\x01\x02")) - 46
    struct.pack_into("<I", data, at + 24, 50)  # says 50 bytes, holds more
    path = tmp_path / "u.zip"
    path.write_bytes(data)
    (row,) = read_pairs(path).rejected
    assert (row.line, row.reason) == (2, "'0.png': '0.png' is broken in the ZIP; pack it again")


def test_too_many_members(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "u.zip", whole_upload())
    with pytest.raises(DataError, match="more than 10 files"):
        read_pairs(path, limits=Limits(members=10))
    many = write_zip(tmp_path / "m.zip", {f"{'n' * 400}{i}": b"" for i in range(2_000)})
    start = time.process_time()
    with pytest.raises(DataError, match="more than 100 files"):
        read_pairs(many, limits=Limits(members=100))
    assert time.process_time() - start < 0.05  # known before the directory is parsed


def test_names_without_a_mark_of_their_encoding(tmp_path: Path) -> None:
    for encoding in ("utf-8", "cp949"):
        member = "고양이.png".encode(encoding).decode("cp437")
        names = [*NAMES[:9], "고양이.png"]
        upload = {**picture_members(9), "cat.png": encode(noise()), "t.csv": caption_table(names)}
        data = zip_bytes(upload)
        raw = "고양이.png".encode(encoding)
        for signature, length_at, name_at in ((b"PK\x03\x04", 26, 30), (b"PK\x01\x02", 28, 46)):
            at = data.index(b"cat.png", data.index(signature) if name_at == 46 else 0) - name_at
            assert data[at : at + 4] == signature
            grown = bytearray(data)
            struct.pack_into("<H", grown, at + length_at, len(raw))
            grown[at + name_at : at + name_at + 7] = raw
            data = bytes(grown)
        path = tmp_path / f"{encoding}.zip"
        path.write_bytes(_shift_directory(data, len(raw) - 7))
        assert member in zipfile.ZipFile(path).namelist()
        assert read_pairs(path).pairs[-1].a.name == "고양이.png"


def _shift_directory(data: bytes, by: int) -> bytes:
    """Mend the offsets of a ZIP after one name in it has grown, the table being its last member."""
    fixed = bytearray(data)
    end = data.rindex(b"PK\x05\x06")
    size, offset = struct.unpack_from("<II", data, end + 12)
    struct.pack_into("<II", fixed, end + 12, size + by, offset + by)
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", fixed, at + 42, struct.unpack_from("<I", data, at + 42)[0] + by)
    return bytes(fixed)


def test_several_tables(tmp_path: Path) -> None:
    upload = whole_upload({"other.csv": "a,b\n"})
    with pytest.raises(DataError, match=r"several tables \(other.csv, t.csv\); keep one, or name"):
        read_pairs(write_zip(tmp_path / "u.zip", upload))
    upload["metadata.csv"] = caption_table(NAMES)
    assert len(read_pairs(write_zip(tmp_path / "u.zip", upload))) == 10
    upload["train/metadata.jsonl"] = "{}"
    with pytest.raises(DataError, match="keep one of them"):
        read_pairs(write_zip(tmp_path / "u.zip", upload))


def test_pictures_without_a_table(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "u.zip", dict(picture_members()))
    with pytest.raises(DataError, match=r"10 pictures and no table; add a metadata.csv"):
        read_pairs(path)


def test_what_systems_add_is_passed_over(tmp_path: Path) -> None:
    extra = {"__MACOSX/._0.png": b"x", "__MACOSX/t.csv": "x", ".DS_Store": b"x", ".t.csv": "x"}
    assert len(read_pairs(write_zip(tmp_path / "u.zip", whole_upload(extra)))) == 10


def test_file_names_that_leave_it_open(tmp_path: Path) -> None:
    upload = {f"{side}/{name}": data for name, data in picture_members().items() for side in "xy"}
    upload["t.csv"] = caption_table(NAMES).encode()
    with pytest.raises(DataError, match="none of them is in the upload"):
        read_pairs(write_zip(tmp_path / "u.zip", upload))


def test_damage_is_a_data_error(tmp_path: Path) -> None:
    whole = zip_bytes(whole_upload())
    path = tmp_path / "u.zip"
    rng = random.Random(0)
    outcomes = set()
    for trial in range(200):
        data = bytearray(whole[: len(whole) - (rng.randrange(len(whole)) if trial % 5 == 0 else 0)])
        for _ in range(rng.randint(1, 12)):
            at = rng.randrange(len(data)) if data else 0
            data[at : at + 1] = bytes([rng.randrange(256)])
        path.write_bytes(data)
        try:
            outcomes.add(type(read_pairs(path)).__name__)
        except DataError as error:
            outcomes.add(type(error).__name__)
    assert outcomes >= {"PairDataset", "DataError"}


def test_an_object_lives_as_long_as_its_pictures(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "u.zip", whole_upload())
    dataset = read_pairs(path)
    source = dataset.pairs[0].a.source
    assert isinstance(source, ZipSource)
    path.unlink()  # an upload may be tidied away while a run still needs it
    assert dataset.pairs[0].a.open().size == (12, 8)
