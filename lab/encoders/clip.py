"""CLIP: pictures and texts through two towers into one space (Radford et al. 2021)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from torch import Tensor, nn

from lab.data.pair import Item, Kind, Side
from lab.encoders.tokens import TextTokenizer

TOWERS = MappingProxyType({"image": "vision_model", "text": "text_model"})


@dataclass(frozen=True)
class ClipEncoder:
    """An Encoder around a CLIPModel: side a is pictures, side b is texts."""

    name: str
    folder: Path
    module: nn.Module
    tokenize: TextTokenizer = field(repr=False)
    image_processor: Any = field(repr=False)
    family: str = "clip"
    kind: Kind = "image-text"
    pooling: str = "projection"
    towers: Mapping[str, str] = TOWERS

    @property
    def dim(self) -> int:
        """D, the size of the shared space."""
        return self.module.config.projection_dim

    def preprocess(self, items: Sequence[Item], side: Side) -> dict[str, Tensor]:
        """Pictures -> pixel_values (B, 3, H, W); texts -> input_ids, attention_mask (B, T)."""
        if side == "b":
            return self.tokenize(items)
        pictures = [item.open() for item in items]
        return dict(self.image_processor(images=pictures, return_tensors="pt"))

    def embed(self, inputs: Mapping[str, Tensor], side: Side) -> Tensor:
        """Projected features (B, D), not normalised."""
        if side == "a":
            return self.module.get_image_features(**inputs).pooler_output
        return self.module.get_text_features(**inputs).pooler_output

    def with_module(self, module: nn.Module) -> ClipEncoder:
        """The same encoder around another copy of its module."""
        return replace(self, module=module)

    def save(self, folder: Path) -> None:
        """Write model and processors in the layout they were loaded from."""
        from lab.encoders.folder import save_like

        save_like(self.folder, ".", self.module, folder)
