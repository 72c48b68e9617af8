"""One tokenizer, many visitors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch

from lab.encoders import load_encoder


def test_many_threads_get_what_one_gets(bert_folder: Path) -> None:
    encoder = load_encoder(bert_folder)
    batches = [["red " * (1 + (n * 7) % 190), "star"] for n in range(400)]
    expected = [encoder.preprocess(batch, "a") for batch in batches]

    def visit(number: int) -> dict[str, torch.Tensor]:
        if number % 2:  # sets another truncation, which is the state that all calls share
            encoder.tokenizer.count_truncated(batches[number])
        return encoder.preprocess(batches[number], "a")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(visit, range(len(batches))))
    for one, other in zip(found, expected, strict=True):
        assert one.keys() == other.keys()
        assert all(torch.equal(one[name], other[name]) for name in one)


def test_counting_leaves_truncation_as_it_was(bert_folder: Path) -> None:
    encoder = load_encoder(bert_folder)
    long = ["red " * 500]
    before = encoder.preprocess(long, "a")["input_ids"]
    assert encoder.tokenizer.count_truncated(long) == 1
    assert torch.equal(encoder.preprocess(long, "a")["input_ids"], before)
