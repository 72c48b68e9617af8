"""The verdict in words: English as the command line has it, and the same figures in Korean."""

from __future__ import annotations

import itertools
import re

import pytest

from lab.analysis.metrics import Estimate
from lab.analysis.verdict import Verdict, in_english, judge
from lab.charts.sentence import verdict_sentence
from lab.words import find_words

CHANGES = {  # kind -> before, after, the interval's ends, p
    "rose": (0.02, 0.5, 0.42, 0.54, 0.001),
    "fell": (0.91, 0.23, -0.72, -0.61, 0.001),
    "chance": (0.2500, 0.2512, -0.01, 0.02, 0.6),
    "same": (0.4, 0.4, 0.0, 0.0, 1.0),
}


def verdict(direction: str, kind: str) -> Verdict:
    before, after, low, high, p = CHANGES[kind]
    made = judge(direction, before, after, Estimate(after - before, low, high), p, 1_256)
    assert made.kind == kind
    return made


def verdicts(mean: str, a_to_b: str, b_to_a: str) -> dict[str, Verdict]:
    kinds = {"mean": mean, "a_to_b": a_to_b, "b_to_a": b_to_a}
    return {direction: verdict(direction, kind) for direction, kind in kinds.items()}


@pytest.mark.parametrize("kinds", list(itertools.product(CHANGES, repeat=3)))
def test_english_is_what_the_command_line_says(kinds: tuple[str, str, str]) -> None:
    made = verdicts(*kinds)
    controls = {kind: verdict("mean", kind) for kind in CHANGES}
    for others in (None, controls):
        said = verdict_sentence(made, ("image", "text"), find_words()["verdict"], others)
        assert said == in_english(made, "image", "text", others)


@pytest.mark.parametrize("kind", CHANGES)
def test_korean_has_the_same_figures(kind: str) -> None:
    made, controls = verdicts(kind, "rose", "fell"), {"english": verdict("mean", "fell")}
    figures = [
        sorted(re.findall(r"[+-]?\d[\d.,]*\d", text))
        for text in (
            verdict_sentence(made, ("이미지", "텍스트"), find_words(language)["verdict"], controls)
            for language in ("en", "ko")
        )
    ]
    assert figures[0] == figures[1]
