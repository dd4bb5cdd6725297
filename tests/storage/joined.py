"""A show with an episode of a feed and the same one of a file, and all that can be read of them; no test here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain import (
    DEFAULT_COMMUNITY,
    Alias,
    Chapter,
    CommunityId,
    Edition,
    EpisodeId,
    EpisodeImport,
    Fix,
    Highlight,
    Level,
    Nickname,
    Place,
    RecordKind,
    Role,
    SavedQuote,
    ShowId,
    Viewer,
    Withhold,
)
from bot.feed_memory import FeedState, KnownItem, PollChanges, Resource
from bot.ports import LineRange, Storage
from tests.storage.build import MEMBER, episode_import, shelved, stored

OURS = DEFAULT_COMMUNITY
OTHER = CommunityId("other")
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
PLACE = Place("discord", "guild", "channel")
FEED = "https://feeds.example.org/harbour"
LAMP = 3
KINDS: tuple[RecordKind, ...] = ("alias", "fix", "withhold", "nickname", "saved_quote", "joining")


def fed(key: str = "e-12", **facts: object) -> EpisodeImport:
    """An episode as a feed brings it."""
    base = EpisodeImport(
        key,
        "12: The keepers of the light",
        number=12,
        guid="guid-12",
        published=NOON,
        duration_s=1800.0,
        summary="About the light.",
        people=("Ann",),
        editions=(Edition("audio", "https://cdn.example.org/12.mp3"), Edition("page", "https://example.org/12")),
        chapters=(Chapter(1, 0.0, 60.0, "Start", source="psc"), Chapter(2, 60.0, None, "End", source="psc")),
        highlights=(Highlight("", 11.5, end_s=16.0),),
        kind="bonus",
        explicit=True,
        image="https://example.org/12.png",
    )
    return replace(base, **facts)  # type: ignore[arg-type]


def item(key: str = "e-12", id: str = "i12") -> KnownItem:
    return KnownItem(id, key, NOON, NOON, guids=("guid-12",), titles=("12",), published=NOON, fingerprint="f")


def resource(key: str = "e-12", name: str = "12.vtt") -> Resource:
    return Resource(key, "transcript", f"https://example.org/{name}", state="failed", etag='"1"', failures=2)


def polled(show: ShowId, *episodes: EpisodeImport) -> PollChanges:
    items = tuple(item(each.key, f"i-{each.key}") for each in episodes)
    return PollChanges(FeedState(show, FEED), episodes, items, tuple(resource(each.key) for each in episodes))


def from_file(key: str = "practical-12") -> EpisodeImport:
    """The same episode as a transcript file brings it."""
    return episode_import(
        key,
        title="Practical 12",
        people=("Ann", "Bo"),
        highlights=(Highlight("The lamp went out on the third night.", 11.5, LAMP, LAMP),),
    )


async def two(storage: Storage) -> tuple[ShowId, EpisodeId, EpisodeId]:
    """A show with the feed's episode, the file's, and what two communities laid over both."""
    show = await shelved(storage)
    await storage.shelve(OTHER, show.id, "theirs")
    [one] = await storage.apply_poll(polled(show.id, fed()))
    file = await stored(storage, from_file())
    anchor = await storage.anchor(MEMBER, LineRange(file, LAMP, LAMP))
    assert anchor is not None
    for record in (
        Alias("a1", show.id, "Bo", "Bob", file),
        Fix("f1", anchor, "time", "12.5"),
        Nickname("n1", "the night", anchor),
        SavedQuote("s1", anchor, "d:7", NOON, "Bo"),
    ):
        await storage.put(OURS, record, "ann")
    await storage.put(OTHER, Withhold("w1", Level.hidden, anchor=anchor), "zed")
    await storage.put(OURS, SavedQuote("s2", anchor, "d:8", NOON), "ann")
    await storage.drop(OURS, "saved_quote", "s2", "ann")
    await storage.note_shown(OURS, PLACE, anchor)
    return show.id, one.episode, file


async def everything(storage: Storage, show: ShowId) -> list[object]:
    """All that can be read of a show and what stands on it, in both communities; the history apart."""
    found: list[object] = [await storage.known_items(show), await storage.resources(show)]
    found.append(sorted(await storage.indexed_episodes()))
    for community in (OURS, OTHER):
        viewer = Viewer(community, Role.operator)
        for each in await storage.episodes(viewer):
            found += [each, await storage.lines(viewer, each.id), await storage.highlights(viewer, each.id)]
            found += [await storage.chapters(viewer, each.id, hidden=True)]
            found += [await storage.speaker_counts(viewer, each.id)]
        found += [await storage.records(community, kind) for kind in KINDS]
        found += [await storage.lost(community), await storage.recently_shown(community, PLACE)]
        found += [await storage.fixed_ranges(viewer), await storage.counts(viewer)]
    return found
