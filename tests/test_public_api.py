"""`import lab`: every promised name is there, and nothing heavy comes before it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import lab
from lab.config import LoRAConfig

PROMISED = {
    "LoRAConfig",
    "LoRALayer",
    "apply_lora_to_model",
    "finetune",
    "load_encoder",
    "load_pairs",
    "lora_state_dict",
    "mark_only_lora_as_trainable",
    "merge_lora",
    "print_trainable_parameters",
    "unmerge_lora",
}


def test_every_name_can_be_imported() -> None:
    assert set(lab.__all__) >= PROMISED
    for name in lab.__all__:
        assert getattr(lab, name).__module__.startswith("lab.")
    assert lab.LoRAConfig is LoRAConfig
    assert set(dir(lab)) >= set(lab.__all__)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = lab.nonsense


@pytest.mark.parametrize(
    "code",
    [
        "import lab; dir(lab); lab.LoRAConfig(r=4); lab.load_pairs; lab.suggest",
        "import lab.cli.main; lab.cli.main.build_parser().format_help()",
        "from lab.cli.main import main; main(['models'])",
    ],
)
def test_opening_a_door_loads_nothing_heavy(code: str) -> None:
    heavy = "{'torch', 'transformers', 'gradio', 'umap', 'numba', 'pandas', 'pyarrow', 'scipy'}"
    check = f"import sys; {code}; print('loaded:', sorted({heavy} & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stdout.splitlines()[-1] == "loaded: []"
