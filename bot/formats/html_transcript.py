"""HTML transcripts as podcast hosts write them: ``<cite>Name:</cite> <time>0:05</time> <p>words</p>``."""

from __future__ import annotations

from bot.domain import Parsed, Turn
from bot.formats.hypertext import events
from bot.formats.order import trusted
from bot.formats.problems import Problems, shown
from bot.formats.speakers import named
from bot.formats.times import clock_s


def is_one(text: str) -> bool:
    """Whether the tags are there that make it a transcript."""
    head = text[:20_000].lower()
    return "<p" in head and ("<cite" in head or "<time" in head)


def parse(text: str, problems: Problems) -> Parsed:
    """A paragraph takes the name and the time that stand before it; without a name the last speaker goes on."""
    reader = _Reader(problems)
    words: list[str] = []
    for tag, part in (*events(text), ("/p", "")):
        if not tag:
            words.append(part)
        elif tag.lstrip("/") in ("cite", "time", "p"):
            reader.end(" ".join("".join(words).split()))
            reader.inside = tag
            words = []
    turns = trusted(reader.turns, [0] * len(reader.turns), problems)
    return Parsed("html-transcript", turns=turns, problems=problems.all())


class _Reader:
    """What stands open, and the name and time that the next paragraph takes."""

    def __init__(self, problems: Problems) -> None:
        self.turns: list[Turn] = []
        self.inside = ""
        self._problems = problems
        self._speaker: str | None = None
        self._start: float | None = None

    def end(self, said: str) -> None:
        if self.inside == "cite":
            self._speaker = named(said.rstrip(": "))
        elif self.inside == "time":
            self._start = _time(said, self._problems)
        elif self.inside == "p" and said:
            self.turns.append(Turn(said, self._speaker, self._start))
            self._start = None


def _time(text: str, problems: Problems) -> float | None:
    found = clock_s(text)
    if found is None:
        problems.add(f"the time “{shown(text)}” cannot be used; the words are kept")
    return found
