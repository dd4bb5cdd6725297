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

from bot.plain import clean, clean_line
from bot.reply import Action, Choices, Field, QuoteBlock, Reply

_NUMBER = "bold cyan"
_STYLES = {"plain": "", "primary": "bold", "danger": "red"}


def rich_reply(reply: Reply) -> RenderableType:
    """Title, text, quotes, fields, picture, choices, actions, footer: blocks with a blank line between them."""
    blocks = [block for block in _blocks(reply) if block is not None]
    spaced = [part for block in blocks for part in (Text(), block)][1:]
    return Group(*spaced)


def _blocks(reply: Reply) -> Iterable[RenderableType | None]:
    yield _title(reply) if reply.title else None
    yield Text(clean(reply.text)) if reply.text else None
    yield from (LeftBar(_quote(quote)) for quote in reply.quotes)
    yield _fields(reply.fields) if reply.fields else None
    yield Text(f"[{clean_line(reply.picture.alt)}]", style="dim") if reply.picture else None
    yield _choices(reply.choices) if reply.choices and reply.choices.options else None
    before = len(reply.choices.options) if reply.choices else 0
    yield _actions(reply.actions, before + 1) if reply.actions else None
    yield Text(clean(reply.footer), style="dim") if reply.footer else None


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
