"""Mutants of real and hostile files through every parser: only UnknownFormat may be raised, none may take over 2 s.

``PULLQUOTE_MUTANTS`` says how many (200,000 by default); ``PULLQUOTE_FUZZ_SEED`` makes another run of them. Each mutant
can be made again from its number: ``python -m benchmarks.fuzz NUMBER…`` parses those alone, in this process.
"""

from __future__ import annotations

import os
import random
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from benchmarks.table import Row, shared
from bot.errors import UnknownFormat

MUTANTS = int(os.environ.get("PULLQUOTE_MUTANTS", "200000"))
SEED = int(os.environ.get("PULLQUOTE_FUZZ_SEED", "1"))
#: Mutants that one worker takes at a time, and how long it may take before it counts as stalled.
BATCH, BATCH_S = 500, 240.0
#: A seed is cut to this size, so that the loop sees many mutants rather than large ones.
LARGEST = 24_000
SLOW_S = 2.0

_ODD = (
    *(
        b"\x00",
        b"\xff",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xef\xbb\xbf",
        b"\r",
        b"\r\n\r\n",
        b"<",
        b">",
        b"&",
        b"&#0;",
    ),
    *(b"]]>", b"<![CDATA[", b"<!--", b"--", b"<?xml version='1.0' encoding='utf-16'?>", b"&a;", b"&nbsp;", b"&#xD800;"),
    *(
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"99999999999999999999",
        b"-1",
        b"1e400",
        b"NaN",
        b"00:00:00.000",
        b"99:99:99",
    ),
    *(b" --> ", b"WEBVTT\n\n", b"[", b"{", b'"', b"\\ud800", b"null", b"[" * 3000, b"<a>" * 3000, b"{\\rtf1", b"OggS"),
    *(b"PK\x03\x04", b"ID3\x04\x00", b"\x00\x00\x00\x01moov"),
)
_NUMBERS = re.compile(rb"\d+")


@dataclass(frozen=True, slots=True)
class Seed:
    name: str
    body: bytes


@dataclass(slots=True)
class Tally:
    """What a batch of mutants did."""

    done: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    slowest: int = -1
    escapes: list[str] = field(default_factory=list)


@cache
def seeds() -> tuple[Seed, ...]:
    """Every file of the inputs, cut to size, with what is too long for a cut kept as its beginning."""
    folder = shared()
    if folder is None:
        return ()
    paths = sorted(path for path in (folder / "inputs").rglob("*") if path.is_file() and _is_input(path))
    paths += sorted((folder / "corpus" / "syntax").rglob("*"))[:40:4]
    return tuple(Seed(path.name, path.read_bytes()[:LARGEST]) for path in paths if path.is_file())


def _is_input(path: Path) -> bool:
    return "expected" not in path.parts and path.suffix != ".tsv"


def mutant(number: int) -> Seed:
    """The mutant of this number: one seed, changed in one to six places."""
    chance = random.Random(f"{SEED}/{number}")
    seed = chance.choice(seeds())
    body = bytearray(seed.body)
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        _change(body, chance)
    return Seed(seed.name, bytes(body[: 2 * LARGEST]))


def _change(body: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(body) + 1)
    until = min(len(body), at + int(chance.expovariate(1 / 40)) + 1)
    match chance.randrange(9):
        case 0 if body:
            body[min(at, len(body) - 1)] ^= 1 << chance.randrange(8)
        case 1:
            del body[at:until]
        case 2:
            body[at:at] = body[at:until] * chance.choice((1, 3, 50))
        case 3:
            body[at:at] = chance.choice(_ODD)
        case 4:
            body[at:until] = chance.choice(_ODD)
        case 5:
            del body[at:]
        case 6:
            other = chance.choice(seeds()).body
            start = chance.randrange(len(other) + 1)
            body[at:at] = other[start : start + chance.randrange(1, 800)]
        case 7:
            _change_number(body, chance)
        case _:
            body[at:until] = bytes(chance.randrange(256) for _ in range(until - at))


def _change_number(body: bytearray, chance: random.Random) -> None:
    found = list(_NUMBERS.finditer(bytes(body[:8000])))
    if found:
        one = chance.choice(found)
        body[one.start() : one.end()] = chance.choice((b"0", b"-5", b"4294967296", b"9" * 40, b"1.5", b""))


def feed_to_parsers(one: Seed) -> None:
    """Everything that reads bytes of strangers. Raises whatever escapes."""
    from bot.formats import audio_tags, parse
    from bot.formats.feed import parse_feed
    from bot.formats.opml import read_opml
    from bot.formats.web_page import feed_links

    readers: list[Callable[[], object]] = [
        lambda: parse(one.body, one.name),
        lambda: audio_tags.read({0: one.body}, len(one.body) + 10_000),
    ]
    if one.body.lstrip()[:1] == b"<":
        readers.append(lambda: parse_feed(one.body, "https://feeds.example/1"))
        readers.append(lambda: read_opml(one.body))
        readers.append(lambda: feed_links(one.body, "https://feeds.example/"))
    for read in readers:
        try:
            read()
        except UnknownFormat:
            continue


def batch(first: int, count: int) -> Tally:
    tally = Tally()
    for number in range(first, first + count):
        one = mutant(number)
        began = time.perf_counter()
        try:
            feed_to_parsers(one)
        except Exception as err:
            tally.escapes.append(f"mutant {number} of {one.name}: {type(err).__name__}: {err}"[:200])
        took = time.perf_counter() - began
        if took > tally.slowest_s:
            tally.slowest_s, tally.slowest = took, number
        tally.done += 1
    return tally


def rows() -> list[Row]:
    """The mutation loop's figures; what escaped is printed one by one."""
    if not seeds():
        return [Row("fuzz: mutants", "0 escapes, none over 2 s", "inputs missing")]
    done, escapes, slowest = 0, [], (0.0, -1)
    for tally in _tallies():
        done += tally.done
        escapes += tally.escapes
        slowest = max(slowest, (tally.slowest_s, tally.slowest))
    for escape in escapes[:50]:
        print(f"  {escape}", file=sys.stderr)
    return [
        Row(f"fuzz: escapes of {done:,} mutants", "0", str(len(escapes)), ok=not escapes and done >= 200_000),
        Row("fuzz: slowest mutant", "≤ 2 s", f"{slowest[0]:.2f} s (number {slowest[1]})", ok=slowest[0] <= SLOW_S),
    ]


def _tallies() -> Iterator[Tally]:
    """Batches in two processes; one that dies or stalls is an escape of its own."""
    from pebble import ProcessExpired, ProcessPool

    with ProcessPool(max_workers=2) as pool:
        firsts = range(0, MUTANTS, BATCH)
        futures = [(first, pool.schedule(batch, args=[first, BATCH], timeout=BATCH_S)) for first in firsts]
        for first, future in futures:
            try:
                yield future.result()
            except (ProcessExpired, TimeoutError) as err:
                yield Tally(
                    escapes=[f"mutants {first} to {first + BATCH - 1}: {type(err).__name__}"], slowest_s=BATCH_S
                )


def main(numbers: Sequence[str]) -> None:
    for number in map(int, numbers):
        one = mutant(number)
        print(f"mutant {number} of {one.name}, {len(one.body)} bytes")
        began = time.perf_counter()
        try:
            feed_to_parsers(one)
        except Exception:
            traceback.print_exc()
        print(f"  {time.perf_counter() - began:.3f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
