"""Inside the update: its size and rank layer by layer, and what a weaker or stronger one does."""

from __future__ import annotations

INSIDE = {
    "inside": {
        "tab": "Inside ΔW",
        "layers": "What the run changed, layer by layer",
        "strength": "A weaker or a stronger update",
        "empty": "No update yet. Press Fine-tune: then this shows how large ΔW is in every layer "
        "it was added to, along how many directions it acts, and what it would do weaker or "
        "stronger.",
        "reading": "Reading the singular values of ΔW",
        "intro": "The run trained W + ΔW. With W + λ·ΔW the same update acts weaker (λ below 1) "
        "or stronger (λ above 1), without any training. Measure what each strength gains on the "
        "new pairs and loses on what the model could do before.",
        "estimate": "Takes about {time} on this machine; a training that is under way comes first.",
        "measure": "Measure the strengths",
        "again": "Measure again",
        "stop": "Stop measuring",
        "queued": "Waiting for the device: {ahead} before yours",
        "starting": "Starting to measure",
        "measuring": "Measuring strength {number} of {count}: λ = {strength}",
        "stopping": "Stopping after this strength",
        "measured": "Measured at {count} strengths. Move the slider and watch the points.",
        "stopped": "Stopped after {count} strengths.",
        "failed": "Could not be measured: {error}",
    },
    "spectra": {
        "ratio": "Size",
        "effective_rank": "Effective rank",
        "stable_rank": "Stable rank",
        "ratio_means": "‖ΔW‖ / ‖W‖: how large the update is beside the weights it is added to.",
        "effective_rank_means": "Along how many directions the update acts: exp of the entropy of "
        "its singular values, from 1 to the rank r.",
        "stable_rank_means": "‖ΔW‖² / σ₁²: 1 when a single direction holds all of the update, r "
        "when all of its directions are equally strong.",
        "columns": "block, from input to output",
        "choose": "Choose a cell to see the singular values of its update.",
        "cell": "{label}: {value}",
        "outside": "outside the blocks",
        "place": "{name} of block {block}, {stack}",
        "summary_size": "Over {layers} layers ΔW is {least} to {most} as large as W, most in "
        "{where}.",
        "summary_rank": "In the layer in the middle, {said}.",
        "summary_zero": "The run changed nothing: ΔW is 0 in every layer.",
        "full": "{used} of {r} directions are used: a lower rank would lose something",
        "lower": "{used} of {r} directions are used: a rank of {lower} would do, it holds {share} "
        "of ‖ΔW‖²",
        "unbound": "{used} of {directions} directions are used: with this method ΔW is not bound "
        "to the rank r = {r}",
        "unmoved": "nothing is used: ΔW is 0",
        "norms": "‖ΔW‖ = {update}, ‖W‖ = {weight}: ΔW is {ratio} as large.",
        "values": "Singular values of ΔW, largest first",
        "used": "within the effective rank",
        "beyond": "beyond it",
        "first": "The first {shown} of {all}.",
        "value": "σ{number} = {value}",
    },
    "strength": {
        "slider": "Strength λ",
        "base": "Base",
        "trained": "As trained",
        "recall": "Recall@1",
        "new": "new pairs (held out)",
        "new_mean": "New pairs, both directions",
        "new_a_to_b": "New pairs, {b} by {a}",
        "new_b_to_a": "New pairs, {a} by {b}",
        "control": "{name} control set",
        "curve": "Gained and lost: recall@1 over λ",
        "map": "Held-out pairs at λ = {strength}, by PCA",
        "at": "At λ = {strength}",
        "measured_here": "Measured at this strength.",
        "between": "Read off the lines between λ = {low} and λ = {high}.",
        "no_gain": "At no strength are the new pairs found better than by the base.",
        "best_both": "Neither is left behind at λ = {strength}: recall@1 is {new} on the new pairs "
        "and {control} on the control set.",
        "best_new": "The new pairs are found best at λ = {strength}: recall@1 is {new}.",
        "adapter": "Adapter at λ = {strength} for PEFT (ZIP)",
        "no_adapter": "At λ = 0 there is no update left to save.",
        "sample": "The map shows an even sample: {shown} of {pairs} pairs.",
        "partners": "line between partners",
    },
}
