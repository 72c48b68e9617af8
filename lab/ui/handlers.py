"""What happens on an event: read the form, ask the laboratory, show what came of it.

Each handler takes plain values and returns values by component name; the page knows which
component that is. No handler holds logic of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lab.cli.command import as_command
from lab.cli.peft_code import as_peft_code
from lab.errors import LabError
from lab.ui import updates
from lab.ui.bench import Bench, check_ready, fit_pairs, plan_run, prepare
from lab.ui.form import read_form
from lab.ui.selection import Selection
from lab.ui.views import before_map, describe_device, preview_value
from lab.visits.complaints import Complaint, phrase
from lab.visits.heap import put_aside
from lab.visits.laboratory import Laboratory, Visitor
from lab.visits.work import make_job
from lab.words import find_words

Updates = dict[str, Any]


class Handlers:
    """The page's events over one laboratory, answered in one language."""

    def __init__(self, laboratory: Laboratory, language: str = "en") -> None:
        self._laboratory = laboratory
        self._language = language
        self._words = find_words(language)
        self._warm = threading.Event()

    def on_open(self, visitor_id: str) -> Updates:
        """A page was opened: who is it, and what was uploaded before?"""
        visitor = self._laboratory.welcome(visitor_id)
        return {
            "visitor": visitor.id,
            "pairs": updates.pairs(visitor, self._words["choices"]),
            "control": updates.controls(visitor, self._words["forgetting"]),
        }

    def on_choose(
        self, visitor_id: str, selection: Selection, at: float | None, *form_values: Any
    ) -> Iterator[Updates]:
        """A model, a pooling, pairs or columns: load them, and take the settings that suit them.

        at: when it was chosen, in ms of the page's own clock.
        """
        form = read_form(form_values)
        if not selection.hear(at) or not selection.is_news(form):
            yield {}
            return
        yield from self.choose(visitor_id, selection, form)
        self._warm_up()

    def on_upload(
        self,
        visitor_id: str,
        selection: Selection,
        at: float | None,
        path: str | None,
        *form_values: Any,
    ) -> Iterator[Updates]:
        """A file was uploaded: read it, and choose it when it holds pairs. at: as for a choice."""
        selection.hear(at)
        if path is None:
            yield {}
            return
        yield {"status": updates.running(self._words["page"]["stage_pairs"])}
        try:
            visitor = self._laboratory.known_visitor(visitor_id)
            name, dataset = self._laboratory.take_upload(visitor, Path(path))
        except LabError as error:
            yield {"status": updates.failed(self._say(error))}
            return
        chosen = updates.chosen_upload(visitor, name, dataset, self._words["choices"])
        # gradio's client changes an answer that the page has not drawn yet into the one after it.
        stays = {part: chosen[part] for part in ("pairs", "tabs")}
        stays["control"] = updates.controls(visitor, self._words["forgetting"])
        yield {**chosen, **stays}
        form = {**read_form(form_values), "pairs": name, "a_column": None, "b_column": None}
        for shown in self.choose(visitor_id, selection, form):
            yield {**shown, **stays}

    def choose(
        self, visitor_id: str, selection: Selection, form: dict[str, Any]
    ) -> Iterator[Updates]:
        """Show a choice once it is loaded, unless a newer one was made meanwhile."""
        is_latest = selection.ask(form)
        yield {
            "status": updates.running(self._words["page"]["loading"]),
            "start": updates.disabled(),
        }
        visitor = self._laboratory.visitor(visitor_id)
        try:
            keeps_model = selection.model == form["model"]
            shown, form = self._load(visitor, selection.fit(form), keeps_model)
        except LabError as error:
            if is_latest():
                selection.give_up()
                yield updates.not_loaded(self._say(error), visitor, self._words["page"])
            return
        if is_latest():
            selection.show(form)
            yield shown

    def _load(
        self, visitor: Visitor, form: dict[str, Any], keeps_model: bool
    ) -> tuple[Updates, dict[str, Any]]:
        """Everything that shows a choice, and the form as it then is.

        Layers and rank stay while the model does; another model comes with its own.
        """
        page = self._words["page"]
        form = fit_pairs(self._laboratory, form)
        bench = prepare(self._laboratory, visitor, form, lambda _: None)
        choices = self._words["choices"]
        keeps_layers = keeps_model and bench.layers.may_be_ticked(form["names"])
        changed, form = updates.describe_bench(bench, form, keeps_layers, choices)
        device = page["ready"].format(device=describe_device(bench.baseline.encoder, page))
        result = {
            "device": updates.faint_note(device),
            "status": None,
            "names": updates.names(bench, form),
            **changed,
            **self._count(bench, form),
        }
        if visitor.job is None:
            result["maps"] = before_map(bench.baseline, self._words)
            result["verdict"] = {"texts": [page["before_only"]], "kind": "faint"}
        return result, form

    def on_count(self, visitor_id: str, selection: Selection, *form_values: Any) -> Updates:
        """A tick or a slider: totals, the lit layers, and whether a run can start."""
        form = read_form(form_values)
        if not selection.shows(form["model"], form["pairs"]):
            return {}
        try:
            bench = self._bench(visitor_id, form)
        except LabError as error:
            return {"totals": updates.error_note(self._say(error)), "start": updates.disabled()}
        return self._count(bench, form)

    def on_rank(self, visitor_id: str, selection: Selection, *form_values: Any) -> Updates:
        """Another rank: as for a tick, and every tick box says its new cost."""
        counted = self.on_count(visitor_id, selection, *form_values)
        if "tree" not in counted:  # nothing was counted
            return counted
        form = read_form(form_values)
        return {**counted, "names": updates.name_costs(self._bench(visitor_id, form), form)}

    def _bench(self, visitor_id: str, form: Mapping[str, Any]) -> Bench:
        visitor = self._laboratory.visitor(visitor_id)
        return prepare(self._laboratory, visitor, form, lambda _: None)

    def _count(self, bench: Bench, form: Mapping[str, Any]) -> Updates:
        try:
            plan = plan_run(bench, form)
        except LabError as error:
            return {
                "totals": updates.error_note(self._say(error)),
                "start": updates.disabled(),
                "tree": updates.tree(bench, None),
                "preview": self._preview(bench, ()),
            }
        return {
            "totals": updates.totals(plan, self._words),
            "start": updates.start(plan),
            "tree": updates.tree(bench, plan.config.lora),
            "picture": updates.picture(plan, self._words["page"]),
            "preview": self._preview(bench, plan.findings),
            "command": as_command(plan.config),
            "peft_code": as_peft_code(plan.config.lora),
        }

    def _preview(self, bench: Bench, findings: Sequence[Any]) -> dict[str, Any]:
        baseline = bench.baseline
        return preview_value(baseline.dataset, len(baseline.test), findings, self._words)

    def _say(self, error: LabError) -> str:
        return phrase(error, self._words)

    def on_start(self, visitor_id: str, *form_values: Any) -> Updates:
        """Fine-tune: check once more, then queue."""
        form = read_form(form_values)
        laboratory = self._laboratory
        try:
            visitor = laboratory.known_visitor(visitor_id)
            bench = self._bench(visitor_id, form)
            plan = plan_run(bench, form)
            config = check_ready(plan)
            laboratory.prepared.check_control(visitor, config, bench.baseline)
            job = make_job(laboratory, visitor, config, self._language, form, plan.seconds)
            laboratory.submit(visitor, job)
        except LabError as error:
            return {"status": updates.failed(self._say(error))}
        return {"tabs": updates.select("training"), "loss": None, **updates.under_way(True)}

    def on_stop(self, visitor_id: str) -> None:
        """Stop and keep: within a step; a run that waits leaves the queue."""
        run = self._laboratory.visitor(visitor_id).job
        if run is not None and not run.withdraw(Complaint("withdrawn")):
            run.stop()

    def _warm_up(self) -> None:
        """Compile UMAP while the visitor looks around, once a process: all libraries are there."""
        if self._warm.is_set():
            return
        self._warm.set()
        from lab.analysis.projection import warm_up

        def work() -> None:
            warm_up()
            put_aside()

        threading.Thread(target=work, name="warm-up", daemon=True).start()
