"""Errors of the page's own, told in whichever language they are then shown in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab.errors import LabError
from lab.words import Words, find_words
from lab.words.translate import translate


class Complaint(LabError):  # noqa: N818
    """A sentence of the table's place "complaints", with what is filled into it.

    As text it is English, as other errors are.
    """

    def __init__(self, name: str, /, **facts: Any) -> None:
        self.name, self.facts = name, facts
        super().__init__(self.phrase(find_words()))

    def phrase(self, table: Mapping[str, Words]) -> str:
        """The sentence in the language of `table`."""
        return table["complaints"][self.name].format(**self.facts)


class Obstacle(Complaint):
    """A finding that stands in a run's way: its title and its way out, both English sentences."""

    def __init__(self, title: str, way_out: str) -> None:
        super().__init__("obstacle", title=title, way_out=way_out)

    def phrase(self, table: Mapping[str, Words]) -> str:
        """The finding in the language of `table`."""
        said = {name: translate(fact, table) for name, fact in self.facts.items()}
        return table["complaints"]["obstacle"].format(**said)


def phrase(error: LabError, table: Mapping[str, Words]) -> str:
    """The error in the language of `table`. What the rooms below the page raise is English, and is
    translated here."""
    return error.phrase(table) if isinstance(error, Complaint) else translate(str(error), table)
