"""What a report shows: plain values, made from a run's outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.words import Words, find_words
from lab.words.translate import translate

if TYPE_CHECKING:
    from lab.analysis.projection import Maps
    from lab.experiment import Outcome

BUNDLED = Path(__file__).parents[2] / "assets" / "models"


@dataclass(frozen=True)
class ReportData:
    """headings: section -> words; settings, load_code: shown as they are; charts: name -> JSON.

    language: of all of its words, as HTML names it.
    """

    language: str
    title: str
    subtitle: str
    verdict: str
    headings: Words
    settings: Sequence[tuple[str, str]]
    load_code: str
    charts: Mapping[str, Any]


def report_data(
    outcome: Outcome, maps: Sequence[Maps], difference: float, language: str = "en"
) -> ReportData:
    """The report of a run. difference: of the adapter read back from its files."""
    from lab import __version__
    from lab.charts import values
    from lab.report.maps import view_maps, view_overlap
    from lab.report.numbers import say_verdict, view_matrices, view_numbers
    from lab.report.spectra import view_spectra

    words = find_words(language)
    test = values.name_sides(outcome.baseline.test, words["sides"])
    comparison = outcome.comparison
    sprite = values.make_sprite((*test.a, *test.b))
    last = outcome.steps[-1]
    text = words["report"]
    facts = {
        "model": outcome.encoder.name,
        "pairs": outcome.baseline.dataset.name,
        "done": last.step,
        "planned": last.steps,
        "error": translate(outcome.error or "", words),
        "version": __version__,
        "difference": describe_difference(difference),
    }
    facts["status"] = text[f"status_{outcome.status}"].format_map(facts)
    facts["made"] = text["made"].format_map(facts)
    headings = {name: template.format_map(facts) for name, template in text.items()}
    headings["numbers"] = text["numbers"].format(pairs=len(test))
    return ReportData(
        language=language,
        title=headings["title"],
        subtitle=headings["subtitle"],
        verdict=say_verdict(outcome, words),
        headings=headings,
        settings=describe_settings(outcome, words["settings"]),
        load_code=loading_code(outcome, text),
        charts={
            **view_numbers(outcome, words),
            "maps": view_maps(outcome, maps, words, sprite),
            "overlap": view_overlap(outcome, words),
            "matrices": view_matrices(outcome, words),
            "changes": values.changes_value(test, comparison, words["changes"], sprite),
            "spectra": view_spectra(outcome, words),
            "loss": values.loss_value(
                outcome.steps, last.steps, words["loss"], outcome.config.train.batch_size
            ),
        },
    )


def describe_settings(outcome: Outcome, words: Words) -> list[tuple[str, str]]:
    """The run's settings and sizes, as names and words."""
    config, baseline = outcome.config, outcome.baseline
    targets = config.lora.target_modules
    pairs = {"train": f"{len(baseline.train):,}", "test": f"{len(baseline.test):,}"}
    parameters = {
        "trainable": f"{outcome.trainable:,}",
        "total": f"{outcome.total:,}",
        "share": f"{100 * outcome.trainable / outcome.total:.2f}",
    }
    settings = {
        "model": config.model,
        "pooling": outcome.encoder.pooling,
        "pairs": words["pairs_value"].format_map(pairs),
        "targets": targets if isinstance(targets, str) else ", ".join(targets),
        "rank": f"{config.lora.r}, {config.lora.lora_alpha:g}",
        "dropout": f"{config.lora.lora_dropout:g}, {config.lora.bias}",
        "trainable": words["trainable_value"].format_map(parameters),
        "epochs": f"{config.train.epochs}, {config.train.batch_size}",
        "learning_rate": f"{config.train.learning_rate:g}",
        "temperature": f"{config.train.temperature:g}",
        "seed": str(config.train.seed),
        "control": _describe_control(outcome, words),
        "time": words["time_value"].format(seconds=f"{outcome.seconds['training']:.1f}"),
    }
    return [(words[name], value) for name, value in settings.items()]


def _describe_control(outcome: Outcome, words: Words) -> str:
    if outcome.control is None:
        return words["control_none"]
    pairs = outcome.control.pairs
    return words["control_value"].format(name=pairs.name, pairs=f"{len(pairs):,}")


def describe_difference(difference: float) -> str:
    """The largest difference of an adapter read back, in figures."""
    return f"{difference:.1e}" if difference else "0"


def loading_code(outcome: Outcome, words: Words) -> str:
    """Python that loads the adapter with PEFT, and with the lab. words: the report's."""
    model_class = "CLIPModel" if outcome.encoder.family == "clip" else "AutoModel"
    return (
        f"from peft import PeftModel\nfrom transformers import {model_class}\n\n"
        f"base = {model_class}.from_pretrained({_base_arguments(outcome)})\n"
        'model = PeftModel.from_pretrained(base, "adapter")\n\n'
        f"# {words['with_the_lab']}\nimport lab\n\n"
        f"encoder = lab.load_encoder({outcome.config.model!r})\n"
        'lab.load_adapter("adapter", encoder.module)\n'
    )


def _base_arguments(outcome: Outcome) -> str:
    """Where transformers finds the base: it knows hub ids and folders, not bundled names.

    A bundled model's folder is given from the lab's own folder on.
    """
    encoder, place = outcome.encoder, outcome.config.model
    if encoder.source.parent == BUNDLED:
        place = encoder.source.relative_to(BUNDLED.parents[1]).as_posix()
    network = getattr(encoder, "network", "")  # a sentence model's, within its folder
    return f"{place!r}, subfolder={network!r}" if network else repr(place)
