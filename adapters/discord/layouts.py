"""Parts of a Discord message as payloads: buttons, menus, rows, texts, containers, and the views that carry them.

Nothing of a Reply or Post enters here. discord.py's own items are not used: they keep every message with a button in
memory to call back into it, while our buttons are answered by what stands in their ``custom_id``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import discord

from adapters.discord import codes, limits
from adapters.discord.escape import address, bare_line
from adapters.discord.limits import cut
from bot import texts_messages as texts

Component = dict[str, Any]

_ROW, _BUTTON, _MENU, _TEXT, _GALLERY, _FILE, _CONTAINER = 1, 2, 3, 10, 12, 13, 17
_STYLES = {"primary": 1, "plain": 2, "danger": 4}
_LINK = 5


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: a code, or an address for a link."""

    label: str
    code: str = ""
    style: Literal["plain", "primary", "danger"] = "plain"
    url: str = ""

    def payload(self) -> Component:
        made = {"type": _BUTTON, "style": _LINK if self.url else _STYLES[self.style], "label": button_label(self.label)}
        return made | ({"url": self.url} if self.url else {"custom_id": self.code})


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a menu."""

    label: str
    code: str
    detail: str = ""

    def payload(self) -> Component:
        made = {"label": _named(self.label, limits.OPTION_LABEL), "value": self.code}
        detail = cut(bare_line(self.detail[: 8 * limits.OPTION_DETAIL]), limits.OPTION_DETAIL)
        return made | ({"description": detail} if detail else {})


@dataclass(frozen=True, slots=True)
class Menu:
    prompt: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Pressables:
    """Everything of a message that can be pressed or chosen, before it is known what fits."""

    menus: tuple[Menu, ...] = ()
    buttons: tuple[Button, ...] = ()
    links: tuple[Button, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.menus or self.buttons or self.links)


def link_button(label: str, url: str | None) -> Button | None:
    """None where the address can be no button's."""
    found = address(url, limits.BUTTON_URL)
    return Button(label, url=found) if found else None


def button_label(text: str) -> str:
    return _named(text, limits.BUTTON_LABEL)


def _named(text: str, most: int) -> str:
    """No button or option may be without a name."""
    return cut(bare_line(text[: 8 * most]), most) or texts.NO_NAME


def menus_of(prompt: str, options: Iterable[Option]) -> tuple[Menu, ...]:
    """As many menus as the options need; those that do the same are one."""
    unlike = tuple({one.code: one for one in reversed(tuple(options))}.values())[::-1]
    parts = [unlike[n : n + limits.OPTIONS] for n in range(0, len(unlike), limits.OPTIONS)]
    names = [prompt] if len(parts) == 1 else [texts.part_of(prompt, n, len(parts)) for n in range(1, len(parts) + 1)]
    return tuple(map(Menu, names, parts))


# --- rows ------------------------------------------------------------------------------------------------------


def rows(pressables: Pressables, most: int = limits.ROWS) -> tuple[list[Component], list[Button]]:
    """Action rows, at most so many, and the links that found no room (they are to be written out).

    Menus first. Buttons that do not fit stand in a menu of their own, so that nothing is lost.
    """
    menus = list(pressables.menus[:most])
    buttons = list({one.code: one for one in reversed(pressables.buttons)}.values())[::-1]
    links = list({one.url: one for one in reversed(pressables.links)}.values())[::-1]
    shown, hidden, links = _divided(buttons, links, most - len(menus))
    if hidden:
        menus += menus_of(texts.MORE, (Option(one.label, one.code) for one in hidden))
    made = [_row([_menu(n, menu)]) for n, menu in enumerate(menus[:most])]
    pressed = [*shown, *links]
    made += [
        _row([one.payload() for one in pressed[n : n + limits.ROW_BUTTONS]])
        for n in range(0, len(pressed), limits.ROW_BUTTONS)
    ]
    left = {one.url for one in links}
    return made, [one for one in pressables.links if one.url not in left]


def _divided(buttons: list[Button], links: list[Button], free: int) -> tuple[list[Button], list[Button], list[Button]]:
    """Which buttons are shown and which go into menus, and which links are buttons, in ``free`` rows."""
    for extra in range(free + 1):
        room = (free - extra) * limits.ROW_BUTTONS
        shown = max(room - len(links), room // 2) if extra else room
        if len(buttons) - shown <= extra * limits.OPTIONS and (extra or len(buttons) + len(links) <= room):
            return buttons[:shown], buttons[shown:], links[: room - len(buttons[:shown])]
    return [], buttons, []


def _row(inner: list[Component]) -> Component:
    return {"type": _ROW, "components": inner}


def _menu(n: int, menu: Menu) -> Component:
    return {
        "type": _MENU,
        "custom_id": codes.menu_id(n),
        "placeholder": cut(bare_line(menu.prompt), limits.PLACEHOLDER),
        "options": [one.payload() for one in menu.options],
    }


# --- components v2 ---------------------------------------------------------------------------------------------


def text(content: str) -> Component:
    return {"type": _TEXT, "content": content}


def gallery(name: str, alt: str) -> Component:
    return {"type": _GALLERY, "items": [{"media": {"url": f"attachment://{name}"}, "description": alt}]}


def attached(name: str) -> Component:
    return {"type": _FILE, "file": {"url": f"attachment://{name}"}}


def container(inner: Sequence[Component]) -> Component:
    return {"type": _CONTAINER, "components": list(inner)}


# --- what discord.py takes -------------------------------------------------------------------------------------


class Pressed(discord.ui.View):
    """Rows under content and embeds."""

    def __init__(self, made: Sequence[Component]) -> None:
        super().__init__(timeout=None)
        self._made = list(made)

    def to_components(self) -> list[Component]:
        return self._made

    def is_finished(self) -> bool:
        """discord.py remembers nothing of it: what it would call back is not here."""
        return True

    def is_dispatchable(self) -> bool:
        return False


class Laid(discord.ui.LayoutView):
    """A whole message of components v2."""

    def __init__(self, made: Sequence[Component]) -> None:
        super().__init__(timeout=None)
        self._made = list(made)

    def to_components(self) -> list[Component]:
        return self._made

    def has_components_v2(self) -> bool:
        return True

    def is_finished(self) -> bool:
        return True

    def is_dispatchable(self) -> bool:
        return False
