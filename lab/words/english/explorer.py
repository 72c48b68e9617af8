"""The retrieval explorer: a query of the visitor's own, and what comes first."""

from __future__ import annotations

EXPLORER = {
    "explorer": {
        "tab": "Try it",
        "empty": "Once the model and the pairs are loaded, you can search the held-out pairs here.",
        "base": "{model} before any training, over {count} held-out pairs of {pairs}. Fine-tune, "
        "and the same search after training stands beside it.",
        "label": "Search with a text of your own",
        "label_image": "Search with a text or an image of your own",
        "placeholder": "Type, then press Enter",
        "search": "Search",
        "image": "Choose or drop an image",
        "among": "Search among",
        "sides_hint": "Among {b}, a query is read as {a}; among {a}, as {b}.",
        "private": "Your query is read in memory only; nothing of it is kept.",
        "examples": "Or take a held-out one, whose right answer is known:",
        "waiting": "Searching…",
        "large": "The image is larger than {limit} MB; choose a smaller one.",
        "failed": "The image cannot be read; choose another one.",
        "query": "Query",
        "before": "Before",
        "after": "After",
        "score": "cosine similarity, 0 to 1",
        "right": "right answer",
        "rose": "came up in training",
        "fell": "went down in training",
        "was": "was {place}",
        "now": "now {place}",
        "same": "same place",
        "right_both": "The right answer: place {before} before, {after} after, of {size}.",
        "right_before": "The right answer: place {before} of {size}.",
    },
}
