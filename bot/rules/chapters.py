"""Which chapter is meant: by its number, by a time inside it, or by words of its title. Pure decisions."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import Chapter
from bot.rules.references import content_words
from bot.rules.words import tokens

#: A longer word also fits when all but its last letters do ("composing" for "composition").
_STEM = 5
# fmt: off
_STOP = frozenset((
    "and", "or", "to", "in", "at", "by", "is", "are", "was", "it", "its", "vs", "how", "what", "why", "when", "where",
    "who", "for", "as", "be", "do", "does", "chapter",
))
# fmt: on


def by_number(number: int, chapters: Sequence[Chapter]) -> Chapter | None:
    """The chapter with this number, counted from 1."""
    return next((one for one in chapters if one.n == number), None)


def by_time(start_s: float, chapters: Sequence[Chapter]) -> Chapter | None:
    """The chapter that is running at ``start_s`` seconds; None before the first and after the last one's known end."""
    begun = [one for one in chapters if one.start_s <= start_s]
    last = max(begun, key=lambda one: one.start_s, default=None)
    if last is None or (last is chapters[-1] and last.end_s is not None and start_s > last.end_s):
        return None
    return last


def by_title(words: str, chapters: Sequence[Chapter]) -> list[Chapter]:
    """Chapters whose title has all the words that say something, best first: whole words before beginnings."""
    asked = content_words(words) - _STOP or content_words(words)
    rated = [(_fit(asked, one.title), one) for one in chapters]
    return [one for fit, one in sorted(rated, key=lambda pair: (-pair[0], pair[1].n)) if fit > 0]


def _fit(asked: frozenset[str], title: str) -> float:
    own = tokens(title)
    if not asked or not own:
        return 0.0
    marks = [1.0 if word in own else 0.6 if any(_akin(word, other) for other in own) else 0.0 for word in asked]
    return 0.0 if 0.0 in marks else sum(marks) / len(marks) + len(asked) / (100.0 * len(own))


def _akin(word: str, other: str) -> bool:
    """The same beginning, or one letter dropped, added or changed in a long word."""
    if min(len(word), len(other)) >= 3 and (word.startswith(other) or other.startswith(word)):
        return True
    if min(len(word), len(other)) < _STEM:
        return False
    return word[:_STEM] == other[:_STEM] or _one_slip(word, other)


def _one_slip(word: str, other: str) -> bool:
    if abs(len(word) - len(other)) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    return any(word[same + left :] == other[same + right :] for left, right in ((1, 1), (0, 1), (1, 0)))
