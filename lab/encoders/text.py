"""Plain text encoders: the BERT family (both directions) and GPT-2 (causal), pooled by the mask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from torch import Tensor, nn

from lab.data.pair import Item, Kind, Side
from lab.encoders.folder import explain
from lab.encoders.pooling import pool
from lab.encoders.registry import Family
from lab.encoders.save import save_encoder
from lab.encoders.tokens import TextTokenizer, load_tokenizer
from lab.encoders.weights import load_module

if TYPE_CHECKING:
    from transformers import PretrainedConfig

# These count positions from the padding token's number on, and so have that many fewer.
_OFFSET_TYPES = ("roberta", "xlm-roberta", "camembert", "mpnet")


@dataclass(frozen=True, eq=False)
class TextEncoder:
    """See lab.encoders.base.Encoder. Both sides share the whole module."""

    name: str
    family: Family
    module: nn.Module
    tokenizer: TextTokenizer = field(repr=False)
    dim: int
    pooling: str
    source: Path = field(repr=False)
    kind: Kind = "text-text"

    @property
    def towers(self) -> Mapping[str, str]:
        """None: both sides share all."""
        return MappingProxyType({})

    @property
    def max_length(self) -> int:
        """Tokens of a text that the model reads; what follows is cut."""
        return self.tokenizer.max_length

    def preprocess(
        self, items: Sequence[Item], side: Side, multiple_of: int = 1
    ) -> dict[str, Tensor]:
        """Texts -> input_ids, attention_mask (B, T)."""
        return self.tokenizer(items, multiple_of)

    def embed(self, inputs: Mapping[str, Tensor], side: Side) -> Tensor:
        """Pooled token features (B, D), not normalised."""
        return pool(run_network(self.module, inputs), inputs["attention_mask"], [self.pooling])

    def with_module(self, module: nn.Module) -> TextEncoder:
        """The same encoder around another copy of its module."""
        return replace(self, module=module)

    def save(self, folder: Path) -> None:
        """Write a folder that load_encoder reads; the module must carry no LoRA layers."""
        save_encoder(self.module, self.source, folder)


def run_network(module: nn.Module, inputs: Mapping[str, Tensor]) -> Tensor:
    """Token features (B, T, H) of the last layer."""
    # A causal model would otherwise keep every layer's keys and values for a next token.
    cache = {"use_cache": False} if module.config.model_type == "gpt2" else {}
    return module(**inputs, **cache).last_hidden_state


def count_positions(config: PretrainedConfig) -> int:
    """How many tokens the network has positions for."""
    positions = config.max_position_embeddings
    if config.model_type in _OFFSET_TYPES:
        return positions - config.pad_token_id - 1
    return positions


def load_text(folder: Path, name: str, family: Family, pooling: str) -> TextEncoder:
    """Read a BERT-like or GPT-2 folder. Raises ModelError when a part is missing or unfit."""
    module = load_module(folder, name)
    with explain(name, folder, "its configuration is not whole"):
        tokenizer = load_tokenizer(
            folder,
            name,
            positions=count_positions(module.config),
            vocabulary=module.config.vocab_size,
            pad_right=family == "gpt2",  # positions count from the left, padding included
        )
    return TextEncoder(
        name=name,
        family=family,
        module=module,
        tokenizer=tokenizer,
        dim=module.config.hidden_size,
        pooling=pooling,
        source=folder,
    )
