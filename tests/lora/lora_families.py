"""Tiny random models of every family, with inputs and a number-valued task."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import (
    BertConfig,
    BertModel,
    CLIPConfig,
    CLIPModel,
    DistilBertConfig,
    DistilBertModel,
    GPT2Config,
    GPT2Model,
    XLMRobertaConfig,
    XLMRobertaModel,
)

from lab.lora import LoRAConfig, lora_state_dict

WIDTH = 16


@dataclass(frozen=True)
class Family:
    """build() makes the model; targets name all its adaptable layer kinds; embed runs it."""

    build: Callable[[], nn.Module]
    targets: tuple[str, ...]
    narrowed: str
    embed: Callable[[nn.Module], Tensor]


def _tokens() -> Tensor:
    return torch.randint(3, 50, (4, 7), generator=torch.Generator().manual_seed(1))


def _embed_text(model: nn.Module) -> Tensor:
    tokens = _tokens()
    output = model(input_ids=tokens, attention_mask=torch.ones_like(tokens))
    return output.last_hidden_state.mean(1)  # (4, D)


def _embed_both(model: nn.Module) -> Tensor:
    pixels = torch.randn(4, 3, 8, 8, generator=torch.Generator().manual_seed(2))
    tokens = _tokens()
    mask = torch.ones_like(tokens)
    output = model(input_ids=tokens, pixel_values=pixels, attention_mask=mask)
    return torch.cat([output.image_embeds, output.text_embeds])  # (8, D)


def _bert_sizes() -> dict[str, int]:
    return {
        "vocab_size": 50,
        "hidden_size": WIDTH,
        "num_hidden_layers": 3,
        "num_attention_heads": 2,
        "intermediate_size": 2 * WIDTH,
    }


def _build_clip() -> nn.Module:
    tower = {k: v for k, v in _bert_sizes().items() if k != "vocab_size"}
    text = tower | {"vocab_size": 50, "max_position_embeddings": 16, "eos_token_id": 49}
    vision = tower | {"image_size": 8, "patch_size": 4}
    return CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=WIDTH))


def _build_gpt2() -> nn.Module:
    return GPT2Model(GPT2Config(vocab_size=50, n_positions=16, n_embd=WIDTH, n_layer=3, n_head=2))


def _build_distilbert() -> nn.Module:
    sizes = {"dim": WIDTH, "n_layers": 3, "n_heads": 2, "hidden_dim": 2 * WIDTH}
    return DistilBertModel(DistilBertConfig(vocab_size=50, **sizes))


FAMILIES = {
    "clip": Family(
        _build_clip,
        ("q_proj", "k_proj", "v_proj", "out_proj", "fc1", "text_projection"),
        r"text_model\..*\.(0|1)\..*\.(q_proj|v_proj)",
        _embed_both,
    ),
    "gpt2": Family(_build_gpt2, ("c_attn", "c_proj", "c_fc"), r"h\.0\.attn\.c_attn", _embed_text),
    "bert": Family(
        lambda: BertModel(BertConfig(**_bert_sizes())),
        ("query", "value", "attention.output.dense", "intermediate.dense"),
        r".*\.[12]\.output\.dense",
        _embed_text,
    ),
    "xlm-roberta": Family(
        lambda: XLMRobertaModel(XLMRobertaConfig(**_bert_sizes(), max_position_embeddings=16)),
        ("query", "key", "dense"),
        r"encoder\.layer\.2\..*(query|key)",
        _embed_text,
    ),
    "distilbert": Family(
        _build_distilbert, ("q_lin", "lin1"), r"transformer\.layer\.0\.ffn\.lin[12]", _embed_text
    ),
}


def build(name: str, seed: int = 0) -> nn.Module:
    """A model of the family, random by the seed, frozen, in eval mode."""
    torch.manual_seed(seed)
    model = FAMILIES[name].build()
    # Biases start as zero in most models, where a mistake with one would not show.
    for path, parameter in model.named_parameters():
        if path.endswith("bias"):
            nn.init.normal_(parameter, std=0.1)
    return model.eval().requires_grad_(False)


def fingerprint(model: nn.Module) -> str:
    """SHA-256 of every parameter's bytes."""
    digest = hashlib.sha256()
    for path, tensor in model.named_parameters():
        digest.update(path.encode() + tensor.detach().contiguous().numpy().tobytes())
    return digest.hexdigest()


def draw_adapter(model: nn.Module, config: LoRAConfig) -> None:
    """Random factors and biases, larger than a few steps would make them."""
    for tensor in lora_state_dict(model, config.bias).values():
        nn.init.normal_(tensor, std=0.3)


def train(
    model: nn.Module,
    embed: Callable[[nn.Module], Tensor],
    steps: int,
    optimizer: torch.optim.Optimizer | None = None,
) -> list[float]:
    """The losses of AdamW towards random targets; dropout of the base stays off."""
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = optimizer or torch.optim.AdamW(trained, lr=5e-3)
    goal = None
    losses = []
    for _ in range(steps):
        y = embed(model)
        if goal is None:
            goal = torch.randn(y.shape, generator=torch.Generator().manual_seed(3))
        loss = (y - goal).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
