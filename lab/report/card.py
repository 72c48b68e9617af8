"""A run as a model card: README.md beside the adapter, in the Hugging Face Hub's format.

What comes from an upload or a name enters with every mark of Markdown and HTML escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.charts.metric_values import call_control
from lab.report.data import describe_difference, describe_settings, loading_code
from lab.report.numbers import say_verdict, view_numbers
from lab.words import Words, find_words

if TYPE_CHECKING:
    from lab.experiment import Outcome

CARD_NAME = "README.md"
PIPELINES = {"image-text": "zero-shot-image-classification", "text-text": "sentence-similarity"}
TAGS = ("lora", "lora-lab", "embeddings")
# With a colon and an at sign, so that no address becomes a link either.
MARKS = re.compile(r"([\\`*_{}\[\]()#+!|~:@$])")
SPACES = re.compile(r"\s+")
Cells = Sequence[str]


def model_card(outcome: Outcome, difference: float, language: str = "en") -> str:
    """The card. difference: of the adapter read back from its files."""
    # A card is made to be published: a folder's name stands for its place on this machine.
    named = replace(outcome.config, model=outcome.encoder.name)
    parts = _parts(replace(outcome, config=named), difference, find_words(language))
    return "\n\n".join(part for part in parts if part) + "\n"


def write_card(folder: Path, outcome: Outcome, difference: float, language: str = "en") -> None:
    """Write the card into the adapter's folder."""
    text = model_card(outcome, difference, language)
    (folder / CARD_NAME).write_text(text, encoding="utf-8")


def _parts(outcome: Outcome, difference: float, words: Mapping[str, Words]) -> Iterator[str]:
    text, facts = words["card"], _facts(outcome, difference)
    yield _header(outcome, text)
    yield "# " + text["title"].format_map(facts)
    yield text["summary"].format_map(facts)
    yield escape(say_verdict(outcome, words))
    yield "## " + text["numbers"].format_map(facts)
    yield text["intervals"]
    yield _numbers(outcome, words)
    yield _control(outcome, words)
    yield "## " + text["data"]
    yield text["data_note"].format_map(facts)
    yield "## " + words["report"]["settings"]
    settings = describe_settings(outcome, words["settings"])
    yield _table((text["setting"], text["value"]), [map(escape, row) for row in settings])
    yield "## " + words["report"]["load"]
    yield text["load_note"].format_map(facts)
    yield f"```python\n{loading_code(outcome, words['report'])}```"
    yield "## " + text["unknown"]
    yield "\n".join(f"- {line}" for line in _unknown(outcome, text))


def escape(text: str) -> str:
    """The text as Markdown that shows it as it is, on one line."""
    flat = SPACES.sub(" ", text).strip()
    safe = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    safe = MARKS.sub(r"\\\1", safe)
    return re.sub(r"(?i)\bwww\.", lambda www: www[0][:-1] + r"\.", safe)


def _header(outcome: Outcome, text: Words) -> str:
    """YAML between two lines of dashes; a JSON string is a YAML string."""
    fields: dict[str, Any] = {
        "base_model": outcome.encoder.name,
        "library_name": "peft",
        "pipeline_tag": PIPELINES[outcome.encoder.kind],
        "tags": list(TAGS),
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    return "\n".join(["---", *lines, f"# license: {text['license']}", "---"])


def _facts(outcome: Outcome, difference: float) -> dict[str, str]:
    from lab import __version__

    baseline, dataset = outcome.baseline, outcome.baseline.dataset
    a, b = dataset.side_names
    return {
        "model": escape(outcome.encoder.name),
        "pairs": escape(dataset.name),
        "version": __version__,
        "steps": f"{outcome.steps[-1].step:,}",
        "total": f"{len(dataset):,}",
        "train": f"{len(baseline.train):,}",
        "test": f"{len(baseline.test):,}",
        "rejected": f"{len(dataset.rejected):,}",
        "a": escape(a),
        "b": escape(b),
        "digest": dataset.digest,
        "difference": describe_difference(difference),
    }


def _numbers(outcome: Outcome, words: Mapping[str, Words]) -> str:
    """Every metric before and after, as the report has them."""
    metrics, rows = words["metrics"], []
    for group in view_numbers(outcome, words)["metrics"]["groups"]:
        rows.append([f"**{escape(group['title'])}**", "", ""])
        for row in group["rows"]:
            moments = [_estimate(row[moment], metrics) for moment in ("before", "after")]
            direction = f" ({metrics[row['direction']]})" if row["direction"] in metrics else ""
            rows.append([escape(row["name"] + direction), *moments])
    return _table((words["card"]["metric"], metrics["before"], metrics["after"]), rows)


def _estimate(estimate: Mapping[str, float], words: Words) -> str:
    value, low, high = (_number(estimate[name]) for name in ("value", "low", "high"))
    return f"{value} ({words['interval'].format(low=low, high=high)})"


def _number(value: float) -> str:
    digits = 3 if abs(value) < 10 else 1
    return f"{round(value, digits) + 0.0:.{digits}f}"  # a rounded -0.0 is 0.0


def _control(outcome: Outcome, words: Mapping[str, Words]) -> str:
    told, text, metrics = outcome.forgetting, words["card"], words["metrics"]
    if told is None:
        return ""
    name = escape(call_control(told.name, words["controls"]))
    moments = [vars(told.before.mean), vars(told.after.mean)]
    row = [metrics["recall@1"], *(_estimate(moment, metrics) for moment in moments)]
    head = (text["metric"], metrics["before"], metrics["after"])
    return text["control"].format(name=name, count=f"{told.count:,}") + "\n\n" + _table(head, [row])


def _table(head: Cells, rows: Sequence[Any]) -> str:
    lines = [head, ["---"] * len(head), *(list(row) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _unknown(outcome: Outcome, text: Words) -> Iterator[str]:
    if outcome.status != "finished":
        yield text[f"unknown_{outcome.status}"].format(steps=outcome.steps[-1].steps)
    yield text["unknown_elsewhere"]
    yield text["unknown_seeds"].format(seed=outcome.config.train.seed)
    if outcome.forgetting is None:
        yield text["unknown_forgetting"]
    yield text["unknown_bias"]
    yield text["unknown_license"]
