"""What stands on and around the charts."""

from __future__ import annotations

CHARTS = {
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
        "cell": "{before} → {after}",
        "sample": "An even sample: {shown} of {pairs} pairs.",
    },
    "changes": {
        "risen": "Risen most",
        "fallen": "Fallen most",
        "none": "None.",
        "rank": "rank {before} → {after}",
    },
    "verdict": {
        "mean_rose": "Recall@1, the mean of {a} by {b} and {b} by {a}, rose from {before} to "
        "{after} on {pairs} held-out pairs (95%: {low} to {high})",
        "mean_fell": "Recall@1, the mean of {a} by {b} and {b} by {a}, fell from {before} to "
        "{after} on {pairs} held-out pairs (95%: {low} to {high})",
        "mean_chance": "Recall@1, the mean of {a} by {b} and {b} by {a}, went from {before} to "
        "{after} on {pairs} held-out pairs, which is within what chance would do (95%: {low} to "
        "{high})",
        "mean_same": "Recall@1, the mean of {a} by {b} and {b} by {a}, stayed at {after} on "
        "{pairs} held-out pairs",
        "way_rose": "{answer} by {query} it rose from {before} to {after}",
        "way_fell": "{answer} by {query} it fell from {before} to {after}",
        "control_rose": "on the {name} control set it rose from {before} to {after}",
        "control_fell": "on the {name} control set it fell from {before} to {after}",
        "control_chance": "on the {name} control set it went from {before} to {after}, within "
        "what chance would do",
        "control_same": "on the {name} control set it stayed at {after}",
        "joint": ";",
    },
    "sides": {
        "image": "image",
        "text": "text",
    },
}
