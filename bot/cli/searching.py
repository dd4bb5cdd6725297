"""``search`` and ``eval``: hits as the index and alignment rank them."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from bot.cli.output import say, say_json
from bot.cli.program import Program
from bot.domain import EpisodeId, Hit
from bot.errors import UsageError
from bot.rules.stamps import shown_moment
from bot.services import Services


async def search(
    program: Program,
    query: str | None,
    batch: Path | None,
    show: str | None,
    episode: str | None,
    speaker: str | None,
    limit: int,
    as_json: bool,
) -> int:
    """One query, or each line of a batch in its order; 1 when a lone query has no hit at all."""
    from bot.services.follower import catch_up_if_free
    from bot.services.quotes import Ask

    queries = _queries(query, batch)
    async with program.services() as services:
        await catch_up_if_free(services.storage, services.index)
        within = await _episode(program, services, episode, show)
        viewer = program.context(services).viewer
        found = 0
        for words in queries:
            began = time.perf_counter()
            hits = (await services.quotes.find(viewer, Ask(words, show, within, speaker, limit))).hits
            took_ms = (time.perf_counter() - began) * 1000
            found += len(hits)
            if as_json or batch:
                say_json({"query": words, "elapsed_ms": round(took_ms, 2), "hits": [hit_json(hit) for hit in hits]})
            else:
                say("\n\n".join(_told(hit) for hit in hits) or "No line shares a word with that.")
    return 0 if batch or found else 1


def _queries(query: str | None, batch: Path | None) -> list[str]:
    if (query is None) == (batch is None):
        raise UsageError("Give either a QUERY or --batch FILE.")
    if batch is None:
        return [query or ""]
    try:
        return batch.read_bytes().decode("utf-8-sig", "replace").splitlines()
    except OSError as err:
        raise UsageError(f"{batch} cannot be read ({err.strerror}).") from err


async def _episode(program: Program, services: Services, words: str | None, show: str | None) -> EpisodeId | None:
    if words is None:
        return None
    return (await services.episodes.resolve(program.context(services), words, show=show)).id


def hit_json(hit: Hit) -> dict[str, object]:
    """A hit in the contract's form."""
    return {
        "show": hit.episode.show_slug,
        "episode": hit.episode.key,
        "title": hit.episode.title,
        "speaker": hit.speaker,
        "start_s": _rounded(hit.start_s),
        "end_s": _rounded(hit.end_s),
        "exact": hit.exact,
        "text": hit.text,
        "score": round(hit.score, 4),
        "confidence": hit.confidence,
        "url": hit.url,
        "also": [
            {
                "show": one.episode.show_slug,
                "episode": one.episode.key,
                "start_s": _rounded(one.start_s),
                "url": one.url,
            }
            for one in hit.also
        ],
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def _told(hit: Hit) -> str:
    where = f"{hit.episode.show_slug}/{hit.episode.key}"
    moment = shown_moment(hit.start_s, hit.exact)
    head = " · ".join(part for part in (hit.speaker or "speaker unknown", where, moment) if part)
    return f"“{hit.text}”\n— {head} ({hit.confidence}, {hit.score:.2f})" + (f"\n{hit.url}" if hit.url else "")


async def evaluate(program: Program, file: Path, show: str | None, as_json: bool) -> int:
    """R@1, R@3, R@10, MRR and times for every kind of query in the file."""
    from bot.services.evaluation import evaluate, source_paragraphs
    from bot.services.follower import catch_up_if_free

    corpus = program.settings.shared / "corpus" / "changelog"

    @lru_cache(maxsize=64)
    def paragraphs_of(episode: str) -> tuple[str, ...]:
        path = Path(os.path.normpath(corpus / f"{episode}.md"))
        inside = path.is_relative_to(Path(os.path.normpath(corpus))) and path.is_file()
        return tuple(source_paragraphs(path.read_text("utf-8"))) if inside else ()

    def paragraph(episode: str, place: int) -> str | None:
        found = paragraphs_of(episode)
        return found[place] if 0 <= place < len(found) else None

    try:
        data = await asyncio.to_thread(file.read_bytes)
    except OSError as err:
        raise UsageError(f"{file} cannot be read ({err.strerror}).") from err
    async with program.services() as services:
        await catch_up_if_free(services.storage, services.index)
        viewer = program.context(services).viewer
        results = await evaluate(services.quotes, viewer, data, paragraphs=paragraph, show=show)
    if as_json:
        say_json({kind: asdict(result) for kind, result in results.items()})
        return 0
    say(f"{'kind':<14}{'n':>5}{'R@1':>8}{'R@3':>8}{'R@10':>8}{'MRR':>8}{'p50 ms':>9}{'p99 ms':>9}")
    for kind, one in results.items():
        shares = "".join(f"{value:>8.3f}" for value in (one.r1, one.r3, one.r10, one.mrr))
        say(f"{kind:<14}{one.n:>5}{shares}{one.p50_ms:>9.1f}{one.p99_ms:>9.1f}")
    return 0
