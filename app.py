"""LoRA Lab's page: `python app.py`, then localhost:7860. Environment, page, launch; no logic."""

from __future__ import annotations

import os
from pathlib import Path

# Before gradio is imported: no look-ups outside, and its call to its own loopback address past
# any proxy.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
for _name in ("NO_PROXY", "no_proxy"):
    os.environ[_name] = ",".join(filter(None, [os.environ.get(_name), "127.0.0.1,localhost"]))

from lab.ui.quick_start import skip_stub_files  # noqa: E402

skip_stub_files()

from lab.ui.launch import launch, make_demo  # noqa: E402

ON_A_SPACE = "SPACE_ID" in os.environ
demo = make_demo(Path(os.environ.get("LAB_RUNS", "runs")), open_folders=not ON_A_SPACE)

if __name__ == "__main__":
    host = os.environ.get("GRADIO_SERVER_NAME", "0.0.0.0" if ON_A_SPACE else "127.0.0.1")
    launch(demo, host, int(os.environ.get("PORT", "7860")))
