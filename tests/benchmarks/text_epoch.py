"""One epoch over all bundled text pairs, from raw text to a saved adapter: pairs per second.

    PYTHONPATH=. python tests/benchmarks/text_epoch.py [REPEATS]

BERT-base with random weights and tiny-bert's tokenizer; r = 16 on query and value, batch 64. The
lab's loop against sentence-transformers' trainer (which needs `pip install datasets`) over a PEFT
adapter, each in fp32 and each as it comes. One process a run, in turn; the clock runs from before
the first text is read to the adapter's files.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

from tests.benchmarks.machine import describe_machine

BATCH, R = 64, 16
MODEL = Path(__file__).parents[2] / "assets" / "models" / "tiny-bert"


def write_model(folder: Path) -> None:
    """BERT base from its configuration, beside tiny-bert's tokenizer."""
    from transformers import AutoTokenizer, BertConfig, BertModel

    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(MODEL)
    config = BertConfig(vocab_size=len(tokenizer), pad_token_id=tokenizer.pad_token_id)
    BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def train_lab(model: Path, out: Path, precision: str) -> float:
    """Seconds that the lab takes."""
    from lab.config import LoRAConfig, RunConfig, TrainConfig
    from lab.data import load_pairs
    from lab.encoders import load_encoder
    from lab.lora import save_adapter
    from lab.training.session import inject, train

    encoder, pairs = load_encoder(model), load_pairs("captions-en-ko")
    lora = LoRAConfig(r=R, lora_alpha=2 * R, target_modules=("query", "value"))
    settings = TrainConfig(epochs=1, batch_size=BATCH, precision=precision)
    config = RunConfig(str(model), "captions-en-ko", lora, settings)
    began = time.perf_counter()
    adapted = inject(encoder, config)
    train(adapted, pairs, settings, lambda step: None, lambda: False)
    save_adapter(out, adapted.module, lora, "base")
    return time.perf_counter() - began


def train_sentence_transformers(model: Path, out: Path, precision: str) -> float:
    """Seconds that sentence-transformers takes with a PEFT adapter."""
    from datasets import Dataset
    from peft import LoraConfig, TaskType
    from sentence_transformers import (
        SentenceTransformer,
        SentenceTransformerTrainer,
        SentenceTransformerTrainingArguments,
    )
    from sentence_transformers.losses import MultipleNegativesRankingLoss

    from lab.data import load_pairs

    encoder, pairs = SentenceTransformer(str(model), device="cpu"), load_pairs("captions-en-ko")
    encoder.add_adapter(
        LoraConfig(
            task_type=TaskType.FEATURE_EXTRACTION,
            r=R,
            lora_alpha=2 * R,
            target_modules=["query", "value"],
        )
    )
    rows = Dataset.from_dict({"anchor": list(pairs.a), "positive": list(pairs.b)})
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(out / "trainer"),
        num_train_epochs=1,
        per_device_train_batch_size=BATCH,
        report_to=[],
        save_strategy="no",
        use_cpu=True,
        **({"fp16": False, "bf16": False} if precision == "fp32" else {}),
    )
    trainer = SentenceTransformerTrainer(
        model=encoder,
        args=arguments,
        train_dataset=rows,
        loss=MultipleNegativesRankingLoss(encoder),
    )
    began = time.perf_counter()
    trainer.train()
    encoder.save_pretrained(str(out))
    return time.perf_counter() - began


CONTENDERS = {
    "sentence-transformers + PEFT, fp32": (train_sentence_transformers, "fp32"),
    "lab, fp32": (train_lab, "fp32"),
    "sentence-transformers + PEFT, as it comes": (train_sentence_transformers, "auto"),
    "lab, as it comes": (train_lab, "auto"),
}


def main(repeats: int) -> None:
    """Print the table."""
    print(describe_machine(), f"{torch.get_num_threads()} threads\n", flush=True)
    seconds: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch) / "model"
        write_model(model)
        for round_ in range(repeats):
            for number, name in enumerate(CONTENDERS):
                out = Path(scratch) / f"out-{round_}-{number}"
                command = [sys.executable, __file__, name, str(model), str(out)]
                ran = subprocess.run(command, check=True, capture_output=True, text=True)
                seconds[name].append(float(ran.stdout.split()[-1]))
                print(f"{name}: {seconds[name][-1]:.1f} s", flush=True)
    print("| | pairs/s | of the peer |\n|---|---|---|")
    names = list(CONTENDERS)
    for place, name in enumerate(names):
        peer = seconds[names[place - place % 2]]
        times = statistics.median(p / s for p, s in zip(peer, seconds[name], strict=True))
        print(f"| {name} | {1_500 / statistics.median(seconds[name]):.1f} | {times:.2f}x |")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        train_, precision_ = CONTENDERS[sys.argv[1]]
        print(train_(Path(sys.argv[2]), Path(sys.argv[3]), precision_))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
