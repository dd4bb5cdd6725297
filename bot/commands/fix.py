"""``/pullquote fix``: correct the text, speaker or time of a line; what the source says is kept beside it."""

from __future__ import annotations

from typing import Annotated

from bot import texts
from bot.commands.answers import given, hit_moment
from bot.commands.declare import Arg, command
from bot.commands.meant import Meant, meant
from bot.context import Context
from bot.domain import Fix, FixField, HistoryEntry, Role
from bot.errors import UsageError
from bot.reply import Action, Field, Form, FormField, Reply
from bot.rules.ids import new_id
from bot.rules.references import anchor_ref
from bot.rules.stamps import parse_stamp, stamp
from bot.rules.words import collapse
from bot.services.episodes import episode_names, show_names

#: How far behind the last known time (s) a line may stand where the duration is not known.
_SLACK_S = 600.0
_FIELDS: tuple[FixField, ...] = ("text", "speaker", "time")
_LENGTH: dict[FixField, int] = {"text": 3000, "speaker": 100, "time": 12}


@command(
    "fix",
    "Correct the text, speaker or time of a line",
    role=Role.editor,
    example='move fats text:"Move fast, and much more so."',
)
async def fix(
    ctx: Context,
    words: Annotated[str | None, Arg("Words of the line, its time or a link", length=(1, 500), rest=True)] = None,
    text: Annotated[str | None, Arg("What was really said", length=(0, _LENGTH["text"]))] = None,
    speaker: Annotated[str | None, Arg("Who really said it", length=(0, _LENGTH["speaker"]))] = None,
    time: Annotated[str | None, Arg("When it was really said, such as 27:47", length=(0, _LENGTH["time"]))] = None,
    episode: Annotated[str | None, Arg("Only this episode", complete=episode_names)] = None,
    show: Annotated[str | None, Arg("Only this show", complete=show_names)] = None,
    yes: Annotated[bool, Arg("Do it without asking")] = False,
) -> Reply:
    found = await meant(ctx, words, show, episode)
    wanted = _wanted(text, speaker, time)
    await _check_time(ctx, found, wanted.get("time"))
    if not wanted:
        return _form(found)
    old = _now(found)
    new = {name: value for name, value in wanted.items() if value != old[name]}
    if not new:
        return Reply(texts.FIX_SAME, quotes=(found.block(),), outcome="same")
    return await _do(ctx, found, old, new) if yes else _ask(found, old, new)


def _wanted(text: str | None, speaker: str | None, time: str | None) -> dict[FixField, str]:
    """What was given, as it will be shown; empty answers of the form mean "as it is"."""
    wanted: dict[FixField, str] = {}
    if text and collapse(text):
        wanted["text"] = collapse(text)
    if speaker and collapse(speaker):
        wanted["speaker"] = collapse(speaker)
    if time and time.strip():
        start_s = parse_stamp(time.strip().removeprefix("≈"))
        if start_s is None:
            raise UsageError(texts.BAD_TIME)
        wanted["time"] = stamp(start_s)
    return wanted


async def _check_time(ctx: Context, found: Meant, time: str | None) -> None:
    """A line is never past the end: the known duration, else the last line's time."""
    start_s = parse_stamp(time) if time else None
    if start_s is None:
        return
    episode = found.hit.episode
    last = episode.duration_s
    if last is None:
        ends = [line.end_s or line.start_s or 0.0 for line in await ctx.services.storage.lines(ctx.viewer, episode.id)]
        last = max(ends, default=0.0) + _SLACK_S if any(ends) else None
    if last is not None and start_s > last:
        raise UsageError(texts.past_the_end(stamp(start_s), episode))


def _now(found: Meant) -> dict[FixField, str]:
    lines = found.hit.lines
    start_s = lines[0].start_s
    return {
        "text": " ".join(line.text for line in lines),
        "speaker": lines[0].speaker or "",
        "time": "" if start_s is None else stamp(start_s),
    }


def _form(found: Meant) -> Reply:
    """No new value yet: the line, and questions for what is right."""
    old = _now(found)
    fields = tuple(
        FormField(name, texts.FIX_LABELS[name], old[name], long=name == "text", required=False, length=_LENGTH[name])
        for name in _FIELDS
    )
    form = Form(texts.FIX_FORM, "fix", fields, {"words": anchor_ref(found.anchor)})
    return Reply(texts.FIX_WHAT, quotes=(found.block(),), form=form, outcome="confirm")


def _rows(old: dict[FixField, str], new: dict[FixField, str]) -> tuple[Field, ...]:
    shown = {"text": "", "speaker": texts.SPEAKER_UNKNOWN, "time": texts.NO_TIME}
    return tuple(
        Field(texts.FIX_LABELS[name], texts.old_and_new(old[name] or shown[name], new[name]))
        for name in _FIELDS
        if name in new
    )


def _ask(found: Meant, old: dict[FixField, str], new: dict[FixField, str]) -> Reply:
    args = {"words": anchor_ref(found.anchor), **given(**new), "yes": "yes"}
    return Reply(
        texts.FIX_ASK,
        quotes=(found.block(),),
        fields=_rows(old, new),
        footer=texts.CANCEL_HINT,
        actions=(Action(texts.YES, "fix", args, style="primary"),),
        outcome="confirm",
    )


async def _do(ctx: Context, found: Meant, old: dict[FixField, str], new: dict[FixField, str]) -> Reply:
    entries = [await _put(ctx, found, name, value) for name, value in new.items()]
    moment = hit_moment(found.hit)
    what = texts.line_of(found.hit.episode.title, moment)
    return Reply(
        texts.fixed(what),
        fields=_rows(old, new),
        footer="\n".join(texts.take_back(entry.id) for entry in entries),
        actions=tuple(Action(texts.UNDO, "undo", {"id": entry.id}) for entry in entries[:1]),
    )


async def _put(ctx: Context, found: Meant, name: FixField, shown: str) -> HistoryEntry:
    value = str(parse_stamp(shown)) if name == "time" else shown
    record = Fix(await _id(ctx, found, name), found.anchor, name, value)
    return await ctx.services.storage.put(ctx.community, record, str(ctx.person))


async def _id(ctx: Context, found: Meant, name: FixField) -> str:
    """A correction of the same lines replaces the earlier one, so that undo gives that one back."""
    mine = (found.anchor.episode, found.anchor.first_word, found.anchor.words)
    for known in await ctx.services.storage.records(ctx.community, "fix"):
        if isinstance(known, Fix) and known.field == name:
            anchor = known.anchor
            if (anchor.episode, anchor.first_word, anchor.words) == mine:
                return known.id
    return new_id()
