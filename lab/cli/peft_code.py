"""A run's adapter as the PEFT settings that mean the same, in Python."""

from __future__ import annotations

from dataclasses import fields

from lab.config import LoRAConfig

_ALWAYS = ("r", "lora_alpha", "target_modules")
_NOT_PEFTS = ("merge_weights", "lora_dropout_on")  # the lab's own
_MAPPINGS = ("rank_pattern", "alpha_pattern")


def as_peft_code(config: LoRAConfig) -> str:
    """`LoraConfig(...)` and what makes an adapter of it. Factor dropout, which PEFT lacks, is
    left out, and a comment says so."""
    settings = {
        field.name: _plain(getattr(config, field.name))
        for field in sorted(fields(config), key=lambda field: field.name not in _ALWAYS)
        if field.name in _ALWAYS or _is_set(config, field.name)
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
    """Whether PEFT has a setting of this name and it is not the usual."""
    return name not in _NOT_PEFTS and getattr(config, name) != getattr(LoRAConfig, name)


def _plain(value: object) -> object:
    """Lists as PEFT's own files have them, and no .0 behind a whole number."""
    if isinstance(value, tuple):
        return list(value)
    return int(value) if isinstance(value, float) and value.is_integer() and value else value
