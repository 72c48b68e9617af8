"""An epoch over 2,000 pictures with only the text tower adapted: from the second on, and uncached.

    PYTHONPATH=. python tests/benchmarks/image_cache.py

CLIP ViT-B/32 with random weights, pictures of 480 x 360 pixels, r = 16 on the text tower's q, k, v
and out projections, batch 64. Cached: the run as it comes, whose first epoch decodes, resizes and
embeds every picture once. Uncached: every batch decodes, resizes and embeds its pictures again.
"""

from __future__ import annotations

import csv
import io
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.data import load_pairs
from lab.data.dataset import PairDataset
from lab.encoders import load_encoder
from lab.training.losses import info_nce
from lab.training.session import inject
from lab.training.trainer import Trainer
from tests.benchmarks.machine import describe_machine

PICTURES, BATCH = 2_000, 64
TARGETS = r"text_model\..*\.(q_proj|k_proj|v_proj|out_proj)"
TOKENIZER = Path(__file__).parents[2] / "assets" / "models" / "tiny-clip"


def write_model(folder: Path) -> None:
    """CLIP ViT-B/32 from its configuration, beside tiny-clip's tokenizer."""
    from transformers import AutoTokenizer, CLIPConfig, CLIPImageProcessorPil, CLIPModel

    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(TOKENIZER)
    ids = {
        name: getattr(tokenizer, name) for name in ("bos_token_id", "eos_token_id", "pad_token_id")
    }
    CLIPModel(CLIPConfig(projection_dim=512, text_config=ids)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    CLIPImageProcessorPil().save_pretrained(folder)


def write_pairs(path: Path) -> None:
    """Random pictures, smooth enough to be JPEG, and a caption each."""
    random = np.random.default_rng(0)
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["image", "text"])
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(PICTURES):
            small = random.integers(0, 256, (9, 12, 3), dtype=np.uint8)
            encoded = io.BytesIO()
            Image.fromarray(small).resize((480, 360), Image.Resampling.BICUBIC).save(
                encoded, "JPEG"
            )
            archive.writestr(f"{number}.jpg", encoded.getvalue())
            writer.writerow([f"{number}.jpg", f"picture number {number}"])
        archive.writestr("metadata.csv", table.getvalue())


def time_uncached_epoch(trainer: Trainer, pairs: PairDataset) -> float:
    """One epoch with nothing kept between batches."""
    encoder = trainer.encoder
    began = time.perf_counter()
    for batch in trainer.plan[0]:
        with torch.no_grad():
            a = encoder.embed(encoder.preprocess([pairs.pairs[i].a for i in batch], "a"), "a")
        b = encoder.embed(encoder.preprocess([pairs.pairs[i].b for i in batch], "b"), "b")
        info_nce(a, b, 0.07).backward()
        trainer.update.optimizer.step()
        trainer.update.optimizer.zero_grad()
    return time.perf_counter() - began


def main() -> None:
    """Print the table."""
    print(describe_machine(), "\n")
    with tempfile.TemporaryDirectory() as scratch:
        model, file = Path(scratch) / "model", Path(scratch) / "pairs.zip"
        write_model(model)
        write_pairs(file)
        pairs = load_pairs(str(file))
        lora = LoRAConfig(r=16, lora_alpha=32, target_modules=TARGETS)
        settings = TrainConfig(epochs=3, batch_size=BATCH, precision="fp32")
        config = RunConfig(str(model), str(file), lora, settings)
        encoder = inject(load_encoder(model), config)
        trainer = Trainer(encoder, pairs, settings)
        epochs = []
        for batches in trainer.plan:
            began = time.perf_counter()
            for batch in batches:
                trainer.step(batch)
            epochs.append(time.perf_counter() - began)
        uncached = time_uncached_epoch(trainer, pairs)
    print("| epoch | seconds | of the uncached one |\n|---|---|---|")
    names = ("first", "second", "third")
    for name, seconds in [*zip(names, epochs, strict=True), ("uncached", uncached)]:
        print(f"| {name} | {seconds:.1f} s | {seconds / uncached:.2f} |")


if __name__ == "__main__":
    main()
