"""``post``, behind every button of a post: finds what the post is about by its key, then answers as the command does
that the button stands for. A key that nothing here knows any more answers kindly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from bot import texts
from bot import texts_posts as said
from bot.commands.answers import id_of, seen
from bot.commands.chapters import chapters_reply
from bot.commands.declare import Arg, command
from bot.commands.episodes import episodes
from bot.commands.keep import close, keep_reply
from bot.commands.listen import listen_reply
from bot.commands.reports import reports
from bot.commands.withhold import withhold
from bot.context import Context
from bot.domain import Episode, EpisodeId, Level, Role, ShowId, Subscription
from bot.errors import NotAllowed, NotFound
from bot.reply import Action, Form, FormField, Reply
from bot.rules.alert_keys import COMMAND, alert_id, post_args
from bot.texts_why import TEST_BUTTON

if TYPE_CHECKING:
    from bot.alerts import Alert

Do = Literal[
    "chapters", "quote", "listen", "tell", "episodes", "hide", "keep", "state", "why",
    "text", "speaker", "time", "withhold", "dismiss", "reports",
]  # fmt: skip
#: Of a card about a reported line.
OF_REPORTS: frozenset[Do] = frozenset(("text", "speaker", "time", "withhold", "dismiss"))
#: A key that is not remembered is looked for among so many of each show's newest episodes.
DERIVED = 200
#: Characters that ``quote`` takes.
_WORDS = 500


@command(COMMAND, "What a button of a post stands for", listed=False, example="abcdefghijklmnopqrstuvwx do:chapters")
async def post(
    ctx: Context,
    key: Annotated[str, Arg("The post's key", length=(1, 40), rest=True)],
    kind: Annotated[str, Arg("What kind of post", length=(0, 16))] = "new",
    do: Annotated[Do, Arg("Which button")] = "chapters",
    id: Annotated[str | None, Arg("The report's id", length=(1, 40))] = None,
) -> Reply:
    if id is not None and do in OF_REPORTS:
        _needs(ctx, Role.editor)
        return await reports.run(ctx, id=id, do=do)
    if do == "reports":
        _needs(ctx, Role.editor)
        return await reports.run(ctx)
    alert = await ctx.services.storage.alert(key)
    if alert is not None and alert.community != ctx.community:
        alert = None
    if kind == "test":
        return Reply(TEST_BUTTON)
    if do == "why":
        return Reply(said.WHY_NOT_SHOWN)
    if alert and do in ("episodes", "state", "hide", "keep"):
        return await _about(ctx, alert, do)
    episode = await _episode(ctx, alert, key)
    if do == "listen":
        return await listen_reply(ctx, episode)
    if do in ("quote", "tell"):
        return await _quote(ctx, episode, alert, told=do == "tell")
    return await chapters_reply(ctx, episode)


async def _episode(ctx: Context, alert: Alert | None, key: str) -> Episode:
    """The episode that a post is about. Raises NotFound, in kind words."""
    storage = ctx.services.storage
    if alert is not None and alert.episode:
        found = await storage.episode(ctx.viewer, alert.episode)
        if found is None:
            raise NotFound(said.NOT_SHOWN_HERE)
        return found
    if alert is None and (derived := await _derived(ctx, key)):
        return derived
    raise NotFound(said.POST_UNKNOWN)


async def _derived(ctx: Context, key: str) -> Episode | None:
    """The episode whose alert in this place has this key, where the alert itself is lost: after a restore. Looked for
    only among shows that are told here."""
    from bot.services.episode_alerts import identity_of

    storage = ctx.services.storage
    followed = [
        one.show
        for one in await storage.records(ctx.community, "subscription")
        if isinstance(one, Subscription) and one.place == str(ctx.place)
    ]
    for show in followed:
        known = await storage.known_items(show)
        for episode in await storage.episodes(ctx.viewer, show, limit=DERIVED):
            if alert_id(ctx.place, show, identity_of(episode, known), "new") == key:
                return episode
    return None


# --- of an episode ----------------------------------------------------------------------------------------------


async def _quote(ctx: Context, episode: Episode, alert: Alert | None, *, told: bool) -> Reply:
    """Asks for words once there is a transcript; before, offers to tell when there is."""
    await seen(ctx, episode)
    if episode.lines:
        field = FormField("words", said.QUOTE_WORDS, length=_WORDS)
        here = {"episode": id_of(episode)}
        return Reply(
            said.in_meanwhile(episode) if told else said.quote_how(episode),
            form=Form(said.QUOTE_FORM, "quote", (field,), here),
            actions=(Action(said.ANY_LINE, "quote", here),),
            outcome="listed",
        )
    thread = alert is not None and alert.kind == "new" and bool(alert.thread)
    if told and alert is not None:
        return await _tell(ctx, episode, alert) if thread else Reply(said.NO_THREAD, outcome="not_found")
    args = post_args(alert.id, alert.kind, "tell") if alert and thread else {}
    offer = (Action(said.TELL_ME, COMMAND, args),) if args else ()
    return Reply(said.transcript_not_in(episode, thread=thread), actions=offer, outcome="not_found")


async def _tell(ctx: Context, episode: Episode, alert: Alert) -> Reply:
    if await ctx.services.storage.wish(alert.id, ctx.person):
        return Reply(said.will_be_told(episode))
    return Reply(said.TOLD_ALREADY, outcome="same")


# --- of what moderators and whole shows are told ----------------------------------------------------------------


async def _about(ctx: Context, alert: Alert, do: str) -> Reply:
    storage = ctx.services.storage
    if do == "episodes":
        return await episodes.run(ctx, show=await _slug(ctx, alert.show))
    _needs(ctx, Role.editor)
    if do == "state":
        still = any(one.id == alert.subject for one in await storage.troubles(ctx.community))
        return Reply(said.STILL_OPEN if still else said.IS_OVER)
    source = await _withdrawn(ctx, alert)
    found = await storage.episode(ctx.viewer, source)
    if found is None:
        return await _not_here(ctx, source)
    return await keep_reply(ctx, found) if do == "keep" else await _hide(ctx, found)


async def _not_here(ctx: Context, episode: EpisodeId) -> Reply:
    """An episode that is hidden from all needs no decision any more; a private show's is decided where that may be
    seen."""
    if await ctx.services.storage.episode(replace(ctx.viewer, role=Role.operator), episode):
        raise NotFound(said.DECIDE_THERE)
    await close(ctx, episode)
    return Reply(said.HIDDEN_ALREADY, outcome="same")


async def _hide(ctx: Context, episode: Episode) -> Reply:
    done = await withhold.run(ctx, episode=id_of(episode), level=Level.hidden, reason=said.WITHDRAWN_REASON, yes=True)
    await close(ctx, episode.id)
    return Reply(said.hidden(episode), footer=done.footer, actions=done.actions)


async def _withdrawn(ctx: Context, alert: Alert) -> EpisodeId:
    """The episode that the alert asks about. Raises NotFound when that was decided."""
    from bot.services.posts import withdrawn_episode

    episode = alert.episode or await withdrawn_episode(ctx.services.storage, alert)
    if episode is None:
        raise NotFound(said.IS_OVER)
    return episode


async def _slug(ctx: Context, show: ShowId | None) -> str:
    slugs = [one.slug for one in await ctx.services.storage.shows(ctx.viewer) if one.id == show]
    if not slugs:
        raise NotFound(said.NOT_SHOWN_HERE)
    return slugs[0]


def _needs(ctx: Context, role: Role) -> None:
    if ctx.role < role:
        raise NotAllowed(texts.not_allowed(f"/{COMMAND}", role.name, ctx.role.name), role)
