"""The model card beside an adapter."""

from __future__ import annotations

CARD = {
    "card": {
        "title": "LoRA adapter of {model} on {pairs}",
        "summary": "An adapter for {model}, trained on {train} pairs of {pairs} for {steps} steps "
        "with LoRA Lab {version}.",
        "license": "yours to choose; the base model's and the data's licences may bind you",
        "numbers": "Before and after, on {test} held-out pairs",
        "intervals": "In brackets: 95% bootstrap intervals over the held-out pairs, which were "
        "never trained on.",
        "metric": "Metric",
        "setting": "Setting",
        "value": "Value",
        "control": "On the control set {name} ({count} pairs), which the run never saw, the mean "
        "of both directions:",
        "data": "Training data",
        "data_note": "{pairs}: {total} pairs of {a} and {b}; {train} trained on, {test} held out, "
        "{rejected} rows left out. SHA-256 of the pairs: `{digest}`.",
        "load_note": "The files beside this card are in PEFT's format. Read back from them, the "
        "adapter gave the trained model's embeddings to within {difference}. Give "
        "`PeftModel.from_pretrained` this folder.",
        "unknown": "What is not known",
        "unknown_stopped": "The run was stopped before its {steps} planned steps were done.",
        "unknown_failed": "The run ended early, before its {steps} planned steps were done; the "
        "last sound step was kept.",
        "unknown_elsewhere": "Held-out pairs of the same source were measured, nothing else: how "
        "the adapter does on other data is not known.",
        "unknown_seeds": "This is one run with seed {seed}. The intervals are over pairs; how much "
        "another seed would change is not in them.",
        "unknown_forgetting": "No control set was scored: what the adapter forgets is not known.",
        "unknown_bias": "Errors and biases of the base model and of the pairs were not examined.",
        "unknown_license": "Neither the base model's licence nor that of the pairs was checked.",
    },
}
