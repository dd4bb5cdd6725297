"""A small HTTP server inside the loop: raw answers by path, and what it was asked. For tests of the fetcher."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Asked:
    """One request: its path with the query, its headers by lower-case name, and its body."""

    path: str
    headers: dict[str, str]
    method: str = "GET"
    body: bytes = b""


#: Bytes, or what makes them, or what writes them itself.
Answer = bytes | Callable[[Asked], bytes] | Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while line := await reader.readline():
                method, path = line.decode("latin-1").split()[:2]
                await self._answer(method, path, reader, writer)
                if writer.is_closing():
                    return
        except OSError:
            return
        finally:
            writer.close()

    async def _answer(self, method: str, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        headers = {}
        while (row := (await reader.readline()).decode("latin-1").strip()) != "":
            name, _, value = row.partition(":")
            headers[name.lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        asked = Asked(path, headers, method, body)
        self.asked.append(asked)
        answer = self.answers.get(path.split("?")[0], answered(404))
        if isinstance(answer, bytes):
            writer.write(answer)
        elif len(inspect.signature(answer).parameters) == 1:
            writer.write(answer(asked))  # type: ignore[call-arg, arg-type]
        else:
            await answer(asked, writer)  # type: ignore[call-arg, misc]
            writer.close()
        await writer.drain()


def answered(code: int, body: bytes = b"", **headers: str) -> bytes:
    """An answer; names of headers are written with underscores. ``Content_Length`` replaces the real one."""
    told = {"Content_Length": str(len(body)), **headers}
    rows = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {code} X\r\n{rows}\r\n".encode("utf-8", "surrogateescape") + body


@asynccontextmanager
async def serving(**answers: Answer) -> AsyncIterator[Server]:
    """A server on a free port of loopback; ``root=`` answers ``/root``."""
    server = Server(0, {f"/{name}": answer for name, answer in answers.items()})
    listener = await asyncio.start_server(server.talk, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
