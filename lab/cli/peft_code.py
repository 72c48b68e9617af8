"""A run's adapter as the PEFT settings that mean the same, in Python."""

from __future__ import annotations

from lab.config import LoRAConfig

# PEFT's names for what is given only where it is not the usual.
_RARE = (
    "lora_dropout",
    "bias",
    "use_rslora",
    "use_dora",
    "init_lora_weights",
    "rank_pattern",
    "alpha_pattern",
    "exclude_modules",
    "layers_to_transform",
    "layers_pattern",
    "modules_to_save",
)
_MAPPINGS = ("rank_pattern", "alpha_pattern")


def as_peft_code(config: LoRAConfig) -> str:
    """`LoraConfig(...)` and what makes an adapter of it. Factor dropout, which PEFT lacks, is
    left out, and a comment says so."""
    settings = {
        "r": config.r,
        "lora_alpha": _plain(config.lora_alpha),
        "target_modules": _plain(config.target_modules),
        **{name: _plain(getattr(config, name)) for name in _RARE if _is_set(config, name)},
    }
    on_factors = config.lora_dropout and config.lora_dropout_on == "factors"
    if on_factors:
        del settings["lora_dropout"]
    for name in _MAPPINGS:
        if name in settings:
            settings[name] = dict(getattr(config, name))
    lines = [f"    {name}={value!r}," for name, value in settings.items()]
    if on_factors:
        lines.append(f"    # PEFT has no dropout on the factors (here {config.lora_dropout:g})")
    return "\n".join(
        [
            "from peft import LoraConfig, get_peft_model",
            "",
            "config = LoraConfig(",
            *lines,
            ")",
            "model = get_peft_model(base, config)  # base: the model as transformers loads it",
        ]
    )


def _is_set(config: LoRAConfig, name: str) -> bool:
    return getattr(config, name) != getattr(LoRAConfig, name)


def _plain(value: object) -> object:
    """Lists as PEFT's own files have them, and no .0 behind a whole number."""
    if isinstance(value, tuple):
        return list(value)
    return int(value) if isinstance(value, float) and value.is_integer() and value else value
