"""One tokenizer, many visitors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from transformers import AutoTokenizer

from lab.encoders import load_encoder
from lab.encoders.tokens import TextTokenizer


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


BATCHES = [
    ["red star", "a"],
    ["a", "the large blue square at the top", "red star"],
    ["", "a"],
    [""],
    ["red " * 600, "빨간 별"],
    ["star"],
]


@pytest.mark.parametrize("family", ["bert", "gpt2", "clip"])
@pytest.mark.parametrize("padding_side", ["right", "left"])
@pytest.mark.parametrize("room", [0, 3, 1 << 24])
def test_batches_are_the_tokenizers_own_whatever_is_cached(
    family: str, padding_side: str, room: int, checkpoints: dict[str, Path]
) -> None:
    theirs = AutoTokenizer.from_pretrained(checkpoints[family])
    theirs.pad_token = theirs.pad_token or theirs.eos_token
    theirs.padding_side = padding_side
    ours = TextTokenizer(theirs, max_length=12, vocabulary=len(theirs), cached_tokens=room)
    for texts in [*BATCHES, *BATCHES]:
        given = ours(texts)
        expected = theirs(texts, padding=True, truncation=True, max_length=12, return_tensors="pt")
        ids, mask = expected["input_ids"].long(), expected["attention_mask"].long()
        if not all(mask.any(1)):  # a text of no tokens: one padding token of it counts
            assert given["attention_mask"].sum(1).tolist() == mask.sum(1).clamp(min=1).tolist()
            assert (given["input_ids"] == theirs.pad_token_id).any(1).tolist()[0]
        else:
            assert torch.equal(given["input_ids"], ids)
            assert torch.equal(given["attention_mask"], mask)


def test_text_is_tokenized_once_while_there_is_room(
    bert_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokenizer = load_encoder(bert_folder).tokenizer
    told: list[str] = []
    tokenize = tokenizer._tokenize
    monkeypatch.setattr(tokenizer, "_tokenize", lambda new: [told.extend(new), tokenize(new)][1])
    for texts in (["a", "red", "a"], ["red", "blue"], ["a", "blue"]):
        tokenizer(texts)
    assert told == ["a", "red", "blue"]


def test_counting_leaves_truncation_as_it_was(bert_folder: Path) -> None:
    encoder = load_encoder(bert_folder)
    long = ["red " * 500]
    before = encoder.preprocess(long, "a")["input_ids"]
    assert encoder.tokenizer.count_truncated(long) == 1
    assert torch.equal(encoder.preprocess(long, "a")["input_ids"], before)


@pytest.mark.parametrize("padding_side", ["right", "left"])
@pytest.mark.parametrize(
    ("multiple", "widths"), [(1, (3, 7, 12)), (8, (8, 8, 12)), (5, (5, 10, 12))]
)
def test_texts_are_padded_to_a_multiple_that_the_model_takes(
    padding_side: str, multiple: int, widths: tuple[int, ...], checkpoints: dict[str, Path]
) -> None:
    theirs = AutoTokenizer.from_pretrained(checkpoints["bert"])
    theirs.padding_side = padding_side
    ours = TextTokenizer(theirs, max_length=12, vocabulary=len(theirs))
    for words, width in zip((1, 5, 600), widths, strict=True):
        texts = ["red", "red " * words]
        given, plain = ours(texts, multiple), ours(texts)
        more = width - plain["input_ids"].shape[1]
        side = (more, 0) if padding_side == "left" else (0, more)
        for name, fill in (("input_ids", theirs.pad_token_id), ("attention_mask", 0)):
            expected = torch.nn.functional.pad(plain[name], side, value=fill)
            assert torch.equal(given[name], expected)
