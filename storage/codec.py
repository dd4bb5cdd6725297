"""Records as JSON and back: how the history keeps what a record was and became. One codec for every kind."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from bot.domain import (
    Alias,
    Anchor,
    Fix,
    Grant,
    Joining,
    Level,
    Nickname,
    Record,
    RecordKind,
    Report,
    Role,
    Ruling,
    SavedQuote,
    Setting,
    Subscription,
    Withhold,
)

_TYPES: dict[RecordKind, type[Record]] = {
    "alias": Alias,
    "fix": Fix,
    "withhold": Withhold,
    "nickname": Nickname,
    "saved_quote": SavedQuote,
    "setting": Setting,
    "grant": Grant,
    "subscription": Subscription,
    "report": Report,
    "joining": Joining,
    "ruling": Ruling,
}
_KINDS = {type_: kind for kind, type_ in _TYPES.items()}


def kind_of(record: Record) -> RecordKind:
    return _KINDS[type(record)]


def encode(record: Record | None) -> str | None:
    """The same record always gives the same text."""
    return None if record is None else json.dumps(plain(record), sort_keys=True, ensure_ascii=False)


def decode(kind: RecordKind, text: str | None) -> Record | None:
    if text is None:
        return None
    values: dict[str, Any] = json.loads(text)
    if values.get("anchor") is not None:
        values["anchor"] = Anchor(**values["anchor"])
    if kind == "withhold":
        values["level"] = Level(values["level"])
    elif kind == "grant":
        values["role"] = Role(values["role"])
    elif kind == "saved_quote":
        values["saved"] = datetime.fromisoformat(values["saved"])
    elif kind == "report" and values.get("at") is not None:
        values["at"] = datetime.fromisoformat(values["at"])
    return _TYPES[kind](**values)


def plain(record: Record) -> dict[str, Any]:
    """The fields as values that a database and JSON know; an anchor stays a mapping of its own.

    Raises ValueError for a time without its zone.
    """
    return {name: _plain(value) for name, value in asdict(record).items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"a time without its zone cannot be stored: {value}")
        return value.astimezone(UTC).isoformat()
    return value.value if isinstance(value, Enum) else value


def anchor_of(record: Record | None) -> Anchor | None:
    return getattr(record, "anchor", None)


def with_text(record: Record, text: str) -> Record:
    """The record with other words kept at its anchor."""
    anchor = anchor_of(record)
    return record if anchor is None else with_anchor(record, replace(anchor, text=text))


def with_anchor(record: Record, anchor: Anchor) -> Record:
    """The record at another anchor, if it is of a kind that has one."""
    if isinstance(record, Fix | Nickname | SavedQuote | Report | Withhold):
        return replace(record, anchor=anchor)
    return record


def blanked(record: Record) -> Record:
    """The record without any word of the transcript; what was noted about a line may repeat it."""
    record = with_text(record, "")
    if isinstance(record, Report):
        return replace(record, note="")
    return replace(record, value="") if isinstance(record, Fix) and record.field == "text" else record
