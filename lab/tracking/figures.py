"""A run's figures as pictures, for trackers that show no page: drawn by Pillow, so that no
drawing library is needed.

Letters: N pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

    from lab.analysis.projection import Maps

PANEL, MARGIN, DOT = 480, 24, 3  # pixels
BAR, ROW, LABEL = 420, 34, 150  # pixels: a full bar's length, a row's height, a label's width
PAPER, INK, PALE = "white", "#222222", "#dddddd"
A, B = "#1f77b4", "#ff7f0e"  # the first items of the pairs, the second
BEFORE, AFTER = "#aaaaaa", "#1f77b4"
SHARES = ("recall@1", "recall@5", "recall@10", "mrr", "ndcg@10")  # of 0 to 1


def draw_maps(maps: Maps) -> Image:
    """Before and after side by side, on one scale; a pair's items are joined.

    maps: of 2N points, the first items of all pairs, then the second.
    """
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (2 * PANEL, PANEL), PAPER)
    draw = ImageDraw.Draw(picture)
    both = np.concatenate([maps.before, maps.after])  # (4N, 2)
    low, span = both.min(axis=0), max(np.ptp(both, axis=0).max(), 1e-12)
    for number, (title, points) in enumerate((("before", maps.before), ("after", maps.after))):
        left = number * PANEL
        places = MARGIN + (points - low) / span * (PANEL - 2 * MARGIN)  # (2N, 2)
        places[:, 1] = PANEL - places[:, 1]  # pictures count downwards
        places[:, 0] += left
        a, b = np.split(places, 2)  # (N, 2)
        for start, end in zip(a, b, strict=True):
            draw.line([*start, *end], fill=PALE)
        for side, colour in ((a, A), (b, B)):
            for x, y in side:
                draw.ellipse([x - DOT, y - DOT, x + DOT, y + DOT], fill=colour)
        draw.rectangle([left, 0, left + PANEL - 1, PANEL - 1], outline=PALE)
        draw.text((left + 8, 6), f"{title} ({maps.method.upper()})", fill=INK)
    return picture


def draw_metrics(metrics: Mapping[str, Any]) -> Image:
    """Retrieval before (grey) and after (blue) as bars from 0 to 1. metrics: metrics.json."""
    from PIL import Image, ImageDraw

    rows = [(way, name) for way in ("a_to_b", "b_to_a") for name in SHARES]
    rows = [(way, name) for way, name in rows if name in metrics["after"][way]]
    picture = Image.new("RGB", (LABEL + BAR + 60, MARGIN + ROW * len(rows)), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.text((LABEL, 6), "before: grey, after: blue", fill=INK)
    for number, (way, name) in enumerate(rows):
        top = MARGIN + ROW * number
        draw.text((8, top + 9), f"{way} {name}", fill=INK)
        for moment, colour, y in (("before", BEFORE, top + 4), ("after", AFTER, top + 17)):
            value = metrics[moment][way].get(name, 0.0)
            draw.rectangle([LABEL, y, LABEL + round(BAR * value), y + 11], fill=colour)
            draw.text((LABEL + round(BAR * value) + 6, y - 1), f"{value:.3f}", fill=INK)
    return picture
