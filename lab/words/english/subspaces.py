"""Which directions two adapters share, and what of W an update amplifies."""

from __future__ import annotations

SUBSPACES = {
    "subspaces": {
        "adapters": "Adapters",
        "layer": "Layer",
        "matrix": "Directions of",
        "shown": "Show",
        "whole": "all directions",
        "corner": "the first {count}",
        "adapter": "r = {rank} (seed {seed})",
        "pair": "{first} with {second}",
        "random": "Two random matrices of these shapes",
        "A": "A",
        "B": "B",
        "update": "ΔW",
        "A_means": "The inputs that A reads (its right-singular vectors), as in the LoRA paper. A "
        "starts at random, and after a short training its directions may still be those of its "
        "start.",
        "B_means": "The outputs that B writes to (its left-singular vectors). B starts at zero, so "
        "all of its directions are learned.",
        "update_means": "The inputs that the update as a whole answers to (the right-singular "
        "vectors of BA): directions of A that B does not use fall away.",
        "said": "{matrix} of {first} and of {second}: over {layers} layers the first direction "
        "overlaps by φ = {one} on average, the first {count} by {mean} ({least} to {most}). By "
        "chance it would be {chance} for {count}, and at most {limit} in 99 of 100 draws; {above} "
        "of {layers} layers lie above that.",
        "said_one": "{matrix} of {first} and of {second}: over {layers} layers the first direction "
        "overlaps by φ = {one} on average ({least} to {most}). By chance it would be {chance}, and "
        "at most {limit} in 99 of 100 draws; {above} of {layers} layers lie above that.",
        "said_none": "One of the two is zero in every layer and has no directions.",
        "same_seed": "Both runs began with seed {seed}: in the layer that was drawn first their A "
        "start with the same rows, which alone makes directions agree. A pair of two seeds is "
        "free of that.",
        "left_out": "Left out: {count} layers that only one of the two adapts.",
        "low": "φ = 0: nothing shared",
        "high": "1: one holds the other",
        "axis": "first directions of {name}",
        "random_axis": "first directions",
        "point": "Point at a cell, or step from cell to cell with the arrow keys.",
        "cell": "The first {i} with the first {j} directions:",
        "no_directions": "In this layer one of the two is zero and has no directions.",
        "amplification": "What of W the update amplifies, in this layer",
        "directions": "Directions of ΔW",
        "weight_norm": "‖W‖",
        "update_norm": "‖ΔW‖",
        "along_update": "‖UᵀWV‖, what W has along the directions of ΔW",
        "along_weight": "the same along W's own largest directions",
        "along_random": "the same along random directions",
        "factor": "Amplification, ‖ΔW‖ / ‖UᵀWV‖",
        "read": "How to read this",
        "read_1": "Each adapter's matrix has directions, the strongest first. A cell says how much "
        "of the first i directions of one adapter lies in the first j of the other: φ is 0 where "
        "they have nothing in common and 1 where one space holds the other.",
        "read_2": "The corner at the top left that stands out is what the two adapters share. "
        "Where it stays small while the rank grows, the directions that a higher rank adds are not "
        "found again in another run: a small rank already holds what returns. Where two seeds "
        "share many directions, a higher rank learns something that returns.",
        "read_3": "The random matrices show what the shape alone gives: φ grows with i and j as "
        "more directions fill the space. Only what stands out from that was learned, or drawn "
        "alike at the start.",
        "read_4": "Beyond the first eight, directions are shown on a log scale. Neighbouring "
        "directions of about the same strength may trade places between runs; the spaces of the "
        "first i are steadier than single directions.",
        "read_5": "In the table, ‖UᵀWV‖ far below that of W's own directions means that the update "
        "does not repeat what W does most; above that of random directions, that it is no noise "
        "to W. The amplification says how many times larger ΔW is than W along the directions of "
        "ΔW.",
        "read_6": "Shared directions are no proof that a rank is enough: that is what the scores "
        "at each rank say.",
    },
}
