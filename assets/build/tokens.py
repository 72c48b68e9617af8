"""Tokenizers in the layouts of CLIP, BERT and GPT-2, trained on English and Korean words.

The models learn no Korean; their tokenizers know its words all the same, as those of large
multilingual vocabularies do, so that a Korean sentence is more than unknown tokens.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from assets.build import cldr, scenes, shapes

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

MAX_TOKENS = 48


def train_tokenizer(
    layout: str, size: int, languages: Iterable[str] = (), texts: Iterable[str] = ()
) -> PreTrainedTokenizerFast:
    """A tokenizer with `size` tokens in the layout "clip", "bert" or "gpt2".

    It learns from the words of the drawn and told scenes, and from CLDR's names in English,
    Korean and `languages`; `texts` are further texts to learn from.
    """
    from transformers import BertTokenizer, CLIPTokenizer, GPT2Tokenizer

    empty = {
        "clip": lambda: CLIPTokenizer(),
        # Without accents Hangul would fall apart into single letters.
        "bert": lambda: BertTokenizer(strip_accents=False),
        "gpt2": lambda: GPT2Tokenizer(),
    }[layout]()
    corpus = [*texts, *_collect_texts()]
    for language in ("en", "ko", *languages):
        corpus += cldr.read_emoji_names(language).values()
    tokenizer = empty.train_new_from_iterator(corpus, size, show_progress=False)
    tokenizer.model_max_length = MAX_TOKENS
    if layout == "gpt2":
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def _collect_texts() -> list[str]:
    """Every word of the drawn and told scenes, often enough to become a token of its own."""
    texts = [
        text
        for shape in shapes.deal_shapes()[2][:200]
        for text in (shape.english(), shape.korean())
    ]
    for scene in scenes.draw_distinct(200, seed=5):
        texts += [scenes.tell_english(scene, i) for i in range(scenes.ENGLISH_PATTERNS)]
        texts += [scenes.tell_korean(scene, i) for i in range(scenes.KOREAN_PATTERNS)]
    return texts
