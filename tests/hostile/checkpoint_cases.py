"""Model folders that would run code, fill memory, or hold another model than they say."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from lab.encoders import load_encoder
from tests.hostile.cases import READ, Outcome, add
from tests.tiny_checkpoints import write_bert

QUERY = "encoder.layer.1.attention.self.query.weight"
TABLE = "embeddings.word_embeddings.weight"
WEIGHTS = "model.safetensors"


def encode(folder: Path) -> Outcome:
    """Load the model and let it embed a text."""
    encoder = load_encoder(folder)
    vectors = encoder.embed(encoder.preprocess(["a small red circle", "\u0315별"], "b"), "b")
    assert torch.isfinite(vectors).all()
    return Outcome(READ, f"{encoder.family}, embeddings of {vectors.shape[1]}")


def model(
    what: str, write: Callable[[Path], Path] = write_bert
) -> Callable[[Callable[[Path], Any]], Callable[[Path], Any]]:
    """Adds a folder of a tiny model that the function under it spoils."""

    def register(spoil: Callable[[Path], Any]) -> Callable[[Path], Any]:
        def make(folder: Path) -> Path:
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(0)
                path = write(folder / "model")
            spoil(path)
            return path

        add("Checkpoint", what, encode)(make)
        return spoil

    return register


def edit(file: Path, **changes: Any) -> None:
    """Changes a JSON file."""
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def edit_tensors(folder: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    """Changes the weights."""
    tensors = load_file(folder / WEIGHTS)
    change(tensors)
    save_file(tensors, folder / WEIGHTS, metadata={"format": "pt"})


def edit_header(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Changes what a safetensors file says of its tensors, and not the tensors."""
    data = file.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    change(header)
    text = json.dumps(header).encode()
    file.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + size :])


def spring(folder: Path) -> str:
    """Python that leaves a file behind when it is run."""
    return f"open({str(folder.parent / 'sprung')!r}, 'w').close()\nclass Evil: pass\n"


@model("the weights only as a pickle")
def pickle(folder: Path) -> None:
    torch.save(load_file(folder / WEIGHTS), folder / "pytorch_model.bin")
    (folder / WEIGHTS).unlink()


@model("a pickle beside the weights: not opened")
def pickle_too(folder: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'touch sprung'\ntR.")


@model("a pickle named model.safetensors")
def pickle_renamed(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    torch.save({QUERY: torch.zeros(16, 16)}, folder / WEIGHTS)


@model("code of its own (auto_map, trust_remote_code): not run")
def remote_code(folder: Path) -> None:
    (folder / "evil.py").write_text(spring(folder))
    names = {"AutoConfig": "evil.Evil", "AutoModel": "evil.Evil"}
    edit(folder / "config.json", auto_map=names, trust_remote_code=True)
    tokenizer = {
        "auto_map": {"AutoTokenizer": ["evil.Evil", "evil.Evil"]},
        "trust_remote_code": True,
    }
    edit(folder / "tokenizer_config.json", **tokenizer)


def edit_steps(folder: Path, **parts: Any) -> None:
    """The tokenizer's file as transformers reads it, whatever class the model has."""
    edit(folder / "tokenizer.json", **parts)
    edit(folder / "tokenizer_config.json", tokenizer_class="PreTrainedTokenizerFast")


@model("a tokenizer with a regular expression that takes hours")
def slow_expression(folder: Path) -> None:
    slow = {"Regex": r"(?:.|.){20}(?<=b)"}
    split = {"type": "Split", "pattern": slow, "behavior": "Isolated", "invert": False}
    edit_steps(folder, pre_tokenizer={"type": "Sequence", "pretokenizers": [split]})


@model("a tokenizer that doubles a text thirty times")
def growing_text(folder: Path) -> None:
    double = {"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}
    edit_steps(folder, normalizer={"type": "Sequence", "normalizers": [double] * 30})


@model("a tokenizer class that only its own code has")
def foreign_tokenizer(folder: Path) -> None:
    (folder / "evil.py").write_text(spring(folder))
    edit(
        folder / "tokenizer_config.json",
        tokenizer_class="Evil",
        auto_map={"AutoTokenizer": ["evil.Evil", None]},
    )


@model("attention from a kernel on the hub: not fetched")
def hub_kernel(folder: Path) -> None:
    edit(
        folder / "config.json",
        _attn_implementation="owner/kernel",
        attn_implementation="owner/kernel",
    )


@model("a sentence model with a module of its own code")
def foreign_module(folder: Path) -> None:
    (folder / "modules.json").write_text(json.dumps([{"idx": 0, "path": "", "type": "evil.Evil"}]))


@model("a sentence model whose module lies outside its folder")
def module_outside(folder: Path) -> None:
    kind = "sentence_transformers.models.Transformer"
    rows = [{"idx": 0, "path": "../..", "type": kind}]
    (folder / "modules.json").write_text(json.dumps(rows))


@model("a sentence model whose modules.json is no list of modules")
def modules_nonsense(folder: Path) -> None:
    rows = [{"idx": "a", "path": [], "type": 5}, {"idx": 1}]
    (folder / "modules.json").write_text(json.dumps(rows))


@model("a sentence model whose settings are lists")
def settings_lists(folder: Path) -> None:
    kinds = {"Transformer": "", "Pooling": "1_Pooling"}
    rows = [
        {"idx": i, "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (kind, path) in enumerate(kinds.items())
    ]
    (folder / "modules.json").write_text(json.dumps(rows))
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text("[]")


@model("an index of shards that points outside the folder")
def shard_outside(folder: Path) -> None:
    shutil.move(folder / WEIGHTS, folder.parent / WEIGHTS)
    index = {"metadata": {}, "weight_map": {"a": f"../{WEIGHTS}"}}
    (folder / f"{WEIGHTS}.index.json").write_text(json.dumps(index))


@model("an index of shards that is no index")
def index_nonsense(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    (folder / f"{WEIGHTS}.index.json").write_text('{"weight_map": {"a": 5, "b": ["c"]}}')


@model("a tensor missing")
def missing(folder: Path) -> None:
    edit_tensors(folder, lambda tensors: tensors.pop(QUERY))


@model("a tensor of another shape")
def another_shape(folder: Path) -> None:
    edit_tensors(folder, lambda tensors: tensors.update({QUERY: torch.zeros(3, 16)}))


@model("NaN in a tensor")
def nan(folder: Path) -> None:
    edit_tensors(folder, lambda tensors: tensors[QUERY].fill_(float("nan")))


@model("tensors of another model beside its own: passed over")
def more_tensors(folder: Path) -> None:
    edit_tensors(folder, lambda tensors: tensors.update({"evil.weight": torch.zeros(9)}))


@model("weights cut in half")
def half(folder: Path) -> None:
    data = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(data[: len(data) // 2])


@model("weights of 0 bytes")
def empty_weights(folder: Path) -> None:
    (folder / WEIGHTS).write_bytes(b"")


@model("a header that says it is 2^62 bytes long")
def long_header(folder: Path) -> None:
    data = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(struct.pack("<Q", 1 << 62) + data[8:])


@model("a header whose tensors overlap")
def overlapping(folder: Path) -> None:
    def move(header: dict[str, Any]) -> None:
        key = "encoder.layer.0.attention.self.query.weight"
        header[QUERY]["data_offsets"] = header[key]["data_offsets"]

    edit_header(folder / WEIGHTS, move)


@model("a header with offsets past the end")
def far_offsets(folder: Path) -> None:
    edit_header(folder / WEIGHTS, lambda header: header[QUERY].update(data_offsets=[0, 1 << 60]))


@model("a header with a shape of 10^18 numbers")
def huge_shape(folder: Path) -> None:
    edit_header(folder / WEIGHTS, lambda header: header[QUERY].update(shape=[10**9, 10**9]))
