"""What stands in a custom_id: the core's code of an action, with a mark where its answer turns the page. No layout.

``~v1|match|words=move+fast|skip=2`` · an option of a menu carries its code as its value, and the menu's own id is only
its number · a modal's id is the code of its form's command, its inputs' ids are the names of the fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bot.commands import codec

if TYPE_CHECKING:
    from bot.domain import CommunityId
    from bot.reply import Action, Form
    from bot.services import Services

TURN = "~"
_MENU = "menu|"


async def code_of(action: Action, services: Services, community: CommunityId) -> str:
    """At most 91 ASCII characters. What does not fit is stored first: StorageError."""
    code = await codec.encode(action, services.storage, community)
    return TURN + code if action.turn else code


def own_code(action: Action) -> str:
    """The code of an action that fits as it stands, of a post's buttons."""
    return codec.write(action.command, action.args)


async def form_code(form: Form, services: Services, community: CommunityId) -> str:
    from bot.reply import Action

    return await codec.encode(Action(form.title, form.command, form.args), services.storage, community)


def menu_id(n: int) -> str:
    """The custom_id of a message's n-th menu."""
    return f"{_MENU}{n}"


def bare_code(custom_id: str) -> tuple[str, bool]:
    """The core's code and whether its answer turns the page."""
    return custom_id.removeprefix(TURN), custom_id.startswith(TURN)


def pressed_code(data: Mapping[str, Any]) -> str:
    """The custom_id that was pressed, or the value that was chosen, of a component interaction's data."""
    values = data.get("values")
    if values:
        return str(values[0])
    return str(data.get("custom_id", ""))


def codes_in(components: object) -> Iterator[str]:
    """Every code that a message's components carry (payloads as Discord sends them, nested ones included)."""
    for one in components_in(components):
        found = [one.get("custom_id"), one.get("value")]
        yield from (bare_code(code)[0] for code in found if isinstance(code, str) and not code.startswith(_MENU))


def components_in(components: object) -> Iterator[Mapping[str, Any]]:
    """Every component and option in a tree of them."""
    if isinstance(components, Mapping):
        yield components
        for inner in ("components", "component", "accessory", "options"):
            yield from components_in(components.get(inner))
    elif isinstance(components, list | tuple):
        for one in components:
            yield from components_in(one)
