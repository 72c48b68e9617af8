"""A run's maps and what its items stand near, the same in the report and on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lab.charts.map_values import maps_value
from lab.charts.neighbour_values import overlap_value
from lab.charts.values import name_sides
from lab.words import Words

if TYPE_CHECKING:
    from lab.analysis.projection import Maps
    from lab.experiment import Outcome


def view_maps(
    outcome: Outcome,
    maps: Sequence[Maps],
    words: Mapping[str, Words],
    sprite: dict[str, Any] | None = None,
    awaited: Sequence[str] = (),
) -> dict[str, Any]:
    """The two linked maps. awaited: methods whose maps are still on their way."""
    from lab.analysis.map_reading import read_items

    test = name_sides(outcome.baseline.test, words["sides"])
    reading = read_items(outcome.baseline.before, outcome.after, outcome.config.train.seed)
    return maps_value(test, maps, outcome.comparison, words["maps"], sprite, awaited, reading)


def view_overlap(outcome: Outcome, words: Mapping[str, Words]) -> dict[str, Any]:
    """How many of its nearest each item kept, and which items to look at first."""
    from lab.analysis.map_reading import survey_neighbours

    test = name_sides(outcome.baseline.test, words["sides"])
    found, suggestions = survey_neighbours(outcome.baseline.before, outcome.after)
    return overlap_value(test, found, suggestions, words["overlap"])
