"""Bad arguments: exit 2 and one line that names the argument, its value and the way out."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import Answer, Lab


def check(answer: Answer, *words: str) -> None:
    """One complaint, on one line, with these words in it; what stands above is progress."""
    assert answer.code == 2, answer.err
    assert "Traceback" not in answer.err
    assert answer.complaint.startswith("python -m lab")
    for word in words:
        assert word in answer.complaint
    assert sum(line.startswith("python -m lab") for line in answer.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (["--r", "0"], ["--r", "0", "at least 1"]),
        (["--r", "many"], ["--r", "many"]),
        (["--r", "999"], ["--r 999", "or less"]),
        (["--alpha", "-1"], ["--alpha", "-1", "above 0"]),
        (["--dropout", "1"], ["--dropout", "1", "below 1"]),
        (["--bias", "some"], ["--bias", "some", "lora_only"]),
        (["--epochs", "0"], ["--epochs", "0", "at least 1"]),
        (["--batch-size", "1"], ["--batch-size", "1", "at least 2"]),
        (["--alpha", "inf"], ["--alpha", "inf", "above 0"]),
        (["--loraplus-ratio", "0.5"], ["--loraplus-ratio", "0.5", "1 to 1000"]),
        (
            ["--use-dora", "--init-lora-weights", "pissa"],
            ["--use-dora --init-lora-weights", "pissa", "choose True beside use_dora"],
        ),
        (["--micro-batch-size", "0"], ["--micro-batch-size", "0", "at least 1"]),
        (["--lr", "nan"], ["--lr", "nan", "at most 1"]),
        (["--temperature", "0"], ["--temperature", "0", "0.001"]),
        (["--seed", "-1"], ["--seed", "-1", "choose 0"]),
        (["--test-fraction", "0.9"], ["--test-fraction", "0.9", "0.5"]),
        (["--validation-fraction", "2"], ["--validation-fraction", "2", "0.5"]),
        (["--patience", "0"], ["--patience", "0", "at least 1"]),
        (["--patience", "2", "--validation-fraction", "0"], ["--patience 2", "above 0"]),
        (["--max-seconds", "0"], ["--max-seconds", "0", "above 0"]),
        (["--device", "tpu"], ["--device", "tpu", "choose auto or cpu"]),
        (["--precision", "fp8"], ["--precision", "fp8", "bf16"]),
        (["--targets", "query,nope"], ["--targets", "nope", "value"]),
        (["--targets", "("], ["--targets", "(", "mend it"]),
        (["--targets", ","], ["--targets", "query"]),
        (["--pooling", "max"], ["--pooling max", "mean or cls"]),
        (["--a-column", "english"], ["--a-column english", "en"]),
        (["--model", "no-such"], ["--model", "no-such", "tiny-clip"]),
        (["--pairs", "no-such.csv"], ["--pairs", "no-such.csv", "shapes-ko"]),
        (["--nonsense"], ["--nonsense", "--help"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_finetune_names_what_is_wrong(
    extra: list[str], words: list[str], lab: Lab, arguments: dict[str, list], tmp_path: Path
) -> None:
    check(lab(*arguments["bert"], *extra), *words)
    assert not (tmp_path / "run").exists()


def test_out_that_holds_something(lab: Lab, arguments: dict[str, list], tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "thesis.txt").write_text("")
    check(lab(*arguments["bert"]), f"--out {tmp_path / 'run'}", "new or empty")
    (tmp_path / "file").write_text("")
    check(lab(*arguments["bert"], "--out", tmp_path / "file" / "run"), "--out", "elsewhere")


def test_pairs_of_the_wrong_kind(
    lab: Lab, arguments: dict[str, list], image_pairs: Path, text_pairs: Path
) -> None:
    check(lab(*arguments["bert"], "--pairs", image_pairs), f"--pairs {image_pairs}", "other kind")
    check(lab(*arguments["clip"], "--pairs", text_pairs), f"--pairs {text_pairs}", "other kind")


def test_pairs_that_are_too_few_or_cannot_be_split(
    lab: Lab, arguments: dict[str, list], tmp_path: Path
) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("en,ko\n" + "".join(f"a{i},b{i}\n" for i in range(5)))
    check(lab(*arguments["bert"], "--pairs", file), f"--pairs {file}", "8")
    file.write_text("en,ko\n" + "".join(f"same,b{i}\n" for i in range(20)))
    check(lab(*arguments["bert"], "--pairs", file), f"--pairs {file}")


def test_folder_model_needs_its_pairs_named(lab: Lab, arguments: dict[str, list]) -> None:
    without = list(arguments["bert"])
    at = without.index("--pairs")
    del without[at : at + 2]
    check(lab(*without), "--model", "name the pairs")


def test_other_commands_name_what_is_wrong(
    lab: Lab, checkpoints: dict[str, Path], tmp_path: Path
) -> None:
    check(lab("layers", "no-such"), "MODEL no-such", "tiny-clip")
    check(lab("layers", checkpoints["bert"], "--r", 0), "--r 0", "at least 1")
    check(lab("compare", tmp_path), f"DIR {tmp_path}", "--out")
    check(lab("export", tmp_path / "no", "--merged", tmp_path / "m"), "DIR", "--out")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "x").write_text("")
    check(lab("export", tmp_path, "--merged", tmp_path / "taken"), "--merged", "new or empty")
    check(lab(), "COMMAND")
    check(lab("dance"), "dance", "finetune")


def test_unreachable_hub_answers_in_seconds(tmp_path: Path) -> None:
    # Nothing listens there; the real hub's name may not resolve, which is tested with the hub.
    environment = {**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path)}
    began = time.monotonic()
    result = subprocess.run(
        [sys.executable, "-m", "lab", "layers", "openai-community/gpt2"],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
    )
    assert time.monotonic() - began < 20  # the limit itself, 5 s, is tested without this start-up
    check(Answer(result.returncode, result.stdout, result.stderr), "MODEL", "cannot be reached")
    assert result.stderr.count("\n") == 1
