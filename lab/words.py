"""Everything the lab says to people, by language and by place. Texts only, nothing else."""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]

ENGLISH: Mapping[str, Words] = {
    "maps": {
        "before": "Before",
        "after": "After",
        "colour": "Colour by",
        "side": "side",
        "change": "change of rank",
        "lines": "Lines between pairs",
        "pca": "PCA",
        "umap": "UMAP",
        "umap_waits": "UMAP is on its way",
        "gained": "rank gained",
        "lost": "rank lost",
        "rank": "rank of the right answer: {before} → {after}",
        "hint": "Point at an item to find it on both maps; click to keep it.",
    },
    "loss": {
        "loss": "loss of a batch",
        "smooth": "running mean",
        "validation": "validation loss",
        "step": "step",
        "chance": "chance",
        "empty": "No run yet. The loss is drawn here while it falls.",
    },
    "matrices": {
        "before": "Before",
        "after": "After",
        "difference": "Difference",
        "pairs_on_diagonal": "Pairs lie on the diagonal; point at a cell for its two items.",
        "sample": "An even sample: {shown} of {pairs} pairs.",
    },
    "metrics": {
        "before": "Before",
        "after": "After",
        "higher": "higher is better",
        "lower": "lower is better",
        "better": "better",
        "worse": "worse",
        "same": "intervals overlap",
        "find": "Given the {query}, find the {answer}",
        "recall@1": "Recall@1",
        "recall@5": "Recall@5",
        "recall@10": "Recall@10",
        "mrr": "Mean reciprocal rank",
        "median_rank": "Median rank",
        "geometry": "Geometry on the unit sphere",
        "alignment": "Alignment of pairs",
        "uniformity_a": "Uniformity, {a}",
        "uniformity_b": "Uniformity, {b}",
    },
    "changes": {
        "risen": "Risen most",
        "fallen": "Fallen most",
        "none": "None.",
        "rank": "rank {before} → {after}",
    },
    "report": {
        "title": "{model} on {pairs}",
        "status_finished": "A finished run",
        "status_stopped": "A run that was stopped after {done} of {planned} steps",
        "status_failed": "A run that ended early: {error}",
        "made": "by LoRA Lab {version}",
        "numbers": "Before and after, on {pairs} held-out pairs",
        "intervals": "Small figures are 95% bootstrap intervals over the held-out pairs.",
        "maps": "The embeddings, before and after",
        "maps_note": "UMAP starts the second map from the first and turns it onto it; part of what "
        "moves is the layout's own noise. Compare with PCA, which is one pair of axes for both.",
        "matrices": "Cosine similarities",
        "changes": "The pairs that changed most",
        "loss": "Training",
        "settings": "Settings",
        "load": "Use the adapter",
        "load_note": "The folder adapter/ beside this page is in PEFT's format. Read back from its "
        "files, it gave the trained model's embeddings to within {difference}.",
    },
}


def find_words(language: str = "en") -> Mapping[str, Words]:
    """The table of a language."""
    return {"en": ENGLISH}[language]
