"""The page's handlers without the page: what an answer shows, and when it is too late to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.ui.components.slider import Slider
from lab.ui.form import form_fields
from lab.ui.handlers import Handlers, Updates
from lab.ui.selection import Selection
from lab.visits.laboratory import Laboratory

pytestmark = pytest.mark.usefixtures("one_thread")

BLANK: dict[str, Any] = {
    "pairs": "captions-en-ko",
    "names": [],
    "r": 8,
    "alpha": 16,
    "bias": "none",
    "epochs": 1,
    "batch_size": 8,
    "learning_rate": 1e-3,
    "temperature": 0.07,
    "seed": 0,
}


def fill(**values: Any) -> list[Any]:
    """A form's values in their order."""
    return [{**BLANK, **values}.get(name) for name in form_fields()]


@pytest.fixture(scope="module")
def handlers(tmp_path_factory: pytest.TempPathFactory) -> Handlers:
    return Handlers(Laboratory(tmp_path_factory.mktemp("runs")))


@pytest.fixture
def visitor(handlers: Handlers) -> str:
    return handlers.on_open("")["visitor"]


@pytest.fixture
def models(checkpoints: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Family -> name, with no compiling in the background."""
    monkeypatch.setattr(Handlers, "_warm_up", lambda self: None)
    return {family: str(folder) for family, folder in checkpoints.items()}


def last(shown: Iterator[Updates]) -> Updates:
    """What a page shows in the end."""
    merged: Updates = {}
    for part in shown:
        merged |= part
    return merged


def upload_of(folder: Path, text: str = "en,ko\n") -> Path:
    file = folder / "mine.csv"
    rows = [f"a cat number {i},고양이 {i}\n" for i in range(20)]
    file.write_text(text + "".join(rows), encoding="utf-8")
    return file


def test_a_choice_that_comes_late_does_not_undo_a_newer_one(handlers, visitor, models) -> None:
    selection = Selection()
    slow = handlers.on_choose(visitor, selection, None, *fill(model=models["bert"]))
    assert "maps" not in next(slow)  # it says that it loads, and does
    quick = last(handlers.on_choose(visitor, selection, None, *fill(model=models["gpt2"])))
    assert quick["maps"] is not None
    assert list(slow) == []
    assert selection.model == models["gpt2"]


def test_leaving_a_list_chooses_nothing(handlers, visitor, models) -> None:
    """gradio tells of a choice whenever a list is left: changed settings would be lost."""
    selection = Selection()
    asked = fill(model=models["bert"])
    shown = last(handlers.on_choose(visitor, selection, 1.0, *asked))
    assert shown["epochs"]
    columns = {name: shown[name]["value"] for name in ("pooling", "a_column", "b_column")}
    seen = fill(model=models["bert"], epochs=3, **columns)
    assert list(handlers.on_choose(visitor, selection, 2.0, *asked)) == [{}]
    assert list(handlers.on_choose(visitor, selection, 3.0, *seen)) == [{}]
    assert last(handlers.on_choose(visitor, selection, 4.0, *fill(model=models["gpt2"])))


def test_what_was_chosen_before_an_upload_does_not_undo_it(
    handlers, visitor, models, tmp_path
) -> None:
    """Two events that wait at once come in any order."""
    selection, form = Selection(), fill(model=models["bert"])
    shown = last(handlers.on_upload(visitor, selection, 2.0, str(upload_of(tmp_path)), *form))
    assert shown["pairs"]["value"] == "mine.csv"
    assert list(handlers.on_choose(visitor, selection, 1.0, *form)) == [{}]
    assert selection.shows(models["bert"], "mine.csv")


def test_an_upload_beside_a_change_of_model_says_what_the_page_showed_before(
    handlers, visitor, monkeypatch, tmp_path
) -> None:
    """The answer to the model is not drawn yet: pooling, columns and layers are the last one's."""
    monkeypatch.setattr(Handlers, "_warm_up", lambda self: None)
    selection = Selection()
    seen = {"pooling": "projection", "pairs": "shapes-ko", "a_column": "image", "names": ["q_proj"]}
    form = fill(model="tiny-bert", **seen)
    last(handlers.on_choose(visitor, selection, 1.0, *form))
    shown = last(handlers.on_upload(visitor, selection, 2.0, str(upload_of(tmp_path)), *form))
    assert selection.shows("tiny-bert", "mine.csv")
    assert "20 pairs" in shown["preview"]["summary"]
    assert "query" in shown["names"]["value"]
    assert shown["start"]["interactive"]


def test_the_last_answer_to_an_upload_says_what_those_before_it_said(
    handlers, visitor, models, tmp_path
) -> None:
    """A page that is busy may be told the last one alone."""
    form = fill(model=models["bert"])
    *_, shown = handlers.on_upload(visitor, Selection(), 1.0, str(upload_of(tmp_path)), *form)
    assert shown["pairs"]["value"] == "mine.csv"
    assert ("mine.csv", "mine.csv") in shown["pairs"]["choices"]
    assert ("mine.csv", "mine.csv") in shown["control"]["choices"]
    assert shown["tabs"]["selected"] == "pairs"


def test_pairs_are_shown_while_no_layer_is_ticked(handlers, visitor, models, tmp_path) -> None:
    selection, form = Selection(), fill(model=models["bert"])
    shown = last(handlers.on_upload(visitor, selection, 1.0, str(upload_of(tmp_path)), *form))
    names = {"names": [], "pairs": "mine.csv"}
    shown = handlers.on_count(visitor, selection, *fill(model=models["bert"], **names))
    assert shown["totals"]["kind"] == "error"
    assert "20 pairs" in shown["preview"]["summary"]


def test_what_could_not_be_loaded_may_be_tried_again(handlers, visitor, models) -> None:
    selection, missing = Selection(), fill(model="no-such-model")
    for at in (1.0, 2.0):
        shown = last(handlers.on_choose(visitor, selection, at, *missing))
        assert shown["status"]["level"] == "error"


def test_an_upload_wins_over_a_model_that_still_loads(handlers, visitor, models, tmp_path) -> None:
    selection, form = Selection(), fill(model=models["bert"])
    slow = handlers.on_choose(visitor, selection, None, *form)
    next(slow)
    file = upload_of(tmp_path)
    shown = last(handlers.on_upload(visitor, selection, None, str(file), *form))
    assert list(slow) == []
    assert shown["pairs"]["value"] == "mine.csv"
    assert "20 pairs" in shown["preview"]["summary"]
    assert shown["r"] is not None  # the model is new to this page: its settings came along


def test_ticks_for_a_model_that_is_not_shown_yet_count_nothing(handlers, visitor, models) -> None:
    selection = Selection(model=models["gpt2"], shown=(models["gpt2"], "captions-en-ko"))
    form = fill(model=models["bert"], names=["c_attn"])
    assert handlers.on_count(visitor, selection, *form) == {}
    assert handlers.on_rank(visitor, selection, *form) == {}


def test_the_layers_stay_while_the_model_does(handlers, visitor, models, tmp_path) -> None:
    selection, form = Selection(), fill(model=models["bert"], names=["key"], r=3)
    first = last(handlers.on_choose(visitor, selection, None, *form))
    assert first["r"] == 8
    shown = last(handlers.on_upload(visitor, selection, None, str(upload_of(tmp_path)), *form))
    assert "r" not in shown
    assert shown["names"]["value"] == ["key"]


def test_an_upload_without_pairs_says_why_and_changes_nothing(
    handlers, visitor, models, tmp_path
) -> None:
    selection, form = Selection(), fill(model=models["bert"])
    last(handlers.on_choose(visitor, selection, None, *form))
    file = tmp_path / "few.csv"
    file.write_text("en,ko\na,b\n", encoding="utf-8")
    shown = last(handlers.on_upload(visitor, selection, None, str(file), *form))
    assert shown.keys() == {"status"}
    assert shown["status"]["level"] == "error"


def test_an_upload_of_nothing_reads_nothing(handlers, visitor, models, monkeypatch) -> None:
    """No path is not the path "", which is the folder that the server runs in."""
    monkeypatch.setattr(
        handlers._laboratory, "take_upload", lambda *_: pytest.fail("something was read")
    )
    form = fill(model=models["bert"])
    assert list(handlers.on_upload(visitor, Selection(), None, None, *form)) == [{}]


def test_uploads_are_there_after_a_reload_and_only_for_their_visitor(
    handlers, visitor, models, tmp_path
) -> None:
    form = fill(model=models["bert"])
    last(handlers.on_upload(visitor, Selection(), None, str(upload_of(tmp_path)), *form))
    assert ("mine.csv", "mine.csv") in handlers.on_open(visitor)["pairs"]["choices"]
    assert ("mine.csv", "mine.csv") not in handlers.on_open("")["pairs"]["choices"]


def test_what_cannot_be_loaded_leaves_nothing_of_the_choice_before(
    handlers, visitor, models
) -> None:
    selection, form = Selection(), fill(model=models["bert"], names=["query"])
    last(handlers.on_choose(visitor, selection, None, *form))
    assert handlers.on_count(visitor, selection, *form)["totals"] is not None
    missing = fill(model="no-such-model", names=["query"])
    shown = last(handlers.on_choose(visitor, selection, None, *missing))
    assert shown["status"]["level"] == "error"
    assert shown["start"]["interactive"] is False
    assert shown["maps"] is None
    assert "no-such-model" in shown["preview"]["summary"]
    assert handlers.on_count(visitor, selection, *missing) == {}


def test_columns_of_an_upload_are_not_asked_of_other_pairs(
    handlers, visitor, models, tmp_path
) -> None:
    selection = Selection()
    file = upload_of(tmp_path, "mine,yours\n")
    last(handlers.on_upload(visitor, selection, None, str(file), *fill(model=models["bert"])))
    form = fill(model=models["bert"], names=["query"], a_column="mine", b_column="yours")
    shown = last(handlers.on_choose(visitor, selection, None, *form))
    assert (shown["pairs"], shown["a_column"]["value"]) == ("captions-en-ko", "en")


def test_an_emptied_number_is_answered_with_what_is_needed(handlers, visitor, models) -> None:
    selection = Selection()
    last(handlers.on_choose(visitor, selection, None, *fill(model=models["bert"])))
    shown = handlers.on_rank(
        visitor, selection, *fill(model=models["bert"], names=["query"], r=None)
    )
    assert "at least 1" in shown["totals"]["texts"][0]
    assert Slider(1, 8, 4).preprocess(None) is None
