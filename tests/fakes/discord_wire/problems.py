"""Discord's own error bodies, by number. What is wrong with a request is raised here and written by the server."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

Json = dict[str, Any]


class Problem(Exception):
    """An answer that is not 2xx. ``errors`` is the tree of 50035; ``headers`` go out with it."""

    def __init__(
        self, status: int, code: int, message: str, errors: Json | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status, self.headers = status, dict(headers or {})
        self.body: Json = {"message": message, "code": code} | ({"errors": errors} if errors else {})


class Errors:
    """Collects what is wrong in a body: ``add("embeds.0.title", …)`` becomes Discord's nested tree."""

    def __init__(self) -> None:
        self._tree: Json = {}

    def add(self, path: str, code: str, message: str) -> None:
        at = self._tree
        for step in path.split("."):
            at = at.setdefault(step, {})
        at.setdefault("_errors", []).append({"code": code, "message": message})

    def length(self, path: str, value: object, longest: int, shortest: int = 0) -> None:
        """The value is a text of so many characters, or absent."""
        if value is None:
            if shortest:
                self.missing(path)
        elif not isinstance(value, str):
            self.add(path, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
        elif shortest and not shortest <= len(value) <= longest:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {shortest} and {longest} in length.")
        elif len(value) > longest:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {longest} or fewer in length.")

    def count(self, path: str, values: object, most: int, least: int = 0) -> list[Any]:
        """The values, or none of them where they are no list or too many."""
        found = values if isinstance(values, list) else []
        if not isinstance(values, list | None):
            self.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        elif not least <= len(found) <= most:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        return found[: 2 * most]

    def missing(self, path: str) -> None:
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required")

    def link(self, path: str, value: object, schemes: tuple[str, ...], longest: int) -> None:
        self.length(path, value, longest, 1)
        scheme = str(value).partition(":")[0].lower() if ":" in str(value) else ""
        if not scheme or not str(value).partition(":")[2].startswith("//"):
            if scheme and scheme not in schemes:
                self._scheme(path, scheme, schemes)
            else:
                self.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
        elif scheme not in schemes:
            self._scheme(path, scheme, schemes)

    def _scheme(self, path: str, scheme: str, schemes: tuple[str, ...]) -> None:
        said = f'Scheme "{scheme}" is not supported. Scheme must be one of {schemes}.'
        self.add(path, "URL_TYPE_INVALID_SCHEME", said)

    def check(self) -> None:
        if self._tree:
            raise Problem(400, 50035, "Invalid Form Body", self._tree)


def unauthorised() -> Problem:
    return Problem(401, 0, "401: Unauthorized")


def unknown(what: str) -> Problem:
    code = {
        "Channel": 10003, "Guild": 10004, "Member": 10007, "Message": 10008, "Role": 10011, "User": 10013,
        "Webhook": 10015, "Interaction": 10062, "Application Command": 10063,
    }[what]  # fmt: skip
    return Problem(404, code, f"Unknown {what}" if what != "Interaction" else "Unknown interaction")


def missing_access() -> Problem:
    return Problem(403, 50001, "Missing Access")


def missing_permissions() -> Problem:
    return Problem(403, 50013, "Missing Permissions")


def empty_message() -> Problem:
    return Problem(400, 50006, "Cannot send an empty message")


def wrong_channel_type() -> Problem:
    return Problem(400, 50024, "Cannot execute action on this channel type")


def acknowledged() -> Problem:
    return Problem(400, 40060, "Interaction has already been acknowledged.")


def busy(retry_after: float, scope: str = "user", code: int = 0) -> Problem:
    """429 as Discord says it; ``scope``: user, shared or global."""
    made = Problem(429, code, "You are being rate limited.")
    made.body = {"message": made.body["message"], "retry_after": round(retry_after, 3), "global": scope == "global"}
    if code:
        made.body["code"] = code
    made.headers = {"Retry-After": str(max(1, ceil(retry_after))), "X-RateLimit-Scope": scope}
    if scope == "global":
        made.headers["X-RateLimit-Global"] = "true"
    else:
        made.headers |= {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": f"{retry_after:.3f}"}
    return made
