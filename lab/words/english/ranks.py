"""Words of the rank lab: what is asked, how far it is, and which rank is enough."""

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
            "Uniformity is lowest at rank {turn}, and at rank {largest} it is higher by more than "
            "the error."
        ),
        "no_turn": (
            "Uniformity does not turn: it is lowest at rank {lowest}, and at rank {largest} no "
            "higher than the error allows."
        ),
        "in_line": "{line}: {said}",
        "line_rate": "learning rate {rate}",
        "left_stopped_early": "{point} was ended early after {epoch} epochs, and is in no mean.",
        "left_stopped": "{point} was stopped after {epoch} epochs, and is in no mean.",
        "left_failed": "{point} failed and is in no mean: {error}",
        # What is asked.
        "tab": "Rank lab",
        "intro": "Which rank is enough for these pairs? The run on the left is trained at each "
        "rank, with the same split and the same batches in the same order; a seed changes the "
        "first weights alone.",
        "ranks": "Ranks",
        "ranks_info": "Twice the rank is twice the parameters.",
        "too_large": "{rank}, more than the smallest ticked layer holds ({largest})",
        "rule": "Alpha at other ranks",
        "rule_info": "At the rank on the left all three are the same.",
        "rule_proportional": "alpha = c·r: the scaling alpha / r stays, and only the rank changes",
        "rule_fixed": "fixed: alpha stays, so that alpha / r shrinks 64-fold from rank 4 to 256 "
        "and the rank is mixed with the size of the step",
        "rule_rank-stabilised": "rank-stabilised: alpha / sqrt(r), which shrinks 8-fold from rank "
        "4 to 256 (rsLoRA, Kalajdzievski 2023)",
        "seeds": "Seeds",
        "seeds_info": "Trainings of each point. One seed alone cannot tell a difference from "
        "chance.",
        "more": "Learning rates and other layers",
        "rates": "Learning rates",
        "rates_info": "With commas between: each rank with each. Empty: the one on the left.",
        "targets": "Other layers",
        "targets_info": "A second set of layers, tried beside the one on the left. Empty: none.",
        "stop_early": "Stop hopeless points early",
        "stop_early_info": "A point ends when its recall falls below the median of those before "
        "it at that epoch, once three have finished. It is then in no mean.",
        "plan": "Trainings: {points}. All of them take about {time} on this machine.",
        "plan_left_out": "Ticked ranks left out: {count}. The smallest ticked layer holds "
        "{largest}.",
        "start": "Sweep ranks",
        "stop": "Stop and keep the points",
        "go_on": "Begin the interrupted sweep anew",
        "go_on_after": "Go on with the interrupted sweep: {done} of {planned} points are there",
        "command": "The same sweep without this page",
        # How far it is.
        "status": "Sweep: {said}",
        "point": "point {number} of {count}, rank {rank}, seed {seed}",
        "together": "{number} of {count} points in one pass, seed {seed}",
        "at_step": "{point}, step {step} of {steps}",
        "measuring": "{point}, measuring",
        "stopping": "stopping after this step",
        "about": "{model} on {pairs}: ranks {ranks}, seeds: {seeds}. {rule}.",
        "done": "{count} points in {time}",
        "stopped": "stopped; the {count} finished points of {planned} are kept",
        "stopped_time": "stopped, when the time of a run here was over; the {count} finished "
        "points of {planned} are kept",
        "stopped_left": "stopped, since this page was gone; the {count} finished points of "
        "{planned} are kept",
        "failed": "ended early: {error}",
        # What is shown.
        "empty_curves": "No sweep yet. The curves of each rank appear here while they train.",
        "empty": "When the first rank has been trained, each metric stands here against the rank.",
        "curves": "On the way",
        "loss": "Training loss, running mean",
        "recall": "Recall@1, held-out pairs",
        "alignment": "Alignment",
        "uniformity": "Uniformity",
        "step": "step",
        "adapter": "r = {rank} (seed {seed})",
        "rank_axis": "rank r",
        "rank": "r = {rank}",
        "found": "Each metric against rank",
        "metric_recall@1": "Recall@1, both directions",
        "metric_alignment": "Alignment of pairs",
        "metric_uniformity": "Uniformity, both sides",
        "metric_uniformity_across": "Uniformity across the sides",
        "metric_modality_gap": "Gap between the sides",
        "higher": "higher is better",
        "lower": "lower is better",
        "one": "one seed",
        "mean": "mean over seeds, ± one standard error",
        "base": "before training",
        "front": "Recall against parameters",
        "front_note": "A filled point is beaten by none that has as few parameters or fewer.",
        "parameters": "trainable parameters",
        "on_front": "beaten by none",
        "beaten": "beaten",
        "plane": "Alignment against uniformity",
        "whole": "the whole plane",
        "near": "the ranks alone",
        "plane_note": "Both are better lower: down and to the left. Wang & Isola 2020 draw this "
        "plane.",
        "alignment_axis": "alignment",
        "uniformity_axis": "uniformity, both sides",
        "better": "better",
        "collapse": "all on one point",
        "sphere": "spread evenly",
        "numbers": "In numbers",
        "seconds": "seconds each",
        "paper": "The LoRA paper's own table",
        "paper_note": "GPT-2 Medium on the E2E NLG Challenge, over ranks (Hu et al. 2021, table "
        "18): another model and another task. The authors tuned their settings at r = 4, and say "
        "so.",
        "paper_loss": "Validation loss",
        "paper_bleu": "BLEU",
        "take": "The sweep (ZIP)",
        "take_report": "Report (one HTML page)",
        # The report.
        "report_title": "Ranks of {model} on {pairs}",
        "report_subtitle": "LoRA Lab {version} · {count} points · {train} pairs trained on, {test} "
        "held out",
        "report_settings": "Settings",
        "report_same": "Every point trained on the same split and the same batches in the same "
        "order. Alpha: {rule}.",
        # Subspaces of two points.
        "subspaces": "Which directions two points share",
        "subspaces_info": "Choose two points of the sweep, then compare their adapters layer by "
        "layer.",
        "first": "One point",
        "second": "Another point",
        "compare": "Compare their directions",
        "comparing": "Comparing the directions layer by layer…",
        "empty_subspaces": "Two finished points can be compared here.",
    },
}
