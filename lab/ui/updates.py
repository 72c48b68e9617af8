"""Values for the page's components, by name, with what gradio calls updates where needed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import gradio as gr

from lab.config import LoRAConfig
from lab.encoders.registry import find_known_row
from lab.ui.bench import Bench, Plan
from lab.ui.choices import describe_group, print_layers, sort_names
from lab.ui.handing_out import hand_out
from lab.ui.sidebar import bundled_pairs, control_choices, in_words
from lab.ui.views import totals_texts, view_result
from lab.visits.complaints import phrase
from lab.visits.laboratory import Visitor
from lab.visits.results import Result
from lab.words import Words

if TYPE_CHECKING:
    from lab.data.dataset import PairDataset

Updates = dict[str, Any]
LONGEST_SILENCE = 5.0  # seconds


def running(text: str) -> dict[str, Any]:
    """A status line for work that has no share of its own."""
    return {"text": text, "level": "running", "fraction": None, "left": ""}


def failed(text: str) -> dict[str, Any]:
    """A status line for what went wrong."""
    return {"text": text, "level": "error", "fraction": None, "left": ""}


def not_loaded(error: str, visitor: Visitor, words: Words) -> Updates:
    """Nothing of an earlier choice stays on the page but a run's results; why stands instead."""
    why = {"summary": error, "pairs": []}
    cleared = {"status": failed(error), "start": disabled(), "totals": None, "preview": why}
    if visitor.job is None:
        cleared |= {"maps": None, "verdict": faint_note(words["wait"])}
    return cleared


def error_note(text: str) -> dict[str, Any]:
    """A note that says why not."""
    return {"texts": [text], "kind": "error"}


def faint_note(text: str) -> dict[str, Any]:
    """A note in the background."""
    return {"texts": [text], "kind": "faint"}


def disabled() -> Any:
    """A button that cannot be pressed."""
    return gr.update(interactive=False)


def start(plan: Plan) -> Any:
    """The start button, pressable when nothing stands in the way."""
    return gr.update(interactive=plan.obstacle is None)


def totals(plan: Plan, words: Mapping[str, Words]) -> dict[str, Any]:
    """The adapter's cost, or why the run cannot start."""
    if plan.obstacle:
        return error_note(phrase(plan.obstacle, words))
    return {"texts": totals_texts(plan.cost, words["page"], plan.seconds), "kind": "faint"}


def tree(bench: Bench, lora: LoRAConfig | None) -> dict[str, Any]:
    """The printed model, lit where LoRA goes."""
    return {"lines": print_layers(bench.baseline.encoder, lora)}


def picture(plan: Plan, words: Words) -> dict[str, Any]:
    """One chosen layer's W + BA."""
    path, rows, columns = plan.cost.example
    name = path.rpartition(".")[2]
    caption = words["rank_caption"]
    return {
        "out": rows, "in": columns, "r": plan.config.lora.r, "name": name, "caption": caption
    }  # fmt: skip


def names(bench: Bench, form: Mapping[str, Any]) -> Any:
    """The tick boxes of a model, those of the form ticked."""
    value = sort_names(bench.layers, form["names"] or [])
    return gr.update(choices=_name_choices(bench, form), value=value)


def name_costs(bench: Bench, form: Mapping[str, Any]) -> Any:
    """The tick boxes' words at the form's rank.

    What is ticked is left to the page: an answer that comes late must not undo a newer tick.
    """
    return gr.update(choices=_name_choices(bench, form))


def _name_choices(bench: Bench, form: Mapping[str, Any]) -> list[tuple[str, str]]:
    r = max(1, int(form["r"] or 1))
    return [(describe_group(group, r), group.name) for group in bench.layers.groups]


def describe_bench(
    bench: Bench, form: Mapping[str, Any], keep_lora: bool, words: Words
) -> tuple[Updates, dict[str, Any]]:
    """The controls for a model and its pairs: -> updates, and the form as it then is.

    words: of the choices.
    """
    suggested, layers, dataset = bench.suggested, bench.layers, bench.baseline.dataset
    columns = list(dataset.columns)
    train = {
        "epochs": suggested.train.epochs,
        "batch_size": suggested.train.batch_size,
        "learning_rate": suggested.train.learning_rate,
        "temperature": suggested.train.temperature,
    }
    lora = {
        "names": list(suggested.lora.target_modules),
        "parents": list(layers.parents),
        "towers": list(layers.towers),
        "first": 0,
        "last": layers.last,
        "r": suggested.lora.r,
        "alpha": suggested.lora.lora_alpha,
    }
    new = {"pairs": form["pairs"], "a_column": columns[0], "b_column": columns[1], **train}
    if not keep_lora:
        new |= lora
    changed = dict(new)
    many = len(columns) > 2
    changed["a_column"] = gr.update(choices=columns, value=columns[0], visible=many)
    changed["b_column"] = gr.update(choices=columns, value=columns[1], visible=many)
    changed["pooling"] = _pooling(bench, form, words)
    if not keep_lora:
        changed |= _narrowing(bench, words)
    changed.pop("names", None)  # their words depend on the rank: see names()
    return changed, {**form, **new, "pooling": bench.baseline.encoder.pooling}


def _pooling(bench: Bench, form: Mapping[str, Any], words: Words) -> Any:
    row = find_known_row(form["model"])
    poolings = list(row.poolings) if row else [bench.baseline.encoder.pooling]
    value = bench.baseline.encoder.pooling
    return gr.update(choices=in_words(poolings, words), value=value, visible=len(poolings) > 1)


def _narrowing(bench: Bench, words: Words) -> Updates:
    parents, towers = list(bench.layers.parents), list(bench.layers.towers)
    last = max(1, bench.layers.last)
    return {
        "parents": gr.update(choices=parents, value=parents, visible=bool(parents)),
        "towers": gr.update(choices=in_words(towers, words), value=towers, visible=bool(towers)),
        "first": gr.update(maximum=last, value=0),
        "last": gr.update(maximum=last, value=bench.layers.last),
    }


def pairs(visitor: Visitor, words: Words) -> Any:
    """The pairs to choose from: the bundled ones, then the visitor's own."""
    uploads = [(upload, upload) for upload in visitor.uploads]
    return gr.update(choices=[*bundled_pairs(words), *uploads])


def controls(visitor: Visitor, words: Words) -> Any:
    """The control sets to choose from. words: of the place "forgetting"."""
    return gr.update(choices=control_choices(visitor.uploads, words))


def chosen_upload(visitor: Visitor, name: str, dataset: PairDataset, words: Words) -> Updates:
    """The upload joins the list of pairs and is chosen; its columns too."""
    return {
        "pairs": {**pairs(visitor, words), "value": name},
        "a_column": gr.update(choices=list(dataset.columns), value=None),
        "b_column": gr.update(choices=list(dataset.columns), value=None),
        "tabs": select("pairs"),
    }


def select(tab: str) -> Any:
    """Turn to a tab."""
    return gr.update(selected=tab)


def under_way(runs: bool) -> Updates:
    """The two buttons, one of them shown."""
    return {"start": gr.update(visible=not runs), "stop": gr.update(visible=runs)}


def comparison(result: Result, words: Mapping[str, Words]) -> Updates:
    """Everything that shows before against after."""
    return {**view_result(result, words), "details": gr.update(visible=True)}


def take_home(result: Result, words: Mapping[str, Words]) -> Updates:
    """What a run left, ready to be downloaded; nothing while it is being written."""
    from lab.report.data import describe_difference, loading_code

    files, page = result.files, words["page"]
    if files is None:
        return {}
    handed = {name: hand_out(getattr(files, name)) for name in ("adapter", "report", "run")}
    note = page["take"].format(difference=describe_difference(files.difference))
    is_there = None not in handed.values()
    code = loading_code(result.outcome, words["report"])
    return {
        "take_note": {"texts": [note if is_there else page["take_gone"]], "kind": "plain"},
        "loading": gr.update(value=code, visible=True),
        **{
            name: gr.update(value=path, interactive=path is not None)
            for name, path in handed.items()
        },
    }


def only_news(answers: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The answers, without those that say what the one before said, but one every few seconds.

    Each answer is compared with what the page shows, part by part: of thirty visitors whose runs
    wait, a core would do nothing else. That a page has gone is noticed when it is answered.
    """
    before, said = None, 0.0
    for answer in answers:
        if answer != before or time.monotonic() - said > LONGEST_SILENCE:
            said = time.monotonic()
            yield answer
        before = answer
