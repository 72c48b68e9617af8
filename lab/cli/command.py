"""A run's or a sweep's settings as the command that repeats it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.sweep.config import SweepConfig, Targets

# Settings that are given only where they are not the usual: option -> field.
_RARE_LORA = {
    "--dropout": "lora_dropout",
    "--dropout-on": "lora_dropout_on",
    "--bias": "bias",
    "--init-lora-weights": "init_lora_weights",
}
_RARE = {
    "--loraplus-ratio": "loraplus_ratio",
    "--micro-batch-size": "micro_batch_size",
    "--validation-fraction": "validation_fraction",
    "--patience": "patience",
    "--max-seconds": "max_seconds",
    "--init-seed": "init_seed",
    "--device": "device",
    "--precision": "precision",
}
_LORA_SWITCHES = {"--use-rslora": "use_rslora", "--use-dora": "use_dora"}
_SWITCHES = {"--group-by-length": "group_by_length", "--learn-temperature": "learn_temperature"}


def as_command(config: RunConfig, out: str = "my-run") -> str:
    """`python -m lab finetune ...` with every setting that matters, quoted for a shell."""
    return _join("finetune", _describe_run(config, out))


def as_sweep_command(sweep: SweepConfig, out: str = "my-sweep") -> str:
    """`python -m lab sweep ...`, the same for a sweep."""
    options: list[tuple[str, object]] = [
        ("--ranks", ",".join(map(str, sweep.ranks))),
        ("--alpha-rule", sweep.alpha_rule),
        ("--learning-rates", ",".join(map(_number, sweep.learning_rates)) or None),
        ("--target-sets", ";".join(map(_as_text, sweep.target_sets)) or None),
        ("--seeds", sweep.seeds),
    ]
    words = [*_describe_run(sweep.base, out), *_quote(options)]
    return _join("sweep", words + ["--stop-early"] * sweep.stop_early)


def _describe_run(config: RunConfig, out: str) -> list[str]:
    lora, train = config.lora, config.train
    options: list[tuple[str, object]] = [
        ("--model", config.model),
        ("--pairs", config.pairs),
        ("--a-column", config.a_column),
        ("--b-column", config.b_column),
        ("--pooling", config.pooling),
        ("--targets", _as_text(lora.target_modules)),
        ("--r", lora.r),
        ("--alpha", _number(lora.lora_alpha)),
        *_rare(_RARE_LORA, lora, LoRAConfig),
        ("--epochs", train.epochs),
        ("--batch-size", train.batch_size),
        ("--lr", _number(train.learning_rate)),
        ("--temperature", _number(train.temperature)),
        *_rare(_RARE, train, TrainConfig),
        ("--test-fraction", _unless(config.test_fraction, RunConfig.test_fraction)),
        ("--control", _unless(config.control, RunConfig.control)),
        ("--seed", train.seed),
        ("--out", out),
    ]
    words = _quote(options)
    words += [option for option, field in _LORA_SWITCHES.items() if getattr(lora, field)]
    words += [option for option, field in _SWITCHES.items() if getattr(train, field)]
    return words


def _as_text(targets: Targets) -> str:
    return targets if isinstance(targets, str) else ",".join(targets)


def _quote(options: Sequence[tuple[str, object]]) -> list[str]:
    return [f"{name} {shlex.quote(str(value))}" for name, value in options if value is not None]


def _join(command: str, words: Sequence[str]) -> str:
    return f"python -m lab {command} \\\n  " + " \\\n  ".join(words)


def _rare(fields: Mapping[str, str], config: object, usual: type) -> Iterator[tuple[str, object]]:
    for option, field in fields.items():
        value = _unless(getattr(config, field), getattr(usual, field))
        yield option, _number(value) if isinstance(value, float) else value


def _unless(value: object, default: object) -> object:
    return None if value == default else value


def _number(value: float) -> str:
    """The shortest text that is read back as the same number."""
    return repr(value).removesuffix(".0")
