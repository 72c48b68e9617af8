"""The report as text: what enters it enters as text, and its code is code that works."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import torch

from lab.analysis.projection import Maps
from lab.archive import save_outcome
from lab.config import RunConfig
from lab.experiment import Outcome, run_experiment
from lab.report import ReportData, report_data, write_report
from lab.report.data import BUNDLED, loading_code
from lab.report.write import render
from lab.words import find_words

WORDS = find_words()["report"]
pytestmark = pytest.mark.usefixtures("one_thread")

HOSTILE = (
    """</script><script>hostile()</script><!-- <b title='"'> ${x} $title {model} & ' " \u2028 끝"""
)


@pytest.fixture(scope="module")
def outcomes(one_thread: None, config_of: dict[str, RunConfig]) -> dict[str, Outcome]:
    return {family: run_experiment(config) for family, config in config_of.items()}


@pytest.fixture(scope="module")
def data(outcomes: dict[str, Outcome]) -> ReportData:
    points = np.zeros((2 * len(outcomes["clip"].baseline.test), 2))
    return report_data(outcomes["clip"], [Maps(points, points, "pca")], difference=0.0)


class Reader(HTMLParser):
    """Elements, their text, and every attribute that could load something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: dict[str, str] = {}
        self.links: list[str] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(tag)
        self.links += [str(v) for k, v in attrs if k in ("src", "href", "data", "action")]

    def handle_data(self, text: str) -> None:
        if self._open:
            self.texts[self._open[-1]] = self.texts.get(self._open[-1], "") + text

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass


def hostile(data: ReportData) -> ReportData:
    """The same report with every text of it replaced by markup."""
    charts = json.loads(json.dumps(data.charts))
    charts["maps"]["text"] = [HOSTILE] * len(charts["maps"]["text"])
    return replace(
        data,
        title=HOSTILE,
        subtitle=HOSTILE,
        verdict=HOSTILE,
        headings=dict.fromkeys(data.headings, HOSTILE),
        settings=[(HOSTILE, HOSTILE)],
        load_code=HOSTILE,
        charts=charts,
    )


def test_the_page_links_to_nothing_and_forbids_every_request(data) -> None:
    page = render(data)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "http" not in policy[1]
    assert Reader(page).links == []


def test_hostile_texts_add_no_element(data) -> None:
    calm, attacked = Reader(render(data)), Reader(render(hostile(data)))
    settings = len(data.settings) - 1
    rows = [tag for tag in calm.tags if tag not in ("tr", "th", "td")]
    assert [tag for tag in attacked.tags if tag not in ("tr", "th", "td")] == rows
    assert calm.tags.count("td") - attacked.tags.count("td") == settings
    assert attacked.texts["h1"] == HOSTILE
    assert attacked.texts["pre"] == HOSTILE


def test_the_data_come_back_as_they_went_in(data) -> None:
    attacked = hostile(data)
    page = render(attacked)
    inside = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert inside is not None
    assert json.loads(inside[1]) == attacked.charts


def test_no_template_name_is_left_open(data) -> None:
    body = render(data).split("<script", 1)[0]
    assert not re.findall(r"\$\w+|\{\w+\}", body)


def test_a_run_writes_its_report(outcomes, tmp_path) -> None:
    saved = save_outcome(outcomes["bert"], tmp_path / "run", maps=[])
    page = (saved.folder / "report.html").read_text(encoding="utf-8")
    assert outcomes["bert"].verdict() in Reader(page).texts["p"]


@pytest.mark.parametrize("status", ["finished", "stopped", "failed"])
def test_it_says_how_the_run_ended(outcomes, status) -> None:
    error = "the loss became infinite" if status == "failed" else None
    ended = replace(outcomes["bert"], status=status, error=error)
    subtitle = report_data(ended, [], difference=1.25e-7).subtitle
    expected = {"finished": "finished", "stopped": "stopped after", "failed": str(error)}
    assert expected[status] in subtitle


def test_the_difference_of_the_adapter_is_said(outcomes) -> None:
    say = [report_data(outcomes["bert"], [], d).headings["load_note"] for d in (0.0, 1.25e-7)]
    assert say[0].endswith("within 0.")
    assert say[1].endswith("within 1.2e-07.")


# PEFT asks transformers by a name that transformers is about to drop.
@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")
@pytest.mark.parametrize("family", ["clip", "gpt2", "bert", "sentence"])
def test_the_loading_code_loads_the_trained_model(
    outcomes, family, tmp_path: Path, monkeypatch
) -> None:
    """The code is run as it stands, beside the adapter: PEFT's and the lab's model are ours."""
    outcome = outcomes[family]
    save_outcome(outcome, tmp_path / "run", maps=[])
    monkeypatch.chdir(tmp_path / "run")
    names: dict[str, object] = {}
    exec(loading_code(outcome, WORDS), names)
    test = outcome.baseline.test
    encoder = outcome.encoder.with_module(names["model"].base_model.model.eval())
    names["encoder"].module.eval()
    for side, items in (("a", test.a), ("b", test.b)):
        inputs = outcome.encoder.preprocess(items, side)
        with torch.no_grad():
            ours = outcome.encoder.embed(inputs, side)
            torch.testing.assert_close(encoder.embed(inputs, side), ours, atol=1e-5, rtol=0)
            torch.testing.assert_close(
                names["encoder"].embed(inputs, side), ours, atol=1e-5, rtol=0
            )


def test_a_bundled_base_is_named_by_its_folder(outcomes) -> None:
    outcome = outcomes["bert"]
    encoder = replace(outcome.encoder, source=BUNDLED / "tiny-bert")
    config = replace(outcome.config, model="tiny-bert")
    code = loading_code(replace(outcome, encoder=encoder, config=config), WORDS)
    assert "from_pretrained('assets/models/tiny-bert')" in code
    assert "load_encoder('tiny-bert')" in code


def test_a_network_inside_a_sentence_models_folder_is_named(outcomes) -> None:
    outcome = outcomes["sentence"]
    inner = replace(outcome.encoder, network="0_Transformer")
    code = loading_code(replace(outcome, encoder=inner), WORDS)
    assert "subfolder='0_Transformer')" in code


def test_it_is_written_as_utf8(data, tmp_path) -> None:
    write_report(tmp_path / "report.html", replace(data, title="모델"))
    assert "<h1>모델</h1>" in (tmp_path / "report.html").read_bytes().decode("utf-8")
