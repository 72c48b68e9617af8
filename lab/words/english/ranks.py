"""Words of the rank lab: which rank is enough."""

from __future__ import annotations

RANKS = {
    "ranks": {
        "answer_enough": (
            "Rank {enough} is the smallest within one standard error ({error}) of the best: "
            "recall@1 {recall}, against {best_recall} at rank {best}, over {seeds} seeds."
        ),
        "answer_best": (
            "Rank {best} has the best recall@1, {best_recall}, and no smaller rank lies within one "
            "standard error ({error}) of it, over {seeds} seeds."
        ),
        "answer_one_seed": (
            "Rank {best} has the best recall@1, {best_recall}, with one seed; how much of that is "
            "chance only more seeds can tell."
        ),
        "turn": (
            "Uniformity falls until rank {turn} and has risen again by more than the error at rank "
            "{largest}."
        ),
        "no_turn": (
            "Uniformity does not turn: it is lowest at rank {lowest}, and at rank {largest} no "
            "higher than the error allows."
        ),
    },
}
