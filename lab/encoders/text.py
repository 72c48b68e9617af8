"""BERT, RoBERTa, GPT-2 and their like: texts through one network, tokens pooled to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from torch import Tensor, nn

from lab.data.pair import Item, Kind, Side
from lab.encoders.pooling import POOLINGS
from lab.encoders.tokens import TextTokenizer


@dataclass(frozen=True)
class TextEncoder:
    """An Encoder around a transformers text model; both sides of a pair go the same way."""

    name: str
    folder: Path
    family: str
    module: nn.Module
    tokenize: TextTokenizer = field(repr=False)
    pooling: str
    kind: Kind = "text-text"
    towers: Mapping[str, str] = MappingProxyType({})

    @property
    def dim(self) -> int:
        """D, the model's hidden size."""
        return self.module.config.hidden_size

    def preprocess(self, items: Sequence[Item], side: Side) -> dict[str, Tensor]:
        """Texts -> input_ids, attention_mask (B, T)."""
        return self.tokenize(items)

    def embed(self, inputs: Mapping[str, Tensor], side: Side) -> Tensor:
        """Pooled token features (B, D), not normalised."""
        features = self.module(**inputs).last_hidden_state  # (B, T, D)
        return POOLINGS[self.pooling](features, inputs["attention_mask"])  # (B, D)

    def with_module(self, module: nn.Module) -> TextEncoder:
        """The same encoder around another copy of its module."""
        return replace(self, module=module)

    def save(self, folder: Path) -> None:
        """Write model and tokenizer in the layout they were loaded from."""
        from lab.encoders.folder import save_like

        save_like(self.folder, ".", self.module, folder)
