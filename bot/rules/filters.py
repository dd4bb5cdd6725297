"""Whether a place wants an episode, by its title, season, words of warning, length and people. Pure; no patterns.

What the feed does not say refuses nothing, people excepted: who asked for somebody does not get everybody.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bot import texts_news as texts
from bot.alerts import Filters, News
from bot.rules.words import straighten

#: Scripts written without blanks between words: there a word is found wherever it stands.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_ACCENTS = re.compile("[\u0300-\u036f]")


def refusal(news: News, filters: Filters) -> str:
    """Why the place does not want it; "" when it passes."""
    return (
        _by_title(news.title, filters)
        or _by_season(news.season, filters)
        or (texts.EXPLICIT if filters.clean_only and news.explicit else "")
        or _by_length(news.duration_s, filters)
        or _by_people(news, filters)
    )


def _by_title(title: str, filters: Filters) -> str:
    for words in filters.without_words:
        if _stands_in(words, title):
            return texts.word_in_title(words)
    wanted = [words for words in filters.with_words if words.strip()]
    if wanted and not any(_stands_in(words, title) for words in wanted):
        return texts.no_word_in_title(wanted)
    return ""


def _by_season(season: int | None, filters: Filters) -> str:
    if season is None or not filters.seasons or season in filters.seasons:
        return ""
    return texts.other_season(season, filters.seasons)


def _by_length(seconds: float | None, filters: Filters) -> str:
    if not seconds or not 0 < seconds < float("inf"):
        return ""
    if filters.shortest_min is not None and seconds < filters.shortest_min * 60:
        return texts.too_short(seconds, filters.shortest_min)
    if filters.longest_min is not None and seconds > filters.longest_min * 60:
        return texts.too_long(seconds, filters.longest_min)
    return ""


def _by_people(news: News, filters: Filters) -> str:
    wanted = [name for name in filters.people if _words(name)]
    if not wanted or any(_is_named(name, news) for name in wanted):
        return ""
    return texts.nobody_named(wanted)


def _is_named(name: str, news: News) -> bool:
    """By first, last or full name among the people; by full name alone in the title, where "Will" is a word too."""
    asked = _words(name)
    if any(set(asked) <= set(_words(person)) for person in news.people):
        return True
    return len(asked) > 1 and _stands_in(name, news.title)


def _stands_in(words: str, title: str) -> bool:
    """Whether these words stand in the title as whole words in a row."""
    asked, said = _words(words), _words(title)
    if _UNSPACED.search(words) or not asked:
        plain = _folded(words).strip()
        return bool(plain) and plain in _folded(title)
    width = len(asked)
    return any(said[at : at + width] == asked for at in range(len(said) - width + 1))


@lru_cache(maxsize=1 << 12)
def _words(text: str) -> tuple[str, ...]:
    """Compared forms of the words: no case, no accents; ``C++`` and ``C#`` keep their signs."""
    kept: list[str] = []
    for sign in _folded(text):
        part = sign.isalnum() or sign == "'" or (sign in "+#" and kept and kept[-1] != " ")
        kept.append(sign if part or unicodedata.category(sign)[0] == "M" else " ")
    return tuple(bare for word in "".join(kept).split() if (bare := word.strip("'")))


@lru_cache(maxsize=1 << 12)
def _folded(text: str) -> str:
    """Without case and Latin, Greek or Cyrillic accents; full-width and other compatible forms as the usual ones."""
    plain = unicodedata.normalize("NFKD", straighten(text))
    return unicodedata.normalize("NFKC", _ACCENTS.sub("", plain)).casefold()
