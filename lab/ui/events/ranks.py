"""The rank lab's events: a sweep is planned, begun and stopped; and how they are attached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr
from gradio.events import Dependency

from lab.cli.command import as_sweep_command
from lab.errors import LabError
from lab.ui.bench import Bench, prepare
from lab.ui.choices import describe_group
from lab.ui.events.by_name import by_name
from lab.ui.events.points import PointEvents
from lab.ui.events.sweep_go_on import SweepGoOnEvents
from lab.ui.events.sweep_watch import SweepWatcher, begun
from lab.ui.form import form_fields, read_form
from lab.ui.selection import Selection
from lab.ui.sidebar import Sidebar
from lab.ui.sweep_form import Asked, find_largest, plan_sweep, read_asked
from lab.ui.sweeps_view import plan_note, rank_choices
from lab.ui.tabs.ranks import RanksTab
from lab.ui.updates import disabled, error_note
from lab.visits.complaints import Complaint, phrase
from lab.visits.laboratory import Laboratory, Visitor
from lab.visits.sweeps import drop_former, make_sweep
from lab.words import find_words

Updates = dict[str, Any]


class RanksEvents:
    """The sweeps of one laboratory's visitors, told in one language."""

    def __init__(self, laboratory: Laboratory, language: str) -> None:
        self._laboratory = laboratory
        self._language = language
        self._words = find_words(language)

    def on_plan(self, visitor_id: str, selection: Selection, *values: Any) -> Updates:
        """What is asked has changed: how much it is, and the command that does the same."""
        form, asked = _read(values)
        is_latest = selection.plan()
        if not selection.shows(form["model"], form["pairs"]):
            return {}
        news = self._plan(visitor_id, form, asked)
        # Plans are made side by side, and one of before a tick may be ready after that of the tick.
        return news if is_latest() else {}

    def _plan(self, visitor_id: str, form: dict[str, Any], asked: Asked) -> Updates:
        words = self._words["ranks"]
        try:
            bench = self._bench(self._laboratory.visitor(visitor_id), form)
            largest = find_largest(bench, form, asked)
        except LabError as error:
            return {"plan": error_note(self._say(error)), "start": disabled()}
        news: Updates = {
            "ranks": gr.update(choices=rank_choices(largest, words)),
            "targets": gr.update(choices=_target_choices(bench, form)),
        }
        try:
            plan = plan_sweep(bench, form, asked)
        except LabError as error:
            return {**news, "plan": error_note(self._say(error)), "start": disabled()}
        return {
            **news,
            "plan": plan_note(plan, self._words),
            "start": gr.update(interactive=True),
            "command": as_sweep_command(plan.config),
        }

    def on_start(self, visitor_id: str, *values: Any) -> Updates:
        """Sweep: check once more, then queue."""
        form, asked = _read(values)
        laboratory = self._laboratory
        try:
            visitor = laboratory.known_visitor(visitor_id)
            plan = plan_sweep(self._bench(visitor, form), form, asked)
            former = visitor.sweep
            job = make_sweep(laboratory, visitor, plan.config, self._language, plan.seconds)
            laboratory.submit(visitor, job)
        except LabError as error:
            return {"plan": error_note(self._say(error))}
        drop_former(laboratory, former)
        return begun()

    def on_stop(self, visitor_id: str) -> None:
        """Stop within a step; a sweep that waits leaves the queue."""
        job = self._laboratory.visitor(visitor_id).sweep
        if job is not None and not job.withdraw(Complaint("withdrawn")):
            job.stop()

    def _bench(self, visitor: Visitor, form: dict[str, Any]) -> Bench:
        return prepare(self._laboratory, visitor, form, lambda _: None)

    def _say(self, error: LabError) -> str:
        return phrase(error, self._words)


def _read(values: tuple[Any, ...]) -> tuple[dict[str, Any], Any]:
    """The sidebar's values, then the tab's -> both read."""
    count = len(form_fields())
    return read_form(values[:count]), read_asked(values[count:])


def _target_choices(bench: Bench, form: dict[str, Any]) -> list[tuple[str, str]]:
    r = max(1, int(form["r"] or 1))
    return [(describe_group(group, r), group.name) for group in bench.layers.groups]


def wire_ranks(
    tab: RanksTab,
    blocks: gr.Blocks,
    sidebar: Sidebar,
    visitor: gr.BrowserState,
    selection: gr.State,
    changed: Sequence[Dependency],
    laboratory: Laboratory,
    language: str,
) -> None:
    """Attach the tab's events. The sidebar is the run that is swept: its changes count here too.

    changed: the page's events after which the run is another.
    """
    events = RanksEvents(laboratory, language)
    components = {**tab.shown(), "status": sidebar.status}
    values = [*sidebar.form.components(), *tab.form.components()]

    def options(handler: Callable, inputs: list[Any]) -> dict[str, Any]:
        return {
            "fn": by_name(handler, components),
            "inputs": inputs,
            "outputs": list(components.values()),
            "show_progress": "hidden",
            "api_visibility": "private",
        }

    plan = {**options(events.on_plan, [visitor, selection, *values]), "trigger_mode": "always_last"}
    gr.on([tab.tab.select, *(control.input for control in tab.form.components())], **plan)
    for event in changed:
        event.then(**plan)
    watcher = SweepWatcher(laboratory, language)
    watch = {**options(watcher.on_watch, [visitor]), "concurrency_limit": None}
    blocks.load(**watch)
    tab.start.click(**options(events.on_start, [visitor, *values])).success(**watch)
    go_on = SweepGoOnEvents(laboratory, language)
    blocks.load(**options(go_on.on_offer, [visitor]))
    tab.go_on.click(**options(go_on.on_go_on, [visitor])).success(**watch)
    compare = PointEvents(laboratory, language).on_compare
    tab.compare.click(**options(compare, [visitor, tab.first, tab.second]))
    tab.stop.click(
        events.on_stop, visitor, None, queue=False, show_progress="hidden",
        api_visibility="private",
    )  # fmt: skip
