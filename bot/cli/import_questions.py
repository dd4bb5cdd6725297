"""Asks on a terminal which episode each unsure file is: one list, one answer a file. Nothing is imported here."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from bot.cli.output import count_of, say
from bot.plain import clean_line
from bot.services.import_report import LEAVE_OUT, OWN, Unsure

HOW = (
    "Enter takes the guess; or type another episode's key, “new” for an episode of its own, “-” to leave the file out, "
    "“all” to take every guess from here on, “stop” to leave the rest for later."
)


def possible() -> bool:
    """Whether somebody sits there who can answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(unsure: Sequence[Unsure]) -> dict[str, str]:
    """What was answered, by file. Stops at the end of input."""
    say(f"{count_of(len(unsure), 'file')} may be an episode that is known already. {HOW}")
    answers: dict[str, str] = {}
    best = False
    for n, one in enumerate(unsure, 1):
        said = "" if best and one.episode else _said(n, len(unsure), one)
        if said is None or said.lower() == "stop":
            break
        best = best or said.lower() == "all"
        key = key_said(said, one)
        if key is not None:
            answers[one.file] = key
    return answers


def key_said(said: str, one: Unsure) -> str | None:
    """An answer as a map has it; None = no answer, the file stays unsure."""
    plain = said.strip()
    if plain.lower() in ("", "all", "y", "yes"):
        return one.episode
    if plain.lower() in ("new", "own"):
        return OWN
    return LEAVE_OUT if plain.lower() in ("-", "skip", "n", "no") else plain.rpartition("/")[2]


def _said(n: int, of: int, one: Unsure) -> str | None:
    say(f"{n}/{of}{unsure_row(one)}")
    try:
        return input(f"  [{clean_line(one.episode or 'later')}] ")
    except EOFError:
        return None


def unsure_row(one: Unsure) -> str:
    """``ep9.txt: probably “Kites” (kites), 54% sure: number 9; or else old-kites``."""
    if one.episode is None:
        return f"  {base(one.file)}: {one.reason}"
    also = f"; or else {one.also}" if one.also else ""
    named = f"“{one.title}” ({one.episode})" if one.title else one.episode
    return f"  {base(one.file)}: perhaps {named}, {one.confidence:.0%} sure: {one.reason}{also}"


def base(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]
