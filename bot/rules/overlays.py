"""What a community makes of raw lines: aliases, fixes and withholds laid over the source. Pure; nothing is looked up.

The rule of every withhold: when in doubt, hidden. A line is shown only if no withhold reaches any of its words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain import FixField, Level, Line
from bot.rules.labels import is_generic
from bot.rules.words import collapse, tokens


@dataclass(frozen=True, slots=True)
class PlacedFix:
    """A fix whose words stand at ``first_word`` .. ``first_word + words`` of the present transcript."""

    first_word: int
    words: int
    field: FixField
    value: str
    #: When the source's words begin; a time fix moves all its lines by the difference. None = the source has no time.
    start_s: float | None = None


@dataclass(frozen=True, slots=True)
class PlacedWithhold:
    """A withhold that reaches these words of the present transcript."""

    first_word: int
    words: int
    level: Level


@dataclass(frozen=True, slots=True)
class Overlays:
    """All that one community lays over one episode. Fixes are oldest first: a later one wins where two overlap."""

    #: Written label, in its compared form (``same_name``) -> name, for this episode alone and for the show.
    episode_aliases: Mapping[str, str] = field(default_factory=dict)
    show_aliases: Mapping[str, str] = field(default_factory=dict)
    fixes: tuple[PlacedFix, ...] = ()
    withholds: tuple[PlacedWithhold, ...] = ()
    #: Withheld people by the compared form of their names.
    persons: Mapping[str, Level] = field(default_factory=dict)
    episode: Level | None = None

    @property
    def touches_lines(self) -> bool:
        """Whether single lines differ from the source in more than their speaker's name."""
        return bool(self.fixes or self.withholds)


NONE = Overlays()
#: A page's words repeat a hidden line from this likeness (0-100) and this many words on.
REPEATED = 80.0
FEWEST_REPEATED = 3


def hides(level: Level | None) -> bool:
    return level is Level.hidden or level is Level.erased


def same_name(name: str) -> str:
    """The form in which names are compared: tokens, or the bare text when there is none."""
    return " ".join(tokens(name)) or collapse(name)


def shown_name(label: str | None, overlays: Overlays) -> str | None:
    """What a community calls the speaker that the source writes as ``label``; None = unknown.

    A generic label ("Speaker 1") means another person in every episode, so only the episode's own alias names it.
    """
    if label is None:
        return None
    key = same_name(label)
    if key in overlays.episode_aliases:
        return overlays.episode_aliases[key]
    if is_generic(label):
        return None
    return overlays.show_aliases.get(key, label)


def person_level(label: str | None, name: str | None, overlays: Overlays) -> Level | None:
    """The strictest withhold of whoever is written ``label`` or called ``name``."""
    if not overlays.persons:
        return None
    found = [overlays.persons.get(same_name(each)) for each in (label, name) if each is not None]
    return strictest(level for level in found if level is not None)


def strictest(levels: Iterable[Level]) -> Level | None:
    order = (Level.not_featured, Level.hidden, Level.erased)
    return max(levels, key=order.index, default=None)


def apply(lines: Sequence[Line], overlays: Overlays) -> list[Line]:
    """The lines (in order, any stretch of one transcript) as the community may see them; what is withheld leaves a
    gap in ``n``. Fast where nothing is laid over: lines that stay the same are the same objects."""
    if hides(overlays.episode):
        return []
    edits = _edits(lines, overlays) if overlays.touches_lines else {}
    voices = {label: _voice(label, shown_name(label, overlays), overlays) for label in {line.speaker for line in lines}}
    shown = []
    for i, line in enumerate(lines):
        edit = edits.get(i)
        voice = voices[line.speaker] if edit is None or not edit.renamed else _voice(None, edit.speaker, overlays)
        seen = _seen(line, voice, edit)
        if seen is not None:
            shown.append(seen)
    return shown


@dataclass(frozen=True, slots=True)
class _Voice:
    """How a speaker's lines are shown: under which name, and how far withheld."""

    name: str | None
    level: Level | None


def _voice(label: str | None, name: str | None, overlays: Overlays) -> _Voice:
    levels = (overlays.episode, person_level(label, name, overlays))
    return _Voice(name, strictest(level for level in levels if level is not None))


@dataclass(slots=True)
class _Edit:
    """What the overlays do to one line."""

    speaker: str | None = None
    renamed: bool = False
    #: Where a time fix puts the line itself, or by how much it moves it along with the lines before it.
    start_s: float | None = None
    shift_s: float | None = None
    #: (first word, end word, replacement), counted in the line.
    cuts: list[tuple[int, int, str]] = field(default_factory=list)
    level: Level | None = None


def _edits(lines: Sequence[Line], overlays: Overlays) -> dict[int, _Edit]:
    starts = [line.first_word for line in lines]
    edits: dict[int, _Edit] = {}
    for withhold in overlays.withholds:
        for i in _reached(lines, starts, withhold.first_word, withhold.words):
            edit = edits.setdefault(i, _Edit())
            edit.level = strictest(level for level in (edit.level, withhold.level) if level is not None)
    for fix in _standing(overlays.fixes):
        for i in _reached(lines, starts, fix.first_word, fix.words):
            _add(edits.setdefault(i, _Edit()), fix, lines[i])
    return edits


def _reached(lines: Sequence[Line], starts: Sequence[int], first: int, words: int) -> Iterator[int]:
    """Positions of the lines that share a word with the span."""
    i = max(0, bisect_left(starts, first) - 1)
    while i < len(lines) and starts[i] < first + words:
        if starts[i] + lines[i].words > first:
            yield i
        i += 1


def _standing(fixes: Sequence[PlacedFix]) -> list[PlacedFix]:
    """Without text fixes that a later one overlaps; oldest first."""
    kept: list[PlacedFix] = []
    for fix in reversed(fixes):
        if fix.field != "text" or not any(_overlap(fix, other) for other in kept if other.field == "text"):
            kept.append(fix)
    return kept[::-1]


def _overlap(one: PlacedFix, other: PlacedFix) -> bool:
    return one.first_word < other.first_word + other.words and other.first_word < one.first_word + one.words


def _add(edit: _Edit, fix: PlacedFix, line: Line) -> None:
    begins_here = fix.first_word >= line.first_word
    if fix.field == "speaker":
        edit.speaker, edit.renamed = fix.value or None, True
    elif fix.field == "text":
        first = max(0, fix.first_word - line.first_word)
        end = min(line.words, fix.first_word + fix.words - line.first_word)
        edit.cuts.append((first, end, fix.value if begins_here else ""))
    elif begins_here:
        edit.start_s = float(fix.value)
    elif fix.start_s is not None:
        edit.shift_s = float(fix.value) - fix.start_s


def _seen(line: Line, voice: _Voice, edit: _Edit | None) -> Line | None:
    """One line through the overlays; None when it is withheld or a fix has emptied it."""
    levels = (voice.level, edit.level if edit else None)
    level = strictest(each for each in levels if each is not None)
    if hides(level):
        return None
    if edit is not None:
        line = _edited(line, edit)
    featured = level is None
    if line.speaker != voice.name or line.featured != featured:
        line = replace(line, speaker=voice.name, featured=featured)
    return line if line.text else None


def _edited(line: Line, edit: _Edit) -> Line:
    fixed = line
    if edit.cuts:
        fixed = replace(fixed, text=_recut(line.text, edit.cuts), fixed=True)
    if edit.start_s is not None:
        fixed = _moved(fixed, edit.start_s - (line.start_s or 0.0), edit.start_s, exact=True)
    elif edit.shift_s is not None and line.start_s is not None:
        fixed = _moved(fixed, edit.shift_s, line.start_s + edit.shift_s, exact=line.exact)
    return replace(fixed, fixed=True) if edit.renamed else fixed


def _recut(text: str, cuts: Sequence[tuple[int, int, str]]) -> str:
    words = text.split()
    for first, end, value in sorted(cuts, reverse=True):
        words[first:end] = value.split()
    return " ".join(words)


def _moved(line: Line, by_s: float, start_s: float, *, exact: bool) -> Line:
    end_s = None if line.end_s is None else max(0.0, round(line.end_s + by_s, 3))
    return replace(line, start_s=max(0.0, round(start_s, 3)), end_s=end_s, exact=exact, fixed=True)


def reach(lines: Sequence[Line], overlays: Overlays) -> Level | None:
    """The strictest withhold of any of these lines."""
    if overlays.episode is not None and hides(overlays.episode):
        return overlays.episode
    edits = _edits(lines, overlays) if overlays.touches_lines else {}
    levels: list[Level | None] = []
    for i, line in enumerate(lines):
        edit = edits.get(i, _Edit())
        label, name = (None, edit.speaker) if edit.renamed else (line.speaker, shown_name(line.speaker, overlays))
        levels += [_voice(label, name, overlays).level, edit.level]
    return strictest(level for level in levels if level is not None)


def repeats(text: str, hidden: Sequence[Line]) -> bool:
    """Whether a text of the page says again what hidden lines say: most of the shorter one in the other."""
    from rapidfuzz import fuzz  # only where something is hidden

    said = " ".join(tokens(text))
    words = (" ".join(tokens(line.text)) for line in hidden)
    return any(
        len(each.split()) >= FEWEST_REPEATED
        and len(said.split()) >= FEWEST_REPEATED
        and fuzz.partial_ratio(said, each) >= REPEATED
        for each in words
    )
