"""The model card: read as the Hub reads it, and with hostile names in every place."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from lab.archive import save_outcome
from lab.config import RunConfig
from lab.experiment import Outcome, run_experiment
from lab.report.card import escape, model_card
from lab.words import LANGUAGES, find_words

pytestmark = pytest.mark.usefixtures("one_thread")
HOSTILE = (
    "<script>alert(1)</script>",
    "[a](javascript:alert(1)) ![b](https://example.org/x.png)",
    "**bold** _it_ `code` ~~gone~~ | cell | $x$ #tag",
    "two\nlines\n\n---\n# heading\n- list",
    "www.example.org https://example.org me@example.org",
    "&lt;b&gt; \\*a\\*",
)


@pytest.fixture(scope="module")
def outcome(one_thread: None, config_of: dict[str, RunConfig]) -> Outcome:
    return run_experiment(config_of["bert"])


def read(card: str) -> tuple[dict, str]:
    """The header as the Hub reads it, and the text."""
    _, header, text = card.split("---\n", 2)
    return yaml.safe_load(header), text


def tables(text: str) -> list[list[str]]:
    """The cells of every row of every table."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]


def test_the_header_is_what_the_hub_asks_for_and_leaves_the_license_open(outcome: Outcome) -> None:
    header, _ = read(model_card(outcome, 0.0))
    assert header["library_name"] == "peft"
    assert header["base_model"] == outcome.encoder.name
    assert header["pipeline_tag"] == "sentence-similarity"
    assert "lora" in header["tags"]
    assert "license" not in header


def test_it_names_no_place_on_this_machine(outcome: Outcome) -> None:
    card = model_card(outcome, 0.0)
    assert outcome.config.model not in card
    assert f"lab.load_encoder({outcome.encoder.name!r})" in card


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_stands_before_and_after_with_its_interval(
    outcome: Outcome, language: str
) -> None:
    words = find_words(language)["metrics"]
    _, text = read(model_card(outcome, 0.0, language))
    found = [row for row in tables(text) if row[0].startswith(escape(words["recall@1"]))]
    for direction, row in zip(("a_to_b", "b_to_a"), found, strict=False):
        for cell, metrics in zip(
            row[1:], (outcome.comparison.before, outcome.comparison.after), strict=True
        ):
            estimate = getattr(metrics, direction)["recall@1"]
            for number in (estimate.value, estimate.low, estimate.high):
                assert f"{number:.3f}" in cell
    assert outcome.baseline.dataset.digest in text
    assert "PeftModel.from_pretrained(base" in text


@pytest.mark.parametrize("text", HOSTILE)
def test_an_escaped_text_shows_itself_and_nothing_else(text: str) -> None:
    reader = MarkdownIt("gfm-like", {"linkify": False})
    (inline,) = (token for token in reader.parse(escape(text)) if token.type == "inline")
    assert {child.type for child in inline.children} <= {"text", "text_special"}
    assert "".join(child.content for child in inline.children) == " ".join(text.split())


def test_names_of_an_upload_are_never_markup(outcome: Outcome) -> None:
    baseline = outcome.baseline
    for text in HOSTILE:
        dataset = dataclasses.replace(baseline.dataset, name=text, side_names=(text, text))
        test = dataclasses.replace(baseline.test, name=text, side_names=(text, text))
        hostile = dataclasses.replace(
            outcome, baseline=dataclasses.replace(baseline, dataset=dataset, test=test)
        )
        plain, card = model_card(outcome, 0.0), model_card(hostile, 0.0)
        kinds = [
            [token.type for token in MarkdownIt("gfm-like", {"linkify": False}).parse(read(c)[1])]
            for c in (plain, card)
        ]
        assert kinds[0] == kinds[1]
        assert "<script" not in card


def test_it_says_what_was_not_measured_and_how_the_run_ended(outcome: Outcome) -> None:
    words = find_words()["card"]
    assert (words["unknown_forgetting"] in model_card(outcome, 0.0)) == (outcome.forgetting is None)
    stopped = dataclasses.replace(outcome, status="stopped")
    assert words["unknown_stopped"].split("{")[0] in model_card(stopped, 0.0)


def test_it_lies_beside_the_adapter_and_peft_reads_past_it(
    outcome: Outcome, tmp_path: Path
) -> None:
    save_outcome(outcome, tmp_path / "run", maps=[])
    card = (tmp_path / "run/adapter/README.md").read_text(encoding="utf-8")
    run = json.loads((tmp_path / "run/run.json").read_text(encoding="utf-8"))
    assert run["data"]["sha256"] in card
