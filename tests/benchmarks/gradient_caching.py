"""Peak memory of a step over 1,024 pairs by gradient caching, against a plain step over 64.

    PYTHONPATH=. python tests/benchmarks/gradient_caching.py

MiniLM's shape (6 layers, 384 wide) with random weights on captions-en-ko, r = 16 on query, key,
value and dense, chunks of 64. One process a run; its peak as the kernel counts it, and what of it
is above the memory that was held before the first step.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import torch

from tests.benchmarks.machine import describe_machine

TOKENIZER = Path(__file__).parents[2] / "assets" / "models" / "tiny-bert"
RUNS = {"64, plain": (64, None), "1,024, in chunks of 64": (1_024, 64)}


def write_model(folder: Path) -> None:
    """MiniLM's shape, beside tiny-bert's tokenizer."""
    from transformers import AutoTokenizer, BertConfig, BertModel

    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(TOKENIZER)
    config = BertConfig(
        vocab_size=len(tokenizer),
        pad_token_id=tokenizer.pad_token_id,
        hidden_size=384,
        num_hidden_layers=6,
        num_attention_heads=12,
        intermediate_size=1_536,
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def measure(model: str, batch_size: int, micro_batch_size: int | None) -> tuple[int, int, float]:
    """Peak bytes, those above what was held before, and seconds of the second of two steps."""
    from lab.config import LoRAConfig, RunConfig, TrainConfig
    from lab.data import load_pairs
    from lab.encoders import load_encoder
    from lab.training.session import inject
    from lab.training.trainer import Trainer

    lora = LoRAConfig(r=16, lora_alpha=32, target_modules=("query", "key", "value", "dense"))
    settings = TrainConfig(
        epochs=2, batch_size=batch_size, micro_batch_size=micro_batch_size, precision="fp32"
    )
    encoder = inject(load_encoder(model), RunConfig(model, "captions-en-ko", lora, settings))
    pairs = load_pairs("captions-en-ko").subset(range(1_024))
    trainer = Trainer(encoder, pairs, settings)
    held = psutil.Process().memory_info().rss
    for batch in [batches[0] for batches in trainer.plan][:2]:
        began = time.perf_counter()
        trainer.step(batch)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024
    return peak, peak - held, time.perf_counter() - began


def main() -> None:
    """Print the table."""
    print(describe_machine(), "\n\n| batch | peak | above the start | of 64, plain | a step |")
    print("|---|---|---|---|---|")
    plain = None
    with tempfile.TemporaryDirectory() as scratch:
        write_model(Path(scratch))
        for name in RUNS:
            command = [sys.executable, __file__, name, scratch]
            ran = subprocess.run(command, check=True, capture_output=True, text=True)
            peak, above, seconds = map(float, ran.stdout.split())
            plain = plain or (peak, above)
            shares = f"{peak / plain[0]:.2f}, {above / plain[1]:.2f} above"
            cells = f"{peak / 1e6:,.0f} MB | {above / 1e6:,.0f} MB | {shares} | {seconds:.1f} s"
            print(f"| {name} | {cells} |")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(*measure(sys.argv[2], *RUNS[sys.argv[1]]))
    else:
        main()
