"""The catalogue: one row per model, with the settings a first run starts from.

Any hub id or folder of the same families loads too (see load.py); it has no row and starts from
its family's settings. Imports neither torch nor transformers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from lab.errors import ModelError

if TYPE_CHECKING:
    from lab.data.pair import Kind
    from lab.encoders.base import Encoder

Family = Literal["clip", "gpt2", "bert", "sentence"]

POOLINGS: dict[Family, tuple[str, ...]] = {
    "clip": ("projection",),
    "gpt2": ("last", "mean"),
    "bert": ("mean", "cls"),
    "sentence": (),  # its own, whatever its modules.json says
}


@dataclass(frozen=True)
class Defaults:
    """Where a first run on a model starts; LoRAConfig and TrainConfig say what each means.

    targets: leaf names of the layers that get LoRA. The rest suits about 1,000 pairs.
    """

    targets: tuple[str, ...]
    r: int = 8
    alpha: float = 16.0
    dropout: float = 0.0
    learning_rate: float = 5e-4
    epochs: int = 5
    batch_size: int = 32
    temperature: float = 0.05


@dataclass(frozen=True)
class ModelRow:
    """One model of the catalogue.

    name: a bundled name or a hub id; what load_encoder takes.
    title: for people, with the size in parameters where a download waits.
    bundled: whether it lies in assets/models/<name>.
    poolings: those it can be loaded with, the default first.
    pairs: bundled pairs that suit it.
    """

    name: str
    family: Family
    kind: Kind
    title: str
    bundled: bool
    poolings: tuple[str, ...]
    pairs: str
    defaults: Defaults


# Pretrained models of full size: short runs at a moderate rate.
CLIP = Defaults(("q_proj", "k_proj", "v_proj", "out_proj"), r=16, alpha=32.0, temperature=0.02)
GPT2 = Defaults(("c_attn",))
BERT = Defaults(("query", "value"))
DISTILBERT = replace(BERT, targets=("q_lin", "v_lin"))

# The bundled ones: small enough for a high rate and many passes.
TINY_CLIP = Defaults(
    ("q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"),
    learning_rate=3e-3,
    epochs=8,
    batch_size=64,
)
TINY_GPT2 = Defaults(("c_attn", "c_proj", "c_fc"), learning_rate=3e-3, epochs=10, batch_size=64)
TINY_BERT = Defaults(
    ("query", "key", "value", "dense"), learning_rate=3e-3, epochs=10, batch_size=64
)
TINY_SENTENCE = TINY_BERT


def _clip(name: str, title: str, defaults: Defaults = CLIP, bundled: bool = False) -> ModelRow:
    return ModelRow(
        name, "clip", "image-text", title, bundled, POOLINGS["clip"], "shapes-ko", defaults
    )


def _text(
    name: str,
    family: Family,
    title: str,
    defaults: Defaults,
    *,
    bundled: bool = False,
    poolings: tuple[str, ...] = (),
) -> ModelRow:
    poolings = poolings or POOLINGS[family]
    return ModelRow(name, family, "text-text", title, bundled, poolings, "captions-en-ko", defaults)


_SENTENCE = "sentence-transformers/"

CATALOGUE: tuple[ModelRow, ...] = (
    _clip("tiny-clip", "Tiny CLIP of drawn shapes", TINY_CLIP, bundled=True),
    _clip("openai/clip-vit-base-patch32", "CLIP ViT-B/32 (151 M)"),
    _clip("openai/clip-vit-base-patch16", "CLIP ViT-B/16 (150 M)"),
    _clip("openai/clip-vit-large-patch14", "CLIP ViT-L/14 (428 M)", replace(CLIP, batch_size=16)),
    _text("tiny-gpt2", "gpt2", "Tiny GPT-2", TINY_GPT2, bundled=True),
    _text("openai-community/gpt2", "gpt2", "GPT-2 (124 M)", GPT2),
    _text(
        "openai-community/gpt2-medium",
        "gpt2",
        "GPT-2 medium (355 M)",
        replace(GPT2, batch_size=16),
    ),
    _text("tiny-bert", "bert", "Tiny BERT", TINY_BERT, bundled=True),
    _text("google-bert/bert-base-uncased", "bert", "BERT base, English (110 M)", BERT),
    _text(
        "google-bert/bert-base-multilingual-cased", "bert", "BERT base, multilingual (178 M)", BERT
    ),
    _text("FacebookAI/roberta-base", "bert", "RoBERTa base, English (125 M)", BERT),
    _text(
        "tiny-sentence",
        "sentence",
        "Tiny multilingual sentence model",
        TINY_SENTENCE,
        bundled=True,
        poolings=("mean",),
    ),
    _text(
        _SENTENCE + "paraphrase-multilingual-MiniLM-L12-v2",
        "sentence",
        "Multilingual MiniLM, 50 languages (118 M)",
        BERT,
        poolings=("mean",),
    ),
    _text(
        _SENTENCE + "distiluse-base-multilingual-cased-v2",
        "sentence",
        "Multilingual DistilUSE, 50 languages (135 M)",
        DISTILBERT,
        poolings=("mean",),
    ),
)

# Query and value projections, as each architecture calls them.
_ATTENTION_NAMES = (
    ("q_proj", "v_proj"),
    ("query", "value"),
    ("q_lin", "v_lin"),
    ("c_attn",),
    ("q", "v"),
)
_FAMILY_DEFAULTS: dict[str, Defaults] = {"clip": CLIP, "gpt2": GPT2, "bert": BERT, "sentence": BERT}


def bundled_models_dir() -> Path:
    """The folder that holds one folder per bundled model."""
    return Path(__file__).parents[2] / "assets" / "models"


def find_known_row(name: str) -> ModelRow | None:
    """The row of this name, with or without its owner ("gpt2"); None for any other model."""
    rows = (row for row in CATALOGUE if name in (row.name, row.name.rpartition("/")[2]))
    return next(rows, None)


def find_row(name: str) -> ModelRow:
    """Like find_known_row; ModelError, naming the bundled ones, for any other model."""
    row = find_known_row(name)
    if row is None:
        bundled = ", ".join(row.name for row in CATALOGUE if row.bundled)
        raise ModelError(
            f"{name!r} is not in the catalogue, so nothing is preset for it; name the pairs "
            f"yourself, or choose a model that is, such as {bundled}"
        )
    return row


def find_defaults(name: str, encoder: Encoder) -> Defaults:
    """The row's settings; for a model without a row its family's, with targets it does have."""
    row = find_known_row(name)
    if row is not None:
        return row.defaults
    names = {path.rpartition(".")[2] for path, _ in encoder.module.named_modules()}
    fits = (targets for targets in _ATTENTION_NAMES if names.issuperset(targets))
    family = _FAMILY_DEFAULTS[encoder.family]
    return replace(family, targets=next(fits, family.targets))
