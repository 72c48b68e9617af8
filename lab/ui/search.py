"""A visitor's query, from what the browser sent to two ranked galleries. Knows nothing of gradio.

Whatever comes in is checked here. A picture lives in memory for as long as it is looked at;
nothing of a query is written anywhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.data.limits import Limits
from lab.data.pair import Item, Picture, Side, item_key
from lab.visits.complaints import Complaint

if TYPE_CHECKING:
    from lab.analysis.embeddings import EmbeddingSet
    from lab.analysis.explorer import Hit
    from lab.data.dataset import PairDataset
    from lab.encoders.base import Encoder
    from lab.experiment import Baseline, Outcome

MOST_CHARACTERS = 1_000
LIMITS = Limits(image_bytes=10 << 20)
MOST_ENCODED = LIMITS.image_bytes * 4 // 3 + 1_000  # characters of base64, with what stands before
THUMBNAIL_SIDE = 64  # pixels
OTHER: Mapping[Side, Side] = {"a": "b", "b": "a"}


@dataclass(frozen=True)
class State:
    """A model and what it made of the held-out pairs."""

    encoder: Encoder
    embeddings: EmbeddingSet


@dataclass(frozen=True)
class Ground:
    """What is searched: the held-out pairs as the base sees them and, after a run, the adapted
    model too. key: changes when any of it does."""

    test: PairDataset
    states: tuple[State, ...]
    key: str
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Query:
    """side: the side of a pair that the item stands on; gallery: the side searched."""

    item: Item
    side: Side
    gallery: Side


@dataclass(frozen=True)
class Found:
    """hits: the first ten, before and then after (or before alone).

    right: places of the best right answer in each, where one is known; size: different items in
    the gallery.
    """

    query: Query
    hits: tuple[list[Hit], ...]
    right: tuple[int | None, ...]
    size: int


@dataclass(frozen=True)
class InMemory:
    """A picture's bytes as a source of pictures."""

    data: bytes

    def read(self, member: str) -> bytes:
        """The bytes, whatever their name."""
        return self.data


def ground_of(baseline: Baseline, outcome: Outcome | None, run: str = "") -> Ground:
    """What can be searched: the base, and the adapted model once there is an outcome."""
    states = [State(baseline.encoder, baseline.before)]
    if outcome is not None:
        states.append(State(outcome.encoder, outcome.after))
    key = hashlib.sha256(f"{baseline.encoder.name} {baseline.test.digest} {run}".encode())
    return Ground(baseline.test, tuple(states), key.hexdigest()[:16], outcome)


def choose_examples(ground: Ground, count: int = 3) -> list[int]:
    """Rows to suggest: after a run those that rose and fell most, else evenly spread ones."""
    total = len(ground.test)
    rows: list[int] = []
    if ground.outcome is not None:
        risen, fallen = ground.outcome.comparison.most_changed(count)
        rows = [*risen[: count - 1], *fallen[:1]]
    spread = [total * k // count for k in range(count)]
    return list(dict.fromkeys([*rows, *spread]))[: min(count, total)]


def read_query(data: Any, test: PairDataset) -> Query:
    """The query in what a browser sent: a text, a picture as a data address, or a held-out row.

    {"text"} or {"image", "name"} or {"row", "side"}, and {"gallery"} beside any of them.
    Raises Complaint, or DataError for a picture that is none.
    """
    if not isinstance(data, Mapping):
        raise Complaint("no_query")
    gallery = _read_side(data.get("gallery"))
    if "row" in data:
        side = _read_side(data.get("side"))
        item = _read_row(data["row"], side, test)
    elif "image" in data:
        if test.kind != "image-text":
            raise Complaint("query_no_image")
        item, side = _read_image(data["image"], data.get("name")), "a"
    else:
        item = _read_text(data.get("text"))
        side = OTHER[gallery] if test.kind == "text-text" and gallery else "b"
    return Query(item, side, gallery or OTHER[side])


def _read_side(side: Any) -> Side | None:
    return next((known for known in OTHER if side == known), None)


def _read_row(row: Any, side: Side | None, test: PairDataset) -> Item:
    if type(row) is not int or not 0 <= row < len(test) or side is None:
        raise Complaint("no_query")
    return (test.a if side == "a" else test.b)[row]


def _read_text(text: Any) -> str:
    if not isinstance(text, str) or not text.strip():
        raise Complaint("no_query")
    if len(text) > MOST_CHARACTERS:
        raise Complaint("query_long", limit=MOST_CHARACTERS)
    return text.strip()


def _read_image(address: Any, name: Any) -> Picture:
    from lab.data.images import thumbnail

    if not isinstance(address, str) or len(address) > MOST_ENCODED:
        raise Complaint("query_large", limit=LIMITS.image_bytes >> 20)
    try:
        data = base64.b64decode(address.partition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        raise Complaint("no_query") from None
    small = io.BytesIO()
    thumbnail(data, THUMBNAIL_SIDE, LIMITS).save(small, "WEBP", quality=80, method=2)
    title = name[:200] if isinstance(name, str) else ""
    return Picture(title, hashlib.sha256(data).hexdigest(), InMemory(data), "", small.getvalue())


def search(ground: Ground, query: Query) -> Found:
    """Rank the gallery for the query in each state. A held-out query runs no model."""
    from lab.analysis.explorer import best_place, first_rows, rank_gallery, right_rows, top_hits

    first = ground.states[0].embeddings
    gallery_keys = _of(first, query.gallery, "keys")
    query_keys = _of(first, query.side, "keys")
    key = item_key(query.item)
    rows = first_rows(gallery_keys)
    right = frozenset[int]()
    if query.side == query.gallery:  # the item itself would come first
        rows = rows[[gallery_keys[row] != key for row in rows]]
    else:
        right = right_rows(key, query_keys, gallery_keys)
    row = query_keys.index(key) if key in query_keys else None
    rankings = [
        rank_gallery(_embed(state, query, row), _of(state.embeddings, query.gallery), rows)
        for state in ground.states
    ]
    others = rankings[::-1] if len(rankings) > 1 else [None]
    hits = (top_hits(*both, right) for both in zip(rankings, others, strict=True))
    return Found(query, tuple(hits), tuple(best_place(r, right) for r in rankings), len(rows))


def _of(embeddings: EmbeddingSet, side: Side, what: str = "") -> Any:
    return getattr(embeddings, f"{side}_{what}" if what else side)


def _embed(state: State, query: Query, row: int | None) -> np.ndarray:
    if row is not None:
        return _of(state.embeddings, query.side)[row]
    return embed_item(state.encoder, query.item, query.side)


def embed_item(encoder: Encoder, item: Item, side: Side) -> np.ndarray:
    """(D,) the item's embedding, of length 1. Raises Complaint when it is not finite."""
    import torch
    import torch.nn.functional as F

    # Left in eval mode: putting another mode back would reach a query that runs meanwhile.
    module = encoder.module.eval()
    device = next(module.parameters()).device
    with torch.no_grad():
        inputs = {k: v.to(device) for k, v in encoder.preprocess([item], side).items()}
        embedded = F.normalize(encoder.embed(inputs, side).float(), dim=-1)[0]  # (D,)
    found = embedded.cpu().numpy()
    if not np.isfinite(found).all():
        raise Complaint("query_not_finite")
    return found
