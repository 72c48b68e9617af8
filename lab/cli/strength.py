"""`python -m lab strength DIR`: a finished run, weaker and stronger, on new pairs and on old."""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lab.cli.arguments import BadArgumentError, blame, check_out
from lab.cli.progress import ProgressPrinter
from lab.cli.tables import print_table
from lab.errors import DataError
from lab.experiment import Progress

if TYPE_CHECKING:
    from lab.analysis.strength import Recall, StrengthCurve
    from lab.config import LoRAConfig
    from lab.data.dataset import PairDataset
    from lab.encoders.base import Encoder
    from lab.runs import Run

LAMBDAS = "0,0.25,0.5,0.75,1,1.25,1.5"
DIRECTIONS = ("a_to_b", "b_to_a", "mean")


@dataclass(frozen=True)
class _Reopened:
    """A run's adapted model again, and the pairs that it is measured on."""

    encoder: Encoder
    lora: LoRAConfig
    new: PairDataset
    control: PairDataset


def add_to(commands: argparse._SubParsersAction) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser("strength", help="show a run with its update weaker and stronger")
    add = parser.add_argument
    add("folder", type=Path, metavar="DIR", help="as given to --out")
    add("--control", metavar="PAIRS", help="what the base did well on (default: a bundled set)")
    add("--lambdas", default=LAMBDAS, metavar="X,Y,...", help=f"in W + λ·ΔW (default: {LAMBDAS})")
    add("--out", type=Path, metavar="OUT", help="a new folder, for strength.json")
    add("--at", type=float, metavar="X", help="write the adapter at this λ to OUT as well")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Print both curves as one table, and write what is asked for."""
    from lab.runs import read_run

    strengths = _read_strengths(options.lambdas)
    _check_out(options)
    with blame("DIR", options.folder):
        finished = read_run(options.folder)
    with ProgressPrinter() as printer:
        run_ = _reopen(finished, options.control, printer)
        curve = _measure(run_, strengths, printer)
    _print(curve, run_)
    if options.out is not None:
        _write(curve, run_, options.at, options.out)


def _read_strengths(text: str) -> list[float]:
    try:
        strengths = [float(word) for word in text.split(",")]
    except ValueError:
        strengths = [math.nan]
    if not all(0 <= strength < math.inf for strength in strengths):
        raise BadArgumentError(f"--lambdas {text}: give numbers from 0, with commas between")
    return strengths


def _check_out(options: argparse.Namespace) -> None:
    if options.out is not None:
        check_out("--out", options.out)
    if options.at is None:
        return
    if options.out is None:
        raise BadArgumentError(f"--at {options.at:g}: name a folder for the adapter with --out")
    if not 0 < options.at < math.inf:
        raise BadArgumentError(f"--at {options.at:g}: give a number above 0; 0 is the base itself")


def _reopen(run_: Run, control: str | None, printer: ProgressPrinter) -> _Reopened:
    from lab.analysis.control_sets import default_control, load_control
    from lab.data import load_pairs
    from lab.data.splits import split
    from lab.encoders import load_encoder
    from lab.lora import load_adapter
    from lab.training.device import find_device

    config = run_.config
    printer(Progress("pairs"))
    pairs = load_pairs(config.pairs, config.a_column, config.b_column)
    if pairs.digest != run_.record["data"]["sha256"]:
        raise DataError(
            f"{config.pairs!r} holds other pairs than the run was made with, so what was held out "
            "is not known; put those back, or run it again"
        )
    printer(Progress("model"))
    encoder = load_encoder(config.model, config.pooling)
    lora = load_adapter(run_.adapter, encoder.module)
    encoder.module.eval().to(find_device("auto"))
    name = control or default_control(encoder.kind).name
    with blame("--control", name, DataError):
        unseen = load_control(name, pairs, encoder.kind)
    return _Reopened(
        encoder, lora, split(pairs, config.train.seed, config.test_fraction)[1], unseen
    )


def _measure(run_: _Reopened, strengths: list[float], printer: ProgressPrinter) -> StrengthCurve:
    from lab.analysis.strength import strength_curve
    from lab.lora.strength import at_strength

    encoder = run_.encoder
    return strength_curve(
        lambda strength: encoder.with_module(at_strength(encoder.module, strength)),
        run_.new,
        run_.control,
        strengths,
        device=next(encoder.module.parameters()).device,
        progress=lambda share: printer(Progress("comparing", share)),
    )


def _print(curve: StrengthCurve, run_: _Reopened) -> None:
    print(
        f"Recall@1 of W + λ·ΔW on {len(run_.new)} held-out pairs of {run_.new.name} and on "
        f"{len(run_.control)} control pairs of {run_.control.name}"
    )
    words = [direction.replace("_", " ") for direction in DIRECTIONS]
    header = ["λ", *(f"{side} {word}" for side in ("new", "control") for word in words)]
    rows = [
        [f"{point.strength:g}", *_cells(point.new), *_cells(point.control)]
        for point in curve.points
    ]
    print_table(header, rows)


def _cells(recall: Recall) -> list[str]:
    return [f"{getattr(recall, direction):.3f}" for direction in DIRECTIONS]


def _write(curve: StrengthCurve, run_: _Reopened, strength: float | None, out: Path) -> None:
    from lab import runs
    from lab.lora.strength import save_adapter_at_strength

    sets = {"new": run_.new.name, "control": run_.control.name}
    with runs.new_run_folder(out) as scratch:
        runs.write_json(scratch / "strength.json", {"pairs": sets, **curve.as_json()})
        if strength is not None:
            module, name = run_.encoder.module, run_.encoder.name
            save_adapter_at_strength(scratch / "adapter", module, run_.lora, name, strength)
    adapter = "" if strength is None else f" and the adapter at λ = {strength:g}"
    print(f"{out} holds the curves{adapter}.")
