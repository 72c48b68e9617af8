"""What the LoRA paper itself measured over ranks: a reference beside a sweep, not its measure.

Hu et al. 2021, appendix H, table 18: GPT-2 Medium on the E2E NLG Challenge.
"""

from __future__ import annotations

from typing import Any

from lab.words import Words

# (rank, validation loss, BLEU)
GPT2_RANKS = (
    (1, 1.23, 68.72),
    (2, 1.21, 69.17),
    (4, 1.18, 70.38),
    (8, 1.17, 69.57),
    (16, 1.16, 69.61),
    (32, 1.16, 69.33),
    (64, 1.16, 69.24),
    (128, 1.16, 68.73),
    (256, 1.16, 68.92),
    (512, 1.16, 68.78),
    (1024, 1.17, 69.37),
)


def paper_value(words: Words) -> dict[str, Any]:
    """Its two columns against rank. words: the place "ranks"."""
    ranks, losses, bleus = zip(*GPT2_RANKS, strict=True)
    return {
        "ranks": list(ranks),
        "columns": [
            {"title": words["paper_loss"], "note": words["lower"], "values": list(losses)},
            {"title": words["paper_bleu"], "note": words["higher"], "values": list(bleus)},
        ],
    }
