"""`python -m lab finetune`: one run from pairs to a folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lab.archive import save_outcome
from lab.baseline import check_kinds_agree
from lab.cli.arguments import blame, check_out, find_model, load_model, read_pairs_argument
from lab.cli.interrupt import stop_on_interrupt
from lab.cli.progress import ProgressPrinter
from lab.cli.settings import check_fit, fill, read_options
from lab.errors import DataError, TrainingError
from lab.experiment import Progress, adapt, measure_baseline, measure_control

if TYPE_CHECKING:
    from lab.archive import Saved
    from lab.experiment import Outcome


def add_to(commands: argparse._SubParsersAction) -> None:
    """Add this command to the parser; whatever is not given suits the model and the pairs."""
    parser = commands.add_parser("finetune", help="fine-tune a model on pairs and compare")
    add = parser.add_argument
    add("--model", required=True, help="a bundled name, a hub id or a folder")
    add("--pairs", help="a bundled name, a file, a folder or a ZIP (default: the model's own)")
    add("--out", required=True, type=Path, metavar="DIR", help="a new or empty folder")
    add("--a-column", help="column of the image or first text (default: found by name)")
    add("--b-column", help="column of the second text (default: found by name)")
    add("--pooling", help="how token features become one embedding")
    add("--targets", metavar="NAMES", help="q_proj,v_proj, or one regex for the whole path")
    add("--r", type=int, help="rank")
    add("--alpha", type=float, help="the update is scaled by alpha / r")
    add("--dropout", type=float, help="on the LoRA branch's input")
    add("--dropout-on", choices=["input", "factors"], help="what dropout zeroes entries of")
    add("--use-rslora", action="store_true", default=None, help="scale by alpha / sqrt(r)")
    add("--use-dora", action="store_true", default=None, help="learn each output's length apart")
    add("--init-lora-weights", choices=["pissa"], help="start at the weight's own directions")
    add("--bias", choices=["none", "all", "lora_only"], help="biases that train along")
    add("--epochs", type=int)
    add("--batch-size", type=int)
    add("--micro-batch-size", type=int, metavar="N", help="pairs in memory at once; slower")
    add("--group-by-length", action="store_true", default=None, help="batches that pad little")
    add("--lr", type=float, metavar="X", help="peak learning rate")
    add("--loraplus-ratio", type=float, metavar="X", help="B learns at X times the rate of A")
    add("--temperature", type=float)
    add("--learn-temperature", action="store_true", default=None)
    add("--validation-fraction", type=float, metavar="X", help="of the training pairs")
    add("--patience", type=int, metavar="N", help="epochs without a better validation loss")
    add("--max-seconds", type=float, metavar="X", help="training ends then and keeps what it has")
    add("--test-fraction", type=float, metavar="X", help="held out for the comparison")
    add("--seed", type=int)
    add("--init-seed", type=int, metavar="N", help="of the first weights alone; default: --seed")
    add("--device", help="auto, cpu, cuda, mps")
    add("--precision", choices=["auto", "fp32", "bf16"])
    add("--control", metavar="PAIRS", help="what must not be forgotten: bundled, a file, or none")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Run it; raises TrainingError after the last good adapter is written."""
    from lab.defaults import suggest

    check_out("--out", options.out)
    given = read_options(options)
    with ProgressPrinter() as printer:
        find_model("--model", options.model)
        pairs = options.pairs or _own_pairs(options.model)
        columns = (options.a_column, options.b_column)
        dataset = read_pairs_argument("--pairs", pairs, *columns, printer)
        printer(Progress("model"))
        encoder = load_model("--model", options.model, options.pooling)
        with blame("--pairs", pairs):
            check_kinds_agree(encoder, dataset)
        config = fill(suggest(options.model, pairs, encoder, dataset), options, given)
        check_fit(encoder, dataset, config, printer.say)
        with blame("--pairs", pairs, DataError):
            baseline = measure_baseline(config, encoder=encoder, dataset=dataset, report=printer)
        with blame("--control", config.control, DataError):
            control = measure_control(baseline, config, report=printer)
        with blame("--pairs", pairs, DataError), stop_on_interrupt(printer.say) as should_stop:
            outcome = adapt(baseline, config, printer, should_stop, control)
        saved = save_outcome(outcome, options.out, printer)
    _tell(outcome, saved)


def _own_pairs(model: str) -> str:
    from lab.encoders.registry import find_row

    with blame("--model", model):
        return find_row(model).pairs


def _tell(outcome: Outcome, saved: Saved) -> None:
    if outcome.error:
        raise TrainingError(f"{outcome.error}. What was learned until then is in {saved.folder}")
    last = outcome.steps[-1]
    if last.step < last.steps:
        print(f"It ended after step {last.step} of {last.steps}; what was learned is kept.")
    print(outcome.verdict())
    print(f"The adapter, read back from its files, differs by {saved.largest_difference:.1e}.")
    print(f"Everything is in {saved.folder}: open report.html there.")
