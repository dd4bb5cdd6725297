"""``import`` and ``index rebuild``: files in, a report out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from bot.cli import import_questions as asking
from bot.cli.output import count_of, note, say, say_json, watching
from bot.cli.program import Program
from bot.domain import DEFAULT_COMMUNITY, Line, Problem
from bot.errors import UsageError
from bot.rules.stamps import stamp
from bot.services.import_report import EpisodeReport, ImportReport, Unnamed, unsure_table

#: Episodes and problems that are listed one by one; more are counted.
LISTED = 40
#: Unnamed speakers that are shown with their lines.
_UNNAMED = 12
#: How much of a line is shown.
_WIDE = 100


async def import_paths(
    program: Program,
    paths: Sequence[Path],
    show: str | None,
    title: str | None,
    map: Path | None,
    dry_run: bool,
    as_json: bool,
    unsure: Path | None = None,
    best: bool = False,
) -> int:
    """Import and report; 1 when nothing landed. On a terminal, what is unsure is asked in one list at the end."""
    from bot.rules.words import slug
    from bot.services.ingest import Importer, Wish, read_map

    if show is not None and not slug(show):
        raise UsageError(f"--show {show!r} has no letter or digit to name a show by.")
    wish = Wish(show, title, read_map(_read(map)) if map else {}, dry_run, best)
    sources, missing = program.collect(paths)
    async with program.services() as services:
        importer = Importer(services.storage, services.index, DEFAULT_COMMUNITY)
        with watching() as watch:
            report = await importer.run(sources, wish, watch)
        report.problems[:0] = missing
        if report.unsure and not (as_json or dry_run or unsure) and asking.possible():
            answers = asking.ask(report.unsure)
            if answers:
                left = {one.file for one in report.unsure if one.file in answers}
                again = replace(wish, keys={**wish.keys, **answers})
                more = await importer.run([one for one in sources if one.name in left], again)
                merge(report, more, left)
    if unsure:
        _write(unsure, unsure_table(report.unsure))
    if as_json:
        say_json(_json(report))
    else:
        _tell(report, unsure)
    return 0 if report.landed or (report.unsure and (unsure or dry_run)) else 1


def merge(report: ImportReport, more: ImportReport, answered: Collection[str]) -> None:
    """Add what came of the answers."""
    report.unsure[:] = [one for one in report.unsure if one.file not in answered] + more.unsure
    report.episodes.extend(more.episodes)
    report.problems.extend(more.problems)
    report.seconds = round(report.seconds + more.seconds, 3)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as err:
        raise UsageError(f"{path} cannot be written ({err.strerror}).") from err


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
                "sample": [_line_json(line) for line in one.opening],
                "labels": [
                    {"label": each.label, "lines": [_line_json(line) for line in each.lines]} for each in one.unnamed
                ],
            }
            for one in report.episodes
        ],
        "unsure": [
            {
                "file": one.file,
                "episode": one.episode,
                "title": one.title,
                "confidence": one.confidence,
                "reason": one.reason,
                "also": one.also,
                "show": one.show,
                "sample": [_line_json(line) for line in one.opening],
            }
            for one in report.unsure
        ],
        "problems": [{"file": one.file, "line": one.line, "reason": one.reason} for one in report.problems],
        "seconds": report.seconds,
        "indexed": report.indexed,
        "dry_run": report.dry_run,
    }


def _line_json(line: Line) -> dict[str, object]:
    return {"speaker": line.speaker, "start_s": line.start_s, "text": line.text}


def _tell(report: ImportReport, table: Path | None = None) -> None:
    for episode in report.episodes[:LISTED]:
        say(_row(episode, report.dry_run))
    if len(report.episodes) > LISTED:
        say(f"… and {len(report.episodes) - LISTED:,} more (--json lists all)")
    for problem in report.problems[:LISTED]:
        say(_problem(problem))
    if len(report.problems) > LISTED:
        say(f"… and {len(report.problems) - LISTED:,} more problems (--json lists all)")
    _tell_unsure(report, table)
    _tell_unnamed(report)
    say(_sum(report))
    if not report.indexed and not report.dry_run:
        note("Another process holds the search index; it will find the new lines within seconds.")


def _tell_unsure(report: ImportReport, table: Path | None) -> None:
    if not report.unsure:
        return
    say(f"{count_of(len(report.unsure), 'file')} not stored, because it is not sure which episode they are:")
    for one in report.unsure[:LISTED]:
        say("\n".join((asking.unsure_row(one), *(map(_shown, one.opening) if report.dry_run else ()))))
    if len(report.unsure) > LISTED:
        say(f"… and {len(report.unsure) - LISTED:,} more unsure (--json lists all)")
    if table:
        say(
            f"They are listed in {table}: correct its column “episode” (a key; empty = an episode of its own; - = leave"
        )
        say(f"it out) and import again with --map {table}")
    else:
        say("Import again with --yes to take the best guesses, or with --unsure FILE.csv to correct them in a table.")


def _tell_unnamed(report: ImportReport) -> None:
    """Each label that names nobody, with lines by which a person knows the voice. Without any label
    there is nothing to name it by."""
    if not report.dry_run:
        tell_voices(
            [(f"{one.show}/{one.episode}", each) for one in report.episodes for each in one.unnamed if each.label]
        )


def tell_voices(found: Sequence[tuple[str, Unnamed]]) -> None:
    """Labels with their lines, each with its episode (``show/key``), and how to name one."""
    if not found:
        return
    for episode, one in found[:_UNNAMED]:
        say(f"Who is “{one.label}” in {episode}?")
        say("\n".join(map(_shown, one.lines)))
    if len(found) > _UNNAMED:
        say("… and more unnamed speakers: /pullquote speakers list episode:…")
    episode, one = found[0]
    say("To name one, in chat or here:")
    say(f'  /pullquote speakers name label:"{one.label}" name:"…" episode:{episode}')


def _shown(line: Line) -> str:
    """``  | A kite is a wing. (Ann Lee, 12:04)``"""
    moment = stamp(line.start_s) if line.start_s is not None else "no time"
    text = line.text if len(line.text) <= _WIDE else line.text[: _WIDE - 1].rstrip() + "…"
    return f"  | {text} ({line.speaker or 'speaker unknown'}, {moment})"


def _row(one: EpisodeReport, dry_run: bool) -> str:
    parts = [
        *([f"{count_of(one.turns, 'turn')} ({_speakers(one)})", count_of(one.lines, "line")] if one.turns else []),
        *([count_of(one.chapters, "chapter")] if one.chapters else []),
        *([count_of(one.highlights, "highlight")] if one.highlights else []),
    ]
    head = f"{one.show}/{one.episode}: {one.outcome}, “{one.title}”"
    rows = [f"{head}: {', '.join(parts)}" if parts else head]
    if len(one.files) > 1 or one.reason != "new" or dry_run:
        rows.append(f"  {one.reason} ({one.confidence:.0%} sure): {', '.join(asking.base(name) for name in one.files)}")
    if dry_run:
        rows.extend(map(_shown, one.opening))
    if one.lost:
        rows.append(f"  {len(one.lost)} corrections no longer find their words: see /pullquote status")
    return "\n".join(rows)


def _speakers(one: EpisodeReport) -> str:
    named = [f"{turns:,} {name}" for name, turns in list(one.speakers.items())[:6]]
    more = len(one.speakers) - 6
    return ", ".join([*named, *([f"{more} more"] if more > 0 else [])])


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
    unsure = f"; {len(report.unsure):,} unsure" if report.unsure else ""
    return f"{episodes}: {told}{unsure}; {skipped}; {report.seconds:.1f} s{dry}"
