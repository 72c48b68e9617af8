"""The catalogue: one row a model, with settings that suit it. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lab.data.pair import Kind

MODELS_FOLDER = Path(__file__).parents[2] / "assets" / "models"


@dataclass(frozen=True)
class Defaults:
    """Settings of a first run: LoRA's, and training's for about a thousand pairs."""

    targets: tuple[str, ...]
    r: int = 8
    alpha: float = 16.0
    learning_rate: float = 5e-4
    epochs: int = 5
    batch_size: int = 32
    temperature: float = 0.05


@dataclass(frozen=True)
class ModelRow:
    """One model. name: a bundled name or a hub id; title: for people; pairs: bundled pairs it
    starts with; poolings: how its token features may become one embedding, the usual first."""

    name: str
    family: str
    kind: Kind
    title: str
    pairs: str
    poolings: tuple[str, ...]
    defaults: Defaults
    bundled: bool = False

    @property
    def folder(self) -> Path:
        """Where a bundled model's files are."""
        return MODELS_FOLDER / self.name


@dataclass(frozen=True)
class Family:
    """What the models of a family have in common."""

    name: str
    kind: Kind
    pairs: str
    poolings: tuple[str, ...]
    defaults: Defaults = field(repr=False)

    def row(self, name: str, title: str, defaults: Defaults | None = None) -> ModelRow:
        """A row of this family; bundled when it has defaults of its own."""
        return ModelRow(
            name=name,
            family=self.name,
            kind=self.kind,
            title=title,
            pairs=self.pairs,
            poolings=self.poolings,
            defaults=defaults or self.defaults,
            bundled=defaults is not None,
        )


CLIP = Family(
    "clip",
    "image-text",
    "shapes-ko",
    ("projection",),
    Defaults(("q_proj", "k_proj", "v_proj", "out_proj"), r=16, alpha=32.0, temperature=0.02),
)
GPT2 = Family("gpt2", "text-text", "captions-en-ko", ("last", "mean"), Defaults(("c_attn",)))
BERT = Family("bert", "text-text", "captions-en-ko", ("mean", "cls"), Defaults(("query", "value")))
SENTENCE = Family(
    "sentence", "text-text", "captions-en-ko", ("modules.json",), Defaults(("query", "value"))
)
FAMILIES = {family.name: family for family in (CLIP, GPT2, BERT, SENTENCE)}

_ATTENTION_AND_MLP = ("q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2")
_BERT_ALL = ("query", "key", "value", "dense")

CATALOGUE = (
    CLIP.row(
        "tiny-clip",
        "CLIP, 2 million parameters, trained on drawn shapes with English captions",
        Defaults(_ATTENTION_AND_MLP, r=8, alpha=16.0, learning_rate=3e-3, epochs=20, batch_size=64),
    ),
    CLIP.row("openai/clip-vit-base-patch32", "CLIP ViT-B/32"),
    CLIP.row("openai/clip-vit-base-patch16", "CLIP ViT-B/16"),
    CLIP.row("openai/clip-vit-large-patch14", "CLIP ViT-L/14"),
    GPT2.row(
        "tiny-gpt2",
        "GPT-2, trained on English captions",
        Defaults(("c_attn", "c_proj", "c_fc"), learning_rate=3e-3, epochs=10, batch_size=64),
    ),
    GPT2.row("openai-community/gpt2", "GPT-2"),
    GPT2.row("openai-community/gpt2-medium", "GPT-2 medium"),
    BERT.row(
        "tiny-bert",
        "BERT, trained on English captions",
        Defaults(_BERT_ALL, learning_rate=3e-3, epochs=10, batch_size=64),
    ),
    BERT.row("google-bert/bert-base-uncased", "BERT base, English"),
    BERT.row("google-bert/bert-base-multilingual-cased", "BERT base, 104 languages"),
    BERT.row("FacebookAI/roberta-base", "RoBERTa base, English"),
    SENTENCE.row(
        "tiny-sentence",
        "Multilingual SentenceTransformer, trained on captions in European languages",
        Defaults(_BERT_ALL, learning_rate=3e-3, epochs=10, batch_size=64),
    ),
    SENTENCE.row(
        "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
        "Multilingual MiniLM, 50 languages",
    ),
    SENTENCE.row(
        "sentence-transformers/distiluse-base-multilingual-cased-v2",
        "Multilingual DistilUSE, 50 languages",
    ),
)

# What attention's layers are called in the architectures there are, the better known first.
_ATTENTION_NAMES = (
    ("q_proj", "v_proj"),
    ("query", "value"),
    ("q_lin", "v_lin"),
    ("c_attn",),
    ("q", "v"),
)


def find_row(name: str) -> ModelRow | None:
    """The catalogue's row of this name, with or without the owner ("gpt2"); None for others."""
    whole = next((row for row in CATALOGUE if row.name == name), None)
    return whole or next((row for row in CATALOGUE if row.name.rpartition("/")[2] == name), None)


def find_defaults(name: str, family: str, leaf_names: Sequence[str]) -> Defaults:
    """Settings of a first run of any model: the row's, or the family's with targets it has."""
    row = find_row(name)
    defaults = row.defaults if row else FAMILIES[family].defaults
    if set(defaults.targets) <= set(leaf_names):
        return defaults
    known = (names for names in _ATTENTION_NAMES if set(names) <= set(leaf_names))
    return Defaults(next(known, tuple(leaf_names)))
