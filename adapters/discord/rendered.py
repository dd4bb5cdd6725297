"""A dressed message, ready for any of discord.py's ways to send or edit. What it says was decided before."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Literal

import discord
from discord.http import handle_message_parameters

from adapters.discord import limits
from adapters.discord.layouts import Component, Laid, Pressed


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a message; ``alt`` says in words what it shows or holds."""

    name: str
    data: bytes
    alt: str = ""

    def file(self) -> discord.File:
        """Anew for each request: discord.py closes it afterwards."""
        return discord.File(io.BytesIO(self.data), filename=self.name, description=self.alt or None)


@dataclass(frozen=True, slots=True)
class Rendered:
    """``layout``: components v2, which has neither content nor embeds; a message never changes between the two.
    ``roles`` and ``people`` are the ids that a notification may go to, nobody else; ``silent``: to none."""

    content: str = ""
    embeds: tuple[discord.Embed, ...] = ()
    components: tuple[Component, ...] = ()
    layout: bool = False
    files: tuple[Attached, ...] = ()
    roles: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    silent: bool = False

    @property
    def mentions(self) -> discord.AllowedMentions:
        return discord.AllowedMentions(
            everyone=False,
            roles=[discord.Object(one) for one in self.roles],
            users=[discord.Object(one) for one in self.people],
            replied_user=False,
        )

    def kwargs(self, way: Literal["send", "edit"] = "send") -> dict[str, Any]:
        """For ``send_message``, ``followup.send`` and ``channel.send``; ``edit`` for ``edit_message``,
        ``edit_original_response`` and ``message.edit``, which mention nobody. Privacy is whoever sends' business."""
        if way == "edit":
            return self._edit()
        made: dict[str, Any] = {"allowed_mentions": self.mentions}
        if not self.layout:
            made |= {"content": self.content or None, "embeds": list(self.embeds)}
        if self.files:
            made["files"] = [one.file() for one in self.files]
        if self.components:
            made["view"] = self.view()
        if self.silent:
            made["silent"] = True
        return made

    def _edit(self) -> dict[str, Any]:
        return {
            "content": None if self.layout else self.content or None,
            "embeds": [] if self.layout else list(self.embeds),
            "attachments": [one.file() for one in self.files],
            "view": self.view() if self.components else None,
            "allowed_mentions": discord.AllowedMentions.none(),
        }

    def view(self) -> Pressed | Laid:
        return Laid(self.components) if self.layout else Pressed(self.components)

    def payload(self) -> dict[str, Any]:
        """The JSON of the request that posts it, files by their description."""
        flags = discord.MessageFlags(suppress_notifications=True) if self.silent else discord.utils.MISSING
        given = {name: value for name, value in self.kwargs().items() if name not in ("silent", "files")}
        made = handle_message_parameters(**given, flags=flags).payload or {}
        files = [{"filename": one.name, "description": one.alt, "bytes": len(one.data)} for one in self.files]
        return made | ({"attachments": files} if files else {})


def attachment_name(name: str) -> str:
    """A file's name with nothing in it that could be another address or path."""
    kept = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)
    stem, dot, ending = kept.strip("._").rpartition(".")
    if not dot:
        return ending[: limits.FILE_NAME]
    return f"{stem[: limits.FILE_NAME - 21]}.{ending[:20]}"
