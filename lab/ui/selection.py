"""What one open page shows, so that late answers do not undo newer choices.

A model takes seconds to load, and a visitor may choose another or upload a file meanwhile. Each
page has a Selection of its own; knows nothing about gradio, but what it does with a page's events:
a list is said to have been chosen from whenever it is left, and events that wait for their turn at
the same time are handed on in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lab.encoders.registry import find_known_row

PARTS = ("model", "pooling", "pairs", "a_column", "b_column")  # of a form: what is loaded


@dataclass(eq=False)
class Selection:
    """model: whose layers and settings the page shows; pairs: whose columns it shows.

    asked: how many choices were made; planned: how often a sweep was planned.
    chosen: the last choice, as it was asked for and, once it is loaded, as the page then shows it.
    heard_at: when the page's newest event was, in ms of the page's own clock.
    shown: the model and the pairs that were loaded and stand on the page; None while they load,
        or when they cannot be.
    """

    model: str = ""
    pairs: str = ""
    shown: tuple[str, str] | None = None
    asked: int = 0
    planned: int = 0
    chosen: tuple[tuple[Any, ...], ...] = ()
    heard_at: float = 0.0

    def hear(self, at: float | None) -> bool:
        """An event of this time has come; -> whether it is the newest so far."""
        is_newest = (at or 0.0) >= self.heard_at
        self.heard_at = max(at or 0.0, self.heard_at)
        return is_newest

    def is_news(self, form: Mapping[str, Any]) -> bool:
        """Whether the form chooses anything but what was chosen last."""
        return _choice(form) not in self.chosen

    def ask(self, form: Mapping[str, Any]) -> Callable[[], bool]:
        """A new choice is made; -> whether it is still the last one, to be asked before showing."""
        self.asked += 1
        self.shown, self.chosen = None, (_choice(form),)
        mine = self.asked
        return lambda: self.asked == mine

    def give_up(self) -> None:
        """The last choice cannot be loaded: the same may be tried again."""
        self.chosen = ()

    def plan(self) -> Callable[[], bool]:
        """A sweep is planned anew; -> whether it is still the last plan, as for `ask`."""
        self.planned += 1
        mine = self.planned
        return lambda: self.planned == mine

    def fit(self, form: dict[str, Any]) -> dict[str, Any]:
        """The form without what belongs to another choice: a model's pooling, pairs' columns."""
        is_its_own = form["model"] == self.model and _has_pooling(form["model"], form["pooling"])
        pooling = {} if is_its_own else {"pooling": None}
        columns = {} if form["pairs"] == self.pairs else {"a_column": None, "b_column": None}
        return {**form, **pooling, **columns}

    def show(self, form: Mapping[str, Any]) -> None:
        """What the form chooses was loaded and stands on the page."""
        self.model, self.pairs = form["model"], form["pairs"]
        self.shown = self.model, self.pairs
        self.chosen = (*self.chosen, _choice(form))

    def shows(self, model: str, pairs: str) -> bool:
        """Whether what the form says is what was loaded: only then do its ticks mean anything."""
        return self.shown == (model, pairs)


def _choice(form: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(form.get(part) or None for part in PARTS)


def _has_pooling(model: str, pooling: str | None) -> bool:
    """Whether a model may be pooled so: a page may still say how the one before it was."""
    row = find_known_row(model)
    return row is None or pooling in row.poolings
