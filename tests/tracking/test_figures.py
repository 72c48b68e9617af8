"""Figures: every point and every bar is where its number says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import ImageColor
from tracked_runs import Finished

from lab.runs import read_run
from lab.tracking.figures import AFTER, BAR, BEFORE, PANEL, A, B, draw_maps, draw_metrics


def coloured(picture: np.ndarray, colour: str) -> np.ndarray:
    """(H, W) whether a pixel has the colour."""
    return (picture == ImageColor.getrgb(colour)).all(axis=-1)


def test_equal_maps_are_drawn_alike(finished: Finished) -> None:
    maps = replace(finished.maps, after=finished.maps.before)
    picture = np.asarray(draw_maps(maps))  # (H, W, 3)
    title = 24  # rows that say "before" and "after"
    np.testing.assert_array_equal(picture[title:, :PANEL], picture[title:, PANEL:])


def test_both_sides_are_on_both_maps(finished: Finished) -> None:
    picture = np.asarray(draw_maps(finished.maps))
    for half in (picture[:, :PANEL], picture[:, PANEL:]):
        assert coloured(half, A).any()
        assert coloured(half, B).any()


def test_maps_of_one_point_are_drawn_too(finished: Finished) -> None:
    points = np.zeros((2, 2))
    picture = draw_maps(replace(finished.maps, before=points, after=points))
    assert coloured(np.asarray(picture), B).any()


def test_bars_are_as_long_as_their_numbers(finished: Finished) -> None:
    metrics = read_run(finished.folder).metrics
    picture = np.asarray(draw_metrics(metrics))
    for moment, colour in (("before", BEFORE), ("after", AFTER)):
        lengths = coloured(picture, colour).sum(axis=1)
        for way in ("a_to_b", "b_to_a"):
            for name in ("recall@1", "mrr", "ndcg@10"):
                value = metrics[moment][way][name]
                assert round(BAR * value) + 1 in lengths  # from its first pixel to its last
