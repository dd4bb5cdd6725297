"""Titles for episodes that came without one: made of a file's stem, never the stem itself, and known again later. Pure.

A made title is not marked in storage: it is the one that would be made of the episode's key again (``is_made``), so a
real title that comes later wins.
"""

from __future__ import annotations

import re

from bot.rules.file_names import NOISE, Told, told

_SMALL = frozenset(("a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with"))
_CAPITALS = frozenset(("ai", "js", "css", "tv", "uk", "us"))
#: What a key gets behind it when another episode has it.
_AGAIN = re.compile(r"-\d{1,3}$")
_HUMP = re.compile(r"(?<=[a-zà-ÿ])[A-ZÀ-Þ](?=[a-zà-ÿ])")
UNTITLED = "Untitled episode"


def title_from(key: str) -> str:
    """``practical-ai-200`` -> ``Practical AI 200``, ``ep042`` -> ``Episode 42``, ``2021-03-04`` -> ``Episode of 4 March
    2021``, ``The_Great_Heist_final`` -> ``The Great Heist``."""
    name = told(key)
    if not re.search(r"[^\W_]", key):
        return key
    plain = not (name.junk or name.marked or name.dates or name.part)
    if plain and not (name.number is not None and re.match(r"\W*\d", key)):
        return _words(" ".join(name.words) if len(_HUMP.findall(key)) > 1 and name.number is None else key)
    words = [
        word for part in name.words for word in part.split("-") if word.lower() not in NOISE and not word.isdecimal()
    ]
    if _is_title(words, name):
        return _part(_cased(words), name)
    return _part(_of_number(name) or _of_date(name) or _cased(words) or "", name) or UNTITLED


def is_made(title: str, key: str) -> bool:
    """Whether this title was only made of the key, by this version or the one before."""
    bare = _AGAIN.sub("", key)
    return title in {title_from(key), title_from(bare), _words(key), _words(bare), key}


def _is_title(words: list[str], name: Told) -> bool:
    """Words of a title, not of a show's name before a number."""
    if name.number is not None or name.dates:
        return len(words) >= (3 if name.junk or name.marked else 1) and any(len(word) > 2 for word in words)
    return bool(words) and (len(words) > 1 or len(words[0]) > 3)


def _of_number(name: Told) -> str | None:
    if name.number is None:
        return None
    return f"Season {name.season}, episode {name.number}" if name.season is not None else f"Episode {name.number}"


def _of_date(name: Told) -> str | None:
    day = name.dates[0] if name.dates else None
    return f"Episode of {day.day} {day:%B} {day.year}" if day else None


def _part(title: str, name: Told) -> str:
    if name.part is None:
        return title
    return f"{title}, part {name.part}" if title else f"Part {name.part}"


def _words(key: str) -> str:
    words = re.sub(r"[-_\s]+", " ", re.sub(r"(?<=[A-Za-z])(?=\d+$)", " ", key)).split()
    return _cased(words) or key


def _cased(words: list[str]) -> str:
    return " ".join(_word(word, at) for at, word in enumerate(" ".join(words).replace("-", " ").split()))


def _word(word: str, at: int) -> str:
    if word in _CAPITALS:
        return word.upper()
    return word if word in _SMALL and at else word[:1].upper() + word[1:]
