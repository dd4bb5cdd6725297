"""What an import is asked and what it answers: plain values, and how a map file is read. Nothing is imported here."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain import Line, Outcome, Problem
from bot.errors import UsageError
from bot.rules.labels import is_generic

#: In place of an episode's key: the file is an episode of its own, or it is left out.
OWN, LEAVE_OUT = "", "-"
#: In a table: nothing is known and nothing was said, so it stays unsure.
_OPEN = "?"
#: The columns of what ``--unsure`` writes; given back with ``--map``, the first two are read.
COLUMNS = ("file", "episode", "candidate title", "confidence", "reason")
#: What begins a formula in table programs, full-width forms too, and the mark that makes it text.
_FORMULA = frozenset("=+-@＝＋－＠'")
#: Labels that one episode's report shows, and lines of each.
_LABELS, _SAMPLES = 8, 3


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A label that names nobody ("Speaker 1", or none at all), with lines by which a person may know the voice."""

    label: str | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class EpisodeReport:
    """What became of one episode. ``speakers``: turns by name; ``sample``: its first lines, for a dry run."""

    show: str
    episode: str
    title: str
    outcome: Outcome
    turns: int
    lines: int
    chapters: int
    highlights: int
    speakers: Mapping[str, int]
    files: tuple[str, ...]
    reason: str
    confidence: float
    sample: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    #: The first lines whole, with speaker and moment, and the labels that nobody has named yet.
    opening: tuple[Line, ...] = ()
    unnamed: tuple[Unnamed, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsure:
    """A file that may be an episode of the feed; nothing of it is stored until somebody says which.

    ``episode``: the key of the best candidate, None when nothing points to any; ``also``: the next best.
    """

    show: str
    file: str
    episode: str | None
    title: str | None
    confidence: float
    reason: str
    also: str | None = None
    opening: tuple[Line, ...] = ()


@dataclass(slots=True)
class ImportReport:
    """All that one import did. ``indexed`` is False when another process holds the index and will follow."""

    episodes: list[EpisodeReport] = field(default_factory=list)
    unsure: list[Unsure] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seconds: float = 0.0
    indexed: bool = True
    dry_run: bool = False

    @property
    def landed(self) -> bool:
        return any(one.outcome != "skipped" for one in self.episodes)

    @property
    def shows(self) -> list[str]:
        return sorted({*(one.show for one in self.episodes), *(one.show for one in self.unsure)})


@dataclass(frozen=True, slots=True)
class Wish:
    """How to import: into one show or each folder's, with a map of files to episode keys, for real or not.

    ``keys`` may say ``OWN`` or ``LEAVE_OUT`` for a file; ``best`` takes the best candidate wherever it is unsure.
    """

    show: str | None = None
    title: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False
    best: bool = False

    def key_of(self, name: str, stem: str) -> str | None:
        """What the map says of a file: by its whole name, its name without folders, or its stem."""
        file = name.replace("\\", "/").rpartition("/")[2]
        return next((self.keys[one] for one in (name, file, stem) if one in self.keys), None)


def read_map(data: bytes) -> dict[str, str]:
    """``file,episode`` rows (a header is optional) as file name or stem → key. Raises UsageError for other shapes.

    ``-`` or ``skip`` leaves a file out, ``?`` leaves it open. In a table with more columns, as ``--unsure`` writes it,
    an empty episode means one of its own; with two columns it is refused, because it is more likely forgotten.
    """
    rows = [row for row in csv.reader(io.StringIO(data.decode("utf-8-sig", "replace"))) if any(map(str.strip, row))]
    if rows and [cell.strip().lower() for cell in rows[0][:2]] == ["file", "episode"]:
        rows = rows[1:]
    if not all(len(row) >= 2 and row[0].strip() and (row[1].strip() or len(row) > 2) for row in rows):
        raise UsageError("A map file has two columns: file,episode.")
    return {_name(row[0].strip()): _said(row[1].strip()) for row in rows if row[1].strip() != _OPEN}


def _said(episode: str) -> str:
    return LEAVE_OUT if episode.lower() in ("-", "skip") else episode


def unsure_table(unsure: Iterable[Unsure]) -> str:
    """What is unsure as CSV, for a person to correct: ``COLUMNS``, one row a file, the best candidate filled in."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for one in unsure:
        table.writerow(
            [_cell(one.file), one.episode or _OPEN, _cell(one.title or ""), f"{one.confidence:.2f}", _cell(one.reason)]
        )
    return out.getvalue()


def _cell(text: str) -> str:
    """Text that no table program takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.strip()[:1] in _FORMULA else text


def _name(cell: str) -> str:
    """A file's name as it was before ``_cell``."""
    return cell[1:] if cell[:1] == "'" and cell[1:].strip()[:1] in _FORMULA else cell


def unnamed_in(lines: Sequence[Line]) -> tuple[Unnamed, ...]:
    """Each label of these lines that names nobody, with three telling lines: from its beginning, middle and end."""
    by_label: dict[str | None, list[Line]] = defaultdict(list)
    for line in lines:
        if line.speaker is None or is_generic(line.speaker):
            by_label[line.speaker or None].append(line)
    return tuple(Unnamed(label, _telling(said)) for label, said in list(by_label.items())[:_LABELS])


def _telling(lines: Sequence[Line]) -> tuple[Line, ...]:
    long = [line for line in lines if line.words >= 6] or list(lines)
    picks = sorted({0, len(long) // 2, len(long) - 1})[:_SAMPLES]
    return tuple(long[at] for at in picks)
