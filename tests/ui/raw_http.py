"""A visitor without a browser: requests as anybody may send them, private endpoints included."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any

SOON = 120.0  # seconds
LEFT_OUT = "?"  # in the place of what the server keeps itself (gr.State)


class RawVisitor:
    """One session with a page. heard: everything that the server said to it, as text."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = uuid.uuid4().hex
        self.heard: list[str] = []
        self.config = json.loads(self.get("config")[1])
        self.values = {part["id"]: part["props"].get("value") for part in self.config["components"]}
        self.id = self.last("on_open", "")["visitor"]

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a request."""
        return self._ask(urllib.request.Request(self.address + path))

    def upload(self, name: str, data: bytes) -> Any:
        """Paths of an uploaded file as the server calls it, or the status of a refusal."""
        edge = uuid.uuid4().hex
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        )
        body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        url = self.address + "gradio_api/upload"
        status, text = self._ask(urllib.request.Request(url, body, kind))
        return json.loads(text) if status == 200 else status

    def call(self, name: str, *data: Any, event_data: Any = None) -> Iterator[dict[str, Any]]:
        """What a handler answers: {component's id or name: value} of each of its steps.

        An event that ends in an error raises RefusedError.
        """
        told = next(row for row in self.config["dependencies"] if row["api_name"] == name)
        body = {
            "data": list(data),
            "fn_index": told["id"],
            "session_hash": self.session,
            "event_data": event_data,
            "trigger_id": told["targets"][0][0],
        }
        status, text = self._post("gradio_api/queue/join", body)
        if status != 200:
            raise RefusedError(f"{status} {text}")
        event = json.loads(text)["event_id"]
        outputs, merged = told["outputs"], {}
        for message in self._stream(event):
            if not message.get("success", True):
                raise RefusedError(json.dumps(message["output"]))
            if message["msg"] == "process_completed":
                merged = dict(zip(outputs, message["output"]["data"], strict=False)) or merged
                yield self._by_name(merged)
                return
            if message["msg"] == "process_generating":
                yield {"generating": message["output"]["data"]}

    def last(self, name: str, *data: Any, event_data: Any = None) -> dict[str, Any]:
        """The last step of what a handler answers."""
        *_, answer = self.call(name, *data, event_data=event_data)
        return answer

    def _by_name(self, values: dict[int, Any]) -> dict[str, Any]:
        parts = {part["id"]: part for part in self.config["components"]}
        names = {
            key: parts[key]["props"].get("elem_id")
            or ("visitor" if parts[key]["type"] == "browserstate" else str(key))
            for key in values
        }
        return {names[key]: value for key, value in values.items()}

    def _stream(self, event: str) -> Iterator[dict[str, Any]]:
        url = f"{self.address}gradio_api/queue/data?session_hash={self.session}"
        with urllib.request.urlopen(url, timeout=SOON) as stream:
            for line in stream:
                if line.startswith(b"data: "):
                    self.heard.append(line.decode())
                    message = json.loads(line[6:])
                    if message.get("event_id") == event:
                        yield message

    def _post(self, path: str, body: Any) -> tuple[int, str]:
        data = json.dumps(body).encode()
        kind = {"Content-Type": "application/json"}
        return self._ask(urllib.request.Request(self.address + path, data, kind))

    def _ask(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(request, timeout=SOON) as answer:
                status, text = answer.status, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode("utf-8", "replace")
        self.heard.append(text)
        return status, text


class RefusedError(Exception):
    """The server did not do it."""
