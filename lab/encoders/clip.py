"""CLIP (Radford et al. 2021): pictures and texts, each through its own tower, into one space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from torch import Tensor, nn

from lab.data.pair import Item, Kind, Picture, Side
from lab.encoders.folder import explain
from lab.encoders.pixels import PixelSettings, read_pixel_settings
from lab.encoders.save import save_encoder
from lab.encoders.tokens import TextTokenizer, load_tokenizer
from lab.encoders.weights import load_module
from lab.errors import ModelError


@dataclass(frozen=True, eq=False)
class ClipEncoder:
    """See lab.encoders.base.Encoder. Embeddings are the projected features, not normalised."""

    name: str
    module: nn.Module
    tokenizer: TextTokenizer = field(repr=False)
    pixels: PixelSettings = field(repr=False)
    dim: int
    source: Path = field(repr=False)
    family: str = "clip"
    kind: Kind = "image-text"
    pooling: str = "projection"

    @property
    def towers(self) -> Mapping[str, str]:
        """Each side has a tower of its own; the two projections belong to neither."""
        return MappingProxyType({"vision": "vision_model", "text": "text_model"})

    @property
    def max_length(self) -> int:
        """Tokens of a text that the model reads; what follows is cut."""
        return self.tokenizer.max_length

    def preprocess(
        self, items: Sequence[Item], side: Side, multiple_of: int = 1
    ) -> dict[str, Tensor]:
        """Pictures -> pixel_values (B, 3, H, W); texts -> input_ids, attention_mask (B, T)."""
        if isinstance(items[0], Picture):
            return self.pixels(items)
        return self.tokenizer(items, multiple_of)

    def embed(self, inputs: Mapping[str, Tensor], side: Side) -> Tensor:
        """Projected features (B, D) of whichever tower the inputs are for."""
        if "pixel_values" in inputs:
            output = self.module.get_image_features(**inputs)
        else:
            output = self.module.get_text_features(**inputs)
        # transformers 5 puts the projected features where the pooled ones were.
        return output if isinstance(output, Tensor) else output.pooler_output

    def with_module(self, module: nn.Module) -> ClipEncoder:
        """The same encoder around another copy of its module."""
        return replace(self, module=module)

    def save(self, folder: Path) -> None:
        """Write a folder that load_encoder reads; the module must carry no LoRA layers."""
        save_encoder(self.module, self.source, folder)


def load_clip(folder: Path, name: str) -> ClipEncoder:
    """Read a CLIP folder. Raises ModelError when a part is missing or does not fit the others."""
    module = load_module(folder, name)
    with explain(name, folder, "its configuration is not whole"):
        text, vision = module.config.text_config, module.config.vision_config
        tokenizer = load_tokenizer(
            folder,
            name,
            positions=text.max_position_embeddings,
            vocabulary=text.vocab_size,
        )
        pixels = read_pixel_settings(folder, name)
    if pixels.shape != (vision.image_size, vision.image_size):
        raise ModelError(
            f"{name!r} takes pictures of {vision.image_size} x {vision.image_size} pixels, but its "
            f"image processor makes them {pixels.shape}; save the processor that belongs to it"
        )
    return ClipEncoder(
        name=name,
        module=module,
        tokenizer=tokenizer,
        pixels=pixels,
        dim=module.config.projection_dim,
        source=folder,
    )
