"""Reading the index: candidates and rarities, from the last commit. Safe in any thread; no writing here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import tantivy

from bot.domain import Candidate, EpisodeId
from bot.errors import IndexDamaged
from bot.ports import IndexQuery, IndexWriter
from bot.rules.ids import from_int
from bot.rules.pieces import fold
from storage.index import state
from storage.index.schema import analyzer, guarded, open_at, speaker_term
from storage.index.terms import Vocabulary, query_terms

Must, Should = tantivy.Occur.Must, tantivy.Occur.Should


#: See ``_worth_reading``; of few candidates none is passed over.
WORTH, FEWEST = 0.45, 100


class View:
    """One commit, open for search."""

    def __init__(self, folder: Path, known: state.State) -> None:
        self.seen = known.seen
        self._index = open_at(folder / known.folder)
        with guarded():
            self._searcher = self._index.searcher()
        self._schema = self._index.schema
        self.docs = self._searcher.num_docs

    @cached_property
    def _shows(self) -> frozenset[str]:
        return frozenset(term for term, _ in self._searcher.terms_with_prefix("show", ""))

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self._searcher.terms_with_prefix("text", ""))

    def frequency(self, term: str) -> int:
        return self._searcher.doc_freq("text", term)

    def candidates(self, query: IndexQuery) -> list[Candidate]:
        terms = query_terms(fold(query.words), self.frequency, lambda: self._vocabulary, self.docs)
        asked = self._filtered(query, self._any_of(terms))
        if not terms or asked is None or query.limit < 1:
            return []
        found = self._searcher.search(asked, query.limit, count=False).hits
        return self._read(_worth_reading(found))

    def _any_of(self, terms: dict[str, float]) -> tantivy.Query:
        one = tantivy.Query.term_query
        parts = []
        for term, weight in terms.items():
            part = one(self._schema, "text", term, "freq")
            parts.append((Should, part if weight == 1 else tantivy.Query.boost_query(part, weight)))
        return tantivy.Query.boolean_query(parts)

    def _filtered(self, query: IndexQuery, asked: tantivy.Query) -> tantivy.Query | None:
        """``asked`` within the filters; None when they leave nothing."""
        within: list[tantivy.Query] = []
        if not query.shows >= self._shows:
            if not query.shows & self._shows:
                return None
            within.append(self._one_of("show", sorted(query.shows & self._shows)))
        if query.episode is not None:
            within.append(self._one_of("episode", [query.episode]))
        if query.speakers:
            within.append(self._one_of("speaker", sorted({speaker_term(label) for label in query.speakers})))
        return tantivy.Query.boolean_query([(Must, part) for part in (*within, asked)]) if within else asked

    def _one_of(self, field: str, values: list[str]) -> tantivy.Query:
        found = tantivy.Query.term_set_query(self._schema, field, values)
        return tantivy.Query.const_score_query(found, 0.0)

    def _read(self, found: Sequence[tuple[float, tantivy.DocAddress]]) -> list[Candidate]:
        """Columns are read for all at once; a stored text costs 8 µs."""
        searcher, where = self._searcher, [address for _, address in found]
        columns = [searcher.fast_field_values(name, where) for name in ("id", "first_line", "last_line")]
        names = {number: _episode(int(number or 0)) for number in set(columns[0])}
        return [
            Candidate(
                names[id],
                int(first or 0),
                int(last or 0),
                score,
                str(searcher.doc(address).get_first("text") or ""),
            )
            for (score, address), id, first, last in zip(found, *columns, strict=True)
        ]


@lru_cache(16_384)
def _episode(number: int) -> EpisodeId:
    return EpisodeId(from_int(number))


def _worth_reading(found: list[tuple[float, tantivy.DocAddress]]) -> list[tuple[float, tantivy.DocAddress]]:
    """Without what hardly holds all of the words. No guarantee: by bm25 (k1 = 1.2, b = 0.75) a long passage that does
    may have a third of the best one's score; of the developer set's none had less than 0.54."""
    least = found[0][0] * WORTH if found else 0.0
    stop = next((at for at, (score, _) in enumerate(found) if score < least), len(found))
    return found[: max(stop, FEWEST)]


class TantivyIndex:
    """See ``bot.ports.QuoteIndex``. Looks at the state before each read and opens what was committed since."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._at: state.Stamp | None = None
        self._open: View | None = None
        #: The commit whose files turned out to be damaged while they were searched.
        self._broken: state.Stamp | None = None

    def candidates(self, query: IndexQuery) -> list[Candidate]:
        """Raises IndexDamaged when the files of the last commit cannot be read."""
        view = self._view()
        if view is None:
            return []
        try:
            with guarded():
                return view.candidates(query)
        except IndexDamaged:
            self._broken = self._at
            raise

    def seen(self) -> int:
        try:
            view = self._view()
        except IndexDamaged:
            return 0
        return view.seen if view and not self._damaged() else 0

    def rarity(self, words: Iterable[str]) -> dict[str, float]:
        view = self._view()
        with guarded():
            return {word: _idf(view, word) for word in words}

    def writer(self) -> IndexWriter:
        from storage.index.writer import TantivyWriter

        return TantivyWriter(self._folder, anew=self._damaged())

    def close(self) -> None:
        self._open = None
        self._at = None

    def _damaged(self) -> bool:
        return self._broken is not None and self._broken == state.stamp(self._folder)

    def _view(self) -> View | None:
        stamp = state.stamp(self._folder)
        if stamp is None:
            self._open = None
        elif stamp != self._at or self._open is None:
            self._open = self._fresh()
        self._at = stamp
        return self._open

    def _fresh(self) -> View | None:
        known = state.read(self._folder)
        if known is None:
            return None
        try:
            return View(self._folder, known)
        except IndexDamaged:
            # A commit or a rebuild may have replaced the files between the two reads: once more.
            again = state.read(self._folder)
            return View(self._folder, again) if again else None


def _idf(view: View | None, word: str) -> float:
    """Of the rarest term of a word; one that is nowhere counts as if half a passage had it."""
    docs = view.docs if view else 0
    terms = analyzer().analyze(fold(word)) if view else []
    least = min((view.frequency(term) for term in terms), default=0) if view else 0
    return math.log(1 + (docs - least + 0.5) / (least + 0.5)) if least <= docs else 0.0
