"""Sentence encoders in the SentenceTransformer layout, read without that package.

modules.json: Transformer ──tokens──> Pooling ──vector──> Dense, Normalize (any number)
LoRA sees the Transformer's network alone; what follows it stays frozen outside `module`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from torch import Tensor, nn

from lab.data.pair import Item, Kind, Side
from lab.encoders.folder import explain
from lab.encoders.heads import Head
from lab.encoders.layout import SentenceLayout, read_layout
from lab.encoders.pooling import pool
from lab.encoders.save import save_encoder
from lab.encoders.text import count_positions, run_network
from lab.encoders.tokens import TextTokenizer, load_tokenizer
from lab.encoders.weights import load_module
from lab.errors import ModelError


@dataclass(frozen=True, eq=False)
class SentenceEncoder:
    """See lab.encoders.base.Encoder. Both sides share the whole module.

    poolings: put side by side, in this order. heads: applied to the pooled vector in turn.
    """

    name: str
    module: nn.Module
    tokenizer: TextTokenizer = field(repr=False)
    poolings: tuple[str, ...]
    heads: tuple[Head, ...] = field(repr=False)
    dim: int
    source: Path = field(repr=False)
    network: str = ""
    family: str = "sentence"
    kind: Kind = "text-text"

    @property
    def pooling(self) -> str:
        """The poolings' names, joined."""
        return "+".join(self.poolings)

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
        """Sentence embeddings (B, D), normalised when the model's modules.json says so."""
        vectors = pool(run_network(self.module, inputs), inputs["attention_mask"], self.poolings)
        for head in self.heads:
            vectors = head(vectors)
        return vectors

    def with_module(self, module: nn.Module) -> SentenceEncoder:
        """The same encoder around another copy of its module."""
        return replace(self, module=module)

    def save(self, folder: Path) -> None:
        """Write a folder that load_encoder reads; the module must carry no LoRA layers."""
        save_encoder(self.module, self.source, folder, self.network)


def load_sentence(folder: Path, name: str) -> SentenceEncoder:
    """Read a SentenceTransformer folder; ModelError for a part that is missing or unknown."""
    layout = read_layout(folder, name)
    module = load_module(folder / layout.network, name)
    with explain(name, folder, "its configuration is not whole"):
        tokenizer = load_tokenizer(
            folder / layout.network,
            name,
            positions=count_positions(module.config),
            vocabulary=module.config.vocab_size,
            max_length=layout.max_length,
            lower=layout.lower,
            prompt=layout.prompt,
        )
    return SentenceEncoder(
        name=name,
        module=module,
        tokenizer=tokenizer,
        poolings=layout.poolings,
        heads=layout.heads,
        dim=_check_sizes(layout, module.config.hidden_size, name),
        source=folder,
        network=layout.network,
    )


def _check_sizes(layout: SentenceLayout, hidden: int, name: str) -> int:
    """D, after every head; ModelError when one takes another size than it is given."""
    size = hidden * len(layout.poolings)
    for head in layout.heads:
        if head.takes not in (None, size):
            raise ModelError(
                f"{name!r} has a Dense layer for {head.takes} features after one that gives "
                f"{size}; save or download it again"
            )
        size = head.gives or size
    return size
