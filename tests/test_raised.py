"""What the rooms raise has its Korean: every sentence that stands in the code."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from typing import get_args

import pytest
from said_in_code import GAP, find_sentences

from lab.config import LoRAConfig, ProjectionConfig, RunConfig, TrainConfig
from lab.data.pair import Kind
from lab.sweep.config import SweepConfig
from lab.words import find_words
from lab.words.korean import raised
from lab.words.korean.raised import RAISED
from lab.words.korean.raised.settings import NAMES
from lab.words.translate import Template, parse_template, translate

KOREAN = find_words("ko")
TEMPLATES = {english: parse_template(english) for english in RAISED}
SENTENCES = sorted(find_sentences())
NAME_AND_REASON = f"{GAP}: {GAP}"  # says nothing of its own
COMMANDS = re.compile("hf auth login|pip install|ray start|wandb login")
HANGUL = re.compile("[가-힣]")
WORDS = re.compile(r"[a-z]{2,} [a-z]{2,}")


def number(sentence: str) -> str:
    """The sentence with <0>, <1>, ... in its gaps."""
    parts = sentence.split(GAP)
    return parts[0] + "".join(f"<{i}>{part}" for i, part in enumerate(parts[1:]))


def facts_in(text: str) -> list[str]:
    return sorted(re.findall(r"<\d+>", text))


def literal(template: Template) -> int:
    return sum(map(len, template.literals))


def fitting(sentence: str) -> list[str]:
    """The English templates that fit, the one with the most literal text first."""
    fit = [english for english, known in TEMPLATES.items() if known.match(sentence) is not None]
    return sorted(fit, key=lambda english: -literal(TEMPLATES[english]))


def used(sentence: str) -> Iterator[str]:
    """The template that a sentence is translated by, and those of the phrases in it."""
    for english in fitting(sentence)[:1]:
        yield english
        facts = TEMPLATES[english].match(sentence)
        for gap, kind in TEMPLATES[english].gaps.items():
            if kind == "phrase":
                yield from used(facts[gap])


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_in_the_code_has_its_korean(sentence: str) -> None:
    english = number(sentence)
    said = translate(english, KOREAN)
    assert facts_in(said) == facts_in(english)
    if sentence != NAME_AND_REASON:
        assert HANGUL.search(said)
        assert not WORDS.search(COMMANDS.sub("", said))


def test_there_are_sentences_of_every_room() -> None:
    """The walk over the code finds what it should: one of each way to say something."""
    known = (
        "epochs",  # nobody's: a setting's name is no sentence
        f"{GAP} = {GAP}: choose at least 1",  # by check()
        f"{GAP} = {GAP}: choose one of {GAP}",  # by check_choice(), through check()
        f"{GAP}: its weights cannot be loaded ({GAP}); save or download it again, or choose "
        "another model",  # by a context manager's argument
        f"no layer matches {GAP}; choose among {GAP}",  # from what a function returns
        "is encrypted; pack it without a password",  # a reason
        "it is not valid JSON",  # a row left out
        f"{GAP} pair repeats a text or a picture",  # a finding with a choice in it
    )
    assert [text in SENTENCES for text in known] == [False] + [True] * (len(known) - 1)


def test_no_korean_is_left_of_a_sentence_that_is_gone() -> None:
    said = {template for sentence in SENTENCES for template in used(number(sentence))}
    assert set(RAISED) - said <= {*NAMES, *get_args(Kind)}


def test_settings_called_by_name_are_settings() -> None:
    settings = (LoRAConfig, TrainConfig, ProjectionConfig, RunConfig, SweepConfig)
    fields = {field.name for config in settings for field in dataclasses.fields(config)}
    assert set(NAMES) <= fields


def test_one_template_says_the_most_of_a_sentence() -> None:
    for sentence in SENTENCES:
        lengths = [literal(TEMPLATES[english]) for english in fitting(number(sentence))]
        assert len(lengths) < 2 or lengths[0] > lengths[1], sentence


def test_both_languages_have_the_same_gaps() -> None:
    for english, korean in RAISED.items():
        assert dict(parse_template(korean).gaps) == dict(TEMPLATES[english].gaps), english


def test_no_template_stands_in_two_files() -> None:
    tables = ("FINDINGS", "LAYERS", "MODELS", "ROWS", "RUNS", "SETTINGS")
    tables += ("TRACKING", "UPLOADS", "DISTRIBUTED")
    counts = Counter(english for table in tables for english in getattr(raised, table))
    assert set(counts) == set(RAISED)
    assert set(counts.values()) == {1}
