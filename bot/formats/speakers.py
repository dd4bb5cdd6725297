"""Who speaks, from how a source writes it: labels, what is no person, short names, and evidence that a label is one.

A wrong name under a quote is worse than none, so a label in running text needs evidence in the same file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

from bot.plain import clean_line
from bot.rules.labels import is_generic

__all__ = [
    "could_be_name",
    "evident",
    "full_names",
    "is_event",
    "is_generic",
    "is_sound",
    "looks_full",
    "named",
    "split_label",
]

_EVENT = re.compile(
    r"(?:break|jingle|clip|outro|intro|sample|song|extract|excerpt|recording|promo|remix|audio|music"
    r"|theme(?: music| song)?|ads?|advert(?:isement)?|sponsors?|sound(?: effect)?|the sound|sfx|voice ?over"
    r"|clip (?:from|of)\b.*|extract from\b.*)\W*"
)
_WORD = re.compile(r"[\w.]+")
_NOT_NAMES = frozenset(
    _WORD.findall(
        "note notes editor editors example examples question questions answer answers warning tip tips update "
        "summary fact facts ps disclaimer correction translation translator http https re subject today yes no ok "
        "okay so and but first second third finally remember important spoiler link links source sources title "
        "chapter part number step date time url episode however now also plus well right here subtitles caption "
        "captions language kind reminder bonus monday tuesday wednesday thursday friday saturday sunday caution "
        "danger info todo name usage install installation license requirements contributing ingredients method "
        "directions serves yield from to cc bcc sent price size location where when what who why how total phone "
        "email address hint status result pros cons pro con topic topics artist album website twitter instagram "
        "facebook youtube linkedin patreon cost rating verdict score winner genre director starring runtime prep "
        "cook recipe homework takeaway takeaways verse chorus bridge refrain act scene int ext exterior interior "
        "age city country occupation birthday born lesson lessons myth reality problem solution input output "
        "before after ingredient quote quotes equipment added changed fixed removed deprecated error warn debug"
    )
)
#: Nobody begins to speak with an address; lists of links do.
_ADDRESSES = ("http://", "https://", "www.", "mailto:")
_SOUNDS = (
    *("applau", "laugh", "music", "clap", "cheer", "audib", "crosstalk", "silence", "cough", "sigh", "chuckl", "noise"),
    *("foreign", "unintell", "bell", "beep", "buzz", "phone", "door", "gasp", "groan", "sniff", "whisper", "shout"),
    *("sing", "speaking", "indistinct", "pause", "bleep", "bark", "cry", "sob", "scream", "knock", "musik", "lach"),
    *("musique", "rire", "música", "risas", "aplau", "beifall", "chant"),
)
#: What stands behind a name in brackets and is no part of it.
_ROLE = re.compile(
    r"\s*\((?:(?:co-?)?host(?:in)?|guest|gast|interview(?:er|ee)|narrator|moderator(?:in)?|presenter|producer|caller"
    r"|(?:he|she|they|him|her|them|er|sie)(?:/\w{2,6}){1,2})\)$",
    re.IGNORECASE,
)
_CONNECTORS = frozenset(
    _WORD.findall("de da del di van von der den la le el al bin ibn y e and of the from dr. jr. sr. und et")
)
# The colon of Chinese and Japanese is as wide as a letter and needs no blank after it.
_LABEL = re.compile(r"([^\W_][^:：\n\[\]{}<>\"“”?!;=/\\|]{0,59})(?::(?=\s|$)|：)")
_BRACKET_LABEL = re.compile(r"\[([^\W_][^:\n\[\]{}<>\"“”?!;=/\\|]{0,39})\][ \t]?:(?=\s|$)")
_BOLD_LABEL = re.compile(r"\*\*([^*\n:]{1,60}?)\s*(?::\s*\*\*|\*\*\s*:)")


def is_sound(label: str) -> bool:
    """Whether a note in brackets tells of a sound and names nobody ("Applause", "Upbeat music")."""
    plain = label.lower()
    return any(word in plain for word in _SOUNDS) or is_event(label)


def is_event(label: str) -> bool:
    """Whether a label is a part of the programme and not a person ("Break", "Jingle", "Clip")."""
    return len(label) <= 80 and _EVENT.fullmatch(label.strip().lower()) is not None


def named(label: str | None) -> str | None:
    """The speaker that a label stands for: itself, or None for "Unknown", events and nothing at all."""
    label = clean_line(label or "")
    if not label or label.lower() == "unknown" or is_event(label):
        return None
    label = _ROLE.sub("", label) or label
    first, _, second = label.partition(": ")
    return first if first == second else label


def split_label(text: str) -> tuple[str, str] | None:
    """``("Ann Lee", "Hello.")`` of ``Ann Lee: Hello.`` or of ``**Ann Lee:** Hello.`` when the front could be a name."""
    head = text[:66]
    if ":" not in head and "：" not in head:
        return None
    pattern = _BOLD_LABEL if head[0] == "*" else _BRACKET_LABEL if head[0] == "[" else _LABEL
    match = pattern.match(text)
    if not match:
        return None
    label = " ".join(match[1].split())
    rest = text[match.end() :].strip()
    return (label, rest) if could_be_name(label) and not rest.startswith(_ADDRESSES) else None


def could_be_name(label: str) -> bool:
    """Whether a label has the shape of a name, a handle or a generic label; no evidence yet that it is one."""
    parts = _ROLE.sub("", label).replace("(", " ").replace(")", " ").split()
    if not parts or len(parts) > 6 or (label.endswith((",", ".")) and len(parts) == 1 and len(label) < 3):
        return False
    if parts[0].lower().strip(".,'’s") in _NOT_NAMES or parts[0].lower() in _NOT_NAMES:
        return False
    if len(parts) == 1:
        return True
    return all(not part[0].islower() or part.lower() in _CONNECTORS for part in parts)


def looks_full(label: str) -> bool:
    """Two or more capitalised words: hardly anything but a name."""
    parts = label.split()
    return 2 <= len(parts) <= 4 and all(part[0].isupper() for part in parts)


def evident(
    labels: Iterable[str], of: int, known: Collection[str] = (), *, must_repeat: bool = False
) -> frozenset[str]:
    """The labels that are speakers, judged by how they repeat among ``of`` lines, cues or turns of one file.

    Accepted are known people; all labels when half of the lines have one; labels that repeat when together they
    are no rarity and there are two of them (or one on a third of the lines); then full names that occur once too.
    ``must_repeat``: a recipe also has a label on every line; one label has to return, or be known or a full name.
    """
    counts = Counter(labels)
    total = sum(counts.values())
    share = total / of if of else 0.0
    accepted = {label for label in counts if label in known}
    surely = total > len(counts) or accepted or any(looks_full(label) or is_generic(label) for label in counts)
    if total >= 2 and share >= 0.5 and (surely or not must_repeat):
        return frozenset(counts)
    # A lower-case word before a colon is far more often a word than a handle.
    strong = {x for x, n in counts.items() if n >= 2 and (not x[0].islower() or (n >= 5 and n / of >= 0.1))}
    held = sum(counts[label] for label in strong) / of if of else 0.0
    if held >= 0.3 or (len(strong) >= 2 and held >= 0.02):
        accepted |= strong | {label for label in counts if looks_full(label) or is_generic(label)}
    return frozenset(accepted)


def full_names(labels: Collection[str], people: Iterable[str]) -> dict[str, str]:
    """Short labels and the one known person whose first or last name they are; ambiguous ones are left out."""
    full = {name for name in (*people, *labels) if " " in name and not is_generic(name)}
    found: dict[str, str] = {}
    for label in labels:
        if " " in label or is_generic(label):
            continue
        fits = {name for name in full if label.casefold() in (name.split()[0].casefold(), name.split()[-1].casefold())}
        if len(fits) == 1:
            found[label] = fits.pop()
    return found
