"""Cues of any source (WebVTT, SRT, JSON, HTML) to turns: speakers on evidence, one-word cues joined, odd times told.

A cue keeps its own time in its turn even when that goes back, since its words were said there; each such place is
reported, and what rules make of it is theirs. A cue that names nobody goes on with the speaker of the cue before when
it finishes that cue's sentence or is short and follows at once; otherwise nobody knows who speaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from bot.domain import Turn
from bot.formats.problems import Problems
from bot.formats.rolling import Cue, unrolled
from bot.formats.speakers import evident, is_generic, looks_full, named, split_label
from bot.formats.voices import opened, parted
from bot.rules.stamps import stamp

#: A cue that names nobody goes on with the last speaker only up to this long, and after no longer a pause.
CONTINUES_S, PAUSE_S = 12.0, 2.0
#: Sources that cut every word into a cue of its own stay below this many words a cue, over this many cues.
WORDS_A_CUE, ENOUGH = 1.5, 60
_ENDS = (".", "?", "!", "…", '"', "”", ")", "]")


def turns_of(
    cues: Sequence[Cue], problems: Problems, *, labels: bool = True, one_word: bool = False
) -> tuple[Turn, ...]:
    """Turns in the source's order. ``labels``: look for ``Name: text`` in the words of cues without a speaker.
    ``one_word``: the source is known to give each word a cue of its own."""
    told = [cue for cue in cues if _has_words(cue, problems)]
    if one_word:
        _report_order(told, problems)
        return _joined(told)
    told = parted(unrolled(told))
    if labels and not any(cue.speaker for cue in told):
        told = _labelled(told)
    told = [replace(cue, text=cue.text.replace("\n", " ")) if "\n" in cue.text else cue for cue in told]
    _report_order(told, problems)
    if told and median(cue.text.count(" ") + 1 for cue in told) <= WORDS_A_CUE and len(told) >= ENOUGH:
        return _joined(told)
    return tuple(
        Turn(cue.text, named(cue.speaker), cue.start_s, cue.end_s, cue.marks, True, cue.voices) for cue in told
    )


def _has_words(cue: Cue, problems: Problems) -> bool:
    if not cue.text:
        problems.add("a cue without words was skipped", cue.line)
    return bool(cue.text)


def _labelled(cues: list[Cue]) -> list[Cue]:
    rows = [row for cue in cues for row in _rows(cue)]
    found = [split_label(opened(row.text)) for row in rows]
    marked = {label[0] for label, row in zip(found, rows, strict=True) if label and 0 in row.voices and _sure(label[0])}
    speakers = evident([label for label, _ in filter(None, found)], len(cues), marked)
    if not speakers:
        return cues
    kept: list[Cue] = []
    for row, label in zip(rows, found, strict=True):
        if label and label[0] in speakers:
            kept.append(_bare(row, label[0], label[1]))
        elif kept and row.line is not None and row.line == kept[-1].line and row.start_s == kept[-1].start_s:
            kept[-1] = replace(kept[-1], text=f"{kept[-1].text} {row.text}".strip(), marks=())
        elif 0 in row.voices:
            kept.append(replace(bare := _bare(row, None, opened(row.text)), voices=(0, *bare.voices)))
        else:
            kept.append(replace(row, speaker=_continued(kept[-1], row) if kept else None))
    return [cue for cue in kept if cue.text]


def _rows(cue: Cue) -> list[Cue]:
    """A cue cut before the rows that begin with what could be a name."""
    if "\n" not in cue.text:
        return [cue]
    rows: list[Cue] = []
    at = 0
    for text in cue.text.split("\n"):
        end = at + text.count(" ") + 1
        voices = tuple(word - at for word in cue.voices if at <= word < end)
        rows.append(replace(cue, text=text, marks=(), voices=voices))
        at = end
    return rows


def _bare(cue: Cue, label: str | None, text: str) -> Cue:
    """The cue with its last words alone, said by ``label``."""
    gone = cue.text.count(" ") - text.count(" ")
    voices = tuple(word - gone for word in cue.voices if word > gone)
    return replace(cue, speaker=label, text=text, marks=(), voices=voices)


def _sure(label: str) -> bool:
    """Shouted, as captions write names, or a full name: after ``>>`` hardly anything else."""
    return label.isupper() or looks_full(label) or is_generic(label)


def _continued(last: Cue, cue: Cue) -> str | None:
    if not last.text or not last.text.endswith(_ENDS):
        return last.speaker
    if cue.start_s is None or cue.end_s is None or last.end_s is None:
        return None
    follows = -1.0 <= cue.start_s - last.end_s <= PAUSE_S and cue.end_s - cue.start_s <= CONTINUES_S
    return last.speaker if follows else None


def _report_order(cues: Sequence[Cue], problems: Problems) -> None:
    latest = 0.0
    for cue in cues:
        if cue.start_s is None:
            continue
        if cue.start_s < latest:
            problems.add(f"the cue at {stamp(cue.start_s)} starts before the one above it", cue.line)
        if cue.end_s is not None and cue.end_s < cue.start_s:
            problems.add(f"the cue at {stamp(cue.start_s)} ends before it starts", cue.line)
        latest = cue.start_s


def _joined(cues: Sequence[Cue]) -> tuple[Turn, ...]:
    """One-word cues as turns: up to a change of speaker or a pause, with each cue's start as a mark."""
    groups: list[list[Cue]] = []
    for cue in cues:
        same = groups and groups[-1][-1].speaker == cue.speaker and not cue.voices
        if same and _follows(groups[-1][-1], cue):
            groups[-1].append(cue)
        else:
            groups.append([cue])
    return tuple(map(_joined_turn, groups))


def _follows(last: Cue, cue: Cue) -> bool:
    if last.start_s is None or cue.start_s is None:
        return True
    return 0 <= cue.start_s - (last.end_s if last.end_s is not None else last.start_s) + 1e-3 <= PAUSE_S


def _joined_turn(group: Sequence[Cue]) -> Turn:
    marks: list[tuple[int, float]] = []
    words = 0
    for cue in group:
        if words and cue.start_s is not None:
            marks.append((words, cue.start_s))
        words += cue.text.count(" ") + 1
    text = " ".join(cue.text for cue in group)
    return Turn(text, named(group[0].speaker), group[0].start_s, group[-1].end_s, tuple(marks))
