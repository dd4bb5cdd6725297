"""A podcast's host on loopback, in a thread: pages with ETags, ranges, redirects and faults, as a test puts them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class Answer:
    """What one path answers: a body with its ETag, or a status with headers. ``gate`` holds the answer back."""

    body: bytes = b""
    content_type: str = "application/octet-stream"
    code: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    gate: threading.Event | None = None

    @property
    def etag(self) -> str:
        return f'"{blake2b(self.body, digest_size=8).hexdigest()}"'


class FeedHost:
    """One host; ``asked`` are (path, status) in the order of their answers."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, int]] = []
        self.agents: set[str] = set()
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host._answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Tests print nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def allow(self) -> str:
        """The value of PULLQUOTE_ALLOW_HOSTS that opens this host."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def put(self, path: str, body: bytes | str, content_type: str = "application/octet-stream") -> None:
        self.answers[path] = Answer(body.encode() if isinstance(body, str) else body, content_type)

    def fail(self, path: str, code: int, **headers: str) -> None:
        self.answers[path] = Answer(
            code=code, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    def statuses(self, path: str) -> list[int]:
        return [status for asked, status in self.asked if asked == path]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.agents.add(handler.headers.get("User-Agent", ""))
        path = handler.path
        answer = self.answers.get(path, Answer(b"not here", code=404))
        if answer.gate:
            answer.gate.wait(30)
        code, body, headers = self._made(handler, answer)
        self.asked.append((path, code))
        try:
            handler.send_response(code)
            for name, value in {
                "Content-Type": answer.content_type,
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body)
        except OSError:
            handler.close_connection = True  # who asked is gone

    def _made(self, handler: BaseHTTPRequestHandler, answer: Answer) -> tuple[int, bytes, dict[str, str]]:
        if answer.code != 200:
            return answer.code, answer.body, dict(answer.headers)
        headers = {"ETag": answer.etag, **answer.headers}
        if handler.headers.get("If-None-Match") == answer.etag:
            return 304, b"", headers
        span = handler.headers.get("Range", "")
        if span.startswith("bytes="):
            first, _, last = span.removeprefix("bytes=").partition("-")
            part = answer.body[int(first) : int(last) + 1]
            end = int(first) + len(part) - 1
            return 206, part, {**headers, "Content-Range": f"bytes {first}-{end}/{len(answer.body)}"}
        return 200, answer.body, headers


@contextmanager
def feed_host() -> Iterator[FeedHost]:
    """A host that serves until the block ends."""
    host = FeedHost()
    host._thread.start()
    try:
        yield host
    finally:
        for answer in host.answers.values():
            if answer.gate:
                answer.gate.set()
        host._server.shutdown()
        host._server.server_close()
