"""A folder's network, loaded whole or not at all: frozen, fp32, in eval mode.

Knows nothing of texts, pictures or pooling.
"""

from __future__ import annotations

import inspect
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import nn

from lab.encoders.folder import explain, find_weights, read_config
from lab.encoders.sizes import check_size
from lab.errors import ModelError

if TYPE_CHECKING:
    from transformers import PreTrainedModel

NETWORK_OF_TYPE = {
    "clip": "CLIPModel",
    "gpt2": "GPT2Model",
    "bert": "BertModel",
    "camembert": "CamembertModel",
    "distilbert": "DistilBertModel",
    "electra": "ElectraModel",
    "mpnet": "MPNetModel",
    "roberta": "RobertaModel",
    "xlm-roberta": "XLMRobertaModel",
}


# transformers patches its own classes and torch's initialisers while it loads, and two loads at
# once would leave the patches behind.
_ONE_AT_A_TIME = threading.Lock()


def load_module(folder: Path, name: str) -> PreTrainedModel:
    """The base model of the folder's architecture, without any task head.

    Raises ModelError when a tensor is missing, of another shape, or not finite.
    """
    config = read_config(folder, name)
    files = find_weights(folder, name)
    with _ONE_AT_A_TIME, _quiet(), explain(name, folder, "its weights cannot be loaded"):
        network = _import_network(config["model_type"])
        settings = network.config_class.from_pretrained(folder)
        check_size(network, settings, files, name)
        module, info = network.from_pretrained(
            folder,
            config=settings,
            dtype=torch.float32,
            use_safetensors=True,
            local_files_only=True,
            attn_implementation="sdpa" if network._supports_sdpa else "eager",
            output_loading_info=True,
            **_leave_out_pooler(network, files),
        )
    _check_missing(info["missing_keys"], name)
    check_finite(module, name)
    return module.eval().requires_grad_(False)


def _import_network(model_type: str) -> type[PreTrainedModel]:
    import transformers

    return getattr(transformers, NETWORK_OF_TYPE[model_type])


def _leave_out_pooler(network: type, files: tuple[Path, ...]) -> dict[str, bool]:
    """A checkpoint saved under another head has no pooler; a random one would be a lie.

    No pooling here reads it, so that the embeddings are the same with it or without.
    """
    from safetensors import safe_open

    if "add_pooling_layer" not in inspect.signature(network.__init__).parameters:
        return {}
    for file in files:
        with safe_open(file, framework="pt") as tensors:
            if any("pooler." in key for key in tensors.keys()):  # noqa: SIM118 (no mapping)
                return {}
    return {"add_pooling_layer": False}


def _check_missing(missing: set[str], name: str) -> None:
    if missing:
        raise ModelError(
            f"{name!r} lacks {len(missing)} of its tensors, such as {min(missing)}; "
            "save or download it again"
        )


def check_finite(module: nn.Module, name: str) -> None:
    """Raise ModelError when a parameter holds NaN or infinity."""
    for path, tensor in module.named_parameters():
        if not torch.isfinite(tensor).all():
            raise ModelError(
                f"{name!r} holds NaN or infinite numbers in {path}; save or download it again"
            )


def save_module(module: PreTrainedModel, folder: Path) -> None:
    """Write config.json and model.safetensors, without progress bars or log lines."""
    with _ONE_AT_A_TIME, _quiet():
        module.save_pretrained(folder)
    for file in folder.glob("*.safetensors"):  # written for their owner alone
        shutil.copymode(folder / "config.json", file)


@contextmanager
def _quiet() -> Iterator[None]:
    """No progress bars, no load report: what matters of it is raised as an error."""
    from transformers.utils import logging

    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()
