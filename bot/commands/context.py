"""``context``, behind "More context": a line with the lines around it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from bot import texts
from bot.commands.answers import (
    CONTEXT_MOST,
    CONTEXT_STEP,
    anchor_of,
    answers_privately,
    hit_at,
    labels,
    line_block,
    line_links,
    may_share,
    own_app,
    save_action,
    seen,
    share_actions,
    wrong_action,
)
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Line
from bot.errors import NotFound
from bot.reply import Action, Reply
from bot.rules.references import anchor_ref

#: A quote is at most this long, so longer stretches of one speaker are several.
_BLOCK = 500


@command("context", "A line with what was said around it", listed=False)
async def context(
    ctx: Context,
    anchor: Annotated[str, Arg("The line, as a button knows it", length=(1, 100))],
    before: Annotated[int, Arg("How many lines before it", range=(0, CONTEXT_MOST))] = CONTEXT_STEP,
    after: Annotated[int, Arg("How many lines after it", range=(0, CONTEXT_MOST))] = CONTEXT_STEP,
) -> Reply:
    hit = await hit_at(ctx, anchor)
    around = await ctx.services.quotes.around(ctx.viewer, hit, before, after)
    found = await anchor_of(ctx, hit)
    if not around or found is None:
        raise NotFound(texts.LINE_GONE)
    await seen(ctx, hit.episode)
    private = await answers_privately(ctx, hit.episode)
    app = await own_app(ctx, private=private)
    return Reply(
        texts.CONTEXT,
        quotes=tuple(line_block(hit.episode, group, app) for group in stretches(around)),
        footer=labels(hit.episode, around),
        actions=_actions(anchor_ref(found), before, after, share=may_share(ctx, private=private)),
        links=line_links(hit.episode, hit.lines[0], app),
        private=private,
        outcome="found",
    )


def _actions(ref: str, before: int, after: int, *, share: bool) -> tuple[Action, ...]:
    grown = [
        (texts.MORE_BEFORE, min(before + CONTEXT_STEP, CONTEXT_MOST), after),
        (texts.MORE_AFTER, before, min(after + CONTEXT_STEP, CONTEXT_MOST)),
    ]
    more = [
        Action(label, "context", {"anchor": ref, "before": str(left), "after": str(right)}, turn=True)
        for label, left, right in grown
        if (left, right) != (before, after)
    ]
    return (*more, *share_actions(ref, share), wrong_action(ref), save_action(ref))


def stretches(lines: Iterable[Line]) -> list[list[Line]]:
    """Neighbouring lines of one speaker together; never over a line that is left out, nor longer than a quote."""
    groups: list[list[Line]] = []
    for line in lines:
        last = groups[-1] if groups else []
        joins = last and last[-1].n + 1 == line.n and last[-1].speaker == line.speaker
        if joins and sum(len(one.text) + 1 for one in last) + len(line.text) <= _BLOCK:
            last.append(line)
        else:
            groups.append([line])
    return groups
