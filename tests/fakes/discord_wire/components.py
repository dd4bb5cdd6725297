"""Rows, buttons, selects, layouts and modals: what Discord accepts of them. Judges payloads, changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.fakes.discord_wire.problems import Errors, Json

ROW, BUTTON, SELECT, INPUT = 1, 2, 3, 4
ENTITY_SELECTS = (5, 6, 7, 8)
SELECTS = (SELECT, *ENTITY_SELECTS)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
LAYOUT = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER)
LINK, PREMIUM = 5, 6
V2_COMPONENTS, V2_TEXT = 40, 4000


def every(components: object) -> Iterator[Json]:
    """All components, however deep, in reading order."""
    for one in components if isinstance(components, list) else []:
        if isinstance(one, dict):
            yield one
            yield from every(one.get("components"))
            yield from every([one[name] for name in ("accessory", "component") if name in one])


def check_components(components: object, errors: Errors, *, v2: bool) -> None:
    """Of a message."""
    tops = errors.count("components", components, V2_COMPONENTS if v2 else 5)
    for n, one in enumerate(tops):
        path = f"components.{n}"
        if not isinstance(one, dict) or one.get("type") not in (LAYOUT if v2 else (ROW,)):
            _bad_type(errors, path, LAYOUT if v2 else (ROW,))
        else:
            _check(one, path, errors)
    _unique(tops, errors)
    if v2:
        _check_sizes(tops, errors)


def _check_sizes(tops: list[Json], errors: Errors) -> None:
    found = list(every(tops))
    if not found:
        errors.missing("components")
    if len(found) > V2_COMPONENTS:
        errors.add(
            "components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", f"A message has at most {V2_COMPONENTS} components"
        )
    if sum(len(str(one.get("content") or "")) for one in found if one.get("type") == TEXT) > V2_TEXT:
        said = f"The combined length of all displayable text in components must be {V2_TEXT} or fewer."
        errors.add("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", said)


def _unique(tops: list[Json], errors: Errors) -> None:
    seen: set[str] = set()
    for one in every(tops):
        name = one.get("custom_id")
        if isinstance(name, str) and name in seen:
            errors.add("components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        seen.add(str(name))


def _bad_type(errors: Errors, path: str, allowed: tuple[int, ...]) -> None:
    errors.add(f"{path}.type", "UNION_TYPE_CHOICES", f'Value of field "type" must be one of {allowed}.')


def _check(one: Json, path: str, errors: Errors) -> None:
    judges: dict[int, Callable[[Json, str, Errors], None]] = {
        ROW: _row, BUTTON: _button, SECTION: _section, TEXT: _text, THUMBNAIL: _medium, GALLERY: _gallery,
        FILE: _file, SEPARATOR: _separator, CONTAINER: _container, INPUT: _input, LABEL: _label,
    }  # fmt: skip
    judges |= dict.fromkeys(SELECTS, _select)
    judge = judges.get(int(one.get("type") or 0))
    if judge is None:
        _bad_type(errors, path, tuple(judges))
    else:
        judge(one, path, errors)


def _children(one: Json, path: str, errors: Errors, allowed: tuple[int, ...], most: int, least: int = 1) -> None:
    for n, child in enumerate(errors.count(f"{path}.components", one.get("components"), most, least)):
        at = f"{path}.components.{n}"
        if not isinstance(child, dict) or child.get("type") not in allowed:
            _bad_type(errors, at, allowed)
        else:
            _check(child, at, errors)


def _row(one: Json, path: str, errors: Errors) -> None:
    kinds = {child.get("type") for child in one.get("components") or [] if isinstance(child, dict)}
    alone = bool(kinds & {*SELECTS, INPUT})
    _children(one, path, errors, (BUTTON, *SELECTS, INPUT), 1 if alone else 5)


def _section(one: Json, path: str, errors: Errors) -> None:
    _children(one, path, errors, (TEXT,), 3)
    accessory = one.get("accessory")
    if not isinstance(accessory, dict) or accessory.get("type") not in (BUTTON, THUMBNAIL):
        errors.missing(f"{path}.accessory")
    else:
        _check(accessory, f"{path}.accessory", errors)


def _container(one: Json, path: str, errors: Errors) -> None:
    _children(one, path, errors, tuple(kind for kind in LAYOUT if kind != CONTAINER), V2_COMPONENTS)


def _text(one: Json, path: str, errors: Errors) -> None:
    errors.length(f"{path}.content", one.get("content"), V2_TEXT, 1)


def _medium(one: Json, path: str, errors: Errors) -> None:
    media = one.get("media")
    url = media.get("url") if isinstance(media, dict) else None
    errors.link(f"{path}.media.url", url, ("http", "https", "attachment"), 2048)
    errors.length(f"{path}.description", one.get("description"), 1024)


def _gallery(one: Json, path: str, errors: Errors) -> None:
    for n, item in enumerate(errors.count(f"{path}.items", one.get("items"), 10, 1)):
        _medium(item, f"{path}.items.{n}", errors)


def _file(one: Json, path: str, errors: Errors) -> None:
    media = one.get("file")
    errors.link(f"{path}.file.url", media.get("url") if isinstance(media, dict) else None, ("attachment",), 2048)


def _separator(one: Json, path: str, errors: Errors) -> None:
    if one.get("spacing", 1) not in (1, 2):
        errors.add(f"{path}.spacing", "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")


def _button(one: Json, path: str, errors: Errors) -> None:
    style = one.get("style")
    if style not in (1, 2, 3, 4, LINK, PREMIUM):
        errors.add(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
    errors.length(f"{path}.label", one.get("label"), 80)
    if style == LINK:
        errors.link(f"{path}.url", one.get("url"), ("http", "https", "discord"), 512)
        if one.get("custom_id"):
            errors.add(f"{path}.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_FORBIDDEN", "A link has no custom id")
    elif style != PREMIUM:
        errors.length(f"{path}.custom_id", one.get("custom_id"), 100, 1)
        if one.get("url"):
            errors.add(f"{path}.url", "BUTTON_COMPONENT_URL_FORBIDDEN", "Only a link button has a url")
    if style != PREMIUM and not one.get("label") and not one.get("emoji"):
        errors.add(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button needs a label or an emoji")


def _select(one: Json, path: str, errors: Errors) -> None:
    errors.length(f"{path}.custom_id", one.get("custom_id"), 100, 1)
    errors.length(f"{path}.placeholder", one.get("placeholder"), 150)
    least, most = one.get("min_values", 1), one.get("max_values", 1)
    if not 0 <= least <= 25 or not 1 <= most <= 25 or least > most:
        errors.add(f"{path}.max_values", "NUMBER_TYPE_MAX", "int value should be between 1 and 25.")
    if one.get("type") != SELECT:
        return
    options = errors.count(f"{path}.options", one.get("options"), 25, 1)
    for n, option in enumerate(options):
        errors.length(f"{path}.options.{n}.label", option.get("label"), 100, 1)
        errors.length(f"{path}.options.{n}.value", option.get("value"), 100, 1)
        errors.length(f"{path}.options.{n}.description", option.get("description"), 100)
    values = [option.get("value") for option in options]
    if len(set(values)) < len(values):
        said = "The specified option value is already used"
        errors.add(f"{path}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", said)
    if options and most > len(options):
        errors.add(f"{path}.max_values", "SELECT_COMPONENT_MAX_VALUES_TOO_LARGE", "More than there are options")
    if sum(bool(option.get("default")) for option in options) > most:
        errors.add(f"{path}.options", "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many defaults")


# --- modals ---------------------------------------------------------------------------------------------------


def check_modal(data: Json) -> None:
    errors = Errors()
    errors.length("data.title", data.get("title"), 45, 1)
    errors.length("data.custom_id", data.get("custom_id"), 100, 1)
    tops = errors.count("data.components", data.get("components"), 5, 1)
    for n, one in enumerate(tops):
        path = f"data.components.{n}"
        if not isinstance(one, dict) or one.get("type") not in (ROW, TEXT, LABEL):
            _bad_type(errors, path, (ROW, TEXT, LABEL))
        elif one["type"] == ROW:
            _children(one, path, errors, (INPUT,), 1)
            _needs_label(one, path, errors)
        else:
            _check(one, path, errors)
    _unique(tops, errors)
    errors.check()


def _needs_label(row: Json, path: str, errors: Errors) -> None:
    for n, one in enumerate(row.get("components") or []):
        errors.length(f"{path}.components.{n}.label", one.get("label"), 45, 1)


def _label(one: Json, path: str, errors: Errors) -> None:
    errors.length(f"{path}.label", one.get("label"), 45, 1)
    errors.length(f"{path}.description", one.get("description"), 100)
    inner = one.get("component")
    if not isinstance(inner, dict) or inner.get("type") not in (INPUT, *SELECTS, 19, 21, 22, 23):
        errors.missing(f"{path}.component")
    elif inner["type"] in (INPUT, *SELECTS):
        _check(inner, f"{path}.component", errors)
    else:
        errors.length(f"{path}.component.custom_id", inner.get("custom_id"), 100, 1)


def _input(one: Json, path: str, errors: Errors) -> None:
    errors.length(f"{path}.custom_id", one.get("custom_id"), 100, 1)
    errors.length(f"{path}.placeholder", one.get("placeholder"), 100)
    errors.length(f"{path}.value", one.get("value"), 4000)
    if one.get("style") not in (1, 2):
        errors.add(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
    least, most = one.get("min_length") or 0, one.get("max_length") or 4000
    if not 0 <= least <= most <= 4000:
        errors.add(f"{path}.max_length", "NUMBER_TYPE_MAX", "int value should be less than or equal to 4000.")
    if len(str(one.get("value") or "")) > most:
        errors.add(f"{path}.value", "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
