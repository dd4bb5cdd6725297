"""A reply for a terminal, with Rich. All text is cleaned and shown as ``Text``: no markup of others is read.

Limits: none of the terminal's; links are OSC 8 and only http(s).
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from adapters.console.post_text import buttons, heading
from bot.commands.registry import Registry
from bot.plain import clean, clean_line
from bot.posts import Post, more_chapters
from bot.reply import Action, Choices, Field, QuoteBlock, Reply

_NUMBER = "bold cyan"
_STYLES = {"plain": "", "primary": "bold", "danger": "red"}


def rich_reply(reply: Reply) -> RenderableType:
    """Title, text, quotes, fields, picture, file, links, choices, actions, footer: blocks with a blank line between
    them."""
    blocks = [block for block in _blocks(reply) if block is not None]
    spaced = [part for block in blocks for part in (Text(), block)][1:]
    return Group(*spaced)


def _blocks(reply: Reply) -> Iterable[RenderableType | None]:
    yield _title(reply) if reply.title else None
    yield Text(clean(reply.text)) if reply.text else None
    yield from (LeftBar(_quote(quote)) for quote in reply.quotes)
    yield _fields(reply.fields) if reply.fields else None
    yield Text(f"[{clean_line(reply.picture.alt)}]", style="dim") if reply.picture else None
    yield Text(f"[{clean_line(reply.file.about)}: {clean_line(reply.file.name)}]", style="dim") if reply.file else None
    yield Text(" · ").join(_linked(one.label, one.url) for one in reply.links) if reply.links else None
    yield _choices(reply.choices) if reply.choices and reply.choices.options else None
    before = len(reply.choices.options) if reply.choices else 0
    yield _actions(reply.actions, before + 1) if reply.actions else None
    yield Text(clean(reply.footer), style="dim") if reply.footer else None


def rich_post(registry: Registry, post: Post, edited: bool) -> RenderableType:
    """A post under a line that says so; times of chapters and names of places to listen are links."""
    blocks = [block for block in _post_blocks(registry, post) if block is not None]
    spaced = [part for block in blocks for part in (Text(), block)][1:]
    return Group(Text(heading(edited), style="dim"), LeftBar(Group(*spaced)))


def _post_blocks(registry: Registry, post: Post) -> Iterable[RenderableType | None]:
    yield Text(clean(post.mark), style="bold red") if post.mark else None
    yield _linked(clean(post.unmentioned()), post.url, Style(bold=True))
    yield Text(clean_line(post.facts_line()), style="cyan") if post.facts else None
    yield Text(clean(post.summary)) if post.summary else None
    yield _moments(post) if post.chapters else None
    yield _highlight(post.highlight) if post.highlight else None
    yield Text(clean(post.note), style="dim") if post.note else None
    yield Text(" · ").join(_linked(one.label, one.url) for one in post.links) if post.links else None
    yield Text("\n".join(buttons(registry, post)), style="dim") if post.actions else None


def _highlight(quote: QuoteBlock) -> Text:
    said = Text(f"“{clean(quote.text)}”", style="italic")
    return Text("\n").join([said, _linked(f"— {clean_line(quote.attribution())}", quote.url)])


def _moments(post: Post) -> Text:
    rows = [Text.assemble(_linked(one.stamp, one.url), "  ", clean_line(one.title)) for one in post.chapters]
    more = [Text(clean(more_chapters(post.more_chapters)), style="dim")] if post.more_chapters else []
    return Text("\n").join([*rows, *more])


def _linked(text: str, url: str | None, style: Style | None = None) -> Text:
    safe = url is not None and url.startswith(("https://", "http://")) and " " not in url and url.isprintable()
    return Text(clean(text), style=(style or Style()) + Style(link=url if safe else None))


class LeftBar:
    """What stands in it has a bar at its left, on every line that it takes."""

    def __init__(self, inner: RenderableType) -> None:
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(10, options.max_width - 2)
        for line in console.render_lines(self._inner, options.update(width=width), pad=False):
            yield Segment("▌ ", Style(color="cyan"))
            yield from line
            yield Segment.line()


def _title(reply: Reply) -> Text:
    title = Text(clean_line(reply.title or ""), style="bold")
    return Text("\n").join([title, _link(reply.url)]) if reply.url else title


def _quote(quote: QuoteBlock) -> Text:
    parts = [Text(f"“{clean(quote.text)}”", style="italic"), Text(f"— {clean_line(quote.attribution())}")]
    if quote.url:
        parts.append(_link(quote.url))
    return Text("\n").join(parts)


def _fields(rows: tuple[Field, ...]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="cyan", overflow="fold")
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True, overflow="ellipsis")
    for row in rows:
        link = _link(row.url) if row.url else Text()
        table.add_row(Text(clean_line(row.label)), Text(clean(row.value)), link)
    return table


def _choices(choices: Choices) -> Text:
    rows = [Text(clean_line(choices.prompt))]
    for number, choice in enumerate(choices.options, 1):
        row = _numbered(number, choice.label)
        if choice.detail:
            row.append(f"  {clean_line(choice.detail)}", style="dim")
        rows.append(row)
    return Text("\n").join(rows)


def _actions(actions: tuple[Action, ...], first: int) -> Text:
    return Text("   ").join(
        _numbered(number, action.label, _STYLES[action.style]) for number, action in enumerate(actions, first)
    )


def _numbered(number: int, label: str, style: str = "") -> Text:
    return Text.assemble((f"{number} ", _NUMBER), (clean_line(label), style))


def _link(url: str) -> Text:
    shown = clean_line(url)
    safe = shown.startswith(("https://", "http://")) and " " not in shown
    return Text(shown, style=Style(dim=True, link=shown if safe else None), overflow="fold")
