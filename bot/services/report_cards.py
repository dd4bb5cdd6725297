"""The moderators' card about a reported line: made when it is posted, of what members in that place may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import texts_answers as texts
from bot import texts_posts
from bot.domain import Report, Viewer
from bot.plain import clean
from bot.ports import LineRange
from bot.posts import Link, Post
from bot.reply import Action
from bot.rules import post_parts
from bot.rules.alert_keys import COMMAND, post_args
from bot.rules.links import listen_link
from bot.rules.stamps import shown_moment

if TYPE_CHECKING:
    from bot.alerts import Alert
    from bot.domain import Episode, Line
    from bot.ports import Storage


async def card(storage: Storage, alert: Alert, id: str) -> Post | None:
    """The card; one that was settled after it was posted says how. None when it was before, or is gone."""
    report = await storage.record(alert.community, "report", id)
    if not isinstance(report, Report) or not (report.state == "open" or alert.message):
        return None
    viewer = Viewer(alert.community, place=alert.place)
    episode = await storage.episode(viewer, report.anchor.episode)
    if episode is None:  # a private show's, or withheld meanwhile: a moderator asks where it may be seen
        state = _button(alert, id, texts_posts.STATE, "state")
        return Post(texts.REPORT_ELSEWHERE, alert.id, alert.kind, actions=(state,))
    before, lines, after = await _lines(storage, viewer, report)
    is_open = report.state == "open"
    says = texts.card_says(clean(report.reporter_name), report.wrong, clean(episode.title), clean(report.note))
    became = texts.card_settled(clean(report.settled_by), report.state) if not is_open else ""
    gone = texts.REPORT_LINE_GONE if is_open and not lines else ""
    return Post(
        "\n".join(filter(None, (says, gone))),
        alert.id,
        alert.kind,
        show=post_parts.said(episode.show_title, post_parts.NAME),
        summary=texts.around(_words(before), _words(after)),
        highlight=post_parts.block(episode, lines) if lines else None,
        note=post_parts.labels(episode, lines),
        links=_links(episode, lines),
        actions=_buttons(alert, id, whole=bool(lines)) if is_open else (_others(alert, id),),
        quiet=alert.quiet,
        mark=became,
    )


async def _lines(storage: Storage, viewer: Viewer, report: Report) -> tuple[list[Line], list[Line], list[Line]]:
    """The line that is reported, with its neighbours; all empty when it may not be seen any more."""
    where = await storage.resolve(viewer, report.anchor)
    if where is None:
        return [], [], []
    first, last = where.first, where.last
    [lines] = await storage.ranges(viewer, [LineRange(where.episode, max(0, first - 1), last + 1)])
    inside = [one for one in lines if first <= one.n <= last]
    return [one for one in lines if one.n < first], inside, [one for one in lines if one.n > last]


def _words(lines: list[Line]) -> str:
    return clean(" ".join(line.text for line in lines))


def _links(episode: Episode, lines: list[Line]) -> tuple[Link, ...]:
    link = listen_link(episode, lines[0].start_s) if lines else None
    if link is None or post_parts.address(link.url) is None:
        return ()
    moment = shown_moment(lines[0].start_s, lines[0].exact and link.exact) if link.timed else None
    return (Link(texts.listen_at(link.kind, moment), link.url),)


def _buttons(alert: Alert, id: str, *, whole: bool) -> tuple[Action, ...]:
    """Of a line that is not shown any more, nothing but the report itself can be settled."""
    named = texts.REPORT_BUTTONS.items()
    return tuple(_button(alert, id, label, do) for do, label in named if whole or do == "dismiss")


def _others(alert: Alert, id: str) -> Action:
    return _button(alert, id, texts.MORE_REPORTS, "reports")


def _button(alert: Alert, id: str, label: str, do: str) -> Action:
    """Carries the alert's key, as every button of a post, and the report's id, which outlives the alert."""
    return Action(label, COMMAND, post_args(alert.id, alert.kind, do) | {"id": id})
