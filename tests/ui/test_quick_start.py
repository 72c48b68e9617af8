"""gradio starts without its stub files, and is otherwise what it was."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from lab.ui.serving.quick_start import skip_stub_files
before = list(sys.meta_path)
skip_stub_files()
import gradio
from gradio import component_meta
assert sys.meta_path == before, "the finder stays"
assert component_meta.create_or_modify_pyi(None, "", []) is None
assert component_meta.__spec__.name == "gradio.component_meta"
skip_stub_files()
assert sys.meta_path == before, "too late to do anything, and nothing was done"
print(type(gradio.Textbox(value="works").get_config()["value"]).__name__)
"""


def test_gradio_is_imported_without_writing_stub_files() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "str"
