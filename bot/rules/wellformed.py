"""Which lines may be chosen by the bot itself: whole sentences that are neither small talk nor an advertisement.

Pure and cheap, one line at a time (``flaw``, ``is_greeting``, ``is_ad``) or in context (``quotable``). Every refusal
has a reason. How kinds of language sound stands in ``bot.rules.speech``; how good a line is, ``summary`` decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.domain import Line
from bot.rules import speech
from bot.rules.words import straighten

#: A line outside of these many words is a fragment or a ramble.
LEAST_WORDS, MOST_WORDS = 6, 45
#: One "word" can be megabytes long; a quote is not.
MOST_CHARACTERS = 400
#: No advertisement read is looked for further than this many lines and seconds from the line that announces it.
AD_REACH, AD_REACH_S = 40, 180.0
#: Lines between two advertising ones that are still the same read.
AD_GAP = 10
#: Lines of the same speaker that are taken along before an offer that nobody announced, and after any read.
AD_LEAD, AD_TAIL = 6, 3

#: Labels that sources give to sounds and inserts; nobody said those lines in the conversation.
_NOT_PEOPLE = frozenset({"announcer", "jingle", "break", "clip", "music", "intro", "outro", "ad", "sponsor", "promo"})


_STARTS = re.compile(r"[\"'(\[*_-]{0,4}\s?(?:[$€£#@]?\d|[^\W\d_a-zà-öø-ÿ])")
_ENDS = re.compile(r"[.!?。！？][\"')\]*_»]*$")
_TRAILS_OFF = re.compile(r"(?:\.\.|…|--|—|-|,|:|;)[.!?]?[\"')\]*_]*$")
#: "0." and "k.": what a broken decimal or initialism ends with.
_SHORT_END = re.compile(r"(?:^|[ .])(\d+|[a-z])\.$")


def is_greeting(text: str) -> bool:
    """Whether a line opens or closes the show, greets, thanks, or asks the audience to subscribe."""
    return bool(speech.GREETING.search(straighten(text[: 4 * MOST_CHARACTERS])))


def is_ad(text: str) -> bool:
    """Whether a line by itself advertises: a sponsor named as one, an offer, or an invitation to an address."""
    return _ad_kind(text) is not None


def _ad_kind(text: str) -> str | None:
    plain = straighten(text[: 4 * MOST_CHARACTERS])
    if not speech.AD_HINT.search(plain.lower()):
        return None
    if speech.AD_ANNOUNCED.search(plain):
        return "announced"
    if speech.AD_OFFER.search(plain) or (speech.AD_ADDRESS.search(plain) and speech.IMPERATIVE.search(plain)):
        return "offer"
    return None


def is_well_formed(line: Line) -> bool:
    """Whether a line by itself reads as one whole, speakable sentence; what it says is not looked at."""
    return flaw(line) is None


def flaw(line: Line) -> str | None:
    """Why a line is no whole sentence, as a few words for a log; None when it is one."""
    if len(line.text) > MOST_CHARACTERS:
        return "too long"
    text = straighten(line.text)
    words = text.count(" ") + 1
    if not LEAST_WORDS <= words <= MOST_WORDS:
        return "too short" if words < LEAST_WORDS else "too long"
    return _broken(text) or _weak(text, words)


def _broken(text: str) -> str | None:
    if not _STARTS.match(text):
        return "starts inside a sentence"
    if not _ENDS.search(text):
        return "has no end"
    if _TRAILS_OFF.search(text) or speech.ENDS_OPEN.search(text):
        return "trails off"
    if text.count('"') % 2:
        return "is half of what is quoted in it"
    if speech.UNHEARD.search(text):
        return "holds words that nobody could hear"
    return None


def _weak(text: str, words: int) -> str | None:
    if speech.LEANS.match(text):
        return "leans on what was said before"
    if speech.LEADS_ON.search(text):
        return "leads on to the next thing"
    if text.rstrip("\"')").endswith("?") and (words <= 8 or speech.TO_THE_OTHER.match(text)):
        return "is a question to the other speaker"
    if len(speech.STUTTER.findall(text)) > 1:
        return "stutters"
    if fillers(text) * 5 > words:
        return "is mostly filler"
    return None


def fillers(text: str) -> int:
    """How many filler phrases and stuttered words a straightened text has."""
    return len(speech.FILLER.findall(text)) + len(speech.STUTTER.findall(text))


def quotable(lines: Sequence[Line]) -> list[Line]:
    """The lines that may be chosen by themselves, in order: featured, said by a person, whole also beside their
    neighbours, and no greeting and no part of an advertisement. ``lines`` is an episode or a stretch of it."""
    ads = ad_lines(lines)
    return [line for at, line in enumerate(lines) if line.n not in ads and may_stand(lines, at)]


def may_stand(lines: Sequence[Line], at: int) -> bool:
    """Whether the line at this position is quotable, as far as advertisements are not concerned."""
    line = lines[at]
    if not line.featured or line.garbled or not is_well_formed(line) or (line.speaker or "").lower() in _NOT_PEOPLE:
        return False
    return not _cut_by_neighbours(lines, at) and not is_greeting(line.text)


def _cut_by_neighbours(lines: Sequence[Line], at: int) -> bool:
    """A source may cut one sentence in two turns, or end it with a full stop that nobody spoke."""
    line = lines[at]
    before = next((other for other in reversed(lines[max(0, at - 2) : at]) if _continues(other, line)), None)
    if before is not None and (not _ENDS.search(before.text[-8:]) or _false_stop(before.text, line.text)):
        return True
    after = lines[at + 1] if at + 1 < len(lines) else None
    return after is not None and after.speaker == line.speaker and after.text[:1].islower()


def _false_stop(before: str, text: str) -> bool:
    """Spoken decimals and spelt-out initials that a transcriber broke: "0. 25", "a. k. a. Swyx"."""
    ends = _SHORT_END.search(before[-12:])
    return ends is not None and (not ends.group(1).isdigit() or text[:1].isdigit())


def _continues(other: Line, line: Line) -> bool:
    return other.speaker == line.speaker and line.n - other.n <= 2


def ad_lines(lines: Sequence[Line]) -> frozenset[int]:
    """The numbers (``Line.n``) of lines inside advertisement reads: from the line that announces a sponsor or an
    offer, through its neighbours, to the last line that still advertises and what the same speaker adds to it."""
    kinds = [_ad_kind(line.text) for line in lines]
    marked: set[int] = set()
    for at, kind in enumerate(kinds):
        if kind is not None:
            first = at if kind == "announced" or at in marked else _lead_in(lines, at)
            marked.update(range(first, _read_end(lines, kinds, at) + 1))
    return frozenset(lines[at].n for at in marked)


def _read_end(lines: Sequence[Line], kinds: Sequence[str | None], start: int) -> int:
    """The last line of the read that stands at ``start``: up to the next advertising line when it is near enough,
    which has an end of its own."""
    for at in range(start + 1, min(len(lines), start + 1 + AD_REACH)):
        if not _near(lines[start], lines[at]) or _ends_read(lines[at], kinds[at]):
            break
        if kinds[at] is not None and (at - start <= AD_GAP or kinds[start] == "announced"):
            return at
    return _tail(lines, kinds, start)


def _ends_read(line: Line, kind: str | None) -> bool:
    return kind is None and speech.LEADS_ON.search(line.text[:200]) is not None


def _tail(lines: Sequence[Line], kinds: Sequence[str | None], last: int) -> int:
    end = last
    for at in range(last + 1, min(len(lines), last + 1 + AD_TAIL)):
        if lines[at].speaker != lines[last].speaker or _ends_read(lines[at], kinds[at]):
            break
        end = at
    return end


def _lead_in(lines: Sequence[Line], offer: int) -> int:
    first = offer
    while first > max(0, offer - AD_LEAD) and lines[first - 1].speaker == lines[offer].speaker:
        first -= 1
    return first


def _near(first: Line, other: Line) -> bool:
    if first.start_s is None or other.start_s is None:
        return True
    return other.start_s - first.start_s <= AD_REACH_S


def reasons(lines: Iterable[Line]) -> dict[int, str]:
    """Why each refused line is refused, by its number: what a log or a moderator wants to know."""
    every = list(lines)
    ads = ad_lines(every)
    found: dict[int, str] = {}
    for at, line in enumerate(every):
        reason = _reason(every, at, ads)
        if reason is not None:
            found[line.n] = reason
    return found


def _reason(lines: Sequence[Line], at: int, ads: frozenset[int]) -> str | None:
    line = lines[at]
    if not line.featured:
        return "is withheld from being chosen"
    if line.garbled:
        return "is garbled or looped in the transcript"
    if line.n in ads:
        return "belongs to an advertisement"
    if is_greeting(line.text):
        return "greets, thanks or says good-bye"
    return flaw(line) or ("is cut by its neighbours" if _cut_by_neighbours(lines, at) else None)
