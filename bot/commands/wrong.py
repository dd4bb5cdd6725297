"""``wrong``, behind "Wrong?": what a member says is wrong with a line goes to the moderators, once."""

from __future__ import annotations

from typing import Annotated, Literal

from bot import texts_answers as said
from bot.commands.declare import Arg, command
from bot.commands.meant import Meant, meant
from bot.context import Context
from bot.reply import Form, FormField, Reply
from bot.rules.references import anchor_ref
from bot.rules.words import collapse
from bot.services.reports import Said, tell_moderators

What = Literal["The line", "Its text", "Its speaker", "Its time", "Please remove this"]
_NOTE = 300


@command(
    "wrong",
    "Tell the moderators what is wrong with a line",
    listed=False,
    example='move fast what:"its speaker" note:"that was Ann"',
)
async def wrong(
    ctx: Context,
    words: Annotated[str, Arg("Words of the line, its time or a link", length=(1, 500), rest=True)],
    what: Annotated[What | None, Arg("What is wrong; none = asks for it")] = None,
    note: Annotated[str | None, Arg("More about it", length=(0, _NOTE))] = None,
) -> Reply:
    found = await meant(ctx, words)
    if what is None:
        return _form(found)
    line = Said(found.hit.episode, found.anchor, said.WRONGS[what], collapse(note or ""))
    before = await tell_moderators(ctx, line)
    if before is None:
        return Reply(said.REPORTED)
    return Reply(said.REPORTED_ALREADY if before.state == "open" else said.LOOKED_AT, outcome="same")


def _form(found: Meant) -> Reply:
    fields = (
        FormField("what", said.WRONG_WHAT, options=tuple(said.WRONGS)),
        FormField("note", said.WRONG_NOTE, long=True, required=False, length=_NOTE),
    )
    form = Form(said.WRONG_FORM, "wrong", fields, {"words": anchor_ref(found.anchor)})
    return Reply(said.WRONG_ASK, quotes=(found.block(),), form=form, outcome="confirm")
