"""A second off every start: gradio writes no stub files for editors while it is imported.

For each of its component classes gradio parses the class's source and compares it with a .pyi file
beside it, which helps people who write gradio apps in an editor and nobody who runs one. To be
called before gradio is imported. Should gradio drop or rename the function, nothing changes but
the second.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

MODULE, FUNCTION = "gradio.component_meta", "create_or_modify_pyi"


def skip_stub_files() -> None:
    """Let gradio's coming import write no stub files."""
    if MODULE not in sys.modules:
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds one module, once, and takes one function out of it as soon as it is loaded."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != MODULE:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            if hasattr(module, FUNCTION):
                setattr(module, FUNCTION, lambda *_: None)

        spec.loader.exec_module = exec_module
        return spec
