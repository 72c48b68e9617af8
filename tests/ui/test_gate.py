"""What is turned away at the door, with its status and its limit; all else goes through."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lab.ui.serving.gate import REQUEST_MB, Gate
from lab.visits.service_config import MB, ServiceConfig

SERVICE = ServiceConfig(file_mb=2, all_uploads_mb=1, all_runs_mb=1)


def ask(
    method: str, path: str, *, length: int | None = None, chunked: bool = False
) -> tuple[int, str, int]:
    """-> status, text, and how many parts of what was sent were read before the answer."""
    parts = [{"type": "http.request", "body": b"x", "more_body": more} for more in (True, False)]
    said: list[dict] = []
    headers = [] if length is None else [(b"content-length", str(length).encode())]
    headers += [(b"transfer-encoding", b"chunked")] if chunked else []

    async def page(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"page"})

    async def receive() -> dict:
        return parts.pop(0)

    async def send(message: dict) -> None:
        said.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    # In a thread of its own: a browser driven from this one keeps its event loop running.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, Gate(page, SERVICE)(scope, receive, send)).result()
    return said[0]["status"], said[1]["body"].decode(), 2 - len(parts)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in the place of gradio's."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("method", "path", "length"),
    [
        ("GET", "/", None),
        ("GET", "/gradio_api/file=/tmp/a.zip", None),
        ("POST", "/gradio_api/queue/join", 5000),
        ("POST", "/login", 0),
    ],
)
def test_what_the_page_asks_for_goes_through_unread(
    method: str, path: str, length: int | None
) -> None:
    assert ask(method, path, length=length) == (200, "page", 0)


@pytest.mark.parametrize("path", ["/login", "/gradio_api/queue/join", "/gradio_api/run/predict"])
def test_no_request_fills_the_memory(path: str) -> None:
    """Whether or not its sender has logged in: gradio reads a request before it asks."""
    status, text, read = ask("POST", path, length=REQUEST_MB * MB + 1)
    assert (status, read) == (413, 2)
    assert f"{REQUEST_MB} MB" in text
    assert ask("POST", path, length=REQUEST_MB * MB)[0] == 200
    assert ask("POST", path)[0] == 200


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_request_that_does_not_say_its_length_is_counted(method: str) -> None:
    def read(chunks: int) -> list[str]:
        body = [{"type": "http.request", "body": bytes(MB), "more_body": True}] * chunks
        heard: list[str] = []

        async def page(scope, receive, send) -> None:
            while heard[-1:] != ["http.disconnect"] and len(heard) < chunks:
                heard.append((await receive())["type"])

        async def receive() -> dict:
            return body.pop()

        scope = {"type": "http", "method": method, "path": "/login", "headers": []}
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, Gate(page, SERVICE)(scope, receive, None)).result()
        return heard

    assert read(REQUEST_MB) == ["http.request"] * REQUEST_MB
    assert read(REQUEST_MB + 5) == ["http.request"] * REQUEST_MB + ["http.disconnect"]


@pytest.mark.parametrize(
    "address", ["https://example.com/a", "http:/example.com", "https%3A//example.com", "ftp://a"]
)
def test_no_file_of_another_machine_is_fetched(address: str) -> None:
    status, text, _ = ask("GET", f"/gradio_api/file={address}")
    assert status == 403
    assert "not fetched here" in text


@pytest.mark.parametrize("path", ["/gradio_api/deep_link", "/gradio_api/deep_link/"])
def test_no_page_is_written_down_for_a_link_to_it(path: str) -> None:
    """gradio would write a copy of the asker's page to the disk for each request."""
    status, text, _ = ask("GET", path)
    assert status == 404
    assert "no links" in text


def test_an_upload_is_bounded_by_its_size_and_by_what_lies_there(cache: Path) -> None:
    upload = "/gradio_api/upload"
    assert ask("POST", upload, length=1000)[0] == 200
    assert ask("POST", upload)[0] == 411
    assert ask("POST", upload, length=5, chunked=True)[0] == 411
    status, text, read = ask("POST", upload, length=4 * MB)
    assert (status, read) == (413, 2)  # read to its end: else a browser would not hear the answer
    assert "2 MB" in text
    (cache / "kept").write_bytes(bytes(2 * MB))
    status, text, _ = ask("POST", upload, length=1000)
    assert status == 507
    assert "2 MB" in text
