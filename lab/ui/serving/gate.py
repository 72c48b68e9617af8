"""What is turned away before gradio sees it: what would fill the disk, and other machines' files.

gradio would fetch any public address for whoever asks (`file=https://...`), bounds each file of an
upload but neither their number nor what lies on the disk already, and writes a copy of a page to
the disk as often as a link to it is asked for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from gradio.utils import get_upload_folder
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from lab.visits.disk import measure
from lab.visits.service_config import MB, ServiceConfig
from lab.words import find_words

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FILE, UPLOAD, LINK = "/file=", "/upload", "/deep_link"
SLACK = 1 << 20  # bytes that a form adds to its file
REQUEST_MB = 16  # of one that is no upload; the page's own have some KB


class Gate:
    """Middleware around the whole page."""

    def __init__(self, app: ASGIApp, service: ServiceConfig) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is turned away; pass on all else."""
        refusal = await self._refuse(scope) if scope["type"] == "http" else None
        if refusal is not None:
            await _let_finish(receive)
        elif scope["type"] == "http" and not _is_upload(scope):
            receive = _bound(receive, REQUEST_MB * MB)
        await (refusal or self._app)(scope, receive, send)

    async def _refuse(self, scope: Scope) -> PlainTextResponse | None:
        path = unquote(scope["path"])
        if FILE in path and ":/" in path.partition(FILE)[2]:
            return _say(403, "gate_elsewhere")
        if path.rstrip("/").endswith(LINK):
            return _say(404, "gate_link")
        headers = Headers(scope=scope)
        length = headers.get("content-length", "")
        if _is_upload(scope):
            # A server believes the chunks rather than the length where it is told both.
            is_said = length.isdigit() and "transfer-encoding" not in headers
            return await self._refuse_upload(int(length)) if is_said else _say(411, "gate_length")
        is_large = length.isdigit() and int(length) > REQUEST_MB * MB
        return _say(413, "gate_request", limit=REQUEST_MB) if is_large else None

    async def _refuse_upload(self, length: int) -> PlainTextResponse | None:
        service = self._service
        if length > service.file_mb * MB + SLACK:
            return _say(413, "gate_large", limit=service.file_mb)
        if service.all_runs_mb is None:
            return None
        limit = service.all_uploads_mb + service.all_runs_mb
        stored = await run_in_threadpool(measure, Path(get_upload_folder()))
        is_full = stored is not None and stored.bytes + length > limit * MB
        return _say(507, "gate_full", limit=limit) if is_full else None


def _is_upload(scope: Scope) -> bool:
    return scope["method"] == "POST" and unquote(scope["path"]).rstrip("/").endswith(UPLOAD)


def _bound(receive: Receive, most: int) -> Receive:
    """What is received, up to `most` bytes; then as if its sender had gone.

    A request in chunks says nothing of its length, so it is counted. gradio reads one whole before
    it asks who sends it.
    """
    read = 0

    async def receive_bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        return message if read <= most else {"type": "http.disconnect"}

    return receive_bounded


async def _let_finish(receive: Receive) -> None:
    """Read what is being sent and keep none of it: else a browser would not hear the answer."""
    message = await receive()
    while message.get("more_body"):
        message = await receive()


def _say(status: int, sentence: str, **facts: int) -> PlainTextResponse:
    # A browser shows gradio's own words for these; the sentence is for whoever reads the answer.
    return PlainTextResponse(find_words()["complaints"][sentence].format(**facts), status)
