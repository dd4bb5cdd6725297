"""JSON that others wrote: read without crashing, and saved as far as it goes when it is cut off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import cast

from bot.errors import UnknownFormat
from bot.formats.problems import Problems

Json = Mapping[str, object] | list[object]

_LIST = re.compile(
    r"\"(segments|chapters|transcripts?|cues|utterances|monologues|words|events|transcription|chunks"
    r"|recognizedPhrases)\"\s*:\s*\["
)
_GAP = re.compile(r"[\s,]*")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def load(text: str, problems: Problems) -> Json:
    """The object or list of a JSON text. Raises UnknownFormat when nothing of it can be read."""
    try:
        found = json.loads(text)
    except RecursionError:
        raise UnknownFormat("the JSON is nested too deeply") from None
    except ValueError as err:
        return _saved(text, str(err), problems)
    if not isinstance(found, dict | list):
        raise UnknownFormat("the JSON holds neither an object nor a list")
    return cast(Json, found)


def _saved(text: str, reason: str, problems: Problems) -> Json:
    """A JSON text with something behind it, one object a line, or the whole items of the first list in one that ends
    too early."""
    if (whole := _first_of(text, problems)) is not None:
        return whole
    match = _LIST.search(text)
    start = match.end() if match else text.find("[") + 1 if text.lstrip()[:1] == "[" else 0
    items = list(_items(text, start)) if start else []
    if not items:
        raise UnknownFormat(f"the JSON cannot be read: {reason[:120]}")
    problems.add(f"the JSON is damaged; only its first {len(items)} items were read", text.count("\n") + 1)
    return {match[1]: items} if match else items


def _first_of(text: str, problems: Problems) -> Json | None:
    """What stands before the first surplus character; None when that is nothing whole."""
    try:
        found, end = json.JSONDecoder().raw_decode(text, len(text) - len(text.lstrip()))
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict | list) or not found:
        return None
    if isinstance(found, dict) and len(items := [found, *_items(text, end)]) > 1:
        return items
    problems.add("something stands behind the JSON and was left out", text.count("\n", 0, end) + 1)
    return cast(Json, found)


def _items(text: str, position: int) -> Iterator[object]:
    decoder = json.JSONDecoder()
    while True:
        gap = _GAP.match(text, position)
        position = gap.end() if gap else position
        if text[position : position + 1] != "{":
            return
        try:
            item, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return
        yield item


def string(value: object) -> str:
    """A JSON string as words, white space collapsed; empty for anything else."""
    if not isinstance(value, str):
        return ""
    if not value.isascii():
        value = _SURROGATE.sub("\ufffd", value)
    return " ".join(_CONTROL.sub("", value).split())


def mappings(value: object) -> list[Mapping[str, object]]:
    """The objects of a JSON list; none when it is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def first(item: Mapping[str, object], *keys: str) -> object:
    """The value of the first key that is there and not None."""
    return next((item[key] for key in keys if item.get(key) is not None), None)
