"""``match``, behind "Next match": the n-th line that fits the same words. Also what ``quote`` answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot import texts
from bot.commands.answers import (
    APP,
    anchor_of,
    answers_privately,
    context_action,
    given,
    hit_block,
    hit_moment,
    id_of,
    labels,
    line_actions,
    line_links,
    may_share,
    own_app,
    own_choices,
    seen,
    wrong_action,
)
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Also, Episode, Hit, Show
from bot.reply import Action, Field, Reply
from bot.rules.links import safe_url
from bot.rules.references import anchor_ref
from bot.rules.stamps import shown_moment
from bot.services.episodes import episode_names, show_names, speaker_names
from bot.services.quotes import Ask

#: How many matches can be stepped through, and how many other places are named.
MOST_MATCHES = 20
ALSO_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is narrowed to; None = not. ``speaker`` is as typed: a search may mean two of one first name."""

    show: Show | None = None
    episode: Episode | None = None
    speaker: str | None = None

    def args(self) -> dict[str, str]:
        """As the arguments of an action."""
        return given(
            show=self.show.slug if self.show else None,
            episode=id_of(self.episode) if self.episode else None,
            speaker=self.speaker,
        )

    def ask(self, words: str, limit: int) -> Ask:
        show = self.show.slug if self.show else None
        return Ask(words, show, self.episode.id if self.episode else None, self.speaker, limit)


async def filters_of(ctx: Context, show: str | None, episode: str | None, speaker: str | None) -> Filters:
    """The filters that were named. Raises NotFound or Ambiguous for a show or episode that is not there."""
    episodes = ctx.services.episodes
    only = await episodes.show(ctx, show) if show else None
    one = await episodes.resolve(ctx, episode, needs="lines", show=only.slug if only else None) if episode else None
    return Filters(only, one, speaker.strip() if speaker and speaker.strip() else None)


@command("match", "The next line that fits the same words", listed=False, example="move fast skip:1")
async def match(
    ctx: Context,
    words: Annotated[str, Arg("Words that were said", length=(1, 500), rest=True)],
    show: Annotated[str | None, Arg("Only this show", complete=show_names)] = None,
    episode: Annotated[str | None, Arg("Only this episode", complete=episode_names)] = None,
    speaker: Annotated[str | None, Arg("Only this speaker", complete=speaker_names)] = None,
    skip: Annotated[int, Arg("How many matches to pass over", range=(0, MOST_MATCHES))] = 1,
) -> Reply:
    return await matched(ctx, words, await filters_of(ctx, show, episode, speaker), skip)


async def matched(ctx: Context, words: str, filters: Filters, skip: int = 0) -> Reply:
    """The answer to words: the line that fits, or first of all that nothing does."""
    found = await ctx.services.quotes.find(ctx.viewer, filters.ask(words, skip + 2))
    if not found.hits:
        return Reply(texts.NOTHING_AT_ALL, outcome="nothing_fits")
    if not found.fits:
        return await _closest(ctx, found.hits[0])
    if skip >= len(found.hits):
        return Reply(texts.NO_MORE_MATCHES, outcome="nothing_fits")
    hit = found.hits[skip]
    more = skip + 1 < len(found.hits) and skip < MOST_MATCHES
    state = {"words": words, **filters.args(), "skip": str(skip + 1)}
    between = (Action(texts.NEXT_MATCH, "match", state, turn=True),) if more else ()
    sure = texts.NEXT_BEST if skip else texts.CONFIDENCE
    return await found_reply(ctx, hit, sure[hit.confidence], *between)


async def found_reply(ctx: Context, hit: Hit, lead: str, *between: Action) -> Reply:
    """A found line with what must be said beside it and what can be done with it."""
    await seen(ctx, hit.episode)
    private = await answers_privately(ctx, hit.episode)
    mine = await own_choices(ctx, private=private)
    return Reply(
        lead,
        quotes=(hit_block(hit, mine.get(APP)),),
        fields=also_fields(hit.also),
        footer="\n".join(filter(None, (labels(hit.episode, hit.lines), await _news(ctx, mine)))) or None,
        actions=line_actions(await anchor_of(ctx, hit), *between, share=may_share(ctx, private=private)),
        links=line_links(hit.episode, hit.lines[0], mine.get(APP)),
        private=private,
        outcome="found",
    )


async def _news(ctx: Context, mine: dict[str, str]) -> str:
    """What became of this person's reports, where they have not heard yet."""
    from bot.rules.reports import NEWS

    if NEWS not in mine:
        return ""
    from bot.services.reports import heard

    return "\n".join(await heard(ctx, mine[NEWS]))


async def _closest(ctx: Context, hit: Hit) -> Reply:
    anchor, app = await anchor_of(ctx, hit), await own_app(ctx)
    # Share and Save would take the line away from the words that say that it is no match.
    ref = anchor_ref(anchor) if anchor else ""
    return Reply(
        texts.CLOSEST,
        quotes=(hit_block(hit, app),),
        footer=labels(hit.episode, hit.lines),
        actions=(context_action(ref), wrong_action(ref)) if ref else (),
        links=line_links(hit.episode, hit.lines[0], app),
        outcome="nothing_fits",
    )


def also_fields(also: tuple[Also, ...]) -> tuple[Field, ...]:
    """Where the same words stand too."""
    shown = [
        Field(texts.ALSO, texts.also_at(one.episode.title, shown_moment(one.start_s, True)), safe_url(one.url))
        for one in also[:ALSO_SHOWN]
    ]
    rest = len(also) - len(shown)
    return (*shown, *((Field(texts.ALSO, texts.also_more(rest)),) if rest else ()))


def moment_of(hit: Hit) -> str:
    """The moment as words, also where it has none."""
    return hit_moment(hit) or texts.NO_TIME
