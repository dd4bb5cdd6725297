"""Rows of alerts and what belongs to them: to domain values, and back to parameters."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.alerts import Alert, AlertStep, Chore, Hub, Lane, Trouble
from bot.domain import CommunityId, EpisodeId, Person, Place, ShowId
from storage.rows import instant, to_instant


def place_params(place: Place) -> dict[str, object]:
    return {"platform": place.platform, "workspace": place.workspace, "channel": place.channel}


def to_place(text: str) -> Place | None:
    """What ``str(place)`` gave; None when it names no place."""
    parts = text.split("/", 2)
    return Place(*parts) if len(parts) == 3 and all(parts) else None


def alert_params(alert: Alert) -> dict[str, object]:
    return {
        **place_params(alert.place),
        "id": alert.id,
        "community": alert.community,
        "kind": alert.kind,
        "subject": alert.subject,
        "state": alert.state,
        "reason": alert.reason,
        "seen_at": instant(alert.seen_at),
        "due_at": instant(alert.due_at),
        "order_at": instant(alert.order_at),
        "expires_at": instant(alert.expires_at),
        "show": alert.show,
        "episode": alert.episode,
        "subscription": alert.subscription,
        "quiet": alert.quiet,
        "text": alert.text,
        "attempts": alert.attempts,
        "tried_at": instant(alert.tried_at),
        "posted_at": instant(alert.posted_at),
        "message": alert.message,
        "thread": alert.thread,
        "digest": alert.digest,
        "version": alert.version,
    }


def to_alert(row: sqlite3.Row) -> Alert:
    return Alert(
        row["id"],
        CommunityId(row["community"]),
        Place(row["platform"], row["workspace"], row["channel"]),
        row["kind"],
        row["subject"],
        row["state"],
        row["reason"],
        datetime.fromisoformat(row["seen_at"]),
        datetime.fromisoformat(row["due_at"]),
        datetime.fromisoformat(row["order_at"]),
        datetime.fromisoformat(row["expires_at"]),
        None if row["show"] is None else ShowId(row["show"]),
        None if row["episode"] is None else EpisodeId(row["episode"]),
        row["subscription"],
        bool(row["quiet"]),
        row["text"],
        row["attempts"],
        to_instant(row["tried_at"]),
        to_instant(row["posted_at"]),
        row["message"],
        row["thread"],
        row["digest"],
        row["version"],
    )


def to_step(row: sqlite3.Row) -> AlertStep:
    return AlertStep(datetime.fromisoformat(row["at"]), row["state"], row["reason"])


def to_lane(row: sqlite3.Row) -> Lane:
    return Lane(
        Place(row["platform"], row["workspace"], row["channel"]),
        CommunityId(row["owner"]),
        to_instant(row["due_at"]),
        row["leased_by"],
        to_instant(row["leased_until"] or None),
        row["vouched"],
        to_instant(row["known_until"]),
        row["blocked"],
        row["silenced"],
        row["quiet_hours"],
        row["quiet_until"],
        row["timezone"],
    )


def chore_params(chore: Chore) -> dict[str, object]:
    return {
        "alert": chore.alert,
        "kind": chore.kind,
        "due_at": instant(chore.due_at),
        "expires_at": instant(chore.expires_at),
        "attempts": chore.attempts,
        "error": chore.error,
    }


def to_chore(row: sqlite3.Row) -> Chore:
    due, expires = datetime.fromisoformat(row["due_at"]), datetime.fromisoformat(row["expires_at"])
    return Chore(row["alert"], row["kind"], due, expires, row["attempts"], row["error"])


def to_trouble(row: sqlite3.Row) -> Trouble:
    since = datetime.fromisoformat(row["since"])
    community = CommunityId(row["community"])
    return Trouble(row["id"], community, row["source"], row["what"], since, to_instant(row["over_at"]))


def to_person(row: sqlite3.Row) -> Person:
    return Person(row["platform"], row["person"], row["name"])


def hub_params(hub: Hub) -> dict[str, object]:
    return {
        "id": hub.id,
        "show": hub.show,
        "role": hub.role,
        "hub": hub.hub,
        "topic": hub.topic,
        "secret": hub.secret,
        "state": hub.state,
        "next_at": instant(hub.next_at),
        "expires_at": instant(hub.expires_at),
        "heard_at": instant(hub.heard_at),
        "failures": hub.failures,
        "error": hub.error,
    }


def to_hub(row: sqlite3.Row) -> Hub:
    return Hub(
        row["id"],
        ShowId(row["show_id"]),
        row["role"],
        row["hub"],
        row["topic"],
        row["secret"],
        row["state"],
        to_instant(row["next_at"]),
        to_instant(row["expires_at"]),
        to_instant(row["heard_at"]),
        row["failures"],
        row["error"],
    )
