"""What several rooms' tests share: tiny checkpoints of every family, and pairs for them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from tiny_checkpoints import write_bert, write_clip, write_gpt2

from lab.config import LoRAConfig, RunConfig, TrainConfig

# Ten seconds and more each, the longest first. They are begun first: one that begins last is waited
# for by a worker that has nothing left to do.
LONGEST = (
    "ui/test_restart_visit.py",
    "ui/test_visit.py",
    "ui/test_language.py",
    "ui/test_inside.py",
    "ui/components/test_components.py",
    "ui/components/test_linked_maps.py",
    "distributed/test_spread.py",
    "distributed/test_launch.py",
    "ui/test_report_page.py",
    "ui/test_guide.py",
    "lora/test_strength.py",
    "ui/test_runs_visit.py",
    "ui/test_isolation.py",
    "lora/test_peft_parity.py",
    "ui/test_numbers_visit.py",
    "ui/components/test_map_tools.py",
    "ui/test_listeners.py",
    "ui/test_hostile_texts.py",
    "ui/test_ranks_visit.py",
    "lora/test_lora_kinds.py",
    "sweep/test_sweep_run.py",
    "ui/components/test_sweep_charts.py",
    "ui/components/test_subspaces_chart.py",
    "test_makefile.py",
    "training/test_lower_layers.py",
    "test_experiment.py",
    "faults/test_waiting.py",
    "faults/test_kill.py",
    "hostile/test_table.py",
    "hostile/test_fuzz.py",
)
SIZES = ("small", "large")
COLOURS = ("red", "blue", "green", "sand")
SHAPES = ("circle", "square", "star", "sky", "top")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers are given whole files, in the order in which they stand here."""
    here = Path(__file__).parent
    place = {here / name: index for index, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Tiny products are faster on one thread, and there always add up in the same order."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def write_sentence(folder: Path) -> Path:
    """A sentence model in SentenceTransformer's layout: BERT, mean pooling, Normalize."""
    write_bert(folder)
    parts = {"Transformer": "", "Pooling": "1_Pooling", "Normalize": "2_Normalize"}
    rows = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (kind, path) in enumerate(parts.items())
    ]
    (folder / "modules.json").write_text(json.dumps(rows))
    (folder / "1_Pooling").mkdir()
    pooling = {"word_embedding_dimension": 16, "pooling_mode_mean_tokens": True}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    (folder / "2_Normalize").mkdir()
    return folder


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Family -> the folder of a tiny random model of it. Not to be written to."""
    home = tmp_path_factory.mktemp("checkpoints")
    writers = {
        "clip": write_clip,
        "gpt2": write_gpt2,
        "bert": write_bert,
        "sentence": write_sentence,
    }
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return {family: write(home / f"a-{family}") for family, write in writers.items()}


@pytest.fixture(scope="session")
def text_pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CSV of 40 pairs of texts, all different; columns en and ko."""
    file = tmp_path_factory.mktemp("pairs") / "texts.csv"
    rows = [
        f"a {size} {colour} {shape},{shape} {colour} {size}"
        for size, colour, shape in itertools.product(SIZES, COLOURS, SHAPES)
    ]
    file.write_text("\n".join(["en,ko", *rows]) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def image_pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 24 small pictures with a CSV of their captions, all different."""
    folder = tmp_path_factory.mktemp("pictures")
    rows = ["image,text"]
    random = np.random.default_rng(0)
    for size, colour, shape in itertools.product(SIZES, COLOURS, SHAPES[:3]):
        name = f"{size}-{colour}-{shape}.png"
        noise = random.integers(0, 256, (32, 32, 3), dtype=np.uint8)
        Image.fromarray(noise).save(folder / name)
        rows.append(f"{name},a {size} {colour} {shape}")
    (folder / "pairs.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def pairs_of(text_pairs: Path, image_pairs: Path) -> dict[str, Path]:
    """Family -> pairs of its kind."""
    texts = dict.fromkeys(("gpt2", "bert", "sentence"), text_pairs)
    return {"clip": image_pairs, **texts}


TARGETS = {
    "clip": ("q_proj", "v_proj"),
    "gpt2": ("c_attn",),
    "bert": ("query", "value"),
    "sentence": ("query", "dense"),
}


@pytest.fixture(scope="session")
def config_of(checkpoints: dict[str, Path], pairs_of: dict[str, Path]) -> dict[str, RunConfig]:
    """Family -> a short run of its tiny model."""
    train = TrainConfig(epochs=2, batch_size=8, learning_rate=0.02)
    return {
        family: RunConfig(
            str(checkpoints[family]),
            str(pairs_of[family]),
            LoRAConfig(r=4, lora_alpha=8, target_modules=TARGETS[family]),
            train,
        )
        for family in checkpoints
    }
