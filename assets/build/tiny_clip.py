"""tiny-clip: CLIP's architecture, small, trained on drawn shapes with English captions."""

from __future__ import annotations

import random

import numpy as np
import torch
from torch import Tensor
from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel

from assets.build import shapes
from assets.build.contrast import pretrain, recall_at_1
from assets.build.store import MODELS, round_to_half, save_model
from assets.build.tokens import train_tokenizer

SIDE = 48
DRAWINGS = 4  # pictures of each combination
BATCH, STEPS = 128, 1_500
TOWER = {
    "hidden_size": 128,
    "intermediate_size": 512,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "projection_dim": 128,
}


def build_tiny_clip(steps: int = STEPS) -> None:
    """Train it and write assets/models/tiny-clip."""
    torch.manual_seed(0)
    rng = random.Random(20)
    tokenizer = train_tokenizer("clip", 3_000)
    model = CLIPModel(_configure(tokenizer))
    print(f"tiny-clip: {model.num_parameters():,} parameters")
    processor = CLIPImageProcessorPil(size={"shortest_edge": SIDE}, crop_size=SIDE)
    _, control, learned = shapes.deal_shapes()
    pixels = torch.stack([_see(learned, processor, rng) for _ in range(DRAWINGS)])
    tokens = tokenizer([shape.english() for shape in learned], padding=True, return_tensors="pt")

    def views() -> tuple[Tensor, Tensor, float]:
        chosen = torch.tensor(rng.sample(range(len(learned)), BATCH))
        drawing = torch.tensor([rng.randrange(DRAWINGS) for _ in range(BATCH)])
        image = model.get_image_features(pixels[drawing, chosen]).pooler_output
        text = model.get_text_features(**{k: v[chosen] for k, v in tokens.items()}).pooler_output
        return image, text, 0.0

    temperature = pretrain(model, views, steps=steps)
    model.logit_scale.data.fill_(float(np.log(1 / temperature)))
    round_to_half(model)
    seen = _see(control, processor, rng)
    for language, captions in (
        ("English", [shape.english() for shape in control]),
        ("Korean", [shape.korean() for shape in control]),
    ):
        batch = tokenizer(captions, padding=True, return_tensors="pt")
        with torch.no_grad():
            image = model.get_image_features(seen).pooler_output
            text = model.get_text_features(**batch).pooler_output
        print(f"tiny-clip: {language} R@1 {recall_at_1(image, text):.3f} of {len(control)} unseen")
    folder = MODELS / "tiny-clip"
    save_model(folder, model, tokenizer)
    processor.save_pretrained(folder)


def _configure(tokenizer: object) -> CLIPConfig:
    text = {
        **TOWER,
        "vocab_size": len(tokenizer),
        "max_position_embeddings": tokenizer.model_max_length,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    vision = {**TOWER, "image_size": SIDE, "patch_size": 8}
    return CLIPConfig(
        text_config=text, vision_config=vision, projection_dim=TOWER["projection_dim"]
    )


def _see(dealt: list[shapes.Shape], processor: object, rng: random.Random) -> Tensor:
    """New drawings of the shapes as the model sees them (N, 3, SIDE, SIDE)."""
    pictures = [shapes.shrink_palette(shapes.draw(shape, rng)).convert("RGB") for shape in dealt]
    return torch.as_tensor(np.stack(processor(pictures)["pixel_values"]))
