"""What makes a list of times no list of chapters: verses, hours of the day, lengths of songs, speech. Nothing is read
here; better no chapters than invented ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from bot.formats.chapter_marks import Mark

_BOOKS = (
    "gen(?:esis)?|ex(?:odus|od)?|lev(?:iticus)?|num(?:bers)?|deut(?:eronomy)?|josh(?:ua)?|judges|ruth|sam(?:uel)?|kings"
    "|chron(?:icles)?|ezra|neh(?:emiah)?|esther|job|psa?(?:lms?)?|prov(?:erbs)?|eccl(?:esiastes)?"
    "|song of (?:songs|solomon)"
    "|isa(?:iah)?|jer(?:emiah)?|lam(?:entations)?|ezek(?:iel)?|dan(?:iel)?|hosea|joel|amos|obadiah|jonah|micah|nahum"
    "|habakkuk|zephaniah|haggai|zech(?:ariah)?|mal(?:achi)?|matt?(?:hew)?|mark|luke|john|acts|rom(?:ans)?"
    "|cor(?:inthians)?|gal(?:atians)?|eph(?:esians)?|phil(?:ippians)?|col(?:ossians)?|thess(?:alonians)?|tim(?:othy)?"
    "|titus|philemon|heb(?:rews)?|james|pet(?:er)?|jude|rev(?:elation)?|qur'?an|sura[h]?"
)
_VERSE = re.compile(rf"(?:.*\W)?(?:[1-3] ?)?(?:{_BOOKS})\.?", re.IGNORECASE)
_OF_DAY = re.compile(
    r"\b(?:mon|tues?|wednes|thurs?|fri|satur|sun)days?\b|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)s?\b"
    r"|\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)\b"
    r"|\b(?:daily|noon|midnight|uhr|o'clock)\b|\b(?:E[SD]?T|P[SD]?T|C[ES]?ST|GMT|UTC|BST)\b|\b[ap]\.m\.|\d{4}-\d\d-\d\d$"
    r"|\d{1,2}:\d{2}[ \t]{0,3}[-–—]?$",
    re.IGNORECASE,
)
_AT = re.compile(r"\b(?:at|from|until|till|by|before|after|around|um|ab|bis|vers|à|alle)$", re.IGNORECASE)
#: A heading whose list of times is of the day, or of verses.
NOT_CHAPTERS = re.compile(
    r"[#*_ \t]*(?:agenda|(?:event |our |weekly )?schedule|program(?:me)?|(?:opening|office|business) hours|hours"
    r"|öffnungszeiten|sendezeiten|termine|air ?times|show ?times|readings|scriptures?(?: readings?)?"
    r"|bible (?:verses|passages)|scores?|results)[:* \t]*",
    re.IGNORECASE,
)
#: Speech has this many words a second, and lines of this many words.
_SPEECH, _SAID = 1.0, 8


def doubted(marks: Sequence[Mark], *, behind: bool = False, bare: bool = False) -> bool:
    """Whether the marks, in the source's order, are something else. ``behind``: their times stand behind the words;
    ``bare``: without anything between, the weakest of signs."""
    if not marks:
        return False
    titles = [mark.title for mark in marks]
    back = sum(a.start_s > b.start_s for a, b in pairwise(marks))
    if back and (bare or (behind and 5 * back > len(marks)) or 2 * back >= len(marks)):
        return True
    if behind and 2 * sum(bool(_VERSE.fullmatch(title) or _AT.search(title)) for title in titles) >= len(titles):
        return True
    if 2 * sum(bool(_OF_DAY.search(title)) for title in titles) >= len(titles) and not _from_zero(marks):
        return True
    return _speech(marks)


def _from_zero(marks: Sequence[Mark]) -> bool:
    return min(mark.start_s for mark in marks) < 60.0


def _speech(marks: Sequence[Mark]) -> bool:
    words = [mark.title.count(" ") + 1 for mark in marks]
    whole = max(mark.start_s for mark in marks) - min(mark.start_s for mark in marks)
    return len(marks) > 2 and sum(words[:-1]) >= _SPEECH * whole and median(words) >= _SAID
