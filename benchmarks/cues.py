"""A transcript of 1,500 WebVTT cues from bytes to lines with moments, beside webvtt-py, which only reads the cues.

Run by itself: ``python -m benchmarks.cues``.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from io import StringIO
from typing import Any

from benchmarks.table import Row, print_table
from bot.formats import parse
from bot.rules.lines import transcript_of

CUES, RUNS, TARGET = 1_500, 15, 2.5
_WORDS = (
    "so",
    "we",
    "looked",
    "at",
    "the",
    "old",
    "bridge",
    "and",
    "thought",
    "about",
    "what",
    "it",
    "carries",
    "today",
)


def rows() -> list[Row]:
    """The figures, each the best of ``RUNS`` so that another process on the machine decides nothing."""
    plain, voices = _webvtt(voices=False), _webvtt(voices=True)
    return [_row("no speakers", plain), _row("a voice tag a cue", voices)]


def _row(what: str, text: str) -> Row:
    ours_s = _best_s(lambda: _ours(text))
    name = f"{CUES} WebVTT cues to lines with moments, {what}"
    try:
        webvtt: Any = importlib.import_module("webvtt")
    except ImportError:
        return Row(name, f"≤ {TARGET} × webvtt-py", f"{ours_s * 1000:.0f} ms", "not installed (extra: dev)")
    theirs_s = _best_s(lambda: webvtt.from_buffer(StringIO(text)))
    ratio = ours_s / theirs_s
    ours, theirs = f"{ours_s * 1000:.0f} ms, {ratio:.2f} ×", f"webvtt-py {theirs_s * 1000:.0f} ms (cues only)"
    return Row(name, f"≤ {TARGET} × webvtt-py", ours, theirs, ratio <= TARGET)


def _ours(text: str) -> int:
    return len(transcript_of(parse(text.encode(), "cues.vtt").turns).lines)


def _best_s(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return best


def _webvtt(*, voices: bool) -> str:
    """Cues of two lines and 16 words, three seconds apart; every second one ends a sentence."""
    parts = ["WEBVTT\n"]
    for n in range(CUES):
        said = [_WORDS[(n + at) % len(_WORDS)] for at in range(14)]
        name = f"<v {('Ann Lee', 'Bob Ray')[n // 7 % 2]}>" if voices else ""
        words = f"{name}Number {n} {' '.join(said[:6])}\n{' '.join(said[6:])}{'.' if n % 2 else ''}"
        parts.append(f"{n + 1}\n{_clock(n * 3)}.000 --> {_clock(n * 3 + 2)}.900\n{words}\n")
    return "\n".join(parts)


def _clock(seconds: int) -> str:
    """``hh:mm:ss``."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


if __name__ == "__main__":
    print_table(rows())
