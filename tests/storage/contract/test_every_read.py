"""Every read method is asked for what it must not tell: another community's things, hidden and erased lines, withheld
people and episodes, private shows. The Protocol is walked, so a new method without a case fails here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from bot.alert_ports import AlertStore
from bot.domain import (
    DEFAULT_COMMUNITY,
    Alias,
    Anchor,
    CommunityId,
    EpisodeId,
    Fix,
    Highlight,
    Level,
    Nickname,
    Person,
    Place,
    RecordKind,
    Report,
    SavedQuote,
    Setting,
    Show,
    Subscription,
    Viewer,
    Withhold,
)
from bot.feed_ports import FeedStore
from bot.ports import LineRange, Storage
from tests.storage.alerting import alert
from tests.storage.build import MEMBER, OPERATOR, chapters, episode_import, stored

PLACE = Place("discord", "guild", "channel")
PERSON = Person("discord", "7", "Mel")
OTHER = CommunityId("other")
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
KINDS: tuple[RecordKind, ...] = (
    "alias", "fix", "withhold", "nickname", "saved_quote", "setting", "grant", "subscription", "report",
)  # fmt: skip

#: The line that gets withheld, and what would betray it.
LAMP = 3
LAMP_WORDS = ("lamp went out", "third night")
#: What would betray anything of the world below at all.
ALL_WORDS = ("harbour", "lighthouse", "lamp", "Ann", "Bo", "keepers", "Arrival", "mop", "lantern", "winters")


@dataclass(frozen=True)
class World:
    """A stored episode with a record of every kind on its line ``LAMP``."""

    storage: Storage
    show: Show
    episode: EpisodeId
    anchor: Anchor
    state: str


async def world(storage: Storage) -> World:
    await storage.link_workspace(DEFAULT_COMMUNITY, "discord", "guild")
    episode = await stored(
        storage,
        episode_import(
            title="Lighthouse keepers",
            people=("Ann", "Bo"),
            chapters=chapters((0, "Arrival"), (15, "The lighthouse")),
            highlights=(
                Highlight("The lamp went out on the third night.", 11.5, LAMP, LAMP),
                Highlight("the lamp, it went out on the third night", 600.0),
                Highlight("What did you do then?", 15.5, 4, 4),
            ),
        ),
    )
    [show] = await storage.shows(OPERATOR)
    anchor = await storage.anchor(MEMBER, LineRange(episode, LAMP, LAMP))
    assert anchor is not None
    for record in (
        Alias("a1", show.id, "Bob", "Bo"),
        Fix("f1", anchor, "time", "12.5"),
        Nickname("n1", "the mop story", anchor),
        SavedQuote("s1", anchor, "discord:7", NOON, "Bo", "what a night"),
        Setting("|show", "show", "harbour"),
        Subscription("u1", show.id, str(PLACE)),
        Report("r1", anchor, "he said light", "discord:7"),
    ):
        await storage.put(DEFAULT_COMMUNITY, record, "test")
    await storage.note_shown(DEFAULT_COMMUNITY, PLACE, anchor)
    await storage.set_focus(seen_from(DEFAULT_COMMUNITY), episode, NOON)
    await storage.add_alerts([alert(place=PLACE, show=show.id, episode=episode, text="Lighthouse keepers")], NOON)
    await storage.set_troubles(f"feed:{show.id}:main", ["The feed of harbour fails."], [DEFAULT_COMMUNITY], NOON)
    await storage.choose(DEFAULT_COMMUNITY, PERSON, "app", "harbour")
    state = await storage.save_state(DEFAULT_COMMUNITY, "the lamp state of harbour")
    return World(storage, show, episode, anchor, state)


def seen_from(community: CommunityId) -> Viewer:
    return Viewer(community, place=PLACE, person=PERSON)


def says(told: object, words: Iterable[str]) -> bool:
    """Whether any of the words stands anywhere in an answer."""
    return any(word in repr(told) for word in words)


Read = Callable[[World, Viewer], Awaitable[object]]

READS: dict[str, Read] = {
    "community_of": lambda w, v: w.storage.community_of("slack", "guild"),
    "shows": lambda w, v: w.storage.shows(v),
    "episodes": lambda w, v: w.storage.episodes(v),
    "episode": lambda w, v: w.storage.episode(v, w.episode),
    "chapters": lambda w, v: w.storage.chapters(v, w.episode),
    "highlights": lambda w, v: w.storage.highlights(v, w.episode),
    "speakers": lambda w, v: w.storage.speakers(v),
    "speaker_counts": lambda w, v: w.storage.speaker_counts(v, w.episode),
    "spoken_as": lambda w, v: w.storage.spoken_as(v, "Bo"),
    "spoken_in": lambda w, v: w.storage.spoken_in(v, None, "Bo"),
    "counts": lambda w, v: w.storage.counts(v),
    "lines": lambda w, v: w.storage.lines(v, w.episode),
    "ranges": lambda w, v: w.storage.ranges(v, [LineRange(w.episode, 0, 99), LineRange(w.episode, LAMP, LAMP)]),
    "fixed_ranges": lambda w, v: w.storage.fixed_ranges(v),
    "anchor": lambda w, v: w.storage.anchor(v, LineRange(w.episode, 0, 99)),
    "resolve": lambda w, v: w.storage.resolve(v, w.anchor),
    "record": lambda w, v: one_of_each(w, v.community),
    "records": lambda w, v: all_of_each(w, v.community),
    "lost": lambda w, v: w.storage.lost(v.community),
    "history": lambda w, v: w.storage.history(v.community, limit=50),
    "recently_shown": lambda w, v: w.storage.recently_shown(v.community, PLACE),
    "focus": lambda w, v: w.storage.focus(v, NOON),
    "state": lambda w, v: w.storage.state(v.community, w.state),
    "member_choice": lambda w, v: w.storage.member_choice(v.community, PERSON, "app"),
    "member_choices": lambda w, v: all_choices(w, v.community),
    "alerts": lambda w, v: w.storage.alerts(v.community),
    "lanes": lambda w, v: w.storage.lanes(v.community),
    "troubles": lambda w, v: w.storage.troubles(v.community),
    "subscription": lambda w, v: w.storage.subscription(v.community, "u1"),
}
#: What a community's moderators see of its alerts: names of shows and episodes, never what was said in them.
OF_MODERATORS = {"alerts", "lanes", "troubles", "subscription"}
WRITES = {
    "link_workspace", "put_show", "shelve", "unshelve", "save_episode", "put", "drop", "undo", "note_shown",
    "set_focus", "save_state", "cache", "close", "join_episodes", "split_episode", "settle", "choose",
}  # fmt: skip
#: For the index's builder, and texts kept under a key that only who may read them can make.
NO_VIEWER = {"last_change", "changes_since", "indexed_episode", "indexed_episodes", "cached"}
#: The memory of feeds is shared by all communities and holds withheld episodes and private addresses: polling alone
#: reads it, no surface does. What it stores is read back through the reads above.
NO_SURFACE = {
    "put_feed", "feed", "feeds", "show_of_feed", "due_feeds", "drop_feed", "note_polls", "catalogue", "known_items",
    "stored_show",
    "stored_episodes", "stored_chapters", "apply_poll", "store_fetched", "resources", "due_resources",
    "note_resources",
}  # fmt: skip

#: The same of what posting alone reads and writes.
ONLY_POSTING = {
    "add_alerts", "alert", "alert_story", "alerts_of_episodes", "posts_since", "claim_lanes", "next_lane_at", "lane",
    "queue", "advance", "keep_lane", "vouch", "release_lane", "block_place", "silence_place", "free_place", "chores",
    "put_chores", "end_chore", "set_troubles", "communities_of", "subscriptions_to", "finding", "wish", "wishes",
    "make_code",
    "use_code", "unread_places", "claim_place", "claim_feeds", "next_feed_at", "hint_feed", "put_hub", "hub", "hubs",
    "due_hubs", "drop_hub",
}  # fmt: skip


async def all_choices(w: World, community: CommunityId) -> list[tuple[str, str]]:
    return list((await w.storage.member_choices(community, PERSON)).items())


async def one_of_each(w: World, community: CommunityId) -> list[object]:
    ids = ("a1", "f1", "n1", "s1", "|show", "u1", "r1", "w1", "w2")
    found = [await w.storage.record(community, kind, id) for kind in KINDS for id in ids]
    return [each for each in found if each is not None]


async def all_of_each(w: World, community: CommunityId) -> list[object]:
    return [record for kind in KINDS for record in await w.storage.records(community, kind)]


def test_every_method_of_the_protocol_has_its_case() -> None:
    methods = {name for name in vars(Storage) if not name.startswith("_")}
    assert set(READS) - OF_MODERATORS | WRITES | NO_VIEWER == methods
    assert {name for name in vars(AlertStore) if not name.startswith("_")} == ONLY_POSTING | OF_MODERATORS
    assert {name for name in vars(FeedStore) if not name.startswith("_")} == NO_SURFACE


@pytest.mark.parametrize("method", READS)
async def test_another_community_reads_nothing(storage: Storage, method: str) -> None:
    w = await world(storage)
    await storage.link_workspace(OTHER, "slack", "team")
    told = await READS[method](w, seen_from(OTHER))
    assert told in (None, [], [[], []], frozenset()) or method == "counts"
    assert not says(told, ALL_WORDS)
    if method == "counts":
        assert repr(told) == "Counts(shows=0, episodes=0, transcripts=0, lines=0, words=0)"


@pytest.mark.parametrize("method", READS)
async def test_an_operator_of_another_community_reads_nothing(storage: Storage, method: str) -> None:
    w = await world(storage)
    told = await READS[method](w, replace(OPERATOR, community=OTHER, place=PLACE, person=PERSON))
    assert not says(told, ALL_WORDS)


@pytest.mark.parametrize("level", [Level.hidden, Level.erased], ids=lambda level: level.value)
@pytest.mark.parametrize("method", READS)
async def test_a_withheld_line_is_told_by_no_read(storage: Storage, method: str, level: Level) -> None:
    w = await world(storage)
    await storage.put(DEFAULT_COMMUNITY, Withhold("w1", level, anchor=w.anchor, reason="asked to"), "test")
    if level is Level.hidden and method in ("record", "records", "history"):
        return  # the moderator's own list says what is hidden: tested below
    for viewer in (seen_from(DEFAULT_COMMUNITY), OPERATOR):
        told = await READS[method](w, viewer)
        assert not says(told, LAMP_WORDS)
    if method == "counts":
        assert "lines=7, words=54" in repr(told)
    if method in ("resolve", "fixed_ranges"):
        assert not told


async def test_saved_quotes_of_a_hidden_line_do_not_repeat_it(storage: Storage) -> None:
    w = await world(storage)
    await storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.hidden, anchor=w.anchor), "test")
    for kind in ("saved_quote", "nickname", "report"):
        assert not says(await storage.records(DEFAULT_COMMUNITY, kind), LAMP_WORDS)
    assert "lamp went out" in repr(await storage.records(DEFAULT_COMMUNITY, "withhold"))


async def test_erased_words_are_in_no_older_history(storage: Storage) -> None:
    w = await world(storage)
    await storage.put(DEFAULT_COMMUNITY, Fix("f2", w.anchor, "text", "The lamp went out, third night."), "test")
    await storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.hidden, anchor=w.anchor), "test")
    entry = await storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.erased, anchor=w.anchor), "test")
    dropped = await storage.drop(DEFAULT_COMMUNITY, "saved_quote", "s1", "test")
    assert not says((entry, dropped), LAMP_WORDS)
    assert not says(await storage.history(DEFAULT_COMMUNITY, limit=50), LAMP_WORDS)
    await storage.save_episode(DEFAULT_COMMUNITY, w.show.id, episode_import(start_s=600.0))
    assert not says(await storage.history(DEFAULT_COMMUNITY, limit=50), LAMP_WORDS)
    assert LAMP not in [line.n for line in await storage.lines(MEMBER, w.episode)]


@pytest.mark.parametrize("level", [Level.hidden, Level.erased], ids=lambda level: level.value)
@pytest.mark.parametrize("method", READS)
async def test_a_withheld_person_is_told_by_no_read(storage: Storage, method: str, level: Level) -> None:
    w = await world(storage)
    for id in ("a1", "n1", "r1", "s1"):  # records that name him are the community's own words
        for kind in KINDS:
            await storage.drop(DEFAULT_COMMUNITY, kind, id, "test")
    await storage.put(DEFAULT_COMMUNITY, Withhold("w1", level, person="bo", show=w.show.id), "test")
    if method in ("record", "records", "history"):
        return
    told = await READS[method](w, seen_from(DEFAULT_COMMUNITY))
    for word in ("'Bo'", "winters", *LAMP_WORDS, "radio", "lantern"):
        assert word not in repr(told)
    if method == "counts":
        assert "lines=4, words=26" in repr(told)


@pytest.mark.parametrize("level", [Level.hidden, Level.erased], ids=lambda level: level.value)
@pytest.mark.parametrize("method", READS)
async def test_a_withheld_episode_is_told_by_no_read(storage: Storage, method: str, level: Level) -> None:
    w = await world(storage)
    await storage.put(DEFAULT_COMMUNITY, Withhold("w1", level, episode=w.episode), "test")
    told = await READS[method](w, seen_from(DEFAULT_COMMUNITY))
    if method in ("record", "records", "history"):
        told = [each for each in told if not isinstance(each, Fix)] if isinstance(told, list) else told
        assert level is Level.hidden or not says(told, LAMP_WORDS)
        return
    if method in {"shows", "state", "recently_shown", "member_choice", "member_choices"} | OF_MODERATORS:
        return  # the show stays; moments shown have no words; what was told is remembered
    assert told in (None, [], [[], []], frozenset()) or method == "counts"
    if method == "counts":
        assert repr(told) == "Counts(shows=1, episodes=0, transcripts=0, lines=0, words=0)"


@pytest.mark.parametrize("method", READS)
async def test_a_private_show_is_told_nowhere_else(storage: Storage, method: str) -> None:
    w = await world(storage)
    home = Place("discord", "guild", "private")
    await storage.put_show(DEFAULT_COMMUNITY, replace(w.show, private=True, places=(home,), roles=("patron",)))
    own = {"member_choice", "member_choices"}
    if method in {"record", "records", "history", "lost", "state", "recently_shown"} | OF_MODERATORS | own:
        return  # without a viewer: commands show anchors only through `resolve`
    inside = replace(seen_from(DEFAULT_COMMUNITY), place=home)
    outside = [
        seen_from(DEFAULT_COMMUNITY),
        replace(inside, direct=True),
        replace(seen_from(DEFAULT_COMMUNITY), roles=frozenset({"patron"}), direct=True),
        Viewer(DEFAULT_COMMUNITY),
    ]
    for viewer in outside:
        told = await READS[method](w, viewer)
        assert told in (None, [], [[], []], frozenset()) or "shows=0, episodes=0" in repr(told)
    if method not in ("community_of", "focus", "fixed_ranges"):
        for viewer in (inside, replace(seen_from(DEFAULT_COMMUNITY), roles=frozenset({"patron"})), OPERATOR):
            assert await READS[method](w, viewer)
