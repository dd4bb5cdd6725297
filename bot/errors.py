"""Every error that Pullquote raises on purpose. Messages say what was wrong and what to try.

PullquoteError
├── UserError            shown to the person word for word
│   ├── UsageError       the words of a command do not fit its declaration
│   ├── NotFound         a named thing is not there; ``candidates`` are offered
│   ├── Ambiguous        several fit; ``candidates`` name them
│   └── NotAllowed       a role is missing; ``needed`` names it
├── StorageError         the database cannot be used; nothing was changed
│   ├── StorageNewer     written by a newer version
│   ├── StorageLocked    another process holds it
│   ├── StorageConflict  what was decided by is no longer what is stored
│   ├── StorageReadOnly  the file or its folder cannot be written
│   ├── StorageFull      the disk is full
│   └── StorageCorrupt   not a database, or damaged
├── IndexBusy            another process holds the index's writer lock
├── IndexDamaged         the index cannot be read; it can be rebuilt from storage
├── UnknownFormat        bytes that are none of the known formats
├── WorkFailed           parsing stalled, crashed or took too much memory, and was stopped
├── SettingsError        a setting has a value that cannot be used
├── SurfaceError         a platform cannot be connected to, and asking again would not help
└── DeclarationError     a command is declared in a way that no surface can show
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import Role


class PullquoteError(Exception):
    """The root: one clear line for a person. Survives pickling whatever its constructor takes (work is done in other
    processes)."""

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, (type(self), self.args), self.__dict__


def _rebuilt(kind: type[PullquoteError], args: tuple[object, ...]) -> PullquoteError:
    """An error as it was, without its constructor; pickle then sets what it carries."""
    error = kind.__new__(kind)
    error.args = args
    return error


class UserError(PullquoteError):
    """Shown to the person who asked, word for word."""

    outcome = "user_error"


class UsageError(UserError):
    outcome = "usage"


class NotFound(UserError):
    """``param`` names the parameter that the candidates are values of; with it ``dispatch`` lets people press one.
    ``labels``: what people see of them, one each, where that is not the value itself."""

    outcome = "not_found"

    def __init__(
        self, message: str, candidates: Sequence[str] = (), param: str | None = None, labels: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)
        self.param = param
        self.labels = tuple(labels) or self.candidates


class Ambiguous(UserError):
    """``param`` and ``labels`` as in NotFound."""

    outcome = "ambiguous"

    def __init__(
        self, message: str, candidates: Sequence[str], param: str | None = None, labels: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)
        self.param = param
        self.labels = tuple(labels) or self.candidates


class NotAllowed(UserError):
    outcome = "not_allowed"

    def __init__(self, message: str, needed: Role) -> None:
        super().__init__(message)
        self.needed = needed


class StorageError(PullquoteError):
    """The database at ``where`` cannot be used; nothing in it was changed."""

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(message)
        self.where = where


class StorageNewer(StorageError):
    pass


class StorageLocked(StorageError):
    pass


class StorageConflict(StorageError):
    """Somebody else stored something since it was read: read it again and decide anew."""


class StorageReadOnly(StorageError):
    pass


class StorageFull(StorageError):
    pass


class StorageCorrupt(StorageError):
    pass


class IndexBusy(PullquoteError):
    """Another process holds the index's writer lock; it will follow what is stored."""


class IndexDamaged(PullquoteError):
    """The index's files cannot be read or written; storage is untouched and `index rebuild` makes a new one."""


class WorkFailed(PullquoteError):
    """Work off the loop was stopped: it stalled, crashed or took too much memory."""


class UnknownFormat(PullquoteError):
    """The bytes are no format that Pullquote reads."""


class SettingsError(PullquoteError):
    """A setting's value cannot be used; the message names the variable and what it takes."""


class SurfaceError(PullquoteError):
    """A platform refuses the bot (token, intents, a revoked app): the message says what to do there."""


class DeclarationError(PullquoteError):
    """A command is declared in a way that no surface can show; raised at import, the message names it."""
