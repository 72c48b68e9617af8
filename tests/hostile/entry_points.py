"""Every reader as a function of bytes: pairs, a model or an adapter come of them, or a LabError.

Shared by the property tests (`test_fuzz.py`) and by the harness that is run by hand
(`fuzz_readers.py`).
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from lab.data import Limits, read_pairs
from lab.data.images import decode, thumbnail
from lab.errors import LabError
from tests.data.upload_files import csv_text, encode, noise, text_rows
from tests.hostile.parquet_cases import TEXTS, written
from tests.hostile.zip_cases import packed, whole

SMALL = Limits(
    file_bytes=1 << 20, table_bytes=1 << 20, unpacked_bytes=4 << 20, embedded_bytes=1 << 20,
    image_bytes=1 << 20, image_pixels=1_000_000, rows=1_000, cells=10_000, members=100,
)  # fmt: skip
TABLES = (".csv", ".tsv", ".jsonl", ".parquet", ".zip")

Reader = Callable[[bytes, Path], None]


def _read_upload(suffix: str) -> Reader:
    def read(data: bytes, folder: Path) -> None:
        path = folder / f"u{suffix}"
        path.write_bytes(data)
        for pair in read_pairs(path, limits=SMALL).pairs:
            str((pair.a, pair.b)).encode()  # whatever was read can be written

    return read


def _read_picture(data: bytes, folder: Path) -> None:
    assert thumbnail(data, 32, SMALL).size == (32, 32)
    assert decode(data, SMALL).mode == "RGB"


def _read_folder(data: bytes, folder: Path) -> None:
    """A folder with a good table, whose pictures are the bytes."""
    home = folder / "u"
    home.mkdir(exist_ok=True)
    rows = "".join(f"{i}.png,caption {i}\n" for i in range(8))
    (home / "t.csv").write_text("image,text\n" + rows)
    for i in range(8):
        (home / f"{i}.png").write_bytes(data)
    read_pairs(home, limits=SMALL)


def _read_in_model(model: Path, file: str) -> Reader:
    """A model's folder in which one file is the bytes."""

    def read(data: bytes, folder: Path) -> None:
        from lab.encoders import load_encoder

        copy = folder / model.name
        shutil.copytree(model, copy, dirs_exist_ok=True)
        (copy / file).unlink()  # a file that is still mapped must not shrink
        (copy / file).write_bytes(data)
        encoder = load_encoder(copy)
        encoder.embed(encoder.preprocess(["a small red circle"], "b"), "b")

    return read


def _read_in_adapter(adapter: Path, file: str) -> Reader:
    """An adapter's folder in which one file is the bytes."""

    def read(data: bytes, folder: Path) -> None:
        from lab.lora import load_adapter
        from tests.hostile.adapter_cases import bert

        copy = folder / adapter.name
        shutil.copytree(adapter, copy, dirs_exist_ok=True)
        (copy / file).unlink()
        (copy / file).write_bytes(data)
        load_adapter(copy, bert())

    return read


def upload_readers() -> Mapping[str, tuple[Reader, bytes]]:
    """Reader's name -> the reader, and bytes that it reads well."""
    csv = csv_text(text_rows()).encode()
    lines = "\n".join(json.dumps({"en": a, "ko": b}) for a, b in text_rows()).encode()
    good = {
        ".csv": csv,
        ".tsv": csv.replace(b",", b"\t"),
        ".jsonl": lines,
        ".parquet": written(TEXTS),
        ".zip": packed(whole()),
    }
    picture = encode(noise(12, 12), "PNG")
    return {
        **{suffix: (_read_upload(suffix), data) for suffix, data in good.items()},
        "picture": (_read_picture, picture),
        "GIF": (_read_picture, encode(noise(12, 12), "GIF")),
        "JPEG": (_read_picture, encode(noise(12, 12), "JPEG", progressive=True)),
        "WebP": (_read_picture, encode(noise(12, 12), "WEBP")),
        "folder": (_read_folder, picture),
    }


def model_readers(home: Path) -> Mapping[str, tuple[Reader, bytes]]:
    """The same of a tiny BERT's files and of an adapter's, which are written to `home`."""
    import torch

    from lab.lora import apply_lora_to_model, save_adapter
    from tests.hostile.adapter_cases import CONFIG, bert
    from tests.tiny_checkpoints import write_bert

    with torch.random.fork_rng(devices=[]):
        model = write_bert(home / "model")
        save_adapter(home / "adapter", apply_lora_to_model(bert(), CONFIG), CONFIG, "base")
    readers = {}
    for file in ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"):
        readers[file] = (_read_in_model(model, file), (model / file).read_bytes())
    for file in ("adapter_config.json", "adapter_model.safetensors"):
        path = home / "adapter"
        readers[file] = (_read_in_adapter(path, file), (path / file).read_bytes())
    return readers


def is_answered(reader: Reader, data: bytes, folder: Path) -> bool:
    """Whether the bytes were read; a LabError is an answer too, and anything else is raised.

    A sentence must be one that can be shown: short, printable, without the server's paths.
    """
    try:
        reader(data, folder)
    except LabError as error:
        said = str(error)
        assert said, "an empty sentence"
        assert len(said) < 4_000, said
        assert str(folder) not in said, said
        io.StringIO().write(said.encode().decode())
        return False
    return True
