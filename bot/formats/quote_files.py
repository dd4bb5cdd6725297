"""Files of saved quotes: rows to JSON, CSV or Markdown, and JSON or CSV back to rows. Bytes and plain values only.

What comes in is anybody's: sizes are bounded, and nothing of it is believed before it is found in a transcript.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from bot.errors import UnknownFormat
from bot.rules.words import collapse

#: Rows that one file may hold.
MOST_ROWS = 500
_KIND, _VERSION = "pullquote-quotes", 1
#: What other programs call the words and the episode.
_SAME = {
    "quote": "text", "words": "text", "line": "text", "key": "episode", "start_s": "time", "start": "time",
    "notes": "note", "comment": "note", "name": "speaker", "who": "speaker", "podcast": "show",
}  # fmt: skip
#: Characters of one value; longer ones are cut.
_LENGTH = 4000
#: A table's program would run a cell that begins so.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~!])")


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """One saved quote as a file tells it. ``anchor`` is where it stood in the database that it came from; ``time`` is
    in seconds, as text. Empty = not told."""

    text: str = ""
    speaker: str = ""
    show: str = ""
    episode: str = ""
    title: str = ""
    guid: str = ""
    time: str = ""
    note: str = ""
    url: str = ""
    saved: str = ""
    anchor: str = ""


_NAMES = tuple(one.name for one in fields(QuoteRow))


def read(data: bytes) -> list[QuoteRow]:
    """The rows of a file, in order. Raises UnknownFormat for anything else, or more rows than ``MOST_ROWS``."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnknownFormat("The file is no UTF-8 text") from None
    found = _from_json(text) if text.lstrip()[:1] in ("{", "[") else _from_csv(text)
    if len(found) > MOST_ROWS:
        raise UnknownFormat(f"The file holds more than {MOST_ROWS} quotes: split it")
    return [_row(one) for one in found]


def _from_json(text: str) -> list[Mapping[str, object]]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        raise UnknownFormat("The file is no JSON that can be read") from None
    rows = whole.get("quotes") if isinstance(whole, dict) else whole
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise UnknownFormat("The file has no list of quotes")
    return rows


def _from_csv(text: str) -> list[Mapping[str, object]]:
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))  # the whole process's: never less than it was
    try:
        reader = csv.DictReader((f"{line}\n" for line in text.split("\n")), strict=True)
        named = {_called(name) for name in reader.fieldnames or () if name}
        if "text" not in named and "anchor" not in named:
            raise UnknownFormat("The file's first line must name the columns, with one called text")
        return [one for _, one in zip(range(MOST_ROWS + 1), reader, strict=False)]
    except csv.Error:
        raise UnknownFormat("The file is no CSV that can be read") from None


def _row(given: Mapping[str, object]) -> QuoteRow:
    named = {_called(str(name)): value for name, value in given.items() if name}
    return QuoteRow(**{name: _value(named.get(name)) for name in _NAMES})


def _called(name: str) -> str:
    bare = name.strip().casefold()
    return _SAME.get(bare, bare)


def _value(given: object) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return ""
    text = collapse(str(given)[:_LENGTH])
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text


def write_json(rows: Sequence[QuoteRow], at: str) -> bytes:
    """What ``read`` reads anywhere; ``at`` is when it was written."""
    quotes = [{name: value for name, value in asdict(one).items() if value} for one in rows]
    whole = {"kind": _KIND, "version": _VERSION, "exported": at, "quotes": quotes}
    # Lone surrogates of a feed are written as escapes; all else as it is.
    return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")


def write_csv(rows: Iterable[QuoteRow]) -> bytes:
    out = _Lines()
    writer = csv.writer(out)
    writer.writerow(_NAMES)
    writer.writerows([_cell(value) for value in asdict(one).values()] for one in rows)
    return "".join(out).encode("utf-8-sig", "replace")


class _Lines(list[str]):
    """What a CSV writer writes to."""

    def write(self, line: str) -> None:
        self.append(line)


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def write_markdown(rows: Iterable[QuoteRow], title: str) -> bytes:
    """For people: one quote after the other, with who, where, when and the note."""
    blocks = [f"# {_plain(title)}", *(_block(one) for one in rows)]
    return ("\n\n".join(blocks) + "\n").encode("utf-8", "replace")


def _block(row: QuoteRow) -> str:
    where = " · ".join(_plain(part) for part in (row.speaker, row.title or row.episode, row.show) if part)
    link = f"  \n> <{row.url}>" if row.url else ""
    note = f"\n\n{_plain(row.note)}" if row.note else ""
    return f"> {_plain(row.text)}\n>\n> — {where}{link}{note}"


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", collapse(text))
