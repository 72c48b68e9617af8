"""The command that repeats a run, read back by the command line's own parser."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from lab.cli.command import as_command
from lab.cli.main import build_parser
from lab.cli.settings import fill, read_options
from lab.config import LoRAConfig, RunConfig, TrainConfig

OTHER = RunConfig("other", "pairs", LoRAConfig(r=99, target_modules=("x",)), TrainConfig(epochs=99))
CONFIGS = [
    RunConfig("tiny-clip", "shapes-ko", LoRAConfig(target_modules=("q_proj", "v_proj"))),
    RunConfig(
        "my models/한국어 bert",
        "it's mine; rm -rf $HOME.csv",
        LoRAConfig(3, 7.1, 0.123456789, r"(?:.*\.)?(?:query|value)", "lora_only"),
        TrainConfig(
            epochs=7,
            batch_size=33,
            micro_batch_size=7,
            group_by_length=True,
            learning_rate=0.00123456789,
            temperature=0.0123456789,
            learn_temperature=True,
            validation_fraction=0.15,
            patience=4,
            seed=123,
            device="cpu",
            precision="fp32",
            max_seconds=12.5,
        ),
        a_column="a text",
        b_column="다른",
        pooling="cls",
        test_fraction=0.3,
        control="what it knew.csv",
    ),
    RunConfig(
        "tiny-bert",
        "captions-en-ko",
        LoRAConfig(
            target_modules=("query",),
            lora_dropout=0.1,
            lora_dropout_on="factors",
            use_rslora=True,
            init_lora_weights="pissa",
        ),
        TrainConfig(loraplus_ratio=16.0),
    ),
    RunConfig("a", "b", LoRAConfig(target_modules=("query",), use_dora=True)),
]


@pytest.mark.parametrize("config", CONFIGS, ids=["defaults", "everything", "methods", "dora"])
def test_command_repeats_the_run_exactly(config: RunConfig) -> None:
    words = shlex.split(as_command(config, "my runs/one").replace("\\\n", ""))
    assert words[:4] == ["python", "-m", "lab", "finetune"]
    options = build_parser().parse_args(words[3:])
    assert str(options.out) == "my runs/one"
    other = replace(OTHER, model=options.model, pairs=options.pairs)
    assert fill(other, options, read_options(options)) == config


def test_command_leaves_out_what_is_usual() -> None:
    text = as_command(CONFIGS[0])
    for option in ("--dropout", "--bias", "--pooling", "--patience", "--device", "--learn"):
        assert option not in text
