"""Times at the front of lines as other scripts and web pages write them, made plain: full-width digits and colons, and
the lines below a time that spell it out. What a line says is not touched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from bot.formats.times import CLOCK, clock_s

_WIDE = re.compile(
    r"^[ \t\u3000>*•・-]{0,6}[\[(（【［<〈]?[0-9０-９]{1,3}(?:[:：][0-9０-９]{2}){1,2}[\])）】］>〉]?(?![0-9０-９:：])",
    re.MULTILINE,
)
_BRACKETS = str.maketrans("【】〈〉", "[]<>")
_LONE = re.compile(rf"[\[(]?({CLOCK})[\])]?")
_SPELT = re.compile(r"(?:\d{1,3} [^\W\d_]{1,12}[,;]? ?(?:and |und |et |y )?){1,3}")
_NUMBER = re.compile(r"\d+")


def plain(text: str) -> str:
    """The text with narrow clocks at the front of its lines and without the lines that spell a clock out."""
    if "：" in text or "【" in text:
        text = _WIDE.sub(lambda match: unicodedata.normalize("NFKC", match[0]).translate(_BRACKETS), text)
    return _unspelt(text)


def _unspelt(text: str) -> str:
    """Without "1 minute, 7 seconds" right below "1:07", as YouTube's transcripts have it when they are copied."""
    if " s" not in text and " S" not in text and " m" not in text and " M" not in text:
        return text
    lines = text.split("\n")
    told = [n for n, line in enumerate(lines) if line.strip()]
    spelt = {below for above, below in pairwise(told) if _spells(lines[above].strip(), lines[below].strip())}
    lone = sum(_LONE.fullmatch(lines[n].strip()) is not None for n in told)
    if len(spelt) < 2 or 2 * len(spelt) < lone:
        return text
    return "\n".join(line for n, line in enumerate(lines) if n not in spelt)


def _spells(clock: str, words: str) -> bool:
    if len(words) > 60 or not words[:1].isdigit() or not _SPELT.fullmatch(words):
        return False
    match = _LONE.fullmatch(clock)
    start = clock_s(match[1]) if match else None
    return start is not None and _same(int(start), [int(number) for number in _NUMBER.findall(words)])


def _same(start: int, numbers: Sequence[int]) -> bool:
    fields = [start // 3600, start // 60 % 60, start % 60]
    return [number for number in numbers if number] == [field for field in fields if field]
