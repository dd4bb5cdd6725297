"""Discord's limits, and how text is cut to them: at words, with "…", never inside a letter. Nothing is escaped here.

Discord counts code points (``len``), not UTF-16 units and not bytes: discord-api-docs #1315, #1173, said by its staff.
An embed's parts count without the blanks at their ends; we count those too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

# --- a message (Discord docs "Create Message", 2025-01)
CONTENT = 2000
#: Bytes of one attachment of an application that no boost lifts (docs "Uploading Files": 10 MiB since 2024-09).
FILE = 10 * 2**20
FILES = 10
#: Characters of an attachment's description: its alt text.
ALT = 1024
FILE_NAME = 200
#: Ids that allowed_mentions names.
MENTIONS = 100

# --- embeds (docs "Embed Limits", 2025-01)
EMBEDS = 10
EMBEDS_TOTAL = 6000
TITLE, DESCRIPTION, FOOTER, AUTHOR = 256, 4096, 2048, 256
FIELDS, FIELD_NAME, FIELD_VALUE = 25, 256, 1024
URL = 2048

# --- components (docs "Component Reference", 2025-04)
COMPONENTS = 40
#: Of all text displays of a message together.
TEXTS = 4000
ROWS, ROW_BUTTONS = 5, 5
CUSTOM_ID = 100
BUTTON_LABEL, BUTTON_URL = 80, 512
OPTIONS, OPTION_LABEL, OPTION_VALUE, OPTION_DETAIL, PLACEHOLDER = 25, 100, 100, 100, 150

# --- modals (docs "Component Reference", "Interaction Response Object", 2025-08)
MODAL_TITLE, MODAL_ROWS = 45, 5
LABEL, LABEL_DETAIL, INPUT = 45, 100, 4000

#: A thread's or forum post's name (docs "Channel Object").
THREAD = 100

_JOINER = "\u200d"
_MORE = "…"
#: What stands at the end of a text that was cut looks bad before "…".
_LOOSE = " \n,;:–-([“‘"


def cut(text: str, most: int) -> str:
    """At most ``most`` characters: whole words, else whole letters, with "…" where something is missing."""
    if len(text) <= most:
        return text
    if most < 1:
        return ""
    head = text[: _boundary(text, most - 1)]
    # Cutting the text must not eat most of it where it is one endless word.
    word = max(head.rfind(" "), head.rfind("\n"))
    if text[len(head)] not in " \n" and word > len(head) // 2:
        head = head[:word]
    return head.rstrip(_LOOSE) + _MORE


def fitted(text: str, most: int, dress: Callable[[str], str]) -> str:
    """``dress(text)`` of at most ``most`` characters; what is too long is cut before it is dressed, so that no escape
    is torn apart."""
    allowed = most
    dressed = dress(cut(text, allowed))
    while len(dressed) > most and allowed > 0:
        # What is cut may have been invisible: an eighth at least, so that it ends soon.
        allowed = min(allowed, len(text))
        allowed -= max(1 + allowed // 8, (len(dressed) - most) // 2)
        dressed = dress(cut(text, max(allowed, 0)))
    return dressed


def _boundary(text: str, at: int) -> int:
    """The last place up to ``at`` that is not inside a letter as people see it."""
    while at > 0 and _inside(text, at):
        at -= 1
    return at


def _inside(text: str, at: int) -> bool:
    """Whether the characters before and after this place make one letter: marks, joined emoji, skin tones, flags."""
    if at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    if _JOINER in (before, after) or unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    return _flag(before) and _flag(after) and _flags_before(text, at) % 2 == 1


def _flag(letter: str) -> bool:
    """Whether it is half of a flag."""
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _flags_before(text: str, at: int) -> int:
    count = 0
    while count < at and _flag(text[at - 1 - count]):
        count += 1
    return count
