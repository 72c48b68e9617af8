"""Queries of a visitor's own: what is refused, and what is found with the model and without."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lab.config import RunConfig
from lab.data.pair import Picture
from lab.errors import LabError
from lab.experiment import Outcome, run_experiment
from lab.ui.explorer_view import view_answer, view_opening
from lab.ui.search import (
    LIMITS,
    MOST_CHARACTERS,
    Ground,
    choose_examples,
    embed_item,
    ground_of,
    read_query,
    search,
)
from lab.visits.complaints import Complaint
from lab.words import find_words

pytestmark = pytest.mark.usefixtures("one_thread")
TABLE = find_words()


@pytest.fixture(scope="module")
def clip(one_thread: None, config_of: dict[str, RunConfig]) -> Outcome:
    return run_experiment(config_of["clip"])


@pytest.fixture(scope="module")
def bert(one_thread: None, config_of: dict[str, RunConfig]) -> Outcome:
    return run_experiment(config_of["bert"])


def ground(outcome: Outcome) -> Ground:
    return ground_of(outcome.baseline, outcome, "run")


def as_address(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


def picture(side: int = 8) -> bytes:
    noise = np.random.default_rng(1).integers(0, 256, (side, side, 3), dtype=np.uint8)
    packed = io.BytesIO()
    Image.fromarray(noise).save(packed, "PNG")
    return packed.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"text": 3},
        {"text": "  "},
        {"text": "x" * (MOST_CHARACTERS + 1)},
        {"row": -1, "side": "a"},
        {"row": 10**9, "side": "a"},
        {"row": True, "side": "a"},
        {"row": 0, "side": "c"},
        {"row": 0, "side": ["a"]},
        {"image": 7},
        {"image": "data:image/png;base64,%%%"},
        {"image": as_address(b"no picture")},
        {"image": "x" * (2 * LIMITS.image_bytes)},
    ],
)
def test_what_is_no_query_is_refused_with_a_reason(clip: Outcome, data: Any) -> None:
    with pytest.raises(LabError):
        read_query(data, clip.baseline.test)
    value = view_answer(ground(clip), data, TABLE)
    assert value["answer"] is None
    assert value["error"]


def test_pictures_are_for_models_that_see(bert: Outcome) -> None:
    with pytest.raises(Complaint):
        read_query({"image": as_address(picture())}, bert.baseline.test)


@pytest.mark.parametrize("gallery", [None, 5, "c", ["a"], {}])
def test_an_unknown_side_is_the_other_one(clip: Outcome, gallery: Any) -> None:
    query = read_query({"text": "a sky", "gallery": gallery}, clip.baseline.test)
    assert (query.side, query.gallery) == ("b", "a")


def test_a_text_is_read_as_the_side_that_is_not_searched(bert: Outcome) -> None:
    sides = [
        read_query({"text": "a sky", "gallery": gallery}, bert.baseline.test).side
        for gallery in ("a", "b")
    ]
    assert sides == ["b", "a"]


def test_a_held_out_query_runs_no_model_and_knows_its_answer(
    clip: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        pytest.fail("the model ran")

    monkeypatch.setattr("lab.ui.search.embed_item", refuse)
    test = clip.baseline.test
    for row in range(len(test)):
        found = search(ground(clip), read_query({"row": row, "side": "b"}, test))
        # All of these pairs differ, so the places are the comparison's ranks.
        ranks = (clip.comparison.ranks_before, clip.comparison.ranks_after)
        assert found.right == tuple(int(moment["b_to_a"][row]) for moment in ranks)
        typed = search(ground(clip), read_query({"text": f" {test.b[row]} "}, test))
        assert typed.hits == found.hits


@pytest.mark.parametrize("side", ["a", "b"])
def test_a_query_is_embedded_as_the_held_out_pairs_were(
    clip: Outcome, bert: Outcome, side: Any
) -> None:
    for outcome in (clip, bert):
        test, expected = outcome.baseline.test, getattr(outcome.after, side)
        item = getattr(test, side)[3]
        assert embed_item(outcome.encoder, item, side) == pytest.approx(expected[3], abs=1e-5)


def test_a_picture_of_ones_own_finds_texts_and_stays_in_memory(clip: Outcome) -> None:
    data = {"image": as_address(picture()), "name": "../../mine.png"}
    query = read_query(data, clip.baseline.test)
    assert isinstance(query.item, Picture)
    assert query.item.open().size == (8, 8)
    found = search(ground(clip), query)
    assert (query.side, query.gallery) == ("a", "b")
    assert len(found.hits) == 2
    assert found.right == (None, None)


def test_a_picture_stands_beside_its_answer_on_a_sheet_of_its_own(clip: Outcome) -> None:
    answer = view_answer(ground(clip), {"image": as_address(picture())}, TABLE)["answer"]
    own = answer["query"]["sprite"]
    with Image.open(io.BytesIO(base64.b64decode(own["url"].partition(",")[2]))) as shown:
        assert shown.width == shown.height
    assert answer["sprite"] is None  # it found texts
    assert view_answer(ground(clip), {"text": "a sky"}, TABLE)["answer"]["query"]["sprite"] is None


def test_among_its_own_side_an_item_does_not_find_itself(clip: Outcome) -> None:
    test = clip.baseline.test
    found = search(ground(clip), read_query({"row": 0, "side": "b", "gallery": "b"}, test))
    assert 0 not in {hit.row for hits in found.hits for hit in hits}
    assert found.size == len(test) - 1
    assert found.right == (None, None)


def test_before_a_run_there_is_one_column(clip: Outcome) -> None:
    value = view_opening(ground_of(clip.baseline, None), TABLE)
    assert [column["state"] for column in value["answer"]["columns"]] == ["before"]
    assert "{" not in value["answer"]["right"]
    assert all(hit["moved"] == "" for hit in value["answer"]["columns"][0]["hits"])


def test_the_answer_tells_each_move_from_both_sides(clip: Outcome) -> None:
    value = view_opening(ground(clip), TABLE)
    before, after = (
        {hit["row"]: hit for hit in column["hits"]} for column in value["answer"]["columns"]
    )
    for row in before.keys() & after.keys():
        kind = "same"
        if before[row]["place"] != after[row]["place"]:
            kind = "rose" if after[row]["place"] < before[row]["place"] else "fell"
        assert before[row]["move"] == after[row]["move"] == kind
        if kind != "same":
            assert str(before[row]["place"]) in after[row]["moved"]
            assert str(after[row]["place"]) in before[row]["moved"]


def test_suggestions_are_those_that_changed_most_and_different(clip: Outcome) -> None:
    rows = choose_examples(ground(clip))
    assert len(set(rows)) == len(rows) == 3
    assert rows[0] == clip.comparison.most_changed(1)[0][0]
    assert len(choose_examples(ground_of(clip.baseline, None))) == 3


def test_what_is_searched_has_a_key_of_its_own(clip: Outcome, bert: Outcome) -> None:
    grounds: list[Callable[[], Ground]] = [
        lambda: ground_of(clip.baseline, None),
        lambda: ground_of(clip.baseline, clip, "one"),
        lambda: ground_of(clip.baseline, clip, "two"),
        lambda: ground_of(bert.baseline, None),
    ]
    assert len({make().key for make in grounds}) == len(grounds)
