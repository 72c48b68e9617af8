"""A sweep's folder -> sweep.html in it, which the command line and the page leave to be read."""

from __future__ import annotations

from pathlib import Path

from lab.report.sweep import SweepPage, write_sweep_page
from lab.sweep.folder import StoredSweep, read_sweep
from lab.sweep.view import read_losses, view_curves, view_ranks
from lab.words import Words, find_words

REPORT_NAME = "sweep.html"


def write_sweep_report(folder: Path, language: str = "en") -> Path:
    """Write the report of the points that are there, anew; -> its file.

    Raises DataError where the folder holds no sweep.
    """
    path = folder / REPORT_NAME
    write_sweep_page(path, describe_page(read_sweep(folder), language))
    return path


def describe_page(sweep: StoredSweep, language: str) -> SweepPage:
    """What the report shows."""
    from lab import __version__

    table = find_words(language)
    words, data = table["ranks"], sweep.settings["data"]
    facts = {
        "model": sweep.settings["model"]["name"],
        "pairs": data["name"],
        "version": __version__,
        "count": len(sweep.points),
        **{name: f"{data[name]:,}" for name in ("train", "test")},
    }
    losses = read_losses(sweep.folder, sweep.points)
    charts = {
        "rankSweep": view_ranks(sweep.settings, sweep.points, table),
        "sweepCurves": view_curves(sweep.settings, sweep.points, losses, words),
    }
    return SweepPage(
        language=language,
        title=words["report_title"].format_map(facts),
        subtitle=words["report_subtitle"].format_map(facts),
        words=words,
        same=words["report_same"].format(rule=words[f"rule_{sweep.config.alpha_rule}"]),
        settings=describe_settings(sweep, table),
        charts=charts,
    )


def describe_settings(sweep: StoredSweep, table: dict[str, Words]) -> list[tuple[str, str]]:
    """The settings that all points share, and what is varied."""
    config, words, runs = sweep.config, table["ranks"], table["runs"]
    base = config.base
    rates = config.learning_rates or (base.train.learning_rate,)
    sets = config.target_sets or (base.lora.target_modules,)
    return [
        (runs["set_model"], base.model),
        (runs["set_pairs"], sweep.settings["data"]["name"]),
        (words["ranks"], ", ".join(map(str, config.ranks))),
        (words["seeds"], str(config.seeds)),
        (
            runs["set_target_modules"],
            "; ".join(t if isinstance(t, str) else ", ".join(t) for t in sets),
        ),
        (runs["set_learning_rate"], ", ".join(f"{rate:g}" for rate in rates)),
        (runs["set_lora_alpha"], f"{base.lora.lora_alpha:g} (r = {base.lora.r})"),
        (runs["set_epochs"], str(base.train.epochs)),
        (runs["set_batch_size"], str(base.train.batch_size)),
        (runs["set_temperature"], f"{base.train.temperature:g}"),
        (runs["set_seed"], str(base.train.seed)),
    ]
