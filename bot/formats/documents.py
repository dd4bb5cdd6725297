"""Word and RTF documents to the lines of text that the text parsers read; nothing is judged here but layout.

A Word file is a zip of XML: only its main part is read, with a bound on its size, and by an XML reader that expands no
entity and opens nothing. Bold names at the front of a paragraph or alone on it become ``Name: words``, rows of tables
``[time] Name: words``; whether such a label is a person is decided later, on evidence.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.errors import UnknownFormat
from bot.formats.feed_repair import with_characters
from bot.formats.problems import Problems
from bot.formats.speakers import could_be_name
from bot.formats.times import CLOCK

if TYPE_CHECKING:
    from lxml.etree import _Element

#: Bytes of a Word document's text once unpacked; a transcript of ten hours has some 10 MiB of XML.
LARGEST_XML = 48 * 2**20
#: Characters of an RTF file without its pictures.
LARGEST_RTF = 8_000_000
_PART = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_OFF = frozenset(("0", "false", "off", "none"))
_TIME_CELL = re.compile(rf"\W{{0,3}}{CLOCK}(?:[ \t]*[-–—>]{{1,3}}[ \t]*{CLOCK})?\W{{0,3}}")
_BLOB = re.compile(r"[0-9a-fA-F\r\n]{256,}")
_RUNS_ON = re.compile(r"[ \t]*(?:[:(\[\t\d–—-]|$)")
_HEADER_CELLS = frozenset(
    ("time", "timecode", "timestamp", "start", "end", "speaker", "name", "text", "dialogue", "transcript", "speech")
)


class _InMemory:
    """Bytes as the file that ``zipfile`` wants to read; formats open no files."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0, /) -> int:
        place = offset + (0, self._at, len(self._data))[whence]
        if place < 0:
            raise OSError("before the start")
        self._at = place
        return place

    def read(self, size: int | None = -1, /) -> bytes:
        end = len(self._data) if size is None or size < 0 else self._at + size
        found = self._data[self._at : end]
        self._at += len(found)
        return found


def is_word(data: bytes) -> bool:
    """Whether the bytes are a Word document and not some other zip."""
    return data.startswith(b"PK\x03\x04") and _PART.encode() in data


def word_text(data: bytes, problems: Problems) -> str:
    """The paragraphs of a Word document, one a line. Raises UnknownFormat when it is damaged, locked or too large."""
    from lxml import etree  # lazy: only documents need it

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(with_characters(_main_part(data)), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise UnknownFormat("the Word document is damaged")
    body = next((child for child in root if _is(child, "body")), None)
    lines = list(_blocks(body)) if body is not None else []
    if parser.error_log:
        problems.add("the Word document is damaged; what could be read was kept")
    return "\n\n".join(_with_names(lines))


def _main_part(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(_InMemory(data)) as archive:
            entry = archive.getinfo(_PART)
            if entry.file_size > LARGEST_XML:
                raise UnknownFormat("the Word document is too large")
            with archive.open(entry) as stream:
                return stream.read(LARGEST_XML)
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, EOFError, OSError, zlib.error) as err:
        raise UnknownFormat(f"the Word document cannot be opened ({str(err)[:80]})") from None


def _is(element: _Element, name: str) -> bool:
    return element.tag in (_W + name, _STRICT + name)


def _blocks(parent: _Element) -> Iterator[tuple[str, bool]]:
    """``(text, stands alone as a name)`` of paragraphs and table rows, in order."""
    for child in parent:
        if _is(child, "p"):
            yield from _paragraph(child)
        elif _is(child, "tbl"):
            yield from ((row, False) for row in _rows(child))
        elif _is(child, "sdt") or _is(child, "sdtContent"):
            yield from _blocks(child)


def _paragraph(paragraph: _Element) -> Iterator[tuple[str, bool]]:
    bold: list[str] = []
    rest: list[str] = []
    style = _style(paragraph)
    for run in paragraph.iter(_W + "r", _STRICT + "r"):
        text = _run(run)
        (bold if not rest and (_is_bold(run) or "speaker" in style or not text.strip()) else rest).append(text)
    front, behind = "".join(bold), "".join(rest)
    label = " ".join(front.split()).rstrip(": ")
    if style.startswith(("heading", "title")) and (front + behind).strip():
        yield f"# {' '.join((front + behind).split())}", False
    elif label and len(label) <= 60 and could_be_name(label) and not front.startswith(("#", "[")):
        yield from _labelled(label, behind)
    else:
        yield from ((line.strip(), False) for line in (front + behind).split("\n") if line.strip())


def _labelled(label: str, behind: str) -> Iterator[tuple[str, bool]]:
    first, _, more = behind.lstrip(" \t").partition("\n")
    if not first.strip() and not more.strip():
        yield label, True
    elif not first.strip():
        yield f"{label}: {' '.join(more.split())}", False
    elif _RUNS_ON.match(first):  # "Ann (00:12)", "Ann: words", "Ann 00:12"
        yield from ((line.strip(), False) for line in f"{label} {first}\n{more}".replace(" :", ":").split("\n") if line)
    else:
        yield f"{label}: {' '.join(behind.split())}", False


def _style(paragraph: _Element) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return (style.get(f"{_W}val") or "").lower() if style is not None else ""


def _run(run: _Element) -> str:
    parts: list[str] = []
    for piece in run:
        if _is(piece, "t"):
            parts.append(piece.text or "")
        elif _is(piece, "tab"):
            parts.append("\t")
        elif _is(piece, "br") or _is(piece, "cr"):
            parts.append("\n")
    return "".join(parts)


def _is_bold(run: _Element) -> bool:
    for name in ("b", "rStyle"):
        found = run.find(f"{_W}rPr/{_W}{name}")
        value = (found.get(f"{_W}val") or "").lower() if found is not None else "0"
        if (name == "b" and value not in _OFF) or "strong" in value or "speaker" in value:
            return True
    return False


def _rows(table: _Element) -> Iterator[str]:
    for row in table.iter(_W + "tr", _STRICT + "tr"):
        cells = [_cell(cell) for cell in row if _is(cell, "tc")]
        told = [cell for cell in cells if cell]
        if told and not all(cell.lower().strip(":") in _HEADER_CELLS for cell in told):
            yield _row(told)


def _cell(cell: _Element) -> str:
    paragraphs = cell.iter(_W + "p", _STRICT + "p")
    words = ("".join(_run(run) for run in one.iter(_W + "r", _STRICT + "r")) for one in paragraphs)
    return " ".join(" ".join(words).split())


def _row(cells: list[str]) -> str:
    """``[00:12] Ann: words`` of the cells of a row, in whatever order they stand."""
    time = next((cell for cell in cells if len(cell) <= 40 and _TIME_CELL.fullmatch(cell)), None)
    rest = [cell for cell in cells if cell is not time and not _TIME_CELL.fullmatch(cell[:60])]
    label = rest[0].rstrip(": ") if len(rest) > 1 and len(rest[0]) <= 60 and could_be_name(rest[0].rstrip(": ")) else ""
    words = " ".join(rest[1:] if label else rest)
    clock = re.search(CLOCK, time) if time else None
    return (f"[{clock[0]}] " if clock else "") + (f"{label}: " if label else "") + words


def _with_names(lines: list[tuple[str, bool]]) -> Iterator[str]:
    """A name alone on its line goes in front of the line below it, when such names come back."""
    alone = [text for text, is_name in lines if is_name]
    returns = len(alone) > len(set(alone))
    held = ""
    for text, is_name in lines:
        if is_name and returns:
            if held:
                yield held
            held = text
        elif held:
            yield f"{held}: {text}" if not _TIME_CELL.match(text) else f"{held} {text}"
            held = ""
        else:
            yield text
    if held:
        yield held


def rtf_text(text: str) -> str:
    """The words of an RTF file, one paragraph a line. Raises UnknownFormat when it is damaged or too large."""
    from striprtf.striprtf import rtf_to_text  # lazy: only such files need it

    bare = _BLOB.sub("", text)  # pictures and fonts
    if len(bare) > LARGEST_RTF:
        raise UnknownFormat("the RTF file is too large")
    try:
        found: str = rtf_to_text(bare, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, LookupError, OverflowError, TypeError) as err:
        raise UnknownFormat(f"the RTF file cannot be read ({str(err)[:80]})") from None
    lines = (" ".join(line.split(" ")).strip() for line in found.replace("\r", "\n").split("\n"))
    return "\n\n".join(line for line in lines if line)
