"""Pairs that were read, and the rows that were not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from lab.data.pair import Item, Kind, Pair, item_key


@dataclass(frozen=True)
class RejectedRow:
    """A row that is no pair. line: as a text editor counts, the header being line 1."""

    line: int
    reason: str


@dataclass(frozen=True)
class PairDataset:
    """Pairs in the order of the upload.

    name: of the bundled pairs or the file, for people.
    side_names: what the two sides are called: the columns, or "image" and "text".
    columns: every column of the table, the pair's own first.
    """

    name: str
    kind: Kind
    pairs: tuple[Pair, ...]
    rejected: tuple[RejectedRow, ...] = ()
    columns: tuple[str, ...] = ()
    side_names: tuple[str, str] = ("a", "b")

    def __len__(self) -> int:
        return len(self.pairs)

    @cached_property
    def a(self) -> tuple[Item, ...]:
        """The first items."""
        return tuple(pair.a for pair in self.pairs)

    @cached_property
    def b(self) -> tuple[str, ...]:
        """The second items."""
        return tuple(pair.b for pair in self.pairs)

    @cached_property
    def a_keys(self) -> tuple[str, ...]:
        """What makes two first items the same."""
        return tuple(item_key(pair.a) for pair in self.pairs)

    @cached_property
    def b_keys(self) -> tuple[str, ...]:
        """What makes two second items the same."""
        return tuple(item_key(pair.b) for pair in self.pairs)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what is in the pairs, in their order; names and lines do not count."""
        content = hashlib.sha256(self.kind.encode())
        for a_key, b_key in zip(self.a_keys, self.b_keys, strict=True):
            content.update(f"{a_key} {b_key}\n".encode())
        return content.hexdigest()

    @cached_property
    def duplicates(self) -> int:
        """Pairs with an item, on either side, that stood in an earlier pair."""
        seen: set[str] = set()
        repeated = 0
        for keys in zip(self.a_keys, self.b_keys, strict=True):
            repeated += not seen.isdisjoint(keys)
            seen.update(keys)
        return repeated

    def subset(self, indices: Iterable[int]) -> PairDataset:
        """The pairs at `indices`, in that order."""
        return replace(self, pairs=tuple(self.pairs[i] for i in indices), rejected=())
