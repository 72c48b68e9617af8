"""LoRA Lab: low-rank adaptation of embedding models, from pairs to a measured comparison.

Names are imported when they are first used, so that `import lab` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "lab.config": ("LoRAConfig", "ProjectionConfig", "RunConfig", "TrainConfig"),
    "lab.errors": ("LabError",),
    "lab.lora": (
        "LoRALayer",
        "apply_lora_to_model",
        "count_parameters",
        "find_target_modules",
        "load_adapter",
        "load_lora_state_dict",
        "lora_state_dict",
        "mark_only_lora_as_trainable",
        "merge_lora",
        "merge_into_base",
        "print_trainable_parameters",
        "remove_lora",
        "save_adapter",
        "unmerge_lora",
    ),
    "lab.data": ("load_pairs", "read_pairs"),
    "lab.encoders": ("Encoder", "load_encoder"),
    "lab.training.loop": ("TrainStep", "finetune"),
    "lab.training.losses": ("info_nce",),
    "lab.analysis.embeddings": ("compute_embeddings",),
    "lab.analysis.compare": ("compare",),
    "lab.defaults": ("suggest",),
    "lab.experiment": ("adapt", "measure_baseline", "measure_control", "run_experiment"),
    "lab.archive": ("export_merged", "save_outcome"),
    "lab.runs": ("read_run",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'lab' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
