"""What setting up and examining a platform asks of it, without connecting: Protocols and plain values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Account:
    """Who a token belongs to. ``public``: others may add the bot too; None = the platform does not say.
    ``invitation`` is the address that adds it to a workspace, with exactly the permissions it needs."""

    id: str
    name: str
    application: str
    invitation: str
    public: bool | None = None


@dataclass(frozen=True, slots=True)
class Workspace:
    """A server (or workspace) that the bot is in."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Channel:
    """Where posts can go. ``private``: not everybody in the workspace sees it."""

    id: str
    name: str
    kind: Literal["text", "announcement", "forum"]
    private: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what it is, how it is, and what to do where it is not well."""

    state: Literal["ok", "note", "bad"]
    what: str
    found: str


class Desk(Protocol):
    """A platform's account. Every method raises SurfaceError, in words for the operator, where the platform refuses or
    is not reached; nothing is retried."""

    @property
    def platform(self) -> str: ...

    async def account(self) -> Account:
        """Asks the platform whether the token is good."""
        ...

    async def workspaces(self) -> list[Workspace]:
        """Those that the bot is in, by name."""
        ...

    async def channels(self, workspace: str) -> list[Channel]:
        """Those that the bot sees there and could post in, in the platform's order."""
        ...

    async def findings(self) -> list[Finding]:
        """What else an operator should know: limits, commands, settings over there."""
        ...
