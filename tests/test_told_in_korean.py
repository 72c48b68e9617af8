"""Errors raised for real, findings and rows left out, as the Korean page tells them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from lab.analysis.control_sets import check_kind
from lab.checks import check_choice
from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.data.bundled import load_pairs
from lab.data.dataset import PairDataset, RejectedRow
from lab.data.images import decode
from lab.data.pair import Pair
from lab.data.preflight import Finding, find_findings
from lab.data.readers import read_pairs
from lab.encoders import load_encoder
from lab.errors import LabError
from lab.experiment import run_experiment
from lab.lora import apply_lora_to_model
from lab.report.data import report_data
from lab.training.device import find_device
from lab.ui.bench import Plan
from lab.ui.views import preview_value, status_value
from lab.visits.complaints import phrase
from lab.words import find_words

ENGLISH, KOREAN = find_words("en"), find_words("ko")
HANGUL, WORDS = re.compile("[가-힣]"), re.compile(r"[a-z]{2,} [a-z]{2,}")
# What was asked for, and what Python says of a regular expression.
FACTS = re.compile(r"'no such model'|unterminated subpattern at position 0")


def upload(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(name: str, content: str | bytes, *columns: str) -> Callable[[Path], Any]:
    return lambda folder: read_pairs(upload(folder, name, content), *columns)


def without_tokenizer(folder: Path) -> None:
    upload(folder, "config.json", '{"model_type": "bert"}')
    load_encoder(folder)


def other_kind(folder: Path) -> None:
    check_kind(load_pairs("captions-en-ko"), "image-text")


ROWS = "a,b\n" + "\n".join(f"x{i},y{i}" for i in range(8))
HOSTILE = "{0}%s{name!r:>99999}"
RAISERS: dict[str, tuple[Callable[[Path], Any], tuple[str, ...]]] = {
    "rank": (lambda _: LoRAConfig(r=0), ("랭크 r = 0", "1 이상")),
    "alpha": (lambda _: LoRAConfig(lora_alpha=-2.5), ("알파(lora_alpha) = -2.5",)),
    "regex": (lambda _: LoRAConfig(target_modules="("), ("target_modules", "'('", "정규식")),
    "pattern": (lambda _: LoRAConfig(rank_pattern={"q": 0}), ("rank_pattern['q'] = 0", "정수")),
    "epochs": (lambda _: TrainConfig(epochs=0), ("에포크(epochs) = 0", "1 이상")),
    "batch": (lambda _: TrainConfig(batch_size=1), ("배치 크기(batch_size) = 1", "네거티브")),
    "rate": (lambda _: TrainConfig(learning_rate=2.0), ("학습률(learning_rate) = 2.0", "1 이하")),
    "precision": (lambda _: TrainConfig(precision="fp8"), ("'fp8'", "auto, fp32, bf16")),
    "choice": (lambda _: check_choice("bias", HOSTILE, ("none",)), (repr(HOSTILE), "none")),
    "device": (lambda _: find_device("cuda:99"), ("장치(device) = 'cuda:99'", "cpu")),
    "no pairs": (lambda _: load_pairs("no-such"), ("'no-such'", "captions-en-ko")),
    "suffix": (read("notes.txt", "x"), ("'notes.txt'", "UTF-8")),
    "header": (read("empty.csv", ""), ("'empty.csv'", "헤더")),
    "encoding": (read("bad.csv", b"a,b\nx,\xff\xff\n"), ("'bad.csv'", "2행", "CSV UTF-8")),
    "zip": (read("bad.zip", b"PK\x03\x04"), ("'bad.zip'", "ZIP")),
    "parquet": (read("bad.parquet", b"PAR1"), ("'bad.parquet'", "Parquet")),
    "column": (read("t.csv", ROWS, HOSTILE), (repr(HOSTILE), "a, b")),
    "same column": (read("t.csv", ROWS, "a", "a"), ("'a'",)),
    "few": (read("few.csv", "a,b\nx,y\nz\n"), ("'few.csv'", "1개", "3행", "2개", "8개 이상")),
    "hostile name": (read(f"{HOSTILE}.csv", "a,b\nx,y\n"), (repr(f"{HOSTILE}.csv"), "8개 이상")),
    "picture": (lambda _: decode(b"no picture"), ("PNG", "JPEG")),
    "model": (lambda _: load_encoder("no such model"), ("'no such model'", "tiny-clip")),
    "folder": (lambda folder: load_encoder(folder), ("config.json", "save_pretrained")),
    "tokenizer": (without_tokenizer, ("model.safetensors",)),
    "kind": (other_kind, ("captions-en-ko", "이미지–텍스트", "텍스트–텍스트")),
    "targets": (
        lambda _: apply_lora_to_model(
            torch.nn.Sequential(torch.nn.Linear(2, 2)), LoRAConfig(target_modules=("no", "yes"))
        ),
        ("'no'에 맞는 레이어가 없습니다",),
    ),
}


@pytest.mark.parametrize("name", RAISERS)
def test_what_is_raised_is_told_in_korean_with_its_facts(name: str, tmp_path: Path) -> None:
    act, facts = RAISERS[name]
    with pytest.raises(LabError) as raised:
        act(tmp_path)
    said = phrase(raised.value, KOREAN)
    assert HANGUL.search(said)
    assert not WORDS.search(FACTS.sub("", said))
    assert [fact for fact in facts if fact not in said] == []
    assert phrase(raised.value, ENGLISH) == str(raised.value)


@pytest.fixture(scope="module")
def dataset() -> PairDataset:
    pairs = tuple(Pair(f"a{i}", f"b{i}", i) for i in range(9))
    rows = (RejectedRow(11, "its {b} is empty"), RejectedRow(12, "it is not valid JSON"))
    return PairDataset("rows", "text-text", pairs, rows, ("a", "b"), ("a", "b"))


def test_findings_and_rows_left_out_are_told_in_korean(dataset: PairDataset) -> None:
    findings = find_findings(dataset, batch_size=32, r=8, smallest_side=4)
    value = preview_value(dataset, 2, findings, KOREAN)
    texts = [text for each in value["findings"] for text in (each["title"], each["way_out"])]
    assert len(texts) == 2 * len(findings)
    assert all(HANGUL.search(text) and not WORDS.search(text) for text in texts)
    assert value["rejected"] == ["11행: {b} 칸이 비어 있습니다.", "12행: 올바른 JSON이 아닙니다."]


def test_findings_stay_english_on_the_english_page(dataset: PairDataset) -> None:
    findings = find_findings(dataset, batch_size=32, r=8)
    assert preview_value(dataset, 2, findings, ENGLISH)["findings"] == [vars(f) for f in findings]


def test_an_obstacle_is_told_in_either_language() -> None:
    found = Finding("error", "r = 64 is larger than a layer's smaller side (48)",
                    "Choose r = 48 or less: more adds no rank.")  # fmt: skip
    obstacle = Plan(RunConfig("m", "p"), None, 0.0, (found,)).obstacle
    assert phrase(obstacle, ENGLISH) == str(obstacle) == f"{found.title}. {found.way_out}"
    assert phrase(obstacle, KOREAN) == (
        "r = 64: 레이어의 짧은 변(48)보다 큽니다. r을 48 이하로 정하세요. 더 키워도 랭크는 "
        "늘지 않습니다."
    )


ENDED = (
    "the gradient became inf after step 3 of 9, and the last good adapter is kept; lower the "
    "learning rate (it was 0.01) or alpha, or train in fp32"
)


def says_why(text: str) -> bool:
    facts = ("3/9", "기울기", "inf", "0.01", "남아 있습니다")
    return not WORDS.search(text) and all(fact in text for fact in facts)


def test_the_status_says_why_a_run_ended_early() -> None:
    outcome = SimpleNamespace(status="failed", error=ENDED, steps=[SimpleNamespace(step=3)])
    result = SimpleNamespace(outcome=outcome)
    done = SimpleNamespace(state="done", result=result, stopped_by=None)
    assert says_why(status_value(done, KOREAN)["text"])


@pytest.mark.usefixtures("one_thread")
def test_the_report_says_why_a_run_ended_early(config_of: dict[str, RunConfig]) -> None:
    outcome = replace(run_experiment(config_of["bert"]), status="failed", error=ENDED)
    assert says_why(
        report_data(outcome, [], difference=0.0, language="ko").subtitle.split(" · ")[0]
    )
