"""Reading a body within a bound: never more bytes than asked for, packed or unpacked. No decision about feeds here."""

from __future__ import annotations

import asyncio
import zlib
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.feed_ports import Room

#: What is unpacked in one go, before others get their turn (bytes; about a millisecond).
_STEP = 256 * 1024
#: gzip members of one body: real ones have one, block-wise ones some hundreds.
_MEMBERS = 4096
#: Packed bytes that may come beyond the limit of the unpacked ones (headers and padding of members).
_SLACK = 64 * 1024
#: A body that is larger, unpacked, needs room (bytes).
SMALL = 2**20
_GZIP = b"\x1f\x8b"


class Chunks(Protocol):
    """A stream of bytes: what is there, b"" at the end."""

    async def readany(self) -> bytes: ...


class BodyError(Exception):
    """The body is no good; the message ends a sentence that begins with "its answer"."""


class TooLarge(Exception):
    """More than the limit; ``head`` is what was read up to it (not copied: it may be all that fits)."""

    def __init__(self, read: bytearray, limit: int) -> None:
        super().__init__("more than the limit")
        del read[limit:]
        self.head = read


async def read_body(stream: Chunks, coding: str, limit: int, room: Room | None = None) -> bytes:
    """The whole body, unpacked. ``coding`` is "", "gzip" or "deflate". Past ``SMALL`` bytes it waits for ``room``.

    Raises TooLarge past ``limit`` bytes (at most that much is ever unpacked) and BodyError when it is broken or cut.
    """
    if not coding:
        return await _plain(stream, limit, room)
    unpacker = _Unpacker(coding, limit, room)
    read = 0
    while chunk := await stream.readany():
        read += len(chunk)
        if read > limit + _SLACK:
            raise TooLarge(unpacker.out, limit)
        await unpacker.feed(chunk)
    return unpacker.whole()


async def _plain(stream: Chunks, limit: int, room: Room | None) -> bytes:
    # One growing buffer: a list of single-byte chunks would take forty times their size.
    out = bytearray()
    while chunk := await stream.readany():
        out += chunk
        if len(out) > limit:
            raise TooLarge(out, limit)
        if len(out) > SMALL and room:
            await room.wanted()
    return bytes(out)


class _Unpacker:
    """gzip of one or more members, or deflate with or without its zlib frame (both are sent under that name)."""

    def __init__(self, coding: str, limit: int, room: Room | None) -> None:
        self.out = bytearray()
        self._room = room
        self._gzip = coding == "gzip"
        self._limit = limit
        self._members = 0
        self._inner: zlib._Decompress | None = None
        self._held = b""  # too short to tell what it is

    async def feed(self, chunk: bytes) -> None:
        data = self._held + chunk
        self._held = b""
        while data:
            if self._inner is None:
                if not self._begin(data):
                    return
                continue
            data = self._step(self._inner, data)
            await asyncio.sleep(0)
            if len(self.out) > SMALL and self._room:
                await self._room.wanted()

    def _begin(self, data: bytes) -> bool:
        """Open the next member; whether there is one. What follows the last one and is none is padding."""
        assert self._inner is None
        if len(data) < 2:
            self._held = data
            return False
        if self._members and not (self._gzip and data.startswith(_GZIP)):
            return False
        if self._members >= _MEMBERS:
            raise BodyError("is packed in too many pieces")
        self._members += 1
        framed = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
        self._inner = zlib.decompressobj(31 if self._gzip else 15 if framed else -15)
        return True

    def _step(self, inner: zlib._Decompress, data: bytes) -> bytes:
        """Unpack one step; what is left to unpack."""
        room = self._limit - len(self.out)
        try:
            self.out += inner.decompress(data, min(_STEP, room + 1))
        except zlib.error as error:
            raise BodyError("is not packed as it says") from error
        if len(self.out) > self._limit:
            raise TooLarge(self.out, self._limit)
        if inner.eof:
            self._inner = None
            return inner.unused_data
        return inner.unconsumed_tail

    def whole(self) -> bytes:
        """Everything, once the last byte came."""
        if self._inner is not None and not self._inner.eof:
            raise BodyError("ends in the middle")
        if self._held and not self._members:
            raise BodyError("is not packed as it says")
        return bytes(self.out)
