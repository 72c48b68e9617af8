"""The numbers of a comparison: the tables, what each metric means, what a run won and lost."""

from __future__ import annotations

NUMBERS = {
    "metrics": {
        "before": "Before",
        "after": "After",
        "higher": "higher is better",
        "lower": "lower is better",
        "neither": "neither way is better by itself",
        "better": "better",
        "worse": "worse",
        "rose": "rose",
        "fell": "fell",
        "same": "intervals overlap",
        "chance": "within chance",
        "interval": "{low} to {high}",
        "p": "paired test: p {p}",
        "marks": "{collapse}: all on one point · {sphere}: spread evenly",
        "what": "What is {name}?",
        "find": "Given the {query}, find the {answer}",
        "recall@1": "Recall@1",
        "recall@5": "Recall@5",
        "recall@10": "Recall@10",
        "ndcg@10": "nDCG@10",
        "mrr": "Mean reciprocal rank",
        "mean_rank": "Mean rank",
        "median_rank": "Median rank",
        "geometry": "Geometry on the unit sphere",
        "alignment": "Alignment of pairs",
        "uniformity_a": "Uniformity, {a}",
        "uniformity_b": "Uniformity, {b}",
        "uniformity_across": "Uniformity, {a} with {b}",
        "modality_gap": "Gap between {a} and {b}",
    },
    "metric_notes": {
        "recall@1": "The share of queries whose right answer comes first among all held-out "
        "answers. The p is that of a paired test: how often chance alone, swapping before and "
        "after within each pair, would change recall as much.",
        "recall@5": "The share of queries whose right answer is among the first 5.",
        "recall@10": "The share of queries whose right answer is among the first 10.",
        "ndcg@10": "1 for a query whose right answer comes first, less the further down it stands "
        "(1 / log₂(1 + rank)), 0 beyond rank 10; the mean over all queries.",
        "mrr": "The mean of 1 / rank: 1 when the right answer always comes first, 0.5 when it "
        "always comes second.",
        "mean_rank": "Where the right answer stands on average. A few answers far down pull it "
        "up, which the median does not show.",
        "median_rank": "Half of the right answers stand here or higher up.",
        "alignment": "How close the two items of a pair lie: their mean squared distance. It says "
        "nothing by itself, since it is 0 when everything collapses to one point (Wang & Isola "
        "2020).",
        "uniformity": "How evenly the embeddings cover the sphere: the log of the mean of "
        "exp(−2 · distance²) over two items of this side. 0 when all are on one point; about "
        "−4 + 8/d when they are spread evenly in d dimensions (Wang & Isola 2020).",
        "uniformity_across": "The same over an item of one side and one of the other that is not "
        "its partner: lower when wrong answers lie further away.",
        "modality_gap": "The distance between the two sides' centres (Liang et al. 2022). Models "
        "with a wide gap can find every pair, so neither a wider nor a narrower one is better by "
        "itself.",
    },
    "balance": {
        "new": "New pairs: {count} held out of {name}",
        "control": "{name} control set: {count} pairs that the run never saw",
        "before": "before",
        "after": "after",
        "change": "{gain} (95%: {low} to {high}; p {p})",
        "rose": "rose",
        "fell": "fell",
        "same": "stayed",
        "chance": "within chance",
        "scale": "Recall@1, the mean of both directions",
        "kept": "The control set asks for what the base could do before. If it falls, the gain on "
        "the new pairs was bought with it: fewer epochs, a lower learning rate or a weaker update "
        "(λ below 1) forget less.",
        "no_control": "This run had no control set, so what it forgot is not known.",
    },
    "controls": {
        "shapes-en": "English",
        "captions-en": "English",
    },
    "groups": {
        "column": "Column",
        "direction": "Direction",
        "title": "Recall@1 by group",
        "pairs": "{count} pairs",
        "others": "and {groups} smaller groups with {pairs} pairs",
        "unlabelled": "(empty)",
        "hint": "Small figures are 95% intervals of a share (Wilson), wide where a group is small.",
    },
    "forgetting": {
        "control": "Control set: what must not be forgotten",
        "control_info": "Scored before and after, never trained on.",
        "auto": "The lab's own, in English",
        "none": "none",
        "upload": "Upload a control set",
    },
}
