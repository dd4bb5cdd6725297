"""``import`` and ``index rebuild``: files in, a report out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.cli.output import count_of, note, say, say_json, watching
from bot.cli.program import Program
from bot.domain import DEFAULT_COMMUNITY, Problem
from bot.errors import UsageError
from bot.services.ingest import EpisodeReport, ImportReport

#: Episodes and problems that are listed one by one; more are counted.
LISTED = 40


async def import_paths(
    program: Program,
    paths: Sequence[Path],
    show: str | None,
    title: str | None,
    map: Path | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Import and report; 1 when nothing landed."""
    from bot.rules.words import slug
    from bot.services.ingest import Importer, Wish, read_map

    if show is not None and not slug(show):
        raise UsageError(f"--show {show!r} has no letter or digit to name a show by.")
    wish = Wish(show, title, read_map(_read(map)) if map else {}, dry_run)
    sources, missing = program.collect(paths)
    async with program.services() as services:
        importer = Importer(services.storage, services.index, DEFAULT_COMMUNITY)
        with watching() as watch:
            report = await importer.run(sources, wish, watch)
    report.problems[:0] = missing
    if as_json:
        say_json(_json(report))
    else:
        _tell(report)
    return 0 if report.landed else 1


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as err:
        raise UsageError(f"{path} cannot be read ({err.strerror}).") from err


async def rebuild_index(program: Program) -> int:
    """All of the index anew."""
    from bot.services.follower import rebuild

    async with program.services() as services:
        with watching() as watch:
            count = await rebuild(services.storage, services.index, watch)
    say(f"The index was made again from {count_of(count, 'transcript')}.")
    return 0


def _json(report: ImportReport) -> dict[str, object]:
    shows = report.shows
    return {
        "show": shows[0] if len(shows) == 1 else None,
        "shows": shows,
        "episodes": [
            {
                "show": one.show,
                "episode": one.episode,
                "title": one.title,
                "outcome": one.outcome,
                "turns": one.turns,
                "lines": one.lines,
                "chapters": one.chapters,
                "highlights": one.highlights,
                "speakers": dict(one.speakers),
                "files": list(one.files),
                "reason": one.reason,
                "confidence": one.confidence,
                "lost": list(one.lost),
            }
            for one in report.episodes
        ],
        "problems": [{"file": one.file, "line": one.line, "reason": one.reason} for one in report.problems],
        "seconds": report.seconds,
        "indexed": report.indexed,
        "dry_run": report.dry_run,
    }


def _tell(report: ImportReport) -> None:
    for episode in report.episodes[:LISTED]:
        say(_row(episode, report.dry_run))
    if len(report.episodes) > LISTED:
        say(f"… and {len(report.episodes) - LISTED:,} more (--json lists all)")
    for problem in report.problems[:LISTED]:
        say(_problem(problem))
    if len(report.problems) > LISTED:
        say(f"… and {len(report.problems) - LISTED:,} more problems (--json lists all)")
    say(_sum(report))
    if not report.indexed and not report.dry_run:
        note("Another process holds the search index; it will find the new lines within seconds.")


def _row(one: EpisodeReport, dry_run: bool) -> str:
    parts = [
        *([f"{count_of(one.turns, 'turn')} ({_speakers(one)})", count_of(one.lines, "line")] if one.turns else []),
        *([count_of(one.chapters, "chapter")] if one.chapters else []),
        *([count_of(one.highlights, "highlight")] if one.highlights else []),
    ]
    head = f"{one.show}/{one.episode}: {one.outcome}, “{one.title}”"
    rows = [f"{head}: {', '.join(parts)}" if parts else head]
    if len(one.files) > 1 or one.reason != "new":
        rows.append(f"  {one.reason} ({one.confidence:.0%} sure): {', '.join(_base(name) for name in one.files)}")
    if dry_run:
        rows.extend(f"  | {line}" for line in one.sample)
    if one.lost:
        rows.append(f"  {len(one.lost)} corrections no longer find their words: see /pullquote status")
    return "\n".join(rows)


def _speakers(one: EpisodeReport) -> str:
    named = [f"{turns:,} {name}" for name, turns in list(one.speakers.items())[:6]]
    more = len(one.speakers) - 6
    return ", ".join([*named, *([f"{more} more"] if more > 0 else [])])


def _base(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]


def _problem(one: Problem) -> str:
    where = f"{one.file}:{one.line}" if one.line else one.file
    return f"problem: {where}: {one.reason}"


def _sum(report: ImportReport) -> str:
    counts = {
        kind: sum(1 for one in report.episodes if one.outcome == kind) for kind in ("new", "changed", "same", "skipped")
    }
    told = ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count) or "nothing landed"
    episodes, skipped = count_of(len(report.episodes), "episode"), count_of(len(report.problems), "problem")
    dry = " (dry run: nothing was stored)" if report.dry_run else ""
    return f"{episodes}: {told}; {skipped}; {report.seconds:.1f} s{dry}"
