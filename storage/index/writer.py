"""The one writer of the index: passages in, commits out. It holds the lock from creation until ``close``."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from secrets import token_hex

import tantivy

from bot.domain import EpisodeId, IndexedEpisode, Passage
from bot.errors import IndexDamaged
from bot.rules.ids import to_int
from bot.rules.passages import passages
from bot.rules.pieces import fold
from storage.index import state
from storage.index.lock import WriterLock
from storage.index.schema import guarded, open_at, speaker_term

#: Bytes of postings held before a segment is written. With one thread the whole corpus needs no more than 90 MB.
HEAP = 48_000_000


class TantivyWriter:
    """See ``bot.ports.IndexWriter``. A cleared index grows in a folder of its own until the commit."""

    def __init__(self, folder: Path, *, anew: bool = False) -> None:
        """``anew`` leaves what is there aside. Raises IndexBusy, and IndexDamaged where nothing can be written."""
        with guarded():
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = WriterLock(folder)
        self._folder = folder
        self._writer: tantivy.IndexWriter | None = None
        try:
            self._name = self._create() if anew else self._open()
        except BaseException:
            self._lock.release()
            raise

    def replace(self, episode: IndexedEpisode) -> None:
        writer = self._taken()
        number = to_int(episode.id)
        with guarded():
            writer.delete_documents_by_term("episode", episode.id)
            for passage in passages(episode.lines):
                writer.add_document(_document(episode, number, passage))

    def remove(self, episode: EpisodeId) -> None:
        with guarded():
            self._taken().delete_documents_by_term("episode", episode)

    def clear(self) -> None:
        self._drop()
        self._name = self._create()

    def commit(self, seen: int) -> None:
        writer = self._taken()
        old = state.read(self._folder)
        with guarded():
            if old and old.folder == self._name and seen < old.seen:
                state.write(self._folder, state.State(self._name, seen))
            writer.commit()
            state.write(self._folder, state.State(self._name, seen))
        self._sweep()

    def close(self) -> None:
        self._drop()
        self._lock.release()

    def _open(self) -> str:
        known = state.read(self._folder)
        if known:
            with contextlib.suppress(IndexDamaged):
                self._start(open_at(self._folder / known.folder))
                return known.folder
        return self._create()

    def _create(self) -> str:
        name = f"passages-{token_hex(4)}"
        self._start(open_at(self._folder / name, create=True))
        return name

    def _start(self, index: tantivy.Index) -> None:
        with guarded():
            self._writer = index.writer(HEAP, 1)

    def _taken(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise IndexDamaged("The index writer is closed.")
        return self._writer

    def _drop(self) -> None:
        """Forget what was not committed, and let merges end: a folder may be swept only when nobody writes there."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with contextlib.suppress(IndexDamaged), guarded():
                writer.rollback()
                writer.wait_merging_threads()

    def _sweep(self) -> None:
        """Remove the folders that no state names; a reader that has one open keeps its files."""
        for path in self._folder.glob("passages-*"):
            if path.name != self._name:
                shutil.rmtree(path, ignore_errors=True)


def _document(episode: IndexedEpisode, number: int, passage: Passage) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("show", episode.show)
    made.add_text("episode", episode.id)
    made.add_text("speaker", speaker_term(passage.speaker))
    made.add_text("text", fold(passage.text))
    made.add_unsigned("id", number)
    made.add_unsigned("first_line", passage.first_line)
    made.add_unsigned("last_line", passage.last_line)
    return made
