"""`python -m lab sweep`: which rank is enough, by training them all."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from lab.cli.arguments import BadArgumentError, blame, split_targets
from lab.cli.interrupt import stop_on_interrupt
from lab.cli.run_options import add_run_options
from lab.cli.settings import check_fit, read_options
from lab.cli.spread import add_spread_options, placed, read_resources
from lab.cli.start import load_run
from lab.cli.sweep_progress import SweepPrinter
from lab.cli.sweep_tracking import SweepLog
from lab.cli.tables import print_table
from lab.cli.tracking import add_tracking_options, read_tracking
from lab.distributed.launch import is_launched
from lab.errors import ConfigError, DataError, TargetError
from lab.sweep.config import AlphaRule, SweepConfig
from lab.sweep.fit import fitting, largest_rank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.config import RunConfig
    from lab.encoders.base import Encoder
    from lab.sweep.point import SweepPoint

SWEEP = {"ranks": "--ranks", "learning_rates": "--learning-rates", "seeds": "--seeds"}


def add_to(commands: argparse._SubParsersAction) -> None:
    """Add this command to the parser; whatever is not given suits the model and the pairs."""
    parser = commands.add_parser("sweep", help="train at many ranks and compare what each buys")
    add = parser.add_argument
    add("--out", required=True, type=Path, metavar="DIR", help="new, or a sweep to go on with")
    add("--ranks", metavar="R,R,...", help="default: 4,8,16,32,64,128,256, those the layers hold")
    rules, rule = get_args(AlphaRule), SweepConfig.alpha_rule
    add("--alpha-rule", choices=rules, default=rule, help=f"alpha beside --r's (default: {rule})")
    add("--learning-rates", metavar="X,X,...", help="each rank with each (default: --lr alone)")
    add("--target-sets", metavar="NAMES;NAMES", help="each rank with each (default: --targets)")
    add("--seeds", type=int, default=SweepConfig.seeds, metavar="N", help="trainings of each")
    add("--stop-early", action="store_true", help="end points that fall below the median")
    add_tracking_options(parser)
    add_spread_options(parser)
    add_run_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Run what is not in the folder yet, and say which rank is enough."""
    from lab.baseline import measure_baseline
    from lab.sweep.folder import SweepFolder
    from lab.sweep.run import describe_sweep

    _check_is_alone()
    resources = read_resources(options)
    given, tracking = read_options(options), read_tracking(options)
    with SweepPrinter() as printer:
        encoder, dataset, base = load_run(options, given, printer)
        config = _read_sweep(options, encoder, base, printer)
        check_fit(encoder, dataset, base, printer.say)
        with blame("--pairs", base.pairs, DataError):
            baseline = measure_baseline(base, encoder=encoder, dataset=dataset, report=printer)
        with blame("--out", options.out, DataError):
            folder = SweepFolder(options.out, describe_sweep(config, baseline))
        points, log = [], SweepLog(tracking, config, folder, printer)
        with (
            placed(options.ray, resources, printer.say) as run_points,
            stop_on_interrupt(printer.say_stopping) as should_stop,
        ):
            for point in run_points(config, baseline, folder, log, should_stop):
                points.append(point)
                log.end(point, len(points), len(config))
    _tell(points, len(config), options.out)


def _check_is_alone() -> None:
    if is_launched():
        raise BadArgumentError(
            "sweep: its points are not shared by launched processes; start it in one, with --ray "
            "local to use several processors or GPUs"
        )


def _read_sweep(
    options: argparse.Namespace, encoder: Encoder, base: RunConfig, printer: SweepPrinter
) -> SweepConfig:
    sets = tuple(split_targets(text) for text in (options.target_sets or "").split(";") if text)
    rates = _numbers("--learning-rates", options.learning_rates or "", float)
    with blame("--targets", options.targets or options.target_sets, TargetError):
        largest = _largest(encoder, base, sets)
    ranks = _numbers("--ranks", options.ranks or "", int) or _usual_ranks(largest, printer)
    if max(ranks) > largest:
        raise BadArgumentError(
            f"--ranks {options.ranks}: the smallest chosen layer has room for r = {largest}; "
            "choose ranks up to that"
        )
    shown = " ".join(f"{option} {getattr(options, name)}" for name, option in SWEEP.items())
    with blame("sweep", shown, ConfigError):
        return SweepConfig(
            base, ranks, options.alpha_rule, rates, sets, options.seeds, options.stop_early
        )


def _largest(encoder: Encoder, base: RunConfig, sets: Sequence[tuple[str, ...] | str]) -> int:
    from dataclasses import replace

    targets = sets or (base.lora.target_modules,)
    return min(largest_rank(encoder, replace(base.lora, target_modules=t)) for t in targets)


def _usual_ranks(largest: int, printer: SweepPrinter) -> tuple[int, ...]:
    ranks = fitting(SweepConfig.ranks, largest)
    if not ranks:
        raise BadArgumentError(
            f"--ranks: the smallest chosen layer has room for r = {largest}; give --ranks up to it"
        )
    if ranks != SweepConfig.ranks:
        printer.say(f"note: Ranks up to {largest}: the smallest chosen layer holds no more.")
    return ranks


def _numbers(argument: str, text: str, kind: type) -> tuple:
    try:
        return tuple(kind(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise BadArgumentError(f"{argument} {text}: give numbers with commas between") from None


def _tell(points: Sequence[SweepPoint], planned: int, out: Path) -> None:
    from lab.sweep.report import write_sweep_report
    from lab.sweep.summary import answer, group_points, in_english

    for series in group_points(points):
        print_table(
            ("rank", "parameters", "recall@1", "error", "uniformity", "seconds"),
            [
                (
                    row.rank,
                    row.parameters,
                    f"{row.metrics['recall@1'].mean:.3f}",
                    _error(row.metrics["recall@1"].error),
                    f"{row.metrics['uniformity'].mean:.3f}",
                    f"{row.seconds:.1f}",
                )
                for row in series.rows
            ],
        )
    told = answer(points)
    if told is not None:
        print(in_english(told))
    for point in points:
        if point.status in ("stopped early", "failed"):
            print(f"{point.key}: {point.status}{f' ({point.error})' if point.error else ''}")
    if len(points) < planned:
        print(f"{len(points)} of {planned} points are there; the same command goes on.")
    if points:
        print(f"Everything is in {out}; {write_sweep_report(out).name} there shows it.")


def _error(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
