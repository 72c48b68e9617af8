"""`finetune`'s options as a RunConfig: each checked by itself, then all against model and pairs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from lab.cli.arguments import BadArgumentError, blame, split_targets
from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.errors import ConfigError, TargetError

if TYPE_CHECKING:
    from lab.data.dataset import PairDataset
    from lab.encoders.base import Encoder

LORA = {
    "r": "--r",
    "lora_alpha": "--alpha",
    "lora_dropout": "--dropout",
    "lora_dropout_on": "--dropout-on",
    "bias": "--bias",
    "use_rslora": "--use-rslora",
    "use_dora": "--use-dora",
    "init_lora_weights": "--init-lora-weights",
}
TRAIN = {
    "epochs": "--epochs",
    "batch_size": "--batch-size",
    "micro_batch_size": "--micro-batch-size",
    "group_by_length": "--group-by-length",
    "learning_rate": "--lr",
    "loraplus_ratio": "--loraplus-ratio",
    "temperature": "--temperature",
    "learn_temperature": "--learn-temperature",
    "validation_fraction": "--validation-fraction",
    "patience": "--patience",
    "max_seconds": "--max-seconds",
    "seed": "--seed",
    "init_seed": "--init-seed",
    "device": "--device",
    "precision": "--precision",
}
VALIDATION_FRACTION = 0.1  # with --patience alone

Given = dict[str, dict[str, object]]


def read_options(options: argparse.Namespace) -> Given:
    """The given options by config class, each value checked by its own config."""
    given: Given = {"lora": _pick(options, LORA), "train": _pick(options, TRAIN)}
    train, lora = given["train"], given["lora"]
    if "patience" in train:
        train.setdefault("validation_fraction", VALIDATION_FRACTION)
    for part, make, names in (("lora", LoRAConfig, LORA), ("train", TrainConfig, TRAIN)):
        for field, value in _without_company(given[part]):
            with blame(names[field], value, ConfigError):
                make(**{field: value})
    _check_together(lora)
    if "patience" in train:
        share = train["validation_fraction"]
        with blame("--patience", f"{train['patience']} --validation-fraction {share}", ConfigError):
            TrainConfig(patience=train["patience"], validation_fraction=share)
    if options.targets is not None:
        lora["target_modules"] = split_targets(options.targets)
        with blame("--targets", options.targets, ConfigError):
            LoRAConfig(target_modules=lora["target_modules"])
    if train.get("device", "auto") != "auto":
        _check_device(str(train["device"]))
    return given


def _check_together(lora: dict[str, object]) -> None:
    """Methods that exclude one another, each right by itself."""
    methods = [
        field for field in ("use_dora", "init_lora_weights", "lora_dropout_on") if field in lora
    ]
    shown = " ".join(str(lora[field]) for field in methods if lora[field] is not True)
    with blame(" ".join(LORA[field] for field in methods), shown, ConfigError):
        LoRAConfig(**lora)


def _pick(options: argparse.Namespace, names: dict[str, str]) -> dict[str, object]:
    values = {
        field: getattr(options, argument.strip("-").replace("-", "_"))
        for field, argument in names.items()
    }
    return {field: value for field, value in values.items() if value is not None}


def _without_company(values: dict[str, object]) -> list[tuple[str, object]]:
    """All but the patience, which may stand only beside a validation fraction."""
    return [(field, value) for field, value in values.items() if field != "patience"]


def _check_device(name: str) -> None:
    from lab.training.device import find_device

    with blame("--device", name, ConfigError):
        find_device(name)


def fill(suggested: RunConfig, options: argparse.Namespace, given: Given) -> RunConfig:
    """What suits the model and the pairs, with what was given in its place."""
    config = replace(
        suggested,
        lora=replace(suggested.lora, **given["lora"]),
        train=replace(suggested.train, **given["train"]),
        a_column=options.a_column,
        b_column=options.b_column,
        pooling=options.pooling,
        control=options.control or suggested.control,
    )
    if options.test_fraction is not None:
        with blame("--test-fraction", options.test_fraction, ConfigError):
            config = replace(config, test_fraction=options.test_fraction)
    return config


def check_fit(
    encoder: Encoder, dataset: PairDataset, config: RunConfig, tell: Callable[[str], None]
) -> None:
    """Raise BadArgumentError for targets the model lacks or a rank no layer has; `tell` the rest
    of what stands out about the run, a line each."""
    from lab.data.preflight import find_findings
    from lab.lora import layer_shape, match_target_modules

    names = config.lora.target_modules
    shown = names if isinstance(names, str) else ",".join(names)
    with blame("--targets", shown, TargetError):
        layers = match_target_modules(encoder.module, names)
    findings = find_findings(
        dataset,
        batch_size=config.train.batch_size,
        r=config.lora.r,
        smallest_side=min(min(layer_shape(layer)) for layer in layers.values()),
        train_pairs=round(len(dataset) * (1 - config.test_fraction)),
    )
    for finding in findings:
        if finding.level == "error":  # the only one there is speaks of the rank
            raise BadArgumentError(f"--r {config.lora.r}: {finding.title}. {finding.way_out}")
        tell(f"{finding.level}: {finding.title}. {finding.way_out}")
