"""`python -m lab finetune`: one run from pairs to a folder."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from lab.cli.arguments import blame, check_out, load_model, read_pairs_argument, split_targets
from lab.cli.progress import ProgressPrinter
from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.errors import ConfigError, TargetError, TrainingError


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
    add("--bias", choices=["none", "all", "lora_only"], help="biases that train along")
    add("--epochs", type=int)
    add("--batch-size", type=int)
    add("--lr", type=float, metavar="X", help="peak learning rate")
    add("--temperature", type=float)
    add("--learn-temperature", action="store_true", default=None)
    add("--validation-fraction", type=float, metavar="X", help="of the training pairs")
    add("--patience", type=int, metavar="N", help="epochs without a better validation loss")
    add("--test-fraction", type=float, metavar="X", help="held out for the comparison")
    add("--seed", type=int)
    add("--device", help="auto, cpu, cuda, mps")
    add("--precision", choices=["auto", "fp32", "bf16"])
    parser.set_defaults(run=run)


LORA = {"r": "--r", "lora_alpha": "--alpha", "lora_dropout": "--dropout", "bias": "--bias"}
TRAIN = {
    "epochs": "--epochs",
    "batch_size": "--batch-size",
    "learning_rate": "--lr",
    "temperature": "--temperature",
    "learn_temperature": "--learn-temperature",
    "validation_fraction": "--validation-fraction",
    "patience": "--patience",
    "seed": "--seed",
    "device": "--device",
    "precision": "--precision",
}


def run(options: argparse.Namespace) -> None:
    """Run it; raises TrainingError after the last good adapter is written."""
    from lab.archive import save_outcome
    from lab.defaults import suggest
    from lab.encoders.registry import find_row
    from lab.experiment import adapt, check_kinds_agree, measure_baseline
    from lab.training.device import find_device

    check_out("--out", options.out)
    given = _read_options(options)
    with blame("--device", given["train"].get("device", "auto"), ConfigError):
        find_device(given["train"].get("device", "auto"))
    printer = ProgressPrinter()
    pairs_name = options.pairs or find_row(options.model).pairs
    dataset = read_pairs_argument(
        "--pairs", pairs_name, options.a_column, options.b_column, printer
    )
    encoder = load_model("--model", options.model, options.pooling)
    with blame("--pairs", pairs_name):
        check_kinds_agree(encoder, dataset)
    config = _fill(suggest(options.model, pairs_name, encoder, dataset), options, given)
    _check_targets(encoder, config.lora)
    baseline = measure_baseline(config, encoder=encoder, dataset=dataset, report=printer)
    outcome = adapt(baseline, config, printer)
    saved = save_outcome(outcome, options.out, printer)
    printer.close()
    if outcome.error:
        raise TrainingError(outcome.error)
    print(outcome.comparison.verdict(*dataset.side_names))
    print(f"The adapter, read back from its files, differs by {saved.largest_difference:.1e}.")
    print(f"Everything is in {options.out}: open report.html there.")


def _read_options(options: argparse.Namespace) -> dict[str, dict[str, object]]:
    """The given options by config class, each value checked by its own config."""
    given: dict[str, dict[str, object]] = {"lora": {}, "train": {}}
    for part, make, names in (("lora", LoRAConfig, LORA), ("train", TrainConfig, TRAIN)):
        for field, argument in names.items():
            value = getattr(options, argument.strip("-").replace("-", "_"))
            if value is None:
                continue
            together = {"validation_fraction": 0.1} if field == "patience" else {}
            with blame(argument, value, ConfigError):
                make(**{**together, field: value})
            given[part][field] = value
    if "patience" in given["train"]:
        given["train"].setdefault("validation_fraction", 0.1)
    if options.targets is not None:
        given["lora"]["target_modules"] = split_targets(options.targets)
    return given


def _fill(suggested: RunConfig, options: argparse.Namespace, given: dict) -> RunConfig:
    """What suits the model and the pairs, with what was given in its place."""
    config = replace(
        suggested,
        lora=replace(suggested.lora, **given["lora"]),
        train=replace(suggested.train, **given["train"]),
        a_column=options.a_column,
        b_column=options.b_column,
        pooling=options.pooling,
    )
    if options.test_fraction is not None:
        with blame("--test-fraction", options.test_fraction, ConfigError):
            config = replace(config, test_fraction=options.test_fraction)
    return config


def _check_targets(encoder: object, lora: LoRAConfig) -> None:
    from lab.lora import match_target_modules

    names = lora.target_modules
    shown = names if isinstance(names, str) else ",".join(names)
    with blame("--targets", shown, TargetError, ConfigError):
        match_target_modules(encoder.module, lora.target_modules)
