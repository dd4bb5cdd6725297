"""``/quotes export`` and ``/quotes import``: saved lines as a file, and a file's lines found again, never guessed."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

from bot import texts
from bot import texts_chat as said
from bot.commands.answers import hit_block
from bot.commands.declare import Arg, command
from bot.commands.quotes import same_line, saved_quotes
from bot.context import Context
from bot.domain import Anchor, Episode, EpisodeId, Line, Role, SavedQuote
from bot.errors import Ambiguous, NotAllowed, NotFound, UnknownFormat, UserError
from bot.files import File, Upload
from bot.ports import LineRange
from bot.reply import Field, Reply
from bot.rules.ids import new_id
from bot.rules.references import anchor_ref, parse_anchor_ref
from bot.rules.words import tokens

# What reads and writes files is loaded with the first file: few requests have one.
if TYPE_CHECKING:
    from bot.formats.quote_files import QuoteRow

#: Quotes in one file; those saved first are left out.
MOST_EXPORTED = 5000
#: Rows that could not be found and are named one by one.
NAMED = 15
_NOTE = 300
Format = Literal["json", "csv", "markdown"]
Whose = Literal["mine", "all"]
_ENDINGS: dict[Format, str] = {"json": "json", "csv": "csv", "markdown": "md"}


# --- out ----------------------------------------------------------------------------------------------------------


@command("quotes export", "Your saved lines as a file; moderators: everybody's", example="format:markdown")
async def export(
    ctx: Context,
    format: Annotated[Format, Arg("JSON can be imported again")] = "json",
    whose: Annotated[Whose, Arg("Your own, or (moderators) all")] = "mine",
) -> Reply:
    if whose == "all" and ctx.role < Role.editor:
        raise NotAllowed(said.EXPORT_ALL_NOT_ALLOWED, Role.editor)
    if ctx.public:
        raise UserError(said.EXPORT_NOT_PUBLIC)
    mine = [one for one in await saved_quotes(ctx) if whose == "all" or one.owner == str(ctx.person)]
    rows = [row for one in reversed(mine[-MOST_EXPORTED:]) if (row := await _row(ctx, one))]
    if not rows:
        return Reply(said.NOTHING_TO_EXPORT, outcome="not_found")
    now = ctx.services.clock.now()
    data = await asyncio.to_thread(_written, format, rows, now.isoformat(timespec="seconds"))
    name = f"quotes-{now:%Y-%m-%d}.{_ENDINGS[format]}"
    file = File(name, data, said.file_of_quotes(len(rows)))
    return Reply(said.exported(len(rows), len(mine) - len(rows)), file=file)


def _written(format: Format, rows: Sequence[QuoteRow], at: str) -> bytes:
    from bot.formats.quote_files import write_csv, write_json, write_markdown

    if format == "json":
        return write_json(rows, at)
    return write_csv(rows) if format == "csv" else write_markdown(rows, texts.SAVED_QUOTES)


async def _row(ctx: Context, quote: SavedQuote) -> QuoteRow | None:
    """The line as it may be seen now; None where it may not, or is gone."""
    from bot.formats.quote_files import QuoteRow

    hit = await ctx.services.quotes.by_anchor(ctx.viewer, quote.anchor)
    where = await ctx.services.storage.resolve(ctx.viewer, quote.anchor) if hit else None
    if hit is None or where is None:
        return None
    [lines] = await ctx.services.storage.ranges(ctx.viewer, [where])
    one = hit.episode
    return QuoteRow(
        text=" ".join(line.text for line in lines),
        speaker=hit.speaker or "",
        show=one.show_slug,
        episode=one.key,
        title=one.title,
        guid=one.guid or "",
        time="" if hit.start_s is None else f"{hit.start_s:.3f}",
        note=quote.note,
        url=hit_block(hit).url or "",
        saved=quote.saved.isoformat(timespec="seconds"),
        anchor=anchor_ref(quote.anchor),
    )


# --- in -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Import:
    """What an import knows while it runs, and what came of it."""

    kept: list[SavedQuote]
    lines: dict[EpisodeId, list[Line]] = field(default_factory=dict)
    episodes: dict[tuple[str, str, str, str], Episode | str] = field(default_factory=dict)
    imported: int = 0
    same: int = 0
    missed: list[tuple[str, str]] = field(default_factory=list)


@command("quotes import", "Save the lines that a file names: JSON of an export, or CSV", example="file:quotes.json")
async def import_quotes(ctx: Context, file: Annotated[Upload, Arg("JSON or CSV, UTF-8")]) -> Reply:
    from bot.formats.quote_files import read

    try:
        rows = await asyncio.to_thread(read, file.data)
    except UnknownFormat as error:
        raise UserError(said.not_a_quotes_file(str(error))) from None
    owner = str(ctx.person)
    done = _Import([one for one in await saved_quotes(ctx) if one.owner == owner])
    for n, row in enumerate(rows, 1):
        await _import_row(ctx, done, n, row)
        if n % 50 == 0:
            await ctx.progress(said.importing(n, len(rows)))
    fields = [Field(label, why) for label, why in done.missed[:NAMED]]
    rest = len(done.missed) - len(fields)
    return Reply(
        said.imported(done.imported, done.same, len(done.missed)),
        fields=tuple(fields),
        footer=said.more_missed(rest) if rest else None,
        outcome="done" if done.imported else "same" if done.same and not done.missed else "not_found",
    )


async def _import_row(ctx: Context, done: _Import, n: int, row: QuoteRow) -> None:
    found = await _found(ctx, done, row)
    if isinstance(found, str):
        done.missed.append((said.row_of(n, row.text or row.anchor), found))
        return
    anchor, speaker = found
    if any(same_line(one.anchor, anchor) for one in done.kept):
        done.same += 1
        return
    # Whose it was elsewhere is not believed: it is kept for who imports it.
    owner, now = str(ctx.person), ctx.services.clock.now()
    quote = SavedQuote(new_id(), anchor, owner, now, speaker, texts.shorten(row.note, _NOTE))
    await ctx.services.storage.put(ctx.community, quote, owner)
    done.kept.append(quote)
    done.imported += 1


async def _found(ctx: Context, done: _Import, row: QuoteRow) -> tuple[Anchor, str | None] | str:
    """The line by its anchor, else by its words in the episode that is named; else why not."""
    by_anchor = await _at_anchor(ctx, row)
    if by_anchor:
        return by_anchor
    if not tokens(row.text):
        return said.ROW_WITHOUT_WORDS
    from bot.rules.quote_places import nearest, spots

    episode = await _episode(ctx, done, row)
    if isinstance(episode, str):
        return episode
    if episode.id not in done.lines:
        done.lines[episode.id] = await ctx.services.storage.lines(ctx.viewer, episode.id)
    found = await asyncio.to_thread(spots, row.text, done.lines[episode.id])
    if not found:
        return said.words_not_there(episode.title)
    spot = nearest(found, _seconds(row.time))
    if spot is None:
        return said.words_there_twice(episode.title)
    if len(spot.speakers) > 1:
        return said.WORDS_OF_TWO
    anchor = await ctx.services.storage.anchor(ctx.viewer, LineRange(episode.id, spot.first, spot.last))
    return (anchor, next(iter(spot.speakers))) if anchor else said.words_not_there(episode.title)


async def _at_anchor(ctx: Context, row: QuoteRow) -> tuple[Anchor, str | None] | None:
    """The line at the row's anchor, if it still says what the row says."""
    anchor = parse_anchor_ref(row.anchor)
    where = await ctx.services.storage.resolve(ctx.viewer, anchor) if anchor else None
    if where is None:
        return None
    [lines] = await ctx.services.storage.ranges(ctx.viewer, [where])
    text = " ".join(line.text for line in lines)
    if not lines or (row.text and tokens(row.text) != tokens(text)):
        return None
    found = await ctx.services.storage.anchor(ctx.viewer, where)
    return (found, lines[0].speaker) if found else None


async def _episode(ctx: Context, done: _Import, row: QuoteRow) -> Episode | str:
    """The one episode that the row names: by guid, key or title; else why there is none."""
    asked = (row.show, row.guid, row.episode, row.title)
    if asked not in done.episodes:
        done.episodes[asked] = await _resolved(ctx, *asked)
    return done.episodes[asked]


async def _resolved(ctx: Context, show: str, *names: str) -> Episode | str:
    if not any(names):
        return said.ROW_WITHOUT_EPISODE
    why = said.ROW_WITHOUT_EPISODE
    for name in filter(None, names):
        try:
            return await ctx.services.episodes.resolve(ctx, name, show=await _known_show(ctx, show))
        except (NotFound, Ambiguous) as error:
            why = said.episode_not_there(name, several=isinstance(error, Ambiguous))
    return why


async def _known_show(ctx: Context, name: str) -> str | None:
    """The show that a row names, where it is here: elsewhere it may be called otherwise, and the episode decides."""
    if not name:
        return None
    try:
        return (await ctx.services.episodes.show(ctx, name)).slug
    except (NotFound, Ambiguous):
        return None


def _seconds(time: str) -> float | None:
    try:
        found = float(time)
    except ValueError:
        from bot.rules.stamps import parse_stamp

        return parse_stamp(time)
    return found if math.isfinite(found) else None
