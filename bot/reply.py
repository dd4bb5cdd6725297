"""The neutral answer: what a command says before a platform has dressed it. No markup, no platform limit.

Text is plain; a renderer escapes it. ``plain`` is the form that reads well alone: console, notification, log line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bot.files import File

if TYPE_CHECKING:
    from bot.posts import Post

#: What became of a request, for JSON, the log line and tests.
#: ``found`` ``nothing_fits`` ``listed`` ``done`` ``same`` ``confirm`` ``usage`` ``not_found`` ``ambiguous``
#: ``not_allowed`` ``user_error`` ``failed``
ReplyOutcome = str


@dataclass(frozen=True, slots=True)
class Action:
    """Something to press: a command with its arguments. ``bot.commands.codec`` makes it <= 90 ASCII characters.

    ``turn``: the answer takes the place of the reply that it stands on, where only who pressed sees that (pages, the
    next match); everywhere else it is an answer of its own.
    """

    label: str
    command: str
    args: Mapping[str, str] = field(default_factory=dict)
    style: Literal["plain", "primary", "danger"] = "plain"
    turn: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Something to press that opens an address (http or https)."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu; choosing it runs its action."""

    label: str
    action: Action
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """A menu under one heading."""

    prompt: str
    options: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class FormField:
    """One question. With ``options`` (at most 25) one of them is chosen and is the answer; ``value`` is what stands
    there at first. ``length`` is the most characters; ``hint`` helps to answer, in at most 100."""

    name: str
    label: str
    value: str = ""
    long: bool = False
    required: bool = True
    options: tuple[str, ...] = ()
    length: int = 1000
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Questions to ask, at most five; the answers become arguments of ``command`` beside ``args``. A modal, or
    prompts."""

    title: str
    command: str
    fields: tuple[FormField, ...]
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """PNG bytes and what they show, in words."""

    data: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class QuoteBlock:
    """Verbatim words with their attribution. ``moment`` is a shown time such as ``27:47`` or ``≈ 27:47``."""

    text: str
    speaker: str
    show: str
    episode: str
    moment: str | None = None
    url: str | None = None

    def attribution(self) -> str:
        parts = [self.speaker, self.episode, self.show]
        head = " · ".join(part for part in parts if part)
        return f"{head} · {self.moment}" if self.moment else head


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value, or one row of a list when ``url`` leads somewhere."""

    label: str
    value: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer to one request. ``private`` asks the surface to show it to who asked only.

    ``post``: what ``text`` tells in words, for a surface that can show it as it would be posted.
    ``remove``: the message that the pressed button stands on is taken away (the answer is still given). A public
    answer to a press is always a new message.
    """

    text: str = ""
    title: str | None = None
    url: str | None = None
    quotes: tuple[QuoteBlock, ...] = ()
    fields: tuple[Field, ...] = ()
    picture: Picture | None = None
    footer: str | None = None
    actions: tuple[Action, ...] = ()
    choices: Choices | None = None
    form: Form | None = None
    private: bool = True
    outcome: ReplyOutcome = "done"
    links: tuple[Link, ...] = ()
    file: File | None = None
    remove: bool = False
    post: Post | None = None

    def plain(self) -> str:
        """The whole answer as text, without anything to press."""
        blocks: list[str] = []
        if self.title:
            blocks.append(f"{self.title}\n{self.url}" if self.url else self.title)
        if self.text:
            blocks.append(self.text)
        for quote in self.quotes:
            link = f"\n{quote.url}" if quote.url else ""
            blocks.append(f"“{quote.text}”\n— {quote.attribution()}{link}")
        if self.fields:
            blocks.append("\n".join(_row(row) for row in self.fields))
        if self.picture:
            blocks.append(self.picture.alt)
        if self.file:
            blocks.append(f"{self.file.about} ({self.file.name})")
        shown = {self.url, *(quote.url for quote in self.quotes), *(row.url for row in self.fields)}
        if links := [one for one in self.links if one.url not in shown]:
            blocks.append("\n".join(f"{one.label}  {one.url}" for one in links))
        if self.choices and self.choices.options:
            rows = "\n".join(
                f"- {option.label}" + (f" ({option.detail})" if option.detail else "")
                for option in self.choices.options
            )
            blocks.append(f"{self.choices.prompt}\n{rows}")
        if self.footer:
            blocks.append(self.footer)
        return "\n\n".join(blocks)


def _row(row: Field) -> str:
    head = f"{row.label}  {row.value}" if row.label else row.value
    return f"{head}  {row.url}" if row.url else head
