"""A Form as a Discord modal: texts to type, and menus for what is chosen. What is sent comes back in ``presses.py``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord

from adapters.discord import codes, limits
from adapters.discord.escape import bare, bare_line
from adapters.discord.layouts import Component
from adapters.discord.limits import cut
from bot import texts_messages as texts

if TYPE_CHECKING:
    from bot.domain import CommunityId
    from bot.reply import Form, FormField
    from bot.services import Services

_LABEL, _MENU, _INPUT = 18, 3, 4
_SHORT, _LONG = 1, 2


class Asked(discord.ui.Modal):
    """A modal of ready payloads, which discord.py shows and forgets."""

    def __init__(self, title: str, custom_id: str, inner: Sequence[Component]) -> None:
        super().__init__(title=title, custom_id=custom_id)
        self._inner = list(inner)

    def to_components(self) -> list[Component]:
        return self._inner

    def is_finished(self) -> bool:
        return True


async def modal_of(form: Form, services: Services, community: CommunityId) -> Asked:
    """Its id is the code of the form's command, its inputs are called as the fields. Raises StorageError where a large
    state cannot be stored."""
    code = await codes.form_code(form, services, community)
    return Asked(title_of(form), code, [_field(one) for one in form.fields[: limits.MODAL_ROWS]])


def title_of(form: Form) -> str:
    return cut(bare_line(form.title), limits.MODAL_TITLE) or texts.NO_NAME


def _field(field: FormField) -> Component:
    """A label around one input; what the label cannot hold stands below it."""
    name = bare_line(field.label)
    made: dict[str, Any] = {"type": _LABEL, "label": cut(name, limits.LABEL) or texts.NO_NAME}
    if about := bare_line(field.hint) or (name if len(name) > limits.LABEL else ""):
        made["description"] = cut(about, limits.LABEL_DETAIL)
    return made | {"component": _menu(field) if _can_choose(field) else _input(field)}


def _can_choose(field: FormField) -> bool:
    """Whether the options are ones that a menu can hold: what is chosen comes back as it stands."""
    fit = all(one and bare_line(one) == one and len(one) <= limits.OPTION_VALUE for one in field.options)
    return bool(field.options) and len(field.options) <= limits.OPTIONS and fit


def _menu(field: FormField) -> Component:
    options = [
        {"label": cut(bare_line(one), limits.OPTION_LABEL) or texts.NO_NAME, "value": one} | _default(one, field)
        for one in dict.fromkeys(field.options)
    ]
    return {
        "type": _MENU,
        "custom_id": field.name,
        "options": options,
        "required": field.required,
        "min_values": int(field.required),
        "max_values": 1,
    }


def _default(option: str, field: FormField) -> Component:
    return {"default": True} if option == field.value else {}


def _input(field: FormField) -> Component:
    most = min(max(field.length, 1), limits.INPUT)
    made: Component = {
        "type": _INPUT,
        "custom_id": field.name,
        "style": _LONG if field.long else _SHORT,
        "required": field.required,
        "max_length": most,
    }
    # What people are to edit stays as it is: no "…" may come back with their answer.
    value = bare(field.value)[:most] if field.long else bare_line(field.value)[:most]
    return made | ({"value": value} if value else {})
