"""What the maps' visitor is answered, without a browser; and how hostile questions fare."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lab.analysis.neighbours import find_neighbours
from lab.analysis.projection import project
from lab.config import ProjectionConfig, RunConfig
from lab.errors import ConfigError
from lab.experiment import Outcome, run_experiment
from lab.ui.events.maps import MapEvents
from lab.ui.map_answers import check_item, lay_out, measure, read_layout, view_item
from lab.visits.jobs import Job
from lab.visits.laboratory import Laboratory
from lab.visits.results import Result
from lab.words import find_words

WORDS = find_words("en")


@pytest.fixture(scope="module")
def outcome(one_thread: None, config_of: dict[str, RunConfig]) -> Outcome:
    return run_experiment(config_of["bert"])


@pytest.fixture
def laboratory(tmp_path: Path) -> Laboratory:
    return Laboratory(tmp_path)


@pytest.fixture
def visitor(laboratory: Laboratory, outcome: Outcome) -> str:
    """One whose run is over, with PCA's maps."""
    both = outcome.baseline.before.stacked(), outcome.after.stacked()
    maps = (project(*both, ProjectionConfig(method="pca")),)
    visitor = laboratory.visitor(None)
    visitor.job = Job(lambda report, should_stop: Result(outcome, maps))
    visitor.job.run()
    return visitor.id


WRONG = (-1, 10**9, "1", 1.0, True, None, [0])


@pytest.mark.parametrize("data", [None, 3, [], {}, *({"index": index} for index in WRONG)])
def test_what_names_no_item_is_none(outcome: Outcome, data: Any) -> None:
    assert check_item(data, outcome) is None


def test_items_are_numbered_from_the_first_to_the_last(outcome: Outcome) -> None:
    last = 2 * len(outcome.after) - 1
    assert [check_item({"index": i}, outcome) for i in (0, last)] == [0, last]
    assert check_item({"index": last + 1}, outcome) is None


def test_an_item_is_answered_with_its_neighbours_on_either_side(outcome: Outcome) -> None:
    shown = view_item(outcome, 1, WORDS)
    before, after = outcome.baseline.before, outcome.after
    for among in ("across", "within"):
        found = find_neighbours(before, after, among=among, items=np.array([1]))
        lists = shown["lists"][among]
        assert [row["item"] for row in lists["before"]] == found.before[0].tolist()
        assert [row["item"] for row in lists["after"]] == found.after[0].tolist()


def test_who_has_no_run_is_shown_nothing(laboratory: Laboratory) -> None:
    events = MapEvents(laboratory, "en")
    assert events.on_point("", {"index": 0}) is None
    assert events.on_look("no such visitor") == (None, None)
    assert [maps for maps, _ in events.on_layout("", 15, 0.1, "cosine")] == [None]


def test_a_look_brings_the_overview_and_the_first_suggestions_neighbours(
    laboratory: Laboratory, visitor: str, outcome: Outcome
) -> None:
    overview, near = MapEvents(laboratory, "ko").on_look(visitor)
    assert len(overview["kept"]) == 2 * len(outcome.after)
    assert near["item"]["item"] == overview["suggestions"][0]["item"]
    assert near["words"] == find_words("ko")["neighbours"]


def test_another_layout_comes_in_two_steps_and_is_never_kept(
    laboratory: Laboratory, visitor: str
) -> None:
    steps = list(MapEvents(laboratory, "en").on_layout(visitor, 4, 0.5, "euclidean"))
    shown = [maps for maps, _ in steps]
    assert shown[0] is None
    assert [value["maps"].keys() for value in shown[1:]] == [{"pca", "umap"}] * 2
    assert shown[1]["faith"].keys() == set()
    assert shown[2]["faith"].keys() == {"pca", "umap"}
    assert steps[-1][1]["texts"][0].startswith("Laid out anew")
    assert len(laboratory.visitor(visitor).job.snapshot().result.maps) == 1


COUNTS = (1, 10**6, None, "15", 15.5, float("nan"))
DISTANCES = (None, 2, -0.1, float("nan"), "0.1")
METRICS = (None, "manhattan", ["cosine"])


@pytest.mark.parametrize(
    "settings",
    [
        *((count, 0.1, "cosine") for count in COUNTS),
        *((15, distance, "cosine") for distance in DISTANCES),
        *((15, 0.1, metric) for metric in METRICS),
    ],
)
def test_settings_out_of_range_are_answered_with_what_they_may_be(
    laboratory: Laboratory, visitor: str, outcome: Outcome, settings: tuple[Any, ...]
) -> None:
    with pytest.raises(ConfigError):
        read_layout(outcome, *settings)
    ((maps, note),) = MapEvents(laboratory, "en").on_layout(visitor, *settings)
    assert maps is None
    assert note["kind"] == "error"


def test_a_layout_is_the_same_for_the_same_seed(outcome: Outcome) -> None:
    config = read_layout(outcome, 5, 0.2, "cosine")
    assert config.seed == outcome.config.train.seed
    both = outcome.baseline.before.stacked(), outcome.after.stacked()
    pca = project(*both, ProjectionConfig(method="pca"))
    first, again = (lay_out(outcome, (pca,), config) for _ in range(2))
    assert first[0] is pca
    assert np.array_equal(first[1].after, again[1].after)
    measured = measure(outcome, first, config)
    assert [maps.quality is not None for maps in measured] == [True, True]
    assert measure(outcome, measured, config) == measured
