"""A sweep as the page asks for it: what a browser may send, and the command that does the same."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from lab.cli.command import as_sweep_command
from lab.cli.main import build_parser
from lab.errors import LabError
from lab.sweep.config import SweepConfig
from lab.ui.bench import Bench, prepare
from lab.ui.sweep_form import RANKS, Asked, plan_sweep, read_asked, read_rates
from lab.visits.complaints import Complaint
from lab.visits.laboratory import Laboratory
from tests.ui.test_handlers import BLANK

pytestmark = pytest.mark.usefixtures("one_thread")

USUAL = Asked(RANKS, "proportional", 3, "", (), False)


def asked(**changes: Any) -> Asked:
    return dataclasses.replace(USUAL, **changes)


@pytest.fixture(scope="module")
def form(checkpoints: dict[str, Path]) -> dict[str, Any]:
    """A tiny BERT, whose layers are 16 wide, on bundled pairs."""
    chosen = {"model": str(checkpoints["bert"]), "names": ["query"]}
    rest = dict.fromkeys(("a_column", "b_column", "pooling", "control", "methods"))
    return {
        **BLANK, **rest, "dropout_on": "input", "dropout": 0, "learn_temperature": False,
        "validation_fraction": 0, "patience": 0, "loraplus_ratio": 1, "precision": "auto",
        "micro_batch_size": 0, "parents": [], "towers": [], "first": 0, "last": 99,
        **chosen,
    }  # fmt: skip


@pytest.fixture(scope="module")
def bench(form: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Bench:
    laboratory = Laboratory(tmp_path_factory.mktemp("runs"))
    made = prepare(laboratory, laboratory.visitor(""), form, lambda _: None)
    form["towers"] = list(made.layers.towers)
    return made


def test_ranks_that_no_layer_holds_are_left_out(bench: Bench, form: dict[str, Any]) -> None:
    plan = plan_sweep(bench, form, USUAL)
    assert plan.config.ranks == tuple(r for r in RANKS if r <= plan.largest)
    assert plan.left_out == len(RANKS) - len(plan.config.ranks)
    assert plan.config.base.control == "none"
    assert len(plan.config) == 3 * len(plan.config.ranks)
    one = plan_sweep(bench, form, asked(seeds=1))
    assert plan.seconds == pytest.approx(3 * one.seconds)


def test_the_bases_own_rank_need_not_fit(bench: Bench, form: dict[str, Any]) -> None:
    plan = plan_sweep(bench, {**form, "r": 256}, asked(ranks=(4, 8)))
    assert plan.config.base.lora.r == 256


def test_a_second_set_and_rates_are_crossed(bench: Bench, form: dict[str, Any]) -> None:
    plan = plan_sweep(bench, form, asked(ranks=(4,), rates="0.1, 0.01", targets=("value",)))
    assert plan.config.target_sets == (("query",), ("value",))
    assert plan.config.learning_rates == (0.1, 0.01)
    assert len(plan.config) == 3 * 2 * 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ranks": ()}, "no rank is ticked"),
        ({"ranks": (256,)}, "no rank is ticked"),
        ({"rates": "fast"}, "no list of learning rates"),
        ({"rates": "0.1, nan"}, "no list of learning rates"),
        ({"rates": "2"}, "no list of learning rates"),
        ({"targets": ("nowhere",)}, "nowhere"),
    ],
)
def test_what_describes_no_sweep_says_the_way_out(
    bench: Bench, form: dict[str, Any], changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(LabError, match=said):
        plan_sweep(bench, form, asked(**changes))


def test_rates_are_numbers_with_commas_between() -> None:
    assert read_rates("") == ()
    assert read_rates(" 1e-3,0.01 , ") == (0.001, 0.01)
    with pytest.raises(Complaint):
        read_rates("0")


def test_values_of_the_controls_are_read_as_they_are() -> None:
    told = read_asked(([256, 4], "fixed", 5, "0.1", ["fc1"], True))
    assert told == Asked((4, 256), "fixed", 5, "0.1", ("fc1",), True)


@pytest.mark.parametrize(
    "values",
    [
        (None, None, None, None, None, None),
        ("4", "else", "3", 7, "fc1", "yes"),
        ([3, "4", {}, [4]], ["fixed"], 2.5, ["0.1"], [None, 3, ""], 1),
        ({}, {}, True, {}, {}, []),
    ],
)
def test_a_browser_can_send_anything(values: tuple[Any, ...]) -> None:
    told = read_asked(values)
    assert told == asked(ranks=(), stop_early=False)


def test_seeds_stay_within_the_slider() -> None:
    assert read_asked(([4], "fixed", 10**9, "", [], False)).seeds == 5
    assert read_asked(([4], "fixed", -1, "", [], False)).seeds == 1


def test_the_command_is_read_back_as_the_sweep(bench: Bench, form: dict[str, Any]) -> None:
    changes = {"ranks": (4, 8), "rule": "fixed", "rates": "0.1,0.01", "targets": ("value", "key")}
    config = plan_sweep(bench, form, asked(**changes, stop_early=True)).config
    import shlex

    words = shlex.split(as_sweep_command(config).replace("\\\n", " "))
    assert words[:4] == ["python", "-m", "lab", "sweep"]
    options = build_parser().parse_args(words[3:])
    assert (options.ranks, options.alpha_rule, options.seeds) == ("4,8", "fixed", 3)
    assert (options.learning_rates, options.target_sets) == ("0.1,0.01", "query;value,key")
    assert (options.stop_early, options.control) == (True, "none")
    assert SweepConfig.alpha_rule not in words
