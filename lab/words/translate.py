"""A sentence that the lab has raised in English, in the language of the one who reads it.

Errors, findings and reasons are raised as English sentences with their facts filled in. A table
of a language pairs English templates with its own; the template that a sentence was made from is
found again, and what stood in its gaps is put into the other:

    {name} holds more than {rows} rows; upload a part of it      (template)
    'a.csv' holds more than 100,000 rows; upload a part of it    (sentence)

    {name}          a fact, put over as it is
    {name:phrase}   a sentence or a word of the table's own, translated in its turn
    {name:choice}   names joined by "or", put over joined by commas

A sentence without a template stays English. Where several fit, the one with the most literal text
is meant: it says more of the sentence. Facts may be hostile (an upload's names): they are never
read as a template, and a fit is found by looking for the literals from left to right, once each,
so that no sentence takes longer than its length times the templates (times how deep phrases stand).
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from lab.words.korean.raised import RAISED as KOREAN

LONGEST = 4_000  # characters; longer ones are not looked at
DEEPEST = 5  # phrases within one another; deeper ones stay English
CHOICE = " or "


@dataclass(frozen=True)
class Template:
    """A text with gaps.

    literals: the texts before, between and after the gaps: one more than there are gaps.
    gaps: the gap's name -> what stands in it: "" (a fact), "phrase" or "choice".
    """

    literals: tuple[str, ...]
    gaps: Mapping[str, str]

    def match(self, sentence: str) -> dict[str, str] | None:
        """Gap -> what stands in it, the leftmost gaps as short as can be; None: another text."""
        first, last = self.literals[0], self.literals[-1]
        if not self.gaps:
            return {} if sentence == first else None
        start, end = len(first), len(sentence) - len(last)
        if start > end or not sentence.startswith(first) or not sentence.endswith(last):
            return None
        values = []
        for literal in self.literals[1:-1]:
            at = sentence.find(literal, start, end)
            if at < 0:
                return None
            values.append(sentence[start:at])
            start = at + len(literal)
        return dict(zip(self.gaps, [*values, sentence[start:end]], strict=True))

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with each gap's value in its place."""
        inserted = (*(values[name] for name in self.gaps), "")
        return "".join(map(operator.add, self.literals, inserted))


def parse_template(text: str) -> Template:
    """A text with its gaps in braces -> the template; ValueError for braces that do not match."""
    literals, gaps = [""], {}
    for literal, name, kind, _ in Formatter().parse(text):
        literals[-1] += literal
        if name is not None:
            gaps[name] = kind or ""
            literals.append("")
    return Template(tuple(literals), gaps)


Pairs = tuple[tuple[Template, Template], ...]


def _read(table: Mapping[str, str]) -> Pairs:
    """English template -> the language's, the one with the most literal text first."""
    pairs = [(parse_template(english), parse_template(other)) for english, other in table.items()]
    return tuple(sorted(pairs, key=lambda pair: -sum(map(len, pair[0].literals))))


_TABLES: Mapping[str, Pairs] = {"ko": _read(KOREAN)}


def translate(sentence: str, words: Mapping[str, Mapping[str, str]]) -> str:
    """An English sentence in the language of `words`, a whole table (`lab.words.find_words`); as
    it is where that language has no template for it."""
    return _translate(sentence, words["language"]["code"])


def _translate(sentence: str, language: str, depth: int = 0) -> str:
    if len(sentence) > LONGEST or depth > DEEPEST:
        return sentence
    for english, other in _TABLES.get(language, ()):
        facts = english.match(sentence)
        if facts is not None:
            for gap, kind in english.gaps.items():
                if kind == "phrase":
                    facts[gap] = _translate(facts[gap], language, depth + 1)
                elif kind == "choice":
                    facts[gap] = facts[gap].replace(CHOICE, ", ")
            return other.fill(facts)
    return sentence
