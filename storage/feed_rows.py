"""Rows of what is remembered of feeds: to domain values, and back to parameters."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.domain import ShowId
from bot.feed_memory import FeedState, KnownItem, Resource
from storage.rows import instant, to_instant


def verbatim(text: str | None) -> str | bytes | None:
    """A header's value as it came. One that is no Unicode text (bytes kept as lone surrogates) is stored as bytes."""
    if text is None:
        return None
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def as_it_came(value: str | bytes | None) -> str | None:
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value


def feed_params(state: FeedState) -> dict[str, object]:
    return {
        "show": state.show,
        "role": state.role,
        "url": state.url,
        "etag": verbatim(state.etag),
        "modified": verbatim(state.modified),
        "body_hash": state.body_hash,
        "checked_at": instant(state.checked_at),
        "succeeded_at": instant(state.succeeded_at),
        "changed_at": instant(state.changed_at),
        "next_at": instant(state.next_at) or "",
        "baseline_at": instant(state.baseline_at),
        "failures": state.failures,
        "error": state.error,
        "stopped": state.stopped,
        "moved_to": state.moved_to,
        "moved_polls": state.moved_polls,
        "rhythm": state.rhythm,
        "hub": state.hub,
        "topic": state.topic,
        "version": state.version,
    }


def to_feed(row: sqlite3.Row) -> FeedState:
    return FeedState(
        ShowId(row["show"]),
        row["url"],
        row["role"],
        as_it_came(row["etag"]),
        as_it_came(row["modified"]),
        row["body_hash"],
        to_instant(row["checked_at"]),
        to_instant(row["succeeded_at"]),
        to_instant(row["changed_at"]),
        to_instant(row["next_at"] or None),
        to_instant(row["baseline_at"]),
        row["failures"],
        row["error"],
        row["stopped"],
        row["moved_to"],
        row["moved_polls"],
        row["rhythm"],
        row["hub"],
        row["topic"],
        row["version"],
    )


def item_params(show: int, item: KnownItem) -> dict[str, object]:
    return {
        "row": show,
        "id": item.id,
        "episode": item.episode,
        "first_seen": instant(item.first_seen),
        "last_seen": instant(item.last_seen),
        "role": item.role,
        "guids": _names(item.guids),
        "links": _names(item.links),
        "enclosures": _names(item.enclosures),
        "titles": _names(item.titles),
        "published": instant(item.published),
        "duration_s": item.duration_s,
        "fingerprint": item.fingerprint,
        "missing": item.missing,
        "withdrawn_at": instant(item.withdrawn_at),
    }


def _names(names: Sequence[str]) -> str:
    return json.dumps(names, ensure_ascii=False)


def to_item(row: sqlite3.Row) -> KnownItem:
    return KnownItem(
        row["id"],
        row["episode"],
        datetime.fromisoformat(row["first_seen"]),
        datetime.fromisoformat(row["last_seen"]),
        row["role"],
        tuple(json.loads(row["guids"])),
        tuple(json.loads(row["links"])),
        tuple(json.loads(row["enclosures"])),
        tuple(json.loads(row["titles"])),
        to_instant(row["published"]),
        row["duration_s"],
        row["fingerprint"],
        row["missing"],
        to_instant(row["withdrawn_at"]),
    )


def resource_params(resource: Resource) -> dict[str, object]:
    return {
        "episode": resource.episode,
        "kind": resource.kind,
        "url": resource.url,
        "type": resource.type,
        "language": resource.language,
        "rel": resource.rel,
        "state": resource.state,
        "etag": verbatim(resource.etag),
        "modified": verbatim(resource.modified),
        "hash": resource.hash,
        "fetched_at": instant(resource.fetched_at),
        "next_at": instant(resource.next_at),
        "failures": resource.failures,
        "error": resource.error,
    }


def to_resource(row: sqlite3.Row) -> Resource:
    return Resource(
        row["episode"],
        row["kind"],
        row["url"],
        row["type"],
        row["language"],
        row["rel"],
        row["state"],
        as_it_came(row["etag"]),
        as_it_came(row["modified"]),
        row["hash"],
        to_instant(row["fetched_at"]),
        to_instant(row["next_at"]),
        row["failures"],
        row["error"],
    )
