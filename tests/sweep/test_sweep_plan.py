"""What a sweep varies, and what it leaves alone."""

from __future__ import annotations

import dataclasses
import math

import pytest

from lab.errors import ConfigError
from lab.sweep.config import SweepConfig
from lab.sweep.folder import sweep_as_json, sweep_from_json
from lab.sweep.plan import plan_points
from lab.training.trainer import plan_batches


@pytest.mark.parametrize("use_rslora", [False, True])
@pytest.mark.parametrize("rule", ["fixed", "proportional", "rank-stabilised"])
def test_alpha_rules_agree_at_the_bases_rank(sweep: SweepConfig, rule: str, use_rslora: bool):
    lora = dataclasses.replace(sweep.base.lora, use_rslora=use_rslora)
    base = dataclasses.replace(sweep.base, lora=lora)
    varied = dataclasses.replace(sweep, base=base, alpha_rule=rule)
    assert varied.at_rank(lora.r).scaling == pytest.approx(lora.scaling)


def test_alpha_rules_are_what_their_names_say(sweep: SweepConfig):
    def scalings(rule: str) -> list[float]:
        varied = dataclasses.replace(sweep, alpha_rule=rule)
        return [varied.at_rank(r).scaling for r in (4, 256)]

    assert scalings("fixed") == [2.0, 2.0 / 64]  # the step shrinks 64-fold from 4 to 256
    assert scalings("proportional") == [2.0, 2.0]
    assert scalings("rank-stabilised") == pytest.approx([2.0, 2.0 / math.sqrt(64)])


def test_points_differ_in_rank_and_first_weights_alone(sweep: SweepConfig):
    planned = plan_points(sweep)
    assert [point.key for point in planned] == [
        "r002-seed0",
        "r004-seed0",
        "r002-seed1",
        "r004-seed1",
    ]
    same = {
        dataclasses.replace(
            point.config,
            lora=sweep.base.lora,
            train=dataclasses.replace(point.config.train, init_seed=None),
            control="auto",
        )
        for point in planned
    }
    assert same == {sweep.base}
    assert [point.seed for point in planned] == [0, 0, 1, 1]


def test_every_point_sees_the_same_batches_in_the_same_order(sweep: SweepConfig):
    from lab.data import load_pairs

    pairs = load_pairs(sweep.base.pairs)
    plans = [
        plan_batches(pairs, train.batch_size, train.epochs, train.seed)
        for train in (point.config.train for point in plan_points(sweep))
    ]
    assert all(plan == plans[0] for plan in plans)


def test_rates_and_targets_are_crossed_with_ranks(sweep: SweepConfig):
    sets = (("q_proj",), r".*v_proj")
    varied = dataclasses.replace(sweep, learning_rates=(0.01, 0.1), target_sets=sets)
    planned = plan_points(varied)
    assert len(planned) == len(varied) == len({point.key for point in planned}) == 16
    tried = {(p.config.train.learning_rate, p.config.lora.target_modules) for p in planned}
    assert tried == {(rate, targets) for rate in (0.01, 0.1) for targets in sets}


@pytest.mark.parametrize(
    "changes",
    [
        {"ranks": ()},
        {"ranks": (0, 4)},
        {"alpha_rule": "random"},
        {"learning_rates": (0.0,)},
        {"seeds": 0},
        {"seeds": 100, "ranks": tuple(range(1, 99))},
    ],
)
def test_settings_that_mean_nothing_are_refused(sweep: SweepConfig, changes: dict):
    with pytest.raises(ConfigError, match="choose"):
        dataclasses.replace(sweep, **changes)


def test_settings_come_back_from_json(sweep: SweepConfig):
    import json

    varied = dataclasses.replace(sweep, target_sets=(("q_proj", "v_proj"), ".*k_proj"))
    assert sweep_from_json(json.loads(json.dumps(sweep_as_json(varied)))) == varied
