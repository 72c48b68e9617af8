"""What a stranger's tokenizer.json may ask for: nothing that takes very long or fills memory.

The file says which steps every text goes through. The tokenizers library runs them as they are,
regular expressions among them, on an engine that backtracks: 20 characters of expression cost a
text of 160 characters 15 s, which nothing can interrupt. So only expressions that models are known
to come with are let through; a test holds each to a second on the longest text.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lab.encoders.folder import read_settings
from lab.errors import ModelError

MOST_BYTES = 64 << 20  # of the file; vocabularies of 250,000 tokens take 17 MB
MOST_STEPS = 100  # JSON objects in what is not vocabulary; models have some 20
MOST_CHARACTERS = 1  # that a step puts in the place of another text, or before it
MOST_IN_WORD = 1_000  # characters; WordPiece takes a time that grows with their cube
STEPS = ("normalizer", "pre_tokenizer", "post_processor")

_CLIP = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
EXPRESSIONS = frozenset(
    {
        # Runs of spaces, and signs for one: transformers' convert_slow_tokenizer.py and its models'
        # tokenization_*.py (sentencepiece models, such as XLM-RoBERTa and CamemBERT).
        r"\s+",
        r" {2,}",
        r"[\n\r\t]",
        r"\s{2,}|[\n\r\t]",
        r"\n",
        r" +▁",
        r"^▁+$",
        # Words: CLIP, OpenAI's GPT-2 (as encoder.py spells it) and GPT-4 (tiktoken's cl100k_base).
        _CLIP,
        r"<\|startoftext\|>|<\|endoftext\|>|" + _CLIP,
        r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        # Digits one by one.
        r"\d",
        r"\p{N}",
        r"[0-9]",
    }
)


def check_tokenizer_files(folder: Path, name: str) -> None:
    """Refuse what is not safe to load, before the library reads it.

    Raises ModelError for an expression that no known model has, for a step that may let a text
    grow, for too many steps, and for words without a limit.
    """
    # transformers may choose tokenizer.4.0.json beside tokenizer.json.
    for path in sorted(folder.glob("tokenizer.*json")):
        settings = read_settings(path, name, MOST_BYTES)
        steps = list(_objects([settings.get(part) for part in STEPS]))
        for expression in (str(step["Regex"]) for step in steps if "Regex" in step):
            if expression not in EXPRESSIONS:
                raise ModelError(
                    f"{name!r} has a tokenizer with the expression {expression[:80]!r}, which "
                    "the lab does not know and which may take very long; choose another model"
                )
        if len(steps) > MOST_STEPS or any(map(_grows, steps)) or _has_long_words(settings):
            raise ModelError(
                f"{name!r} has a tokenizer whose steps may take very long or fill the memory; "
                "choose another model"
            )


def _objects(part: Any) -> Iterator[dict[str, Any]]:
    """All JSON objects in a part, at any depth."""
    waiting = [part]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
        if isinstance(part, dict | list):
            waiting += part.values() if isinstance(part, dict) else part


def _grows(step: dict[str, Any]) -> bool:
    """Whether a Replace or a Prepend makes texts longer, which a chain of them does without end."""
    inserted = [step.get("prepend", ""), step.get("content", "") if "pattern" in step else ""]
    return any(len(str(text)) > MOST_CHARACTERS for text in inserted)


def _has_long_words(settings: dict[str, Any]) -> bool:
    model = settings.get("model")
    most = model.get("max_input_chars_per_word", 0) if isinstance(model, dict) else 0
    return not (isinstance(most, int) and most <= MOST_IN_WORD)
