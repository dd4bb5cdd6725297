"""Cues in which somebody else begins to speak: dashes of a dialogue, ``>>`` of American captions, a name on a row of
its own or in brackets. Cues come with their rows kept apart; a cue stays one cue, whoever speaks in it. Whether a label
names anybody is decided elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.formats.rolling import Cue
from bot.formats.speakers import could_be_name, is_generic, is_sound, split_label

#: A hyphen before a blank, or any dash before what begins a sentence; "-5" and "—and so" are words.
_DASH = re.compile(r"[-‐–—](?: (?=\S)|(?=[^\W\d_a-zà-öø-ÿ]|[\"“«¿¡\[(]))")
_DASHES = "-‐–—"
_CHEVRONS = re.compile(r">{2,3}(?=[ \n]|[^\W\d_]|\[|$)")
_CHANGE = re.compile(r"(?:^|[.?!…\"”)\]]\s)>{2,3}(?:[ \n]|[^\W\d_])")
_OPENER = re.compile(r"(?:[-‐–—]|>{2,3})\s*")
_BRACKETED = re.compile(r"[\[(]([^\W\d_][^\[\]()<>:\n]{0,39})[\])][ \t]*:?[ \t\n]+(?=\S)")
_SENTENCE_END = (".", "?", "!", "…", "。", "？", "！", '"', "”", ")", "]")
#: Of all cues this share must begin with a name before names without a colon are believed.
_MOST_ABOVE, _MOST_BRACKETED = 0.8, 0.6
_LEAST = 3


def parted(cues: Sequence[Cue]) -> list[Cue]:
    """The cues with ``voices`` at the words with which another one begins; the words stay as they are. A row break is
    left only before what could be a label."""
    told = _bracketed(_named_above(cues))
    chevrons = any(_CHANGE.search(cue.text) for cue in told if ">>" in cue.text)
    return [_marked(cue, chevrons) for cue in told]


def opened(text: str) -> str:
    """The text without the dash or the chevrons that say that somebody else begins."""
    return _OPENER.sub("", text, count=1) if text[:1] in ">-‐–—" else text


def _marked(cue: Cue, chevrons: bool) -> Cue:
    rows = cue.text.split("\n")
    if len(rows) == 1 and cue.text[0] not in _DASHES and not (chevrons and ">>" in cue.text):
        return cue
    voices: list[int] = []
    at = 0
    for row in rows:
        voices += (at + word for word in _begins(row, chevrons))
        at += row.count(" ") + 1
    first, *others = rows
    text = first + "".join(("\n" if split_label(opened(row)) else " ") + row for row in others)
    return replace(cue, text=text, voices=tuple(voices))


def _begins(row: str, chevrons: bool) -> Iterator[int]:
    """The words of a row with which a voice begins: its first, if it has a dash, and later ones behind a stop."""
    dashed = row[0] in _DASHES and _DASH.match(row) is not None
    if not dashed and not chevrons:
        return
    before = "."
    for at, word in enumerate(row.split(" ")):
        dash = dashed and word[0] in _DASHES and not word[1:2].islower() and not word[1:2].isdigit()
        if (dash and before.endswith(_SENTENCE_END)) or (chevrons and _CHEVRONS.match(word)):
            yield at
        before = word


def _named_above(cues: Sequence[Cue]) -> Sequence[Cue]:
    """Cues whose first row is the name of who speaks, when nearly all are so and the names return."""
    if any(cue.speaker for cue in cues):
        return cues
    names = {n: name for n, cue in enumerate(cues) if "\n" in cue.text and (name := _alone(cue.text))}
    if len(names) < max(_LEAST, _MOST_ABOVE * len(cues)) or not _return(list(names.values())):
        return cues
    return [
        replace(cue, speaker=names[n], text=cue.text.split("\n", 1)[1], marks=()) if n in names else cue
        for n, cue in enumerate(cues)
    ]


def _alone(text: str) -> str | None:
    name = text.split("\n", 1)[0].rstrip(":").strip("*_ ")
    fits = name and len(name) <= 50 and not name.endswith((*_SENTENCE_END, ",")) and could_be_name(name)
    return name if fits and name[0].isalpha() else None


def _bracketed(cues: Sequence[Cue]) -> Sequence[Cue]:
    """``[Ann] words`` as ``Ann: words``, when most cues begin so; notes of sounds do too, but rarely as often."""
    if sum(cue.text[0] in "[(" for cue in cues) < max(_LEAST, _MOST_BRACKETED * len(cues)):
        return cues
    found = {n: match for n, cue in enumerate(cues) if (match := _BRACKETED.match(cue.text)) and _person(match[1])}
    names = [" ".join(match[1].split()) for match in found.values()]
    if len(names) < max(_LEAST, _MOST_BRACKETED * len(cues)) or not _return(names):
        return cues
    return [
        replace(cue, text=f"{found[n][1]}: {cue.text[found[n].end() :]}", marks=()) if n in found else cue
        for n, cue in enumerate(cues)
    ]


def _person(label: str) -> bool:
    return could_be_name(label) and not label[0].islower() and not is_sound(label)


def _return(names: Sequence[str]) -> bool:
    """Two or more names that nearly all come back, or that name nobody in particular."""
    counts = Counter(names)
    if len(counts) > 1 and all(map(is_generic, counts)):
        return True
    returning = sum(count for count in counts.values() if count > 1)
    return len(counts) > 1 and 3 * len(counts) <= 2 * len(names) and 2 * returning >= len(names)
