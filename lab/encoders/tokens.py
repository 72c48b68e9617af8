"""Texts -> token ids, safely from several threads."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor


@dataclass(frozen=True)
class TextTokenizer:
    """A tokenizer with its length limit. max_tokens: longer texts are cut there."""

    tokenizer: Any
    max_tokens: int
    lower: bool = False
    # A fast tokenizer keeps padding and truncation as state, which every call sets anew.
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        if self.tokenizer.pad_token is None:  # GPT-2 has none; the mask hides whatever it is
            self.tokenizer.pad_token = self.tokenizer.eos_token
        self.tokenizer.padding_side = "right"

    def __call__(self, texts: Sequence[str]) -> dict[str, Tensor]:
        """-> input_ids, attention_mask, each (B, T), T being the longest of the batch."""
        texts = [text.lower() if self.lower else text for text in texts]
        with self.lock:
            encoded = self.tokenizer(
                texts,
                padding=True,
                truncation=True,
                max_length=self.max_tokens,
                return_tensors="pt",
            )
        return {name: encoded[name] for name in ("input_ids", "attention_mask")}


def find_max_tokens(tokenizer: Any, config: Any) -> int:
    """The longest text the model has positions for."""
    positions = getattr(config, "max_position_embeddings", None) or tokenizer.model_max_length
    if config.model_type in ("roberta", "xlm-roberta", "camembert", "mpnet"):
        positions -= config.pad_token_id + 1  # their positions start behind the padding's id
    return int(min(positions, tokenizer.model_max_length))
