"""Models that turn items into embeddings. The only room that knows transformers.

name ──load──> folder ──folder──> clip | text | sentence   (all of them an Encoder)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lab.encoders.registry import CATALOGUE, ModelRow, find_row

if TYPE_CHECKING:
    from lab.encoders.base import Encoder
    from lab.encoders.load import load_encoder

__all__ = ["CATALOGUE", "Encoder", "ModelRow", "find_row", "load_encoder"]


def __getattr__(name: str) -> Any:
    # The catalogue is read while a page is being built, long before torch is.
    if name == "Encoder":
        from lab.encoders.base import Encoder

        return Encoder
    if name == "load_encoder":
        from lab.encoders.load import load_encoder

        return load_encoder
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
