"""The new tabs' events without the page: what a browser may ask, and settings taken back."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any

import pytest

from lab.ui.events.explorer import ExplorerEvents
from lab.ui.events.runs import RunsEvents
from lab.ui.form import form_fields
from lab.ui.handlers import Handlers
from lab.ui.selection import Selection
from lab.visits.kept_runs import KeptRun
from lab.visits.laboratory import Laboratory
from tests.ui.test_handlers import BLANK, fill, last

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    return Laboratory(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def models(checkpoints: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(Handlers, "_warm_up", lambda self: None)
    return {family: str(folder) for family, folder in checkpoints.items()}


@pytest.fixture
def events(laboratory: Laboratory) -> RunsEvents:
    return RunsEvents(laboratory, "en", Handlers(laboratory, "en"))


def form_of(**values: Any) -> dict[str, Any]:
    return {name: {**BLANK, **values}.get(name) for name in form_fields()}


def keep(laboratory: Laboratory, form: dict[str, Any]) -> str:
    """A visitor with one finished run, of which only the form matters here."""
    visitor = laboratory.visitor("")
    summary: Any = types.SimpleNamespace(number=1)
    files: Any = None
    visitor.runs = (KeptRun(summary, form, files),)
    return visitor.id


def test_settings_come_back_over_another_model_with_the_runs_own_pooling(
    laboratory: Laboratory, events: RunsEvents, models: dict[str, str]
) -> None:
    form = form_of(model=models["gpt2"], pooling="mean", names=["c_attn"], r=3, epochs=7, last=1)
    visitor, selection = keep(laboratory, form), Selection()
    handlers = Handlers(laboratory)
    last(handlers.on_choose(visitor, selection, None, *fill(model=models["bert"])))
    shown = last(events.on_use(1, visitor, selection))
    assert (shown["model"], shown["pooling"]) == (models["gpt2"], "mean")
    assert (shown["r"], shown["epochs"], shown["names"]["value"]) == (3, 7, ["c_attn"])
    assert shown["start"]["interactive"]
    assert "Run 1" in shown["runs_note"]["texts"][0]
    assert selection.shows(models["gpt2"], form["pairs"])


@pytest.mark.parametrize("number", [None, "1", 2, True, [1], {"a": 1}])
def test_no_run_of_the_visitors_own_changes_nothing(
    laboratory: Laboratory, events: RunsEvents, number: Any
) -> None:
    visitor = keep(laboratory, form_of())
    assert list(events.on_use(number, visitor, Selection())) == [{}]
    assert list(events.on_use(1, "somebody else", Selection())) == [{}]
    assert events.on_pick(number, visitor) is None


def test_settings_whose_model_is_gone_say_so_and_promise_nothing(
    laboratory: Laboratory, events: RunsEvents
) -> None:
    visitor = keep(laboratory, form_of(model="no-such-model"))
    shown = last(events.on_use(1, visitor, Selection()))
    assert shown["status"]["level"] == "error"
    assert "runs_note" not in shown


def test_a_query_before_anything_is_loaded_is_not_answered(
    laboratory: Laboratory, models: dict[str, str]
) -> None:
    explorer, selection = ExplorerEvents(laboratory, "en"), Selection()
    form = fill(model=models["bert"])
    assert explorer.on_ask({"text": "a"}, "", selection, *form) is None
    last(Handlers(laboratory).on_choose("", selection, None, *form))
    for number in (3, "3", None, [3]):
        answer = explorer.on_ask({"text": "a", "ask": number}, "", selection, *form)
        assert answer["ask"] == (number if type(number) is int else 0)
        assert answer["error"] is None
    (opened,) = explorer.on_show("", selection, *form)
    assert opened["opening"]
    assert opened["answer"]["columns"][0]["hits"]
