"""The rank lab's events: a sweep is planned, begun, watched, stopped, and taken home."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr
from gradio.events import Dependency

from lab.cli.command import as_sweep_command
from lab.errors import LabError
from lab.ui.bench import Bench, prepare
from lab.ui.choices import describe_group
from lab.ui.complaints import Complaint, phrase
from lab.ui.events.by_name import by_name
from lab.ui.events.points import PointEvents
from lab.ui.form import form_fields, read_form
from lab.ui.handing_out import hand_out
from lab.ui.jobs import Snapshot
from lab.ui.laboratory import Laboratory, Visitor
from lab.ui.selection import Selection
from lab.ui.sidebar import Sidebar
from lab.ui.sweep_form import find_largest, plan_sweep, read_asked
from lab.ui.sweep_subspaces import usual_two
from lab.ui.sweeps import PACKED, REPORT, Sweeping, drop_former, make_sweep
from lab.ui.sweeps_view import (
    plan_note,
    point_choices,
    rank_choices,
    status_value,
    view_charts,
    view_live,
)
from lab.ui.tabs.ranks import RanksTab
from lab.ui.updates import disabled, error_note
from lab.words import find_words

Updates = dict[str, Any]
WATCH_SECONDS = 1.0  # between two looks at a sweep


class RanksEvents:
    """The sweeps of one laboratory's visitors, told in one language."""

    def __init__(self, laboratory: Laboratory, language: str) -> None:
        self._laboratory = laboratory
        self._language = language
        self._words = find_words(language)

    def on_plan(self, visitor_id: str, selection: Selection, *values: Any) -> Updates:
        """What is asked has changed: how much it is, and the command that does the same."""
        form, asked = _read(values)
        if not selection.shows(form["model"], form["pairs"]):
            return {}
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
        return {**self._buttons(True), "subspaces": None, "compared": None}

    def on_stop(self, visitor_id: str) -> None:
        """Stop within a step; a sweep that waits leaves the queue."""
        job = self._laboratory.visitor(visitor_id).sweep
        if job is not None and not job.withdraw(Complaint("withdrawn")):
            job.stop()

    def on_watch(self, visitor_id: str) -> Iterator[Updates]:
        """Show the visitor's sweep from where it is until it is over; also after a reload."""
        yield {}  # an answer with nothing in it empties the page
        if not self._laboratory.visitors.knows(visitor_id):
            return
        visitor = self._laboratory.visitor(visitor_id)
        job, version, shown = visitor.sweep, -1, None
        while job is not None and job is visitor.sweep:
            job.wait_for_change(version, timeout=1.0)
            self._laboratory.visitor(visitor_id)  # whoever watches is here
            snapshot = job.snapshot()
            if snapshot.version != version:
                yield self._show(snapshot, shown)
            version, shown = snapshot.version, snapshot.result
            if snapshot.is_over:
                return
            threading.Event().wait(WATCH_SECONDS)

    def _show(self, snapshot: Snapshot, shown: Sweeping | None) -> Updates:
        """What is new since `shown`; the charts are sent again when a point has ended."""
        status = status_value(snapshot, self._words)
        news: Updates = {
            "progress": gr.update(value=status, visible=True),
            "status": status,
            **self._buttons(not snapshot.is_over),
        }
        state: Sweeping | None = snapshot.result
        if state is None:
            return news | ({} if shown else {"said": None, "charts": None, "curves": None})
        news["curves"] = view_live(state, self._words["ranks"])
        if shown is None or len(shown.points) != len(state.points):
            said, charts = view_charts(state, self._words)
            news |= {"said": said, "charts": charts}
        if snapshot.is_over:
            news |= self._take_home(state) | self._offer_points(state)
        return news

    def _buttons(self, runs: bool) -> Updates:
        return {"start": gr.update(visible=not runs), "stop": gr.update(visible=runs)}

    def _take_home(self, state: Sweeping) -> Updates:
        files = {"packed": PACKED, "report": REPORT} if state.is_packed else {}
        handed = {name: hand_out(state.folder / file) for name, file in files.items()}
        return {
            name: gr.update(value=path, visible=path is not None) for name, path in handed.items()
        }

    def _offer_points(self, state: Sweeping) -> Updates:
        """The points to compare, at first the smallest and the largest rank of the first seed."""
        choices = point_choices(state, self._words["ranks"])
        keys = [point.key for point in usual_two(state.points) or ()] or [None, None]
        offered = zip(("first", "second"), keys, strict=True)
        return {
            "others": gr.update(visible=len(choices) > 1),
            **{name: gr.update(choices=choices, value=key) for name, key in offered},
        }

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
    chosen: Sequence[Dependency],
    laboratory: Laboratory,
    language: str,
) -> None:
    """Attach the tab's events. The sidebar is the run that is swept: its changes count here too.

    chosen: the page's events that load another model or other pairs.
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

    form = sidebar.form
    loads = (form.model, form.pooling, form.pairs, form.a_column, form.b_column)
    controls = [control for control in values if control not in loads]
    plan = options(events.on_plan, [visitor, selection, *values])
    gr.on(
        [tab.tab.select, *(control.input for control in controls)],
        trigger_mode="always_last",
        **plan,
    )
    for event in chosen:
        event.then(**plan)
    watch = {**options(events.on_watch, [visitor]), "concurrency_limit": None}
    blocks.load(**watch)
    tab.start.click(**options(events.on_start, [visitor, *values])).success(**watch)
    compare = PointEvents(laboratory, language).on_compare
    tab.compare.click(**options(compare, [visitor, tab.first, tab.second]))
    tab.stop.click(
        events.on_stop, visitor, None, queue=False, show_progress="hidden",
        api_visibility="private",
    )  # fmt: skip
