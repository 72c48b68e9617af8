"""`python -m lab finetune`: one run from pairs to a folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lab.archive import save_outcome
from lab.cli.arguments import blame, check_out
from lab.cli.interrupt import finish_on_termination, stop_on_interrupt
from lab.cli.progress import ProgressPrinter
from lab.cli.resume import keep_checkpoints
from lab.cli.run_options import add_run_options
from lab.cli.settings import check_fit, read_options
from lab.cli.start import load_run
from lab.cli.tracking import add_tracking_options, logged, read_tracking
from lab.distributed.follow import check_same_run, follow
from lab.distributed.launch import joined
from lab.errors import DataError, TrainingError
from lab.experiment import adapt, measure_baseline, measure_control, no_report
from lab.tracking import read_results

if TYPE_CHECKING:
    from lab.archive import Saved
    from lab.experiment import Outcome
    from lab.training.world import World


def add_to(commands: argparse._SubParsersAction) -> None:
    """Add this command to the parser; whatever is not given suits the model and the pairs."""
    parser = commands.add_parser("finetune", help="fine-tune a model on pairs and compare")
    add = parser.add_argument
    add_run_options(parser)
    add("--out", required=True, type=Path, metavar="DIR", help="a new or empty folder")
    add_tracking_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Run it; raises TrainingError after the last good adapter is written."""
    with joined(options.device or "auto") as world:
        run_part = _lead if world.rank == 0 else _follow
        run_part(options, world)


def _follow(options: argparse.Namespace, world: World) -> None:
    """What a process beside the first does; it speaks only of what goes wrong in it."""
    encoder, dataset, config = load_run(options, read_options(options), no_report)
    check_same_run(world, dataset, config)
    # The launcher passes Ctrl-C and SIGTERM on to all, and the first needs the others to finish.
    with finish_on_termination(_hush), stop_on_interrupt(_hush) as should_stop:
        follow(encoder, dataset, config, world, should_stop)


def _hush(_: str) -> None:
    pass


def _lead(options: argparse.Namespace, world: World) -> None:
    check_out("--out", options.out)
    given, tracking = read_options(options), read_tracking(options)
    with ProgressPrinter() as printer:
        encoder, dataset, config = load_run(options, given, printer)
        check_same_run(world, dataset, config)
        check_fit(encoder, dataset, config, printer.say)
        with blame("--pairs", config.pairs, DataError):
            baseline = measure_baseline(config, encoder=encoder, dataset=dataset, report=printer)
        with blame("--control", config.control, DataError):
            control = measure_control(baseline, config, report=printer)
        checkpoints = keep_checkpoints(options.out, baseline, config, printer.say, world)
        with (
            finish_on_termination(printer.say) as is_terminated,
            logged(tracking, config, printer, options.out.resolve().name) as report,
        ):
            with (
                blame("--pairs", config.pairs, DataError),
                stop_on_interrupt(printer.say, is_terminated) as should_stop,
            ):
                outcome = adapt(baseline, config, report, should_stop, control, world, checkpoints)
            saved = save_outcome(outcome, options.out, report)
            checkpoints.remove()
            report.finish(lambda: read_results(saved.folder, saved.maps))
    _tell(outcome, saved)


def _tell(outcome: Outcome, saved: Saved) -> None:
    if outcome.error:
        raise TrainingError(f"{outcome.error}. What was learned until then is in {saved.folder}")
    last = outcome.steps[-1]
    if last.step < last.steps:
        print(f"It ended after step {last.step} of {last.steps}; what was learned is kept.")
    if last.micro_batch_size is not None:
        count = last.micro_batch_size
        print(f"The memory sufficed for {count} pairs at a time: the same training, only slower.")
    print(outcome.verdict())
    print(f"The adapter, read back from its files, differs by {saved.largest_difference:.1e}.")
    print(f"Everything is in {saved.folder}: open report.html there.")
