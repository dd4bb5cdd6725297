"""The peer of importing and searching: as little as can read the corpus, store it and index it, in one file.

No overlays, no identity, no moments, no reports: the floor that the machine and the libraries set.
Run by itself: ``python benchmarks/prototype.py FOLDER OUT``. It imports nothing of ours.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import tantivy

_SPEAKER = re.compile(r"\*\*(.+?):?\*\*:?\s*")
_MARK = re.compile(r"\\?\[[\\\d:.]+\\?\]\s*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_TABLES = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
CREATE TABLE episode (id INTEGER PRIMARY KEY, key TEXT);
CREATE TABLE line (episode INTEGER, n INTEGER, speaker TEXT, text TEXT, PRIMARY KEY (episode, n)) WITHOUT ROWID;
"""
#: An index of whole paragraphs: the words are stemmed by Tantivy's own English analyzer.
_TOKENIZER = "en_stem"


def main(source: Path, out: Path) -> None:
    """Every page in ``source``, one transaction each; one commit of the index at the end."""
    database = sqlite3.connect(out / "prototype.db", isolation_level=None)
    database.executescript(_TABLES)
    writer = tantivy.Index(_schema(), str(_made(out / "index"))).writer()
    for number, page in enumerate(sorted(source.rglob("*.md"))):
        paragraphs = list(_paragraphs(page.read_text("utf-8")))
        _store(database, number, page.stem, paragraphs)
        for _, text in paragraphs:
            writer.add_document(tantivy.Document(key=page.stem, text=text))
    writer.commit()
    writer.wait_merging_threads()
    database.close()


def _schema() -> tantivy.Schema:
    made = tantivy.SchemaBuilder()
    made.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    made.add_text_field("text", stored=True, tokenizer_name=_TOKENIZER, index_option="position")
    return made.build()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _paragraphs(markdown: str) -> Iterator[tuple[str | None, str]]:
    speaker = None
    for block in re.split(r"\n\s*\n", markdown):
        if named := _SPEAKER.match(block.strip()):
            speaker = named[1]
        text = _MARK.sub("", _SPEAKER.sub("", block.strip(), count=1)).strip()
        if text and not text.startswith("#"):
            yield speaker, text


def _store(database: sqlite3.Connection, number: int, key: str, paragraphs: list[tuple[str | None, str]]) -> None:
    lines = ((speaker, sentence) for speaker, text in paragraphs for sentence in _SENTENCE_END.split(text))
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO episode VALUES (?, ?)", (number, key))
    rows = ((number, n, speaker, sentence) for n, (speaker, sentence) in enumerate(lines))
    database.executemany("INSERT INTO line VALUES (?, ?, ?, ?)", rows)
    database.execute("COMMIT")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
