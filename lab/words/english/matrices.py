"""What stands on and around the similarity matrices."""

from __future__ import annotations

MATRICES = {
    "matrices": {
        "before": "Before",
        "after": "After",
        "difference": "Difference",
        "order": "Order",
        "cluster": "like beside like",
        "given": "as given",
        "view": "Compare",
        "across": "{rows} with {columns}",
        "joint": "all with all",
        "across_hint": "Each cell is the cosine similarity of one {row} with one {column}. Pairs "
        "lie on the diagonal: there similarity should rise, elsewhere fall.",
        "joint_hint": "Rows and columns hold every {row}, then every {column}. The squares on the "
        "diagonal compare a side with itself, the other two compare the sides; pairs lie on their "
        "short diagonals.",
        "cluster_hint": "Like pairs stand side by side, so the squares along a diagonal are "
        "groups that look alike to the model.",
        "point": "Point at a cell for its two items; click to keep it.",
        "keys": "Arrow keys go from cell to cell, Enter keeps one, Escape lets it go.",
        "cosine": "Cosine similarity {before} → {after} ({difference})",
        "pair": "a pair",
        "no_pair": "no pair",
        "same": "the same item",
        "sample": "An even sample: {shown} of {pairs} pairs.",
    },
}
