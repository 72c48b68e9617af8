"""Pictures -> pixel tensors, by the folder's own preprocessor settings.

The same numbers as transformers' PIL processor, whether or not torchvision is installed (which
would quietly change the resampling), and without its conversions back and forth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from lab.encoders.folder import read_optional_settings, read_settings
from lab.errors import ModelError

if TYPE_CHECKING:
    from PIL.Image import Image

    from lab.data.pair import Picture

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
BICUBIC = 3
FILTERS = range(6)  # Pillow's
LARGEST_SIDE = 1024  # pixels; the longest picture that is read stays within memory


@dataclass(frozen=True)
class PixelSettings:
    """How a picture becomes numbers.

    shortest_edge: scale so that the shorter side has so many pixels; None: scale to `size`.
    size: height and width, when the picture is stretched; None with both: not scaled.
    crop: height and width cut from the middle; None: not cut.
    resample: Pillow's filter. scale, mean, std: (value * scale - mean) / std, per channel.
    """

    shortest_edge: int | None = 224
    size: tuple[int, int] | None = None
    crop: tuple[int, int] | None = (224, 224)
    resample: int = BICUBIC
    scale: float = 1 / 255
    mean: tuple[float, ...] = CLIP_MEAN
    std: tuple[float, ...] = CLIP_STD

    def __post_init__(self) -> None:
        for side in (self.shortest_edge, *(self.size or ()), *(self.crop or ())):
            if side is not None and not (isinstance(side, int) and 0 < side <= LARGEST_SIDE):
                raise ValueError(f"a side of {side!r} pixels, not 1 to {LARGEST_SIDE}")
        if self.resample not in FILTERS:
            raise ValueError(f"resample = {self.resample!r}")
        numbers = (self.scale, *self.mean, *self.std)
        if len(self.mean) != 3 or len(self.std) != 3 or not all(map(math.isfinite, numbers)):
            raise ValueError("mean and std are not three numbers each")
        if not all(self.std):
            raise ValueError("std = 0")

    def __call__(self, pictures: Sequence[Picture]) -> dict[str, Tensor]:
        """pixel_values (B, 3, H, W), fp32. Raises DataError for a picture that is broken."""
        images = [self._fit(picture.open()) for picture in pictures]
        std, mean = torch.tensor(self.std).view(3, 1, 1), torch.tensor(self.mean).view(3, 1, 1)
        gain, shift = self.scale / std, mean / std
        values = torch.empty(len(images), 3, *images[0].shape[:2])  # (B, 3, H, W)
        for row, image in zip(values, images, strict=True):
            # In place, picture by picture, while it is in the processor's cache.
            row.copy_(torch.from_numpy(image).permute(2, 0, 1)).mul_(gain).sub_(shift)
        return {"pixel_values": values}

    @property
    def shape(self) -> tuple[int, int] | None:
        """Height and width of every result; None when they depend on the picture."""
        return self.crop or self.size

    def _fit(self, image: Image) -> np.ndarray:
        target = self._scaled_size(*image.size)
        if target != image.size:
            image = image.resize(target, self.resample)
        if self.crop is not None:
            left = (image.width - self.crop[1]) // 2
            top = (image.height - self.crop[0]) // 2
            # Pillow fills with black where the picture is smaller than the cut.
            image = image.crop((left, top, left + self.crop[1], top + self.crop[0]))
        return np.array(image)  # (H, W, 3), writable as torch asks

    def _scaled_size(self, width: int, height: int) -> tuple[int, int]:
        if self.shortest_edge is None:
            return (self.size[1], self.size[0]) if self.size else (width, height)
        edge, short = self.shortest_edge, min(width, height)
        return (
            edge if width <= height else int(edge * width / short),
            edge if height <= width else int(edge * height / short),
        )


def read_pixel_settings(folder: Path, name: str) -> PixelSettings:
    """The folder's preprocessor_config.json, or processor_config.json's image_processor."""
    nested = read_optional_settings(folder / "processor_config.json", name).get("image_processor")
    config = nested or read_settings(folder / "preprocessor_config.json", name)
    try:
        return _parse(config)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(
            f"{name!r} has picture settings that cannot be read ({error}); "
            "save its image processor again"
        ) from None


def _parse(config: dict[str, Any]) -> PixelSettings:
    size = config.get("size", 224) if config.get("do_resize", True) else {}
    crop = config.get("crop_size", 224) if config.get("do_center_crop", True) else None
    if isinstance(size, int):
        size = {"shortest_edge": size}
    plain = not config.get("do_normalize", True)
    return PixelSettings(
        shortest_edge=size.get("shortest_edge"),
        size=(size["height"], size["width"]) if "height" in size else None,
        crop=_pair(crop),
        resample=config.get("resample", BICUBIC),
        scale=config.get("rescale_factor", 1 / 255) if config.get("do_rescale", True) else 1.0,
        mean=(0.0,) * 3 if plain else tuple(config.get("image_mean", CLIP_MEAN)),
        std=(1.0,) * 3 if plain else tuple(config.get("image_std", CLIP_STD)),
    )


def _pair(crop: int | dict[str, int] | None) -> tuple[int, int] | None:
    if crop is None:
        return None
    return (crop, crop) if isinstance(crop, int) else (crop["height"], crop["width"])
