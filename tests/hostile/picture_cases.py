"""Pictures that lie, are broken, or are of kinds that are easily read wrongly."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin

from lab.data import PairDataset
from tests.data.upload_files import encode, noise, write_zip
from tests.hostile.cases import upload
from tests.hostile.zip_cases import whole

RED = (255, 0, 0)
NAMED = {(255, 0, 0): "red", (255, 255, 255): "white", (0, 0, 0): "black", (0, 0, 255): "blue"}


def eleventh(folder: Path, data: bytes) -> Path:
    """Ten good pictures, and one of these bytes."""
    return write_zip(folder / "u.zip", whole({"x.png": data}, "x.png"))


def corner(pairs: PairDataset) -> str:
    """The last picture's size, and the colour of its first pixel by the nearest name."""
    picture = pairs.pairs[-1].a.open()
    pixel = np.array(picture.getpixel((0, 0)))
    nearest = min(NAMED, key=lambda colour: np.abs(pixel - colour).sum())
    return f"{picture.mode}, {picture.width} x {picture.height}, {NAMED[nearest]}"


def png(width: int, height: int, *chunks: tuple[bytes, bytes], depth: int = 8) -> bytes:
    """A PNG whose header says this size, with these chunks after it."""
    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), *chunks, (b"IEND", b""))
    )
    return b"\x89PNG\r\n\x1a\n" + body


def red(width: int = 8, height: int = 8, mode: str = "RGB") -> Image.Image:
    """A red picture."""
    return Image.new("RGB", (width, height), RED).convert(mode)


@upload("Picture", "a header that says 60,000 x 60,000 pixels, 60 bytes of data")
def huge(folder: Path) -> Path:
    return eleventh(folder, png(60_000, 60_000, (b"IDAT", zlib.compress(bytes(100)))))


@upload("Picture", "a header that says 10,000 x 10,000 pixels")
def large(folder: Path) -> Path:
    return eleventh(folder, png(10_000, 10_000, (b"IDAT", zlib.compress(bytes(100)))))


@upload("Picture", "a header that says more pixels than the data has")
def lie(folder: Path) -> Path:
    return eleventh(folder, png(500, 500, (b"IDAT", zlib.compress(bytes(100)))))


@upload("Picture", "4 pixels, and 64 MB of zeros behind them", corner)
def trailing(folder: Path) -> Path:
    return eleventh(
        folder, png(2, 2, (b"IDAT", zlib.compress(b"\0\xff\0\0\xff\0\0" * 2 + bytes(64 << 20))))
    )


@upload("Picture", "a text chunk of 64 MB in 64 KB")
def text_chunk(folder: Path) -> Path:
    text = b"a\0\0" + zlib.compress(bytes(64 << 20))
    return eleventh(folder, png(2, 2, (b"zTXt", text), (b"IDAT", zlib.compress(bytes(14)))))


@upload("Picture", "1,000 text chunks of 1 MB each")
def text_chunks(folder: Path) -> Path:
    text = b"a\0\0" + zlib.compress(bytes(1 << 20))
    chunks = [(b"zTXt", text)] * 1_000
    return eleventh(folder, png(2, 2, *chunks, (b"IDAT", zlib.compress(bytes(14)))))


@upload("Picture", "cut short")
def cut(folder: Path) -> Path:
    return eleventh(folder, encode(noise(64, 64))[:300])


@upload("Picture", "CMYK", corner)
def cmyk(folder: Path) -> Path:
    return eleventh(folder, encode(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"))


@upload("Picture", "16-bit grey", corner)
def deep_grey(folder: Path) -> Path:
    return eleventh(folder, encode(Image.fromarray(np.full((8, 8), 200, np.uint16))))


@upload("Picture", "16-bit colour", corner)
def deep_colour(folder: Path) -> Path:
    rows = (b"\0" + struct.pack(">HHH", 65535, 0, 0) * 8) * 8
    return eleventh(folder, png(8, 8, (b"IDAT", zlib.compress(rows)), depth=16))


@upload("Picture", "animated: the first frame counts", corner)
def animated(folder: Path) -> Path:
    frames: dict[str, Any] = {"save_all": True, "append_images": [Image.new("RGB", (8, 8), "blue")]}
    return eleventh(folder, encode(red(), "GIF", **frames))


@upload("Picture", "turned by EXIF", corner)
def turned(folder: Path) -> Path:
    exif = Image.Exif()
    exif[0x0112] = 6  # by a quarter
    return eleventh(folder, encode(red(16, 8), "JPEG", exif=exif))


@upload("Picture", "EXIF that is damaged", corner)
def bad_exif(folder: Path) -> Path:
    exif = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xff" * 40
    return eleventh(folder, encode(red(), "JPEG", exif=exif))


@upload("Picture", "transparent", corner)
def transparent(folder: Path) -> Path:
    return eleventh(folder, encode(Image.new("RGBA", (8, 8), (255, 0, 0, 0))))


@upload("Picture", "a palette of one colour, and pixels that point past it", corner)
def short_palette(folder: Path) -> Path:
    header = struct.pack(">IIBBBBB", 2, 2, 8, 3, 0, 0, 0)
    chunks = ((b"PLTE", bytes(3)), (b"IDAT", zlib.compress(b"\0\x09\x09" * 2)))
    data = png(2, 2, *chunks)
    old = data[8 : 8 + 25]
    new = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    return eleventh(folder, data.replace(old, new))


@upload("Picture", "a GIF whose frame is larger than its screen")
def large_frame(folder: Path) -> Path:
    data = bytearray(encode(red(), "GIF"))
    at = data.index(b"\x2c")
    struct.pack_into("<HHHH", data, at + 1, 60_000, 60_000, 5_000, 5_000)
    return eleventh(folder, bytes(data))


@upload("Picture", "a JPEG of 10,000 scans, each of which paints all pixels anew")
def many_scans(folder: Path) -> Path:
    blank = encode(Image.new("L", (2_048, 2_048)), "JPEG", progressive=True)
    at = blank.rindex(b"\xff\xda")
    return eleventh(folder, blank[:at] + blank[at:-2] * 10_000 + b"\xff\xd9")


@upload("Picture", "40 pictures of 9 million pixels each, 9 KB apiece", all_pixels=100_000_000)
def many_pixels(folder: Path) -> Path:
    data = encode(Image.new("1", (3_000, 3_000)))
    members = {f"{i}.png": data + bytes([i]) for i in range(40)}
    rows = "".join(f"{name},caption {name}\n" for name in members)
    return write_zip(folder / "u.zip", {**members, "t.csv": "image,text\n" + rows})


@upload("Picture", "1 x 1,000 pixels, which scaled to a model's size would be millions")
def thin(folder: Path) -> Path:
    return eleventh(folder, encode(red(1, 1_000)))


@upload("Picture", "an SVG with a script, named .png")
def svg(folder: Path) -> Path:
    return eleventh(folder, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")


@upload("Picture", "PostScript, named .png (Pillow would start Ghostscript)")
def postscript(folder: Path) -> Path:
    return eleventh(folder, b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n")


@upload("Picture", "0 bytes")
def nothing(folder: Path) -> Path:
    return eleventh(folder, b"")


@upload("Picture", "a comment that holds a script", corner)
def comment(folder: Path) -> Path:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    return eleventh(folder, encode(red(), pnginfo=notes))
