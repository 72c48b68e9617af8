"""tiny-gpt2: GPT-2's architecture, small, trained on scenes told in different ways.

Next-token prediction beside contrastive learning of the last token, which in a causal model
is the only one that has seen the whole text. It reads English and Korean, each by itself: with
English alone, prediction pushes the embeddings of all Korean tokens, which are never right, into
one direction, and no adapter on the layers above can tell them apart again.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor
from transformers import GPT2Config, GPT2Model

from assets.build.contrast import pretrain
from assets.build.measure import measure_text
from assets.build.paraphrases import SceneSource
from assets.build.store import MODELS, round_to_half, save_model
from assets.build.tokens import train_tokenizer
from lab.encoders.pooling import last

BATCH, STEPS = 64, 300  # scenes a language and step


def build_tiny_gpt2(steps: int = STEPS) -> None:
    """Train it and write assets/models/tiny-gpt2."""
    torch.manual_seed(0)
    tokenizer = train_tokenizer("gpt2", 4_000)
    model = GPT2Model(_configure(tokenizer))
    print(f"tiny-gpt2: {model.num_parameters():,} parameters")
    english, korean = SceneSource(seed=40), SceneSource(seed=41, languages=("ko",))

    def read(texts: list[str]) -> tuple[Tensor, Tensor]:
        batch = tokenizer(texts, padding=True, return_tensors="pt")
        ids, mask = batch["input_ids"], batch["attention_mask"]
        hidden = model(ids, attention_mask=mask, use_cache=False).last_hidden_state  # (B, T, H)
        guesses = hidden[:, :-1] @ model.wte.weight.T
        targets = ids[:, 1:].masked_fill(mask[:, 1:] == 0, -100)
        return last(hidden, mask), F.cross_entropy(guesses.transpose(1, 2), targets)

    def views() -> tuple[Tensor, Tensor, Tensor]:
        (one, other), (ko_one, ko_other) = english(BATCH), korean(BATCH)
        a, guessing_a = read(one + ko_one)
        b, guessing_b = read(other + ko_other)
        return a, b, 0.1 * (guessing_a + guessing_b)

    pretrain(model, views, steps=steps)
    round_to_half(model)
    save_model(MODELS / "tiny-gpt2", model, tokenizer)
    measure_text("tiny-gpt2")


def _configure(tokenizer: object) -> GPT2Config:
    return GPT2Config(
        vocab_size=len(tokenizer),
        n_positions=64,
        n_embd=128,
        n_layer=4,
        n_head=4,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
