"""The report's headings, notes and settings."""

from __future__ import annotations

REPORT = {
    "report": {
        "title": "{model} on {pairs}",
        "subtitle": "{status}, {made}.",
        "status_finished": "A finished run",
        "status_stopped": "A run that was stopped after {done} of {planned} steps",
        "status_failed": "A run that ended early: {error}",
        "made": "by LoRA Lab {version}",
        "numbers": "Before and after, on {pairs} held-out pairs",
        "intervals": "Small figures are 95% bootstrap intervals over the held-out pairs.",
        "maps": "The embeddings, before and after",
        "neighbours": "What stands near what",
        "matrices": "Cosine similarities",
        "changes": "The pairs that changed most",
        "spectra": "Inside the update ΔW, layer by layer",
        "loss": "Training",
        "settings": "Settings",
        "load": "Use the adapter",
        "load_note": "The folder adapter/ beside this page is in PEFT's format. Read back from its "
        "files, it gave the trained model's embeddings to within {difference}.",
        "with_the_lab": "or, with the lab",
    },
    "settings": {
        "model": "model",
        "pooling": "pooling",
        "pairs": "pairs",
        "pairs_value": "{train} trained on, {test} held out",
        "targets": "target modules",
        "rank": "r, alpha",
        "dropout": "dropout, bias",
        "trainable": "trainable",
        "trainable_value": "{trainable} of {total} parameters ({share}%)",
        "epochs": "epochs, batch",
        "learning_rate": "learning rate",
        "temperature": "temperature",
        "seed": "seed",
        "control": "control set",
        "control_value": "{name}, {pairs} pairs",
        "control_none": "none",
        "time": "time to train",
        "time_value": "{seconds} s",
    },
}
