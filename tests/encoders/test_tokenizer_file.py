"""A stranger's tokenizer.json: what known models have is read, what may never end is not."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Regex
from tokenizers.pre_tokenizers import Split

from lab.data.limits import Limits
from lab.encoders import load_encoder
from lab.encoders.registry import CATALOGUE, bundled_models_dir
from lab.encoders.tokenizer_file import (
    EXPRESSIONS,
    MOST_IN_WORD,
    MOST_STEPS,
    check_tokenizer_files,
)
from lab.errors import ModelError

LONG = Limits().text_characters
TEXTS = {
    "spaces": " " * LONG,
    "spaces and a letter": " " * (LONG - 1) + "a",
    "lines": "\n" * LONG,
    "spaces and lines": " \n" * (LONG // 2),
    "letters": "a" * LONG,
    "digits": "7" * LONG,
    "signs": "!" * LONG,
    "apostrophes": "'" * LONG,
    "meta spaces": "▁" * (LONG - 1) + "a",
    "words": "it's 7 " * (LONG // 7),
}
SLOW = r"(?:.|.){20}(?<=b)"


def write(folder: Path, **settings: Any) -> Path:
    (folder / "tokenizer.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder


def split(expression: Any) -> dict[str, Any]:
    return {"type": "Split", "pattern": {"Regex": expression}, "behavior": "Isolated"}


def sequence(*steps: Any) -> dict[str, Any]:
    return {"type": "Sequence", "normalizers": list(steps)}


@pytest.mark.parametrize("expression", sorted(EXPRESSIONS))
def test_a_known_expression_takes_no_second_on_the_longest_text(expression: str) -> None:
    step = Split(Regex(expression), "isolated")
    for what, text in TEXTS.items():
        begin = time.process_time()
        step.pre_tokenize_str(text)
        assert time.process_time() - begin < 1.0, what


@pytest.mark.parametrize("name", [row.name for row in CATALOGUE if row.bundled])
def test_the_bundled_models_are_let_through(name: str) -> None:
    check_tokenizer_files(bundled_models_dir() / name, name)


@pytest.mark.parametrize("kind", ["bert", "gpt2", "clip"])
def test_what_transformers_saves_is_let_through(kind: str, checkpoints: dict[str, Path]) -> None:
    assert list(checkpoints[kind].glob("tokenizer.json"))
    check_tokenizer_files(checkpoints[kind], kind)


@pytest.mark.parametrize("part", ["normalizer", "pre_tokenizer", "post_processor"])
@pytest.mark.parametrize("expression", [SLOW, "", ["\\s+"], {"a": 1}, None, "\u202e" * 10**6])
def test_an_unknown_expression_is_named_and_refused(
    tmp_path: Path, part: str, expression: Any
) -> None:
    folder = write(tmp_path, **{part: sequence(sequence(split(expression)))})
    with pytest.raises(ModelError, match="expression") as error:
        check_tokenizer_files(folder, "hers")
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 700


@pytest.mark.parametrize(
    "settings",
    [
        {"normalizer": {"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}},
        {"normalizer": {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": "  "}},
        {"normalizer": sequence({"type": "Prepend", "prepend": "a" * 1000})},
        {"normalizer": sequence(*[{"type": "NFKC"}] * MOST_STEPS)},
        {"model": {"type": "WordPiece", "max_input_chars_per_word": MOST_IN_WORD + 1}},
        {"model": {"max_input_chars_per_word": 1e9}},
    ],
    ids=repr,
)
def test_steps_without_a_limit_are_refused(tmp_path: Path, settings: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="very long or fill the memory"):
        check_tokenizer_files(write(tmp_path, **settings), "hers")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"normalizer": None, "pre_tokenizer": 7, "post_processor": ["a"], "model": []},
        {"normalizer": {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": "▁"}},
        {"normalizer": sequence({"type": "Prepend", "prepend": "▁"})},
        {"added_tokens": [{"id": 0, "content": "<|endoftext|>", "normalized": True}]},
        {"model": {"type": "WordPiece", "max_input_chars_per_word": 100}},
    ],
    ids=repr,
)
def test_all_else_is_left_to_the_library(tmp_path: Path, settings: dict[str, Any]) -> None:
    check_tokenizer_files(write(tmp_path, **settings), "hers")


def test_the_file_that_transformers_may_choose_instead_is_checked_too(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.4.0.json").write_text(json.dumps({"pre_tokenizer": split(SLOW)}))
    with pytest.raises(ModelError, match="expression"):
        check_tokenizer_files(write(tmp_path), "hers")


def test_a_model_is_refused_before_its_expression_has_run(bert_folder: Path) -> None:
    """An added token goes through the normalizer as the library reads the file."""
    file = bert_folder / "tokenizer.json"
    settings = json.loads(file.read_text("utf-8"))
    slow = {"type": "Replace", "pattern": {"Regex": SLOW}, "content": ""}
    token = {**settings["added_tokens"][0], "id": 999, "content": "a" * 160, "normalized": True}
    settings |= {"normalizer": slow, "added_tokens": [*settings["added_tokens"], token]}
    file.write_text(json.dumps(settings), encoding="utf-8")
    begin = time.process_time()
    with pytest.raises(ModelError, match="expression"):
        load_encoder(bert_folder)
    assert time.process_time() - begin < 10.0
