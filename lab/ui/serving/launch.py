"""How the page is served: locally, closed to everything that was not asked for."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from lab.ui.components import vendor_routes
from lab.ui.page import build
from lab.ui.serving.gate import Gate
from lab.ui.serving.language import ReadersLanguage
from lab.ui.serving.login import Login
from lab.ui.serving.login_tries import LONGEST_WAIT
from lab.ui.theme import CSS, make_theme
from lab.visits.housekeeping import keep_tidy
from lab.visits.laboratory import Laboratory
from lab.visits.service_config import MB, OWN_MACHINE, ServiceConfig
from lab.words import LANGUAGES, find_words


def make_demo(
    runs_folder: Path, open_folders: bool = True, service: ServiceConfig = OWN_MACHINE
) -> gr.Blocks:
    """The page over a new laboratory."""
    return build(make_laboratory(runs_folder, open_folders, service))


def make_laboratory(
    runs_folder: Path, open_folders: bool = True, service: ServiceConfig = OWN_MACHINE
) -> Laboratory:
    """A laboratory that keeps itself tidy."""
    laboratory = Laboratory(runs_folder.resolve(), open_folders, service)
    keep_tidy(laboratory)
    return laboratory


def launch(
    demo: gr.Blocks,
    host: str,
    port: int,
    service: ServiceConfig = OWN_MACHINE,
    login: Login | None = None,
    **options: Any,
) -> Any:
    """Serve the page. options: of gradio's launch, for tests (prevent_thread_lock, quiet)."""
    return demo.queue(max_size=64, default_concurrency_limit=4, api_open=False).launch(
        server_name=host,
        server_port=port,
        share=False,
        ssr_mode=False,
        max_file_size=service.file_mb * MB,
        enable_monitoring=False,
        run_history=False,
        mcp_server=False,
        show_error=False,
        strict_cors=True,
        footer_links=[],
        auth=login,
        auth_message=_about_tries() if login else None,
        theme=make_theme(),
        css=CSS,
        app_kwargs={
            "routes": vendor_routes(),
            "middleware": [Middleware(Gate, service=service), Middleware(ReadersLanguage)],
        },
        state_session_capacity=200,
        **options,
    )


def _about_tries() -> str:
    """What stands over the login, as HTML. In every language: gradio has one text for all."""
    minutes = round(LONGEST_WAIT / 60)
    said = (find_words(language)["page"]["login_tries"] for language in LANGUAGES)
    return "<br>".join(escape(text.format(minutes=minutes)) for text in said)
