"""What a model folder holds, judged before any of it is loaded.

Knows JSON and file names; knows nothing of tensors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lab.encoders.registry import Family
from lab.errors import ModelError
from lab.memory import is_out_of_memory

WEIGHTS = "model.safetensors"
WEIGHTS_INDEX = "model.safetensors.index.json"
JSON_BYTES = 8 << 20  # of a file of settings; the largest indices of shards are a few MB
PICKLE_SUFFIXES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")

FAMILY_OF_TYPE: dict[str, Family] = {
    "clip": "clip",
    "gpt2": "gpt2",
    "bert": "bert",
    "camembert": "bert",
    "distilbert": "bert",
    "electra": "bert",
    "mpnet": "bert",
    "roberta": "bert",
    "xlm-roberta": "bert",
}


def read_json(path: Path, name: str, most_bytes: int = JSON_BYTES) -> Any:
    """The file's content; ModelError, naming the model, when it is missing or not JSON."""
    if not path.is_file():
        raise ModelError(f"{name!r} has no {path.name}; give the folder that save_pretrained wrote")
    try:
        if path.stat().st_size > most_bytes:
            raise ModelError(
                f"{name!r} has a {path.name} of more than {most_bytes >> 20} MB; save or download "
                "it again"
            )
        return json.loads(path.read_text("utf-8"), parse_constant=_refuse)
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(
            f"{name!r} has a {path.name} that is not JSON ({_cause(error)}); save or download it "
            "again"
        ) from None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def read_settings(path: Path, name: str, most_bytes: int = JSON_BYTES) -> dict[str, Any]:
    """Like read_json, of a file that must hold an object."""
    settings = read_json(path, name, most_bytes)
    if not isinstance(settings, dict):
        raise ModelError(f"{name!r} has a {path.name} that is no JSON object; save it again")
    return settings


def read_optional_settings(path: Path, name: str) -> dict[str, Any]:
    """Like read_settings; {} when there is no such file."""
    return read_settings(path, name) if path.is_file() else {}


def read_config(folder: Path, name: str) -> dict[str, Any]:
    """config.json, checked: a known architecture, plain weights, no adapter beside it."""
    if (folder / "adapter_config.json").is_file():
        raise ModelError(
            f"{name!r} is an adapter, not a model; give the model it was trained on, "
            "or export the two merged"
        )
    config = read_settings(folder / "config.json", name)
    kind = config.get("model_type")
    if not isinstance(kind, str) or kind not in FAMILY_OF_TYPE:
        raise ModelError(
            f"{name!r} is of type {kind!r}, which the lab cannot read; choose a model of type "
            + ", ".join(FAMILY_OF_TYPE)
        )
    if "quantization_config" in config:
        raise ModelError(
            f"{name!r} holds quantized weights, which cannot be adapted here; give the model "
            "in fp32, fp16 or bf16"
        )
    return config


def find_family(folder: Path, name: str) -> Family:
    """Which family's code reads this folder: by modules.json, else by config.json's model_type."""
    if (folder / "modules.json").is_file():
        return "sentence"
    return FAMILY_OF_TYPE[read_config(folder, name)["model_type"]]


def find_weights(folder: Path, name: str) -> tuple[Path, ...]:
    """The safetensors files of the folder's model, every shard there; never a pickle."""
    if (folder / WEIGHTS).is_file():
        return (folder / WEIGHTS,)
    if (folder / WEIGHTS_INDEX).is_file():
        return _find_shards(folder, name)
    pickles = sorted(f.name for f in folder.iterdir() if f.suffix in PICKLE_SUFFIXES)
    if pickles:
        raise ModelError(
            f"{name!r} has its weights only as {pickles[0]}, a pickle, which can run code when "
            "it is opened; save it as safetensors (save_pretrained does), or choose another model"
        )
    raise ModelError(f"{name!r} has no {WEIGHTS}; give the folder that save_pretrained wrote")


def _find_shards(folder: Path, name: str) -> tuple[Path, ...]:
    places = read_settings(folder / WEIGHTS_INDEX, name).get("weight_map")
    names = sorted(set(map(str, places.values()))) if isinstance(places, dict) else []
    for shard in names:
        if Path(shard).name != shard or not shard.endswith(".safetensors"):
            raise ModelError(
                f"{name!r} names {shard!r} as a file of weights, which is outside its folder or "
                "not safetensors; save it again"
            )
        if not (folder / shard).is_file():
            raise ModelError(f"{name!r} lacks its file {shard}; copy or download it again")
    if not names:
        raise ModelError(f"{name!r} has an empty {WEIGHTS_INDEX}; save it again")
    return tuple(folder / shard for shard in names)


@contextmanager
def explain(name: str, folder: Path, what: str) -> Iterator[None]:
    """Turn whatever a strange folder makes a library raise into one ModelError sentence."""
    try:
        yield
    except (ModelError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    # A panic of the tokenizers' Rust is no Exception.
    except BaseException as error:
        if is_out_of_memory(error):
            raise too_large(name) from None
        cause = _cause(error, folder, name)
        raise ModelError(
            f"{name!r}: {what} ({cause}); save or download it again, or choose another model"
        ) from error


def too_large(name: str) -> ModelError:
    """What is said of a model that the memory left does not suffice for."""
    return ModelError(
        f"there is not enough memory for {name!r} at the moment; choose a smaller model, or try "
        "again later"
    )


def _cause(error: BaseException, folder: Path | None = None, name: str = "") -> str:
    """The first line of what a library says, short and printable, without the folder's path."""
    text = str(error).replace(str(folder), name) if folder else str(error)
    lines = text.strip().splitlines() or [type(error).__name__]
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in lines[0][:200])
