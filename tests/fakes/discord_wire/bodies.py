"""Messages and autocomplete answers: what Discord accepts of them. Judges payloads, changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.fakes.discord_wire.components import check_components
from tests.fakes.discord_wire.problems import Errors, Json, Problem, empty_message

V2, EPHEMERAL, SUPPRESS_EMBEDS, LOADING, HAS_THREAD, SILENT = 1 << 15, 1 << 6, 1 << 2, 1 << 7, 1 << 5, 1 << 12
CONTENT, EMBEDS, EMBED_TOTAL = 2000, 10, 6000
#: Field of an embed → longest.
EMBED_TEXTS = {"title": 256, "description": 4096, "footer.text": 2048, "author.name": 256}
EMBED_LINKS = ("url", "image.url", "thumbnail.url", "author.url", "author.icon_url", "footer.icon_url")


def check_message(payload: Json, *, flags: int, files: int = 0, fresh: bool = True) -> None:
    """A body that makes (``fresh``) or edits a message with these flags; raises Problem."""
    errors = Errors()
    v2 = bool(flags & V2)
    errors.length("content", payload.get("content"), CONTENT)
    errors.length("nonce", payload.get("nonce") and str(payload["nonce"]), 25)
    if v2:
        _no_legacy(payload, errors)
    _check_embeds(payload.get("embeds"), errors)
    if payload.get("components") is not None or (v2 and fresh):
        check_components(payload.get("components"), errors, v2=v2)
    _check_mentions(payload.get("allowed_mentions"), errors)
    errors.count("attachments", payload.get("attachments"), 10)
    errors.check()
    if fresh and not _has_something(payload, files):
        raise empty_message()


def _has_something(payload: Json, files: int) -> bool:
    said = str(payload.get("content") or "").strip()
    return bool(said or files or any(payload.get(name) for name in ("embeds", "components", "sticker_ids", "poll")))


def _no_legacy(payload: Json, errors: Errors) -> None:
    for name in ("content", "embeds", "poll", "sticker_ids"):
        if payload.get(name):
            said = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            errors.add(name, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", said)


def at(one: Json, path: str) -> Any:
    """``footer.text`` of an embed, or None."""
    found: Any = one
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _check_embeds(embeds: object, errors: Errors) -> None:
    total = 0
    for n, one in enumerate(errors.count("embeds", embeds, EMBEDS)):
        if not isinstance(one, dict):
            errors.add(f"embeds.{n}", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        else:
            total += _check_embed(one, f"embeds.{n}", errors)
    if total > EMBED_TOTAL:
        said = f"Embed size exceeds maximum size of {EMBED_TOTAL}"
        errors.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", said)


def _check_embed(one: Json, path: str, errors: Errors) -> int:
    """How many characters count."""
    texts = [one.get("title"), one.get("description")]
    for name, longest in EMBED_TEXTS.items():
        errors.length(f"{path}.{name}", at(one, name), longest)
    for name in EMBED_LINKS:
        if at(one, name):
            schemes = ("http", "https") if name.endswith("author.url") or name == "url" else IMAGE_SCHEMES
            errors.link(f"{path}.{name}", at(one, name), schemes, 2048)
    for k, field in enumerate(errors.count(f"{path}.fields", one.get("fields"), 25)):
        errors.length(f"{path}.fields.{k}.name", field.get("name"), 256, 1)
        errors.length(f"{path}.fields.{k}.value", field.get("value"), 1024, 1)
        texts += [field.get("name"), field.get("value")]
    _check_colour_and_time(one, path, errors)
    texts += [at(one, "footer.text"), at(one, "author.name")]
    if not any(texts) and not at(one, "image.url") and not at(one, "thumbnail.url"):
        errors.missing(f"{path}.description")
    return sum(len(str(text).strip()) for text in texts if text)


IMAGE_SCHEMES = ("http", "https", "attachment")


def _check_colour_and_time(one: Json, path: str, errors: Errors) -> None:
    colour = one.get("color")
    if colour is not None and not 0 <= int(colour) <= 0xFFFFFF:
        errors.add(f"{path}.color", "NUMBER_TYPE_MAX", "int value should be less than or equal to 16777215.")
    if one.get("timestamp"):
        try:
            datetime.fromisoformat(str(one["timestamp"]))
        except ValueError:
            said = f"Could not parse {one['timestamp']}. Should be ISO8601."
            errors.add(f"{path}.timestamp", "DATE_TIME_TYPE_PARSE", said)


def _check_mentions(allowed: object, errors: Errors) -> None:
    if not isinstance(allowed, dict):
        return
    for name in ("users", "roles"):
        listed = errors.count(f"allowed_mentions.{name}", allowed.get(name), 100)
        if listed and name in (allowed.get("parse") or []):
            said = f'parse:["{name}"] and {name}: [ids...] are mutually exclusive.'
            errors.add("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", said)


def check_choices(choices: object, option: Json) -> list[Json]:
    """Of an autocomplete answer for this option: at most 25, names of 100, values of the option's type."""
    errors = Errors()
    found = errors.count("data.choices", choices, 25)
    for n, one in enumerate(found):
        path = f"data.choices.{n}"
        errors.length(f"{path}.name", one.get("name"), 100, 1)
        value = one.get("value")
        if option["type"] == 3:
            errors.length(f"{path}.value", value, 100, 1)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            errors.add(f"{path}.value", "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number.')
    errors.check()
    return found


def only_own(author: Json, bot: Json) -> None:
    if author["id"] != bot["id"]:
        raise Problem(403, 50005, "Cannot edit a message authored by another user")
