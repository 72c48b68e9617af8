"""LoRA Lab's page: `python app.py`, then localhost:7860. Environment, page, launch; no logic."""

from __future__ import annotations

import os
from pathlib import Path

# Before gradio is imported: no look-ups outside, and its call to its own loopback address past
# any proxy.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
# pyarrow's own heap keeps what a thread that has ended had read; the system's is given back.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
for _name in ("NO_PROXY", "no_proxy"):
    os.environ[_name] = ",".join(filter(None, [os.environ.get(_name), "127.0.0.1,localhost"]))

from lab.ui.serving.quick_start import skip_stub_files  # noqa: E402

skip_stub_files()

from lab.ui.page import build  # noqa: E402
from lab.ui.serving.launch import launch, make_laboratory  # noqa: E402
from lab.ui.serving.login import read_login  # noqa: E402
from lab.visits.ending import end_on_termination  # noqa: E402
from lab.visits.heap import share_heaps  # noqa: E402
from lab.visits.service_config import FOR_STRANGERS, OWN_MACHINE, read_service  # noqa: E402

LOOPBACK = ("127.0.0.1", "localhost", "::1")
ON_A_SPACE = "SPACE_ID" in os.environ
HOST = os.environ.get("GRADIO_SERVER_NAME", "0.0.0.0" if ON_A_SPACE else "127.0.0.1")
# Whoever reaches the page from elsewhere is a stranger, unless it is said that nobody is.
IS_PUBLIC = os.environ.get("LAB_PUBLIC", str(int(ON_A_SPACE or HOST not in LOOPBACK))) != "0"
SERVICE = read_service(os.environ, FOR_STRANGERS if IS_PUBLIC else OWN_MACHINE)
laboratory = make_laboratory(Path(os.environ.get("LAB_RUNS", "runs")), not IS_PUBLIC, SERVICE)
demo = build(laboratory)

if __name__ == "__main__":
    share_heaps()
    end_on_termination(laboratory)
    port = int(os.environ.get("PORT", "7860"))
    launch(demo, HOST, port, SERVICE, read_login(os.environ))
