"""What the index holds of a passage and how its words are folded. Changing anything here changes ``state.VERSION``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import tantivy

from bot.errors import IndexDamaged
from bot.rules.pieces import fold
from bot.rules.words import tokens

#: Longer "words" are noise, and Tantivy refuses terms of 65,530 bytes.
LONGEST_WORD = 60


def build_schema() -> tantivy.Schema:
    """Filters are raw terms; ``text`` is searched and kept; the rest is read back from columns."""
    made = tantivy.SchemaBuilder()
    for name in ("show", "episode", "speaker"):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic")
    made.add_text_field("text", stored=True, tokenizer_name="words", index_option="position")
    for name in ("id", "first_line", "last_line"):
        made.add_unsigned_field(name, fast=True)
    return made.build()


@lru_cache(1)
def analyzer() -> tantivy.TextAnalyzer:
    """Folded text to index terms: letters and digits, lower case, without accents, stems."""
    steps = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(LONGEST_WORD))
    steps = steps.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())
    return steps.filter(tantivy.Filter.stemmer("english")).build()


def open_at(folder: Path, *, create: bool = False) -> tantivy.Index:
    """The Tantivy index in ``folder``. Raises IndexDamaged."""
    with guarded():
        if create:
            folder.mkdir(parents=True)
            index = tantivy.Index(build_schema(), str(folder), reuse=False)
        else:
            index = tantivy.Index.open(str(folder))
        index.config_reader("manual")
        index.register_tokenizer("words", analyzer())
        index.reload()
        return index


def speaker_term(label: str | None) -> str:
    """A label as it is filtered by: its words in lower case. At most 200 characters."""
    return " ".join(tokens(fold(label)))[:200] if label else ""


@contextmanager
def guarded() -> Iterator[None]:
    """Errors of Tantivy and of its files, and the panics that damaged files cause in it, as IndexDamaged."""
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        raise IndexDamaged(_REASON) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IndexDamaged(_REASON) from error


_REASON = (
    "The search index cannot be read or written. Run `pullquote index rebuild`: it is made anew from the database."
)
