"""What one open page shows, so that late answers do not undo newer choices.

A model takes seconds to load, and a visitor may choose another or upload a file meanwhile. Each
page has a Selection of its own; knows nothing about gradio.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(eq=False)
class Selection:
    """model: whose layers and settings the page shows; pairs: whose columns it shows.

    asked: how many choices were made; planned: how often a sweep was planned.
    shown: the model and the pairs that were loaded and stand on the page; None while they load,
        or when they cannot be.
    """

    model: str = ""
    pairs: str = ""
    shown: tuple[str, str] | None = None
    asked: int = 0
    planned: int = 0

    def ask(self) -> Callable[[], bool]:
        """A new choice is made; -> whether it is still the last one, to be asked before showing."""
        self.asked += 1
        self.shown = None
        mine = self.asked
        return lambda: self.asked == mine

    def plan(self) -> Callable[[], bool]:
        """A sweep is planned anew; -> whether it is still the last plan, as for `ask`."""
        self.planned += 1
        mine = self.planned
        return lambda: self.planned == mine

    def fit(self, form: dict[str, Any]) -> dict[str, Any]:
        """The form without what belongs to another choice: a model's pooling, pairs' columns."""
        pooling = {} if form["model"] == self.model else {"pooling": None}
        columns = {} if form["pairs"] == self.pairs else {"a_column": None, "b_column": None}
        return {**form, **pooling, **columns}

    def show(self, model: str, pairs: str) -> None:
        """Both were loaded and stand on the page."""
        self.model, self.pairs, self.shown = model, pairs, (model, pairs)

    def shows(self, model: str, pairs: str) -> bool:
        """Whether what the form says is what was loaded: only then do its ticks mean anything."""
        return self.shown == (model, pairs)
