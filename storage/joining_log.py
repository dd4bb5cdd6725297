"""How a joining or splitting of episodes can be taken back: what both were before and after, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.domain import Chapter, Edition, EpisodeId, EpisodeImport, Highlight
from storage.joined_alerts import Double
from storage.rows import instant, to_instant

#: Community, kind, id.
RecordKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One episode before and after, without its transcript; None = it did not exist."""

    before: EpisodeImport | None
    after: EpisodeImport | None


@dataclass(frozen=True, slots=True)
class Log:
    """Two episodes made one (``other.after`` is None), or one made two (``other.before`` is None)."""

    kept_id: EpisodeId
    other_id: EpisodeId
    kept: Change
    other: Change
    #: Whether the transcript went from one to the other, and its hash (None = neither has one).
    said: bool
    hash: str | None
    #: Records of the kept episode before it was joined, and those that came to it.
    own: tuple[RecordKey, ...] = ()
    moved: tuple[RecordKey, ...] = ()
    #: Ids of the other's feed items; its resources (kind, address), and those of them that both had.
    items: tuple[str, ...] = ()
    resources: tuple[tuple[str, str], ...] = ()
    both: tuple[tuple[str, str], ...] = ()
    #: Ids of episodes that had been joined into the other.
    redirected: tuple[str, ...] = ()
    #: Withholds of the whole episode that were made to hold for both: community, the record's id, the copy's.
    copies: tuple[RecordKey, ...] = field(default=())
    #: Ids of the other's alerts; and of those that gave way to another in their place, what they were before.
    alerts: tuple[str, ...] = ()
    doubles: tuple[Double, ...] = ()


def encode_log(log: Log) -> str:
    return json.dumps(asdict(log), ensure_ascii=False, default=instant)


def decode_log(text: str) -> Log:
    values: dict[str, Any] = json.loads(text)
    for side in ("kept", "other"):
        values[side] = Change(_episode(values[side]["before"]), _episode(values[side]["after"]))
    for name in ("own", "moved", "resources", "both", "copies"):
        values[name] = tuple(tuple(each) for each in values[name])
    for name in ("items", "redirected", "alerts"):
        values[name] = tuple(values.get(name, ()))  # logs of before there were alerts have none
    return Log(**{**values, "doubles": tuple(tuple(each) for each in values.get("doubles", ()))})


def _episode(values: dict[str, Any] | None) -> EpisodeImport | None:
    if values is None:
        return None
    return EpisodeImport(
        **{
            **values,
            "published": to_instant(values["published"]),
            "withdrawn": to_instant(values["withdrawn"]),
            "people": tuple(values["people"]),
            "editions": tuple(Edition(**each) for each in values["editions"]),
            "chapters": tuple(Chapter(**each) for each in values["chapters"]),
            "highlights": tuple(Highlight(**each) for each in values["highlights"]),
        }
    )
