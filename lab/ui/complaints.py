"""Errors of the page's own, told in whichever language they are then shown in."""

from __future__ import annotations

from typing import Any

from lab.errors import LabError
from lab.words import Words, find_words


class Complaint(LabError):  # noqa: N818
    """A sentence of the table's place "complaints", with what is filled into it.

    As text it is English, as other errors are.
    """

    def __init__(self, name: str, /, **facts: Any) -> None:
        self.name, self.facts = name, facts
        super().__init__(self.phrase(find_words()["complaints"]))

    def phrase(self, words: Words) -> str:
        """The sentence in the language of `words`."""
        return words[self.name].format(**self.facts)


def phrase(error: LabError, words: Words) -> str:
    """The error in the language of `words`, the table's complaints; what the rooms below the page
    raise has one language, English."""
    return error.phrase(words) if isinstance(error, Complaint) else str(error)
