"""Sentences that a chat message adds to a reply or post when it is dressed: overflow, cuts, what did not work."""

from __future__ import annotations

#: The name of a button or option whose own has nothing to see.
NO_NAME = "…"
MORE = "More…"
#: Where a form can only be opened by a press.
OPEN_FORM = "Open the form"
PRESS_FOR_FORM = "That took a moment. Press the button to go on."
CONTINUES = "… it goes on below."
NOT_REMOVED = "The message could not be taken away here: please delete it yourself, or ask a moderator."
NOT_SENT = "The answer could not be shown. Please ask again."
#: Fills a place for a moment until the answer is beside it.
ANSWERED = "Answered."
#: The name of a file whose own cannot be used.
FILE_NAME = "file"


def part_of(prompt: str, n: int, count: int) -> str:
    """One of several menus under one heading."""
    return f"{prompt} ({n} of {count})"


def and_more(count: int) -> str:
    return f"… and {count:,} more"


def file_cut(mib: int) -> str:
    return f"The file is larger than the {mib} MiB that fit here: only its first part is attached."


def saved_as(path: str) -> str:
    return f"Saved as {path}"


def not_saved(name: str, reason: str) -> str:
    return f"{name} could not be saved here: {reason}."


def one_of_these(count: int) -> str:
    return f"A number from 1 to {count}, or the words; Ctrl-C leaves the form."
