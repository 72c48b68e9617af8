"""Templates found again in sentences: what stood in their gaps is put over untouched."""

from __future__ import annotations

import time

import pytest

from lab.words import find_words
from lab.words.translate import LONGEST, parse_template, translate

KOREAN = find_words("ko")


def matched(template: str, sentence: str) -> dict[str, str] | None:
    return parse_template(template).match(sentence)


@pytest.mark.parametrize(
    ("template", "sentence", "facts"),
    [
        ("nothing to fill", "nothing to fill", {}),
        ("nothing to fill", "nothing to fill in", None),
        ("{a}", "all of it", {"a": "all of it"}),
        ("{a} and {b}", "x and y", {"a": "x", "b": "y"}),
        ("{a} and {b}", "x and y and z", {"a": "x", "b": "y and z"}),
        ("its {a} is empty", "its  is empty", {"a": ""}),
        ("its {a} is empty", "its is empty", None),  # one space cannot be both
        ("({a})", "(x) ", None),
        ("aba{x}aba", "aba", None),  # the ends may not share letters
        ('like {{"{a}"}}', 'like {"x"}', {"a": "x"}),
        ("{a} of {b:phrase}!", "1\n of\n 2 of 3!", {"a": "1\n of\n 2", "b": "3"}),
    ],
)
def test_gaps_hold_what_stands_between_the_literals(template, sentence, facts) -> None:
    assert matched(template, sentence) == facts


def test_filling_gives_back_what_was_matched() -> None:
    template = parse_template("{{{a}}} % of {b:phrase}, {c:choice}.")
    sentence = "{7} % of {b}, {a:>99999999}%s."
    facts = template.match(sentence)
    assert template.gaps == {"a": "", "b": "phrase", "c": "choice"}
    assert template.fill(facts) == sentence


def test_a_sentence_without_a_template_stays_as_it_is() -> None:
    assert translate("no such sentence", KOREAN) == "no such sentence"


def test_english_stays_english() -> None:
    assert translate("it is not valid JSON", find_words("en")) == "it is not valid JSON"


def test_gaps_hold_phrases_and_choices_too() -> None:
    said = translate("the loss became nan after step 3 of 9; lower the learning rate (it was 1) or "
                     "alpha, or train in fp32", KOREAN)  # fmt: skip
    assert said.startswith("3/9스텝 뒤에 손실 값이 유한하지 않게 되었습니다(nan).")
    assert "mean, cls" in translate("'m' cannot be pooled by 'x'; choose mean or cls", KOREAN)


def test_a_phrase_within_a_phrase() -> None:
    reason = "'{0}.png': the picture is broken or cut short; save it again"
    said = translate(f"The first: line 7, {reason}.", KOREAN)
    assert said == (
        "첫 번째는 7행입니다. '{0}.png': 이미지가 깨졌거나 중간에 잘렸습니다. 다시 저장하세요."
    )


def test_more_literal_text_is_meant_where_two_fit() -> None:
    said = translate("'a' holds more than 9 files; pack fewer", KOREAN)
    assert said.endswith("파일 수를 줄여 다시 압축하세요.")


@pytest.mark.parametrize(
    "name",
    ["{}", "{name}", "{0!r:>999999999}", "%s%n", "\\1\\g<0>", "}{", "한 {글", "its x is empty"],
)
def test_facts_are_never_read_as_templates(name: str) -> None:
    said = translate(f"{name!r} holds more than 5 rows; upload a part of it", KOREAN)
    assert said == f"{name!r}: 행이 5개를 넘습니다. 일부만 업로드하세요."


def test_hostile_names_take_no_time() -> None:
    """Pieces of many templates, over and over, and never a whole one."""
    pieces = "its  is a  of  has a  holds more than  (: ; choose one of , such as  ' = "
    name = (pieces * LONGEST)[:LONGEST]
    start = time.perf_counter()
    for sentence in (name, "the adapter in x does not fit: " * (LONGEST // 31), ": " * 2_000):
        translate(sentence, KOREAN)
    assert time.perf_counter() - start < 2.0  # seconds; each is some milliseconds
    too_long = f"its {name} is empty"
    assert translate(too_long, KOREAN) == too_long
