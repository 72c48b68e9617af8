"""What the retrieval explorer shows, as plain values: which pairs it searches, and an answer.

Knows nothing about gradio: a test calls it as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab.charts.explorer_values import answer_value, form_value
from lab.errors import LabError
from lab.ui.bench import prepare
from lab.ui.search import (
    LIMITS,
    MOST_CHARACTERS,
    Ground,
    Query,
    choose_examples,
    ground_of,
    read_query,
    search,
)
from lab.ui.selection import Selection
from lab.ui.views import describe_run
from lab.visits.complaints import phrase
from lab.visits.laboratory import Laboratory, Visitor
from lab.visits.own_thread import in_own_thread
from lab.words import Words

Table = Mapping[str, Words]


def find_ground(
    laboratory: Laboratory, visitor: Visitor, selection: Selection, form: Mapping[str, Any]
) -> Ground | None:
    """What the visitor sees on the page: the run's result, else the base that is chosen.

    None while neither is there. Raises LabError when the choice cannot be loaded.
    """
    run = visitor.job  # once: it may be let go of meanwhile
    result = run.snapshot().result if run else None
    if result is not None:
        return ground_of(result.outcome.baseline, result.outcome, run.id)
    if not selection.shows(form["model"], form["pairs"]):
        return None
    bench = prepare(laboratory, visitor, form, lambda _: None)
    return ground_of(bench.baseline, None)


def view_opening(ground: Ground, table: Table) -> dict[str, Any]:
    """The form, and the answer to the first suggestion: no empty screen."""
    examples = choose_examples(ground)
    first = Query(ground.test.b[examples[0]], "b", "a")
    return {**_view_form(ground, table), "answer": _view_answer(ground, first, table)}


def view_answer(ground: Ground, data: Any, table: Table) -> dict[str, Any]:
    """The form, and the answer to what a browser sent, or why there is none."""
    value = _view_form(ground, table)
    try:
        query = read_query(data, ground.test)
        return {**value, "answer": _view_answer(ground, query, table)}
    except LabError as error:
        return {**value, "error": phrase(error, table)}


def _view_form(ground: Ground, table: Table) -> dict[str, Any]:
    form = form_value(
        ground.test,
        choose_examples(ground),
        table["explorer"],
        table["sides"],
        key=ground.key,
        about=_describe(ground, table),
        characters=MOST_CHARACTERS,
        image_bytes=LIMITS.image_bytes,
    )
    return {"form": form, "answer": None, "error": None}


def _describe(ground: Ground, table: Table) -> str:
    if ground.outcome is not None:
        return describe_run(ground.outcome, table["page"])
    return table["explorer"]["base"].format(
        model=ground.states[0].encoder.name,
        pairs=ground.test.name,
        count=f"{len(ground.test):,}",
    )


def _view_answer(ground: Ground, query: Query, table: Table) -> dict[str, Any]:
    found = in_own_thread(lambda: search(ground, query))
    words = table["explorer"]
    return answer_value(
        ground.test, query.item, query.gallery, found.hits, found.right, found.size, words
    )
