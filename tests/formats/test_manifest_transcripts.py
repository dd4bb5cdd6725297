"""Every fact that the manifest states of a real transcript, held against what the parsers read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.domain import Parsed
from bot.errors import UnknownFormat
from bot.formats import parse
from bot.formats.speakers import is_event
from tests.formats.differences import TRANSCRIPTS

#: A paragraph of a name and times alone, as around breaks: nobody says anything, so it is no turn.
_SILENT = re.compile(r"#* ?\*\*[^*\n]+\*\*:?(?:[ \\]*\[[\d:.]+\\?\]| to)*\s*")


@dataclass(frozen=True)
class Said:
    """One cue as we read it: one-word cues that were joined are taken apart again."""

    start: float | None
    end: float | None
    speaker: str | None
    text: str


def test_real_transcripts_say_what_the_manifest_says(shared: Path) -> None:
    folder = shared / "inputs"
    different = {}
    for file in sorted((folder / "transcripts").iterdir()):
        facts = json.loads((folder / "expected" / "transcripts" / f"{file.name}.json").read_text())
        if wrong := _wrong(file, facts):
            different[file.name] = wrong
    assert set(different) == set(TRANSCRIPTS), different


def heard(file: Path) -> int:
    """How many cues are read, or reported as having no words."""
    return _cues(_parsed(file), "")


def _wrong(file: Path, facts: dict[str, Any]) -> list[str]:
    data = file.read_bytes()
    parsed = _parsed(file)
    source = data.decode("utf-8", "replace") if file.suffix == ".md" else ""
    said = _said(parsed)
    times = [one for one in said if one.start is not None]
    found: dict[str, Any] = {
        "n_cues": _cues(parsed, source),
        "n_cues_srt_lib": _cues(parsed, source),
        "wpt_n_cues": _cues(parsed, source),
        "n_cite": sum(one.speaker is not None for one in said) + _events(file),
        "n_time": len(times),
        "n_p": len(said),
        "overlaps": sum(a.end is not None and (b.start or 0.0) < a.end for a, b in pairwise(times)),
        "goes_back": sum((b.start or 0.0) < (a.start or 0.0) for a, b in pairwise(times)),
        "crlf": b"\r\n" in data,
        "encoding": facts.get("encoding") if _reads_as(parsed, str(facts.get("encoding"))) else "another",
        "signature_ok": parsed is not None and parsed.format == "vtt",
        "one_word_segments": sum(" " not in one.text for one in said),
    }
    wrong = [name for name, value in found.items() if name in facts and value != facts[name]]
    return wrong + _wrong_people(said, facts) + _wrong_ends(said, facts) + _wrong_stamps(said, source, facts)


def _events(file: Path) -> int:
    """Cites that name a part of the programme and nobody."""
    return sum(is_event(name) for name in re.findall(r"<cite>(.*?):?</cite>", file.read_text("utf-8", "replace")))


def _parsed(file: Path) -> Parsed | None:
    try:
        return parse(file.read_bytes(), file.name)
    except UnknownFormat:
        return None


def _said(parsed: Parsed | None) -> list[Said]:
    found: list[Said] = []
    for turn in parsed.turns if parsed else ():
        if turn.cue or not turn.marks:
            found.append(Said(turn.start_s, turn.end_s, turn.speaker, turn.text))
            continue
        words = turn.text.split(" ")
        places = [(0, turn.start_s), *turn.marks]
        for (word, start), after in zip(places, [*turn.marks, None], strict=True):
            end = turn.end_s if after is None else None
            found.append(Said(start, end, turn.speaker, " ".join(words[word : after[0] if after else None])))
    return found


def _cues(parsed: Parsed | None, source: str) -> int:
    if parsed is None:
        return 0
    joined = sum(len(turn.marks) for turn in parsed.turns) if parsed.format == "json-transcript" else 0
    wordless = sum("without words" in problem.reason for problem in parsed.problems)
    silent = sum(_SILENT.fullmatch(paragraph) is not None for paragraph in source.split("\n\n"))
    return len(parsed.turns) + joined + wordless + silent


def _reads_as(parsed: Parsed | None, encoding: str) -> bool:
    """A guessed code page is reported; all else is read as if it were UTF-8."""
    told = any("was read as cp1252" in problem.reason for problem in parsed.problems) if parsed else False
    return told == encoding.startswith("cp1252")


def _wrong_people(said: list[Said], facts: dict[str, Any]) -> list[str]:
    """ "Unknown" and parts of the programme are nobody. The manifest names at most the first eight of many."""
    if "speakers" not in facts:
        return []
    ours = {one.speaker for one in said} - {None}
    theirs = {name for name in facts["speakers"] if name != "Unknown" and not is_event(name)}
    nobody = len(facts["speakers"]) - len(theirs)
    whole = len(facts["speakers"]) == facts["n_speakers"]
    agrees = ours == theirs and len(ours) + nobody == facts["n_speakers"] if whole else theirs <= ours
    return [] if agrees else ["speakers"]


def _wrong_ends(said: list[Said], facts: dict[str, Any]) -> list[str]:
    wrong = []
    for name, ours in (("first", said[:1]), ("last", said[-1:])):
        want = facts.get(name)
        if want is None or (not ours and not want["text"]):
            continue
        speaker = None if want["speaker"] == "Unknown" or is_event(want["speaker"] or "") else want["speaker"]
        text = " ".join((want["text"] or "").split())
        fits = ours and ours[0].start == want["start"] and ours[0].speaker == speaker
        fits = fits and (ours[0].end is None or ours[0].end == want["end"])
        if not fits or (text and "\\[" not in text and ours[0].text[:30] != text[:30]):
            wrong.append(name)
    return wrong


def _wrong_stamps(said: list[Said], source: str, facts: dict[str, Any]) -> list[str]:
    """Every stamp is the time of a word, or stands where nobody speaks."""
    if "n_stamps" not in facts:
        return []
    timed = sum(one.start is not None for one in said)
    silent = sum(len(re.findall(r"\[[\d:.]+", one)) for one in source.split("\n\n") if _SILENT.fullmatch(one))
    return [] if timed <= facts["n_stamps"] <= timed + silent else ["n_stamps"]
