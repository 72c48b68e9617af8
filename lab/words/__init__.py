"""Everything the lab says to people, by language and by place. Texts only, nothing else.

One package a language, with the same files, places and names in each; a test holds them together.
A text in braces, {steps}, is filled in by whoever says it. What the rooms raise stands in English
where it is raised; another language has its own sentences for it in `raised/`, found by
`lab.words.translate`.
"""

from __future__ import annotations

from collections.abc import Mapping

from lab.words.english import ENGLISH
from lab.words.korean import KOREAN

Words = Mapping[str, str]

LANGUAGES = {"en": "English", "ko": "한국어"}  # each by its own name, the default first
_TABLES: Mapping[str, Mapping[str, Words]] = {"en": ENGLISH, "ko": KOREAN}


def find_words(language: str = "en") -> Mapping[str, Words]:
    """The table of a language: place -> name -> text. Raises KeyError for one of no LANGUAGES."""
    return _TABLES[language]
