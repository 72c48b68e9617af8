"""The SentenceTransformer folder layout, both as the package writes it now and as it once did.

Reads settings only; the network itself is weights.py's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.encoders.folder import read_json, read_optional_settings, read_settings
from lab.encoders.heads import Head, Normalize, check_works_on_vectors, read_dense
from lab.encoders.pooling import KERNELS
from lab.errors import ModelError

# The names the package has given the Transformer module's own settings file over the years.
_SETTINGS_FILES = tuple(
    f"sentence_{kind}_config.json"
    for kind in ("bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet")
)
_OLD_POOLING_KEYS = {  # in the order their results are put side by side
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}


@dataclass(frozen=True)
class SentenceLayout:
    """What the folder's files say.

    network: where the Transformer's files are, relative to the folder; "" for the folder itself.
    max_length: tokens read of a text; None: the tokenizer's own limit.
    lower: whether texts are lower-cased first. prompt: put before every text.
    """

    network: str
    max_length: int | None
    lower: bool
    prompt: str
    poolings: tuple[str, ...]
    heads: tuple[Head, ...]


def read_layout(folder: Path, name: str) -> SentenceLayout:
    """Read modules.json and what it points to. Raises ModelError for anything not understood."""
    modules = [_read_module(row, folder, name) for row in _read_rows(folder, name)]
    kinds = [kind for kind, _ in modules]
    if kinds[:2] != ["Transformer", "Pooling"]:
        raise ModelError(
            f"{name!r} is built of {', '.join(kinds)}; choose a model that begins with "
            "Transformer, Pooling"
        )
    network = modules[0][1]
    settings = _read_settings(network, name)
    prompt = _read_prompt(folder, name)
    return SentenceLayout(
        network=network.relative_to(folder).as_posix() if network != folder else "",
        max_length=settings.get("max_seq_length"),
        lower=bool(settings.get("do_lower_case", False)),
        prompt=prompt,
        poolings=_read_poolings(modules[1][1], name, has_prompt=bool(prompt)),
        heads=tuple(_read_head(kind, path, name) for kind, path in modules[2:]),
    )


def _read_rows(folder: Path, name: str) -> list[dict[str, Any]]:
    rows = read_json(folder / "modules.json", name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ModelError(f"{name!r} has a modules.json that is not a list; save it again")
    if not all(isinstance(row.get("idx", 0), int) for row in rows):
        raise ModelError(f"{name!r} has modules without a number in modules.json; save it again")
    return sorted(rows, key=lambda row: row.get("idx", 0))


def _read_module(row: dict[str, Any], folder: Path, name: str) -> tuple[str, Path]:
    """One row of modules.json -> its class's name and its folder, inside the model's own."""
    module, path = str(row.get("type", "")), folder / str(row.get("path", ""))
    if not module.startswith("sentence_transformers."):
        raise ModelError(
            f"{name!r} needs code of its own ({module}), which the lab never runs; "
            "choose a model built of sentence-transformers' modules"
        )
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ModelError(f"{name!r} points outside its folder in modules.json; save it again")
    return module.rpartition(".")[2], path


def _read_settings(network: Path, name: str) -> dict[str, Any]:
    found = (network / file for file in _SETTINGS_FILES if (network / file).is_file())
    file = next(found, None)
    return read_settings(file, name) if file else {}


def _read_prompt(folder: Path, name: str) -> str:
    """The prompt that the package puts before a text when it is given none."""
    config = read_optional_settings(folder / "config_sentence_transformers.json", name)
    chosen = config.get("default_prompt_name")
    return (config.get("prompts") or {}).get(chosen, "") if chosen else ""


def _read_poolings(folder: Path, name: str, has_prompt: bool) -> tuple[str, ...]:
    config = read_settings(folder / "config.json", name)
    modes = config.get("pooling_mode")
    if modes is None:
        modes = [mode for key, mode in _OLD_POOLING_KEYS.items() if config.get(key)] or ["mean"]
    modes = (modes,) if isinstance(modes, str) else tuple(modes)
    unknown = [mode for mode in modes if mode not in KERNELS]
    if unknown:
        raise ModelError(
            f"{name!r} pools by {unknown[0]!r}, which the lab cannot read; choose a model that "
            "pools by " + ", ".join(KERNELS)
        )
    if has_prompt and not config.get("include_prompt", True):
        raise ModelError(
            f"{name!r} leaves its prompt out of the pooling, which the lab cannot; "
            "choose another model"
        )
    return modes


def _read_head(kind: str, folder: Path, name: str) -> Head:
    if kind == "Dense":
        return read_dense(folder, name)
    if kind == "Normalize":
        check_works_on_vectors(read_optional_settings(folder / "config.json", name), name)
        return Normalize()
    raise ModelError(
        f"{name!r} has a module {kind!r}, which the lab cannot read; choose a model built of "
        "Transformer, Pooling, Dense and Normalize"
    )
