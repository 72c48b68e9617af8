"""A model folder -> an Encoder, and back. Only safetensors, never remote code."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import nn

from lab.encoders.base import Encoder
from lab.encoders.clip import ClipEncoder
from lab.encoders.pooling import POOLINGS
from lab.encoders.registry import FAMILIES
from lab.encoders.sentence import (
    SentenceEncoder,
    load_head,
    read_json,
    read_modules,
    read_poolings,
)
from lab.encoders.text import TextEncoder
from lab.encoders.tokens import TextTokenizer, find_max_tokens
from lab.errors import ModelError

KEPT_FILES = ("*.json", "*.txt", "*.model", "*.safetensors")
UNUSED_HEADS = ("pooler.", "embeddings.position_ids")  # no embedding is computed from these


def load_folder(folder: Path, name: str, pooling: str | None = None) -> Encoder:
    """The encoder in a folder of the hub's layout, in fp32, frozen, in eval mode.

    Raises ModelError when the folder holds no model the lab knows, weights that are not
    safetensors, not whole or not finite, or when `pooling` does not apply.
    """
    if (folder / "modules.json").is_file():
        return _load_sentence(folder, name, pooling)
    if not (folder / "config.json").is_file():
        raise ModelError(f"{name!r} has no config.json; name the folder that save_pretrained wrote")
    model_type = str(read_json(folder / "config.json").get("model_type", ""))
    if model_type == "clip":
        _check_pooling(name, pooling, ("projection",))
        return _load_clip(folder, name)
    family = "gpt2" if model_type == "gpt2" else "bert"
    pooling = _check_pooling(name, pooling, FAMILIES[family].poolings)
    module = _load_module(folder, name)
    return TextEncoder(name, folder, family, module, _load_tokenizer(folder, name, module), pooling)


def _load_clip(folder: Path, name: str) -> ClipEncoder:
    from transformers import AutoImageProcessor, CLIPModel

    module = _load_module(folder, name, CLIPModel)
    with _explained(name, "image processor"):
        processor = AutoImageProcessor.from_pretrained(folder, local_files_only=True)
    tokenizer = _load_tokenizer(folder, name, module, module.config.text_config)
    return ClipEncoder(name, folder, module, tokenizer, processor)


def _load_sentence(folder: Path, name: str, pooling: str | None) -> SentenceEncoder:
    modules = read_modules(folder)
    path = modules[0][1] or "."
    module = _load_module(folder / path, name)
    settings_file = folder / path / "sentence_bert_config.json"
    settings = read_json(settings_file) if settings_file.is_file() else {}
    tokenizer = _load_tokenizer(folder / path, name, module, settings=settings)
    poolings = read_poolings(folder / modules[1][1])
    if pooling not in (None, "modules.json"):
        poolings = (_check_pooling(name, pooling, tuple(POOLINGS)),)
    head = load_head(folder, modules)
    width = module.config.hidden_size * len(poolings)
    dense = [layer.linear for layer in head if hasattr(layer, "linear")]
    if dense and dense[0].in_features != width:
        raise ModelError(f"{name!r}: pooling gives {width} features, its Dense module takes others")
    dim = dense[-1].out_features if dense else width
    return SentenceEncoder(name, folder, path, module, tokenizer, poolings, head, dim)


def _load_module(folder: Path, name: str, model_class: Any = None) -> nn.Module:
    from transformers import AutoModel

    if not any(folder.glob("*.safetensors")):
        raise ModelError(
            f"{name!r} has no safetensors file, and pickle files are never loaded; save it again "
            "with save_pretrained, or choose another model"
        )
    with _explained(name, "weights"), torch.random.fork_rng(devices=[]), _quiet():
        torch.manual_seed(0)  # a pooler that the file lacks is drawn; no embedding depends on it
        module, info = (model_class or AutoModel).from_pretrained(
            folder,
            dtype=torch.float32,
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            output_loading_info=True,
        )
    _check_whole(name, module, info)
    return module.eval().requires_grad_(False)


def _check_whole(name: str, module: nn.Module, info: dict[str, Any]) -> None:
    missing = sorted(key for key in info["missing_keys"] if not key.startswith(UNUSED_HEADS))
    wrong = [str(entry) for entry in info["mismatched_keys"]]
    if missing or wrong:
        raise ModelError(
            f"{name!r} lacks weights of its architecture or has them in another shape "
            f"({(missing + wrong)[0]}, say); download or save it again"
        )
    for path, parameter in module.named_parameters():
        if not torch.isfinite(parameter).all():
            raise ModelError(f"{name!r} holds NaN or infinity in {path}; choose another copy")


def _load_tokenizer(
    folder: Path, name: str, module: nn.Module, config: Any = None, settings: Any = None
) -> TextTokenizer:
    from transformers import AutoTokenizer

    settings = settings or {}
    with _explained(name, "tokenizer"), _quiet():
        tokenizer = AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
    limit = find_max_tokens(tokenizer, config or module.config)
    limit = min(limit, settings.get("max_seq_length") or limit)
    return TextTokenizer(tokenizer, limit, bool(settings.get("do_lower_case")))


def _check_pooling(name: str, pooling: str | None, choices: tuple[str, ...]) -> str:
    if pooling is not None and pooling not in choices:
        raise ModelError(f"pooling {pooling!r} is not for {name!r}; choose {', '.join(choices)}")
    return pooling or choices[0]


@contextmanager
def _explained(name: str, part: str) -> Iterator[None]:
    """What the libraries say of a broken file becomes one sentence, without their paths."""
    from safetensors import SafetensorError

    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        kind = type(error).__name__
        raise ModelError(
            f"the {part} of {name!r} cannot be loaded ({kind}); check that the folder is whole "
            "and of a model this lab knows"
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the loading bars and reports that transformers prints; errors are still raised."""
    from transformers.utils import logging as transformers_logging

    logger = logging.getLogger("transformers")
    level, bars = logger.level, transformers_logging.is_progress_bar_enabled()
    logger.setLevel(logging.ERROR)
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        logger.setLevel(level)
        if bars:
            transformers_logging.enable_progress_bar()


def save_like(source: Path, transformer_path: str, module: nn.Module, folder: Path) -> None:
    """Write `module` where `source` has its transformer, beside copies of all other files."""
    folder.mkdir(parents=True, exist_ok=True)
    replaced = (source / transformer_path).resolve()
    for pattern in KEPT_FILES:
        for file in source.rglob(pattern):
            is_weight = ".safetensors" in file.name and file.parent.resolve() == replaced
            if not is_weight:
                copy = folder / file.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
    with _quiet():
        module.save_pretrained(folder / transformer_path)
