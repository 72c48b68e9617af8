"""Texts -> token ids, for any number of visitors at once.

Knows nothing of what the ids are fed to.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from lab.encoders.folder import explain
from lab.encoders.tokenizer_file import check_tokenizer_files
from lab.errors import ModelError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

VOCABULARY_FILES = (
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "sentencepiece.bpe.model",
    "spiece.model",
)


PROBE = "a \u2603"  # a letter, and a sign that most vocabularies lack
CACHED_TOKENS = 1 << 24  # 64 MB of numbers


class TextTokenizer:
    """A tokenizer with its length limit; each text is tokenized once and padded per batch.

    A fast tokenizer keeps truncation and padding as state of one shared object, so that two
    threads with different settings get each other's; the lock lets one batch in at a time.

    vocabulary: rows of the model's token embedding; a token past them would be another row's, or
    stop the device for everyone.
    cached_tokens: the most that are kept; when they are reached, all are dropped.
    """

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        max_length: int,
        vocabulary: int,
        prompt: str = "",
        cached_tokens: int = CACHED_TOKENS,
    ) -> None:
        self.max_length = max_length  # in tokens, special ones included; longer texts are cut
        self._tokenizer = tokenizer
        self._vocabulary = vocabulary
        self._prompt = prompt
        self._lock = threading.Lock()
        self._known: dict[str, np.ndarray] = {}  # text -> its ids (T,)
        self._cached_tokens = self._room = cached_tokens

    def __getstate__(self) -> dict[str, object]:
        """In another process nobody waits for a lock of this one."""
        return {name: value for name, value in vars(self).items() if name != "_lock"}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state, _lock=threading.Lock())

    def __call__(self, texts: Sequence[str], multiple_of: int = 1) -> dict[str, Tensor]:
        """input_ids and attention_mask (B, T).

        T: the longest text of the batch, up to the next multiple that is no longer than
        max_length.
        """
        with self._lock:
            rows = self._find(texts)
        longest = max(1, *map(len, rows))
        width = max(longest, min(-(-longest // multiple_of) * multiple_of, self.max_length))
        left = self._tokenizer.padding_side == "left"
        return _pad(rows, width, self._tokenizer.pad_token_id, left)

    def _find(self, texts: Sequence[str]) -> list[np.ndarray]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        found = dict(zip(new, self._tokenize(new), strict=True)) if new else {}
        rows = [found[text] if text in found else self._known[text] for text in texts]
        self._keep(found)
        return rows

    def _tokenize(self, texts: Sequence[str]) -> list[np.ndarray]:
        batch = self._tokenizer(
            [self._prompt + text for text in texts], truncation=True, max_length=self.max_length
        )
        rows = [np.array(ids, dtype=np.int64) for ids in batch["input_ids"]]
        highest = max((int(row.max()) for row in rows if len(row)), default=0)
        if max(highest, self._tokenizer.pad_token_id) >= self._vocabulary:
            raise ModelError(
                f"the tokenizer gives token {highest:,} and the model has {self._vocabulary:,}; "
                "save the tokenizer that belongs to the model"
            )
        return [row.astype(np.int32) for row in rows]

    def _keep(self, found: dict[str, np.ndarray]) -> None:
        size = sum(map(len, found.values()))
        if size > self._room:
            self._known, self._room = {}, self._cached_tokens
        if size <= self._room:
            self._known.update(found)
            self._room -= size

    def count_truncated(self, texts: Sequence[str]) -> int:
        """How many of the texts are longer than `max_length` and lose their end."""
        with self._lock:
            batch = self._tokenizer(
                [self._prompt + text for text in texts], truncation=False, verbose=False
            )
        return sum(len(ids) > self.max_length for ids in batch["input_ids"])


def _pad(rows: Sequence[np.ndarray], width: int, pad_id: int, left: bool) -> dict[str, Tensor]:
    """Rows of ids (T,) as one batch (B, T); the mask is 1 where there is a token.

    A text of no tokens (GPT-2 adds none of its own) is one padding token that counts.
    """
    empty = np.array([pad_id], dtype=np.int32)
    rows = [row if len(row) else empty for row in rows]
    ids = np.full((len(rows), width), pad_id, dtype=np.int64)  # (B, T)
    mask = np.zeros_like(ids)  # (B, T)
    for i, row in enumerate(rows):
        place = slice(width - len(row), None) if left else slice(len(row))
        ids[i, place], mask[i, place] = row, 1
    return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}


def load_tokenizer(
    folder: Path,
    name: str,
    *,
    positions: int,
    vocabulary: int,
    max_length: int | None = None,
    lower: bool = False,
    prompt: str = "",
    pad_right: bool = False,
) -> TextTokenizer:
    """Read a folder's tokenizer.

    positions: tokens the model has positions for. vocabulary: rows of its token embedding.
    max_length: the folder's own limit; None: the tokenizer's. lower: lower-case the text first.
    Raises ModelError when it is missing, broken, of another model, or not safe to use.
    """
    from transformers import AutoTokenizer

    if not any((folder / file).is_file() for file in VOCABULARY_FILES):
        raise ModelError(
            f"{name!r} has no tokenizer; save one beside the model (tokenizer.json), as "
            "tokenizer.save_pretrained does"
        )
    check_tokenizer_files(folder, name)
    with explain(name, folder, "its tokenizer cannot be read"):
        tokenizer = AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
    if tokenizer.pad_token_id is None:
        # The mask hides it, so any token serves; GPT-2's only special one is its end of text.
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.convert_ids_to_tokens(0)
    if pad_right:
        tokenizer.padding_side = "right"
    if lower:
        _lower_case(tokenizer)
    if len(tokenizer) > vocabulary:
        raise ModelError(
            f"{name!r} has a tokenizer of {len(tokenizer):,} tokens but a model of "
            f"{vocabulary:,}; save the tokenizer that belongs to the model"
        )
    length = min(tokenizer.model_max_length if max_length is None else max_length, positions)
    if length <= tokenizer.num_special_tokens_to_add():
        raise ModelError(
            f"{name!r} reads {length} tokens of a text, which leaves none for its words; mend "
            "model_max_length or max_seq_length"
        )
    texts = TextTokenizer(tokenizer, length, vocabulary, prompt)
    texts([PROBE])
    return texts


def _lower_case(tokenizer: PreTrainedTokenizerBase) -> None:
    """Lower-case before all else, as sentence-transformers' do_lower_case does."""
    from tokenizers.normalizers import Lowercase, Sequence

    backend = tokenizer.backend_tokenizer
    own = [backend.normalizer] if backend.normalizer is not None else []
    backend.normalizer = Sequence([Lowercase(), *own])
