"""A reply as plain text that is safe to print: no control, escape or direction character reaches a terminal."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from bot.reply import Action, Reply
from bot.rules.words import collapse

#: Invisible characters that belong to words: joiners (emoji, Persian, Hindi) and the soft hyphen.
_KEPT = frozenset("\n\u200c\u200d\u00ad")


def clean(text: str) -> str:
    """The text without control, escape, direction and tag characters; line breaks stay, lone surrogates become �."""
    if text.isprintable():  # nothing of the kind, and by far the usual case
        return text
    return "".join(_shown(letter) for letter in text.replace("\r\n", "\n"))


def clean_line(text: str) -> str:
    """As ``clean``, on one line."""
    return collapse(clean(text))


def presses(reply: Reply) -> tuple[Action, ...]:
    """What can be pressed, in the order of its numbers (from 1): the menu first, then the actions."""
    menu = reply.choices.options if reply.choices else ()
    return (*(choice.action for choice in menu), *reply.actions)


def render_plain(reply: Reply, *, numbered: bool = True) -> str:
    """The whole reply as text. ``numbered`` adds a number to each choice and action, for a surface that takes it."""
    if not numbered:
        return clean(reply.plain())
    head = replace(reply, choices=None, footer=None).plain()
    blocks = (head, _menu(reply), _actions(reply), reply.footer or "")
    return clean("\n\n".join(block for block in blocks if block))


def _menu(reply: Reply) -> str:
    if not reply.choices or not reply.choices.options:
        return ""
    rows = [
        f"[{number}] {choice.label}" + (f" ({choice.detail})" if choice.detail else "")
        for number, choice in enumerate(reply.choices.options, 1)
    ]
    return "\n".join([reply.choices.prompt, *rows])


def _actions(reply: Reply) -> str:
    first = len(presses(reply)) - len(reply.actions) + 1
    return "  ".join(f"[{number}] {action.label}" for number, action in enumerate(reply.actions, first))


def _shown(letter: str) -> str:
    if letter in _KEPT:
        return letter
    kind = unicodedata.category(letter)
    if kind == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    if kind in ("Zl", "Zp") or letter in "\t\r\v\f\x85":
        return " "
    return "" if kind in ("Cc", "Cf") else letter
