"""What a post holds: everything that a member in that place may see, and nothing else; feed text does no harm."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import texts, texts_posts
from bot.domain import DEFAULT_COMMUNITY, Alias, Chapter, Edition, Fix, Highlight, Level, Person, Place, Withhold
from bot.ports import LineRange
from bot.posts import MENTION, Post
from bot.rules.alert_keys import key_in
from bot.rules.post_digest import brings_transcript
from bot.services.posts import NoPost, digest
from tests.commands.world import LIGHTHOUSES
from tests.services.post_room import HALL, NOW, OPERATOR, YARD, Room, lamps, post_room
from tests.storage.build import chapters, transcript

GOLDEN = Path(__file__).parents[1] / "golden" / "posts"


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with post_room() as made:
        yield made


def golden(name: str) -> str:
    return (GOLDEN / name).read_text(encoding="utf-8").rstrip("\n")


async def test_a_whole_post_reads_as_reviewed(room: Room) -> None:
    post = await room.made(room.alert(await room.save(lamps())))
    assert post.plain() == golden("whole.txt")
    assert post.image == "https://harbour.example/1.jpg"
    assert [one.label for one in post.actions] == ["Chapters", "Quote", "Listen"]


async def test_a_fresh_post_reads_as_reviewed(room: Room) -> None:
    post = await room.made(room.alert(await room.save(lamps(bare=True))))
    assert post.plain() == golden("fresh.txt")


async def test_every_button_carries_the_key(room: Room) -> None:
    from bot.commands.codec import LENGTH, write

    alert = room.alert(await room.save(lamps()))
    for action in (await room.made(alert)).actions:
        code = write(action.command, action.args)
        assert key_in(code) == (alert.id, "new")
        assert len(code) <= LENGTH


# --- the text, the mention, the thread --------------------------------------------------------------------------


async def test_a_title_that_names_its_show_says_it_once(room: Room) -> None:
    episode = await room.save(replace(lamps(), title="Harbour Tales 14: Lamps"))
    assert (await room.made(room.alert(episode))).text == "Harbour Tales 14: Lamps"


async def test_a_template_is_filled_and_says_where_the_mention_goes(room: Room) -> None:
    alert = room.alert(await room.save(lamps()))
    template = "{mention} {title} ({duration}, {explicit})"
    post = await room.made(alert, template=template, mention="42")
    assert post.text == f"{MENTION} Lamps and lighthouses (48:10, explicit)"
    assert post.mention == "42"
    assert post.plain().startswith("Lamps and lighthouses (48:10, explicit)\n")
    assert (await room.made(alert, template=template)).text == "Lamps and lighthouses (48:10, explicit)"


async def test_every_placeholder_has_a_value(room: Room) -> None:
    from bot.rules.post_values import values_of
    from bot.rules.templates import FIELDS

    id = await room.save(lamps())
    episode = await room.storage.episode(OPERATOR, id)
    assert episode
    assert set(values_of(room.show, episode, "full")) == set(FIELDS)


async def test_a_quiet_post_mentions_nobody(room: Room) -> None:
    alert = replace(room.alert(await room.save(lamps())), quiet=True)
    post = await room.made(alert, mention="42", template="{mention} {title}")
    assert (post.mention, post.quiet, MENTION in post.text) == ("", True, False)


async def test_a_template_of_nothing_falls_back_to_the_usual_text(room: Room) -> None:
    episode = await room.save(replace(lamps(), season=None))
    assert (await room.made(room.alert(episode), template="{season}")).text == "Harbour Tales: Lamps and lighthouses"


async def test_a_threads_title_follows_its_pattern_and_fits(room: Room) -> None:
    alert = room.alert(await room.save(replace(lamps(), title="Lamps " * 40)))
    plain = (await room.made(alert, thread="thread")).thread
    assert plain
    assert 0 < len(plain.title) <= 100
    forum = (await room.made(alert, thread="forum", thread_title="#{number}", tag="episodes", mention="42")).thread
    assert forum
    assert (forum.title, forum.forum, forum.tag) == ("#14", True, "episodes")
    assert (await room.made(alert)).thread is None


async def test_a_day_to_come_is_not_told(room: Room) -> None:
    episode = await room.save(replace(lamps(), published=NOW + timedelta(days=1)))
    assert "Out" not in [one.label for one in (await room.made(room.alert(episode))).facts]
    room.clock.pass_hours(25)
    assert "Out" in [one.label for one in (await room.made(room.alert(episode))).facts]


# --- what feeds say does no harm --------------------------------------------------------------------------------


async def test_feed_text_is_one_neutral_line(room: Room) -> None:
    bad = "Lamps\x1b[31m\u202e\r\n@everyone\u2066 <@&1>\x00"
    episode = await room.save(replace(lamps(), title=bad, summary=f"{bad}\n{bad}", people=(bad, bad, MENTION)))
    post = await room.made(room.alert(episode), template="{title} {people}", mention="42")
    said = f"{post.text}{post.title}{post.summary}{[one.value for one in post.facts]}"
    assert all(letter.isprintable() for letter in said)
    assert post.title == "Lamps[31m @everyone <@&1>"
    assert MENTION not in post.text


async def test_an_empty_title_is_said_in_words(room: Room) -> None:
    episode = await room.save(replace(lamps(), title="\u202e\u200b"))
    assert (await room.made(room.alert(episode))).title == texts_posts.UNTITLED


async def test_endless_text_is_cut_at_a_word(room: Room) -> None:
    long = replace(
        lamps(), title="word " * 5000, summary="word " * 50_000, people=tuple(f"P{n} " * 200 for n in range(50)),
        chapters=tuple(Chapter(n, float(n), None, "x " * 3000) for n in range(1, 40)),
    )  # fmt: skip
    post = await room.made(room.alert(await room.save(long)))
    assert len(post.title) <= 250
    assert len(post.summary) <= 300
    assert post.summary.endswith("word…")
    assert (len(post.chapters), post.more_chapters) == (8, 31)
    assert len(post.plain()) < 4000


async def test_only_web_addresses_become_links_and_only_https_pictures(room: Room) -> None:
    bad = lamps()
    editions = (
        Edition("page", "javascript:alert(1)"),
        Edition("other", "https://user:pass@evil.example/"),
        Edition("audio", "https://ok.example/" + "x" * 600),
        Edition("apple", "https://podcasts.apple.com/x?i=1"),
    )
    episode = await room.save(replace(bad, editions=editions, image="http://harbour.example/1.jpg", chapters=()))
    post = await room.made(room.alert(episode))
    assert [one.url for one in post.links] == ["https://podcasts.apple.com/x?i=1"]
    assert post.image is None


async def test_a_premiere_is_named_as_one_and_stands_last(room: Room) -> None:
    editions = (Edition("youtube", "https://youtu.be/a", premiere=True), Edition("audio", "https://h.example/1.mp3"))
    post = await room.made(room.alert(await room.save(replace(lamps(), editions=editions))))
    assert [one.label for one in post.links] == ["Audio", "YouTube (premiere, not out yet)"]


# --- the highlight is a true quote ------------------------------------------------------------------------------


async def test_the_highlight_is_the_transcripts_words_not_the_pages(room: Room) -> None:
    post = await room.made(room.alert(await room.save(lamps())))
    assert post.highlight
    assert post.highlight.text == "So I lit a fire on the rocks and waved a lantern until dawn."
    assert post.highlight.speaker == "Bo"


async def test_a_highlight_that_aligns_to_nothing_is_no_quote(room: Room) -> None:
    alone = replace(lamps(), highlights=(Highlight("The best show ever made.", 3.0),), transcript=None)
    assert (await room.made(room.alert(await room.save(alone)))).highlight is None


async def test_a_highlight_over_two_speakers_gives_way_to_the_next(room: Room) -> None:
    both = (Highlight("x", None, 1, 2), Highlight("y", None, 3, 3))
    post = await room.made(room.alert(await room.save(replace(lamps(), highlights=both))))
    assert post.highlight
    assert post.highlight.text == "The lamp went out on the third night."


async def test_a_machines_words_are_labelled(room: Room) -> None:
    machine = replace(lamps(), transcript=transcript(LIGHTHOUSES, made="machine"))
    post = await room.made(room.alert(await room.save(machine)))
    assert post.note == texts.MACHINE_MADE
    assert post.note in post.plain()


async def test_a_corrected_highlight_says_the_right_words_and_that_they_were_corrected(room: Room) -> None:
    id = await room.save(lamps())
    anchor = await room.storage.anchor(OPERATOR, LineRange(id, 7, 7))
    assert anchor
    await room.storage.put(DEFAULT_COMMUNITY, Fix("f1", anchor, "text", "So I lit a pyre on the rocks."), "ed")
    post = await room.made(room.alert(id))
    assert post.highlight
    assert (post.highlight.text, post.note) == ("So I lit a pyre on the rocks.", texts.FIXED)


@pytest.mark.parametrize("level", [Level.hidden, Level.not_featured])
async def test_a_withheld_line_is_no_highlight(room: Room, level: Level) -> None:
    id = await room.save(lamps())
    anchor = await room.storage.anchor(OPERATOR, LineRange(id, 7, 7))
    await room.storage.put(DEFAULT_COMMUNITY, Withhold("w1", level, anchor=anchor), "ed")
    assert (await room.made(room.alert(id))).highlight is None


async def test_an_alias_names_the_speaker(room: Room) -> None:
    id = await room.save(lamps())
    before = await room.made(room.alert(id))
    await room.storage.put(DEFAULT_COMMUNITY, Alias("a1", room.show.id, "Bo", "Bo Sailor"), "ed")
    after = await room.made(room.alert(id))
    assert after.highlight
    assert after.highlight.speaker == "Bo Sailor"
    assert digest(before) != digest(after)


# --- what may not be seen ---------------------------------------------------------------------------------------


async def test_a_withheld_episode_is_skipped_with_the_reason(room: Room) -> None:
    id = await room.save(lamps())
    await room.storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.hidden, episode=id), "ed")
    assert await room.refused(room.alert(id)) == NoPost(texts_posts.WITHHELD, "skipped")


async def test_a_post_of_an_episode_withheld_since_says_only_that(room: Room) -> None:
    id = await room.save(lamps())
    alert = room.alert(id, state="posted")
    before = await room.made(alert)
    await room.storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.hidden, episode=id), "ed")
    after = await room.made(alert, thread="thread")
    assert "Lamps" not in repr(after)
    assert after.text == texts_posts.NOT_SHOWN
    assert after.actions[0].args["key"] == alert.id
    assert digest(before) != digest(after)


async def test_a_private_show_is_posted_only_where_it_may_appear(room: Room) -> None:
    await room.storage.put_show(DEFAULT_COMMUNITY, replace(room.show, private=True, places=(HALL,)))
    id = await room.save(lamps())
    post = await room.made(room.alert(id, HALL))
    assert [one.label for one in post.links] == ["Page", "YouTube"]
    assert "cdn.harbour.example" not in repr(post)
    assert await room.refused(room.alert(id, YARD)) == NoPost(texts_posts.PRIVATE_HERE, "skipped")
    # In the other order too: what was read for one place must not open another.
    assert (await room.made(room.alert(id, HALL))).title == "Lamps and lighthouses"


async def test_a_private_shows_own_picture_with_a_secret_is_not_told(room: Room) -> None:
    secret = "https://img.example/x.jpg?token=abcdef"
    await room.storage.put_show(DEFAULT_COMMUNITY, replace(room.show, private=True, places=(HALL,), image=secret))
    id = await room.save(replace(lamps(), image=None))
    assert (await room.made(room.alert(id))).image is None


async def test_a_show_that_left_the_shelf_is_posted_no_more(room: Room) -> None:
    id = await room.save(lamps())
    await room.storage.unshelve(DEFAULT_COMMUNITY, room.show.id)
    assert (await room.refused(room.alert(id))).reason == texts_posts.OFF_SHELF


async def test_a_withdrawn_episode_is_marked_and_calls_nobody(room: Room) -> None:
    post = await room.made(room.alert(await room.save(replace(lamps(), withdrawn=NOW))), mention="42")
    assert (post.mark, post.mention, post.quiet) == (texts_posts.WITHDRAWN, "", True)
    assert post.plain().startswith(texts_posts.WITHDRAWN)


# --- other kinds ------------------------------------------------------------------------------------------------


async def test_the_word_in_the_thread_mentions_exactly_those_who_asked(room: Room) -> None:
    id = await room.save(lamps())
    under = room.alert(id)
    await room.storage.add_alerts([under], NOW)
    for person in (Person("console", "mia", "Mia"), Person("console", "tom"), Person("slack", "U1")):
        await room.storage.wish(under.id, person)
    word = room.alert(id, Place("console", "local", "thread-1"), "transcript", text=under.id)
    post = await room.made(word)
    assert post.text == "The transcript of “Lamps and lighthouses” is in: you can /quote it now."
    assert sorted(post.people) == ["mia", "tom"]
    assert post.mention == ""


async def test_a_thread_counts_as_the_place_that_it_is_in(room: Room) -> None:
    await room.storage.put_show(DEFAULT_COMMUNITY, replace(room.show, private=True, places=(HALL,)))
    id = await room.save(lamps())
    under = room.alert(id, HALL)
    await room.storage.add_alerts([under], NOW)
    thread = Place("console", "local", "thread-1")
    assert (await room.made(room.alert(id, thread, "transcript", text=under.id))).people == ()
    assert isinstance(await room.refused(room.alert(id, thread, "transcript")), NoPost)


async def test_a_transcript_that_went_again_is_not_announced(room: Room) -> None:
    word = room.alert(await room.save(lamps(bare=True)), kind="transcript")
    assert await room.refused(word) == NoPost(texts_posts.TRANSCRIPT_GONE, "skipped")


async def test_a_burst_says_its_line_only_where_the_show_may_appear(room: Room) -> None:
    await room.storage.put_show(DEFAULT_COMMUNITY, replace(room.show, private=True, places=(HALL,)))
    said = "And 4 more episodes of Harbour Tales: A, B, C, D."
    assert (await room.made(room.alert(None, kind="burst", text=said))).text == said
    assert (await room.refused(room.alert(None, YARD, "burst", text=said))).reason == texts_posts.PRIVATE_HERE


async def test_no_post_is_without_words(room: Room) -> None:
    for kind in ("burst", "trouble", "over"):
        alert = room.alert(None, kind=kind, text="\u202e\n")
        assert (await room.made(alert)).text == texts_posts.SAYS_NOTHING


async def test_a_withdrawn_episodes_trouble_asks_hide_or_keep(room: Room) -> None:
    id = await room.save(replace(lamps(), withdrawn=NOW))
    [trouble] = await room.storage.set_troubles(f"withdrawn:{id}", ("Gone.",), (DEFAULT_COMMUNITY,), NOW)
    [alert] = [one for one in await room.storage.alerts(DEFAULT_COMMUNITY) if one.subject == trouble.id]
    assert [one.label for one in (await room.made(alert)).actions] == [texts_posts.HIDE, texts_posts.KEEP]
    [other] = await room.storage.set_troubles("feed:x:main", ("It fails.",), (DEFAULT_COMMUNITY,), NOW)
    [alert] = [one for one in await room.storage.alerts(DEFAULT_COMMUNITY) if one.subject == other.id]
    post = await room.made(alert)
    assert [one.label for one in post.actions] == [texts_posts.STATE]
    assert post.text == "It fails."


# --- the digest -------------------------------------------------------------------------------------------------


async def test_the_digest_is_of_what_is_told_not_of_whom_or_where(room: Room) -> None:
    id = await room.save(lamps())
    here, there = await room.made(room.alert(id)), await room.made(room.alert(id, YARD), mention="42", publish=True)
    assert digest(here) == digest(there)
    assert digest(await room.made(room.alert(id), template="New: {title}")) == digest(here)


async def test_whatever_changes_in_an_episode_changes_the_digest(room: Room) -> None:
    bare = lamps(bare=True)
    seen = [digest(await room.made(room.alert(await room.save(bare))))]
    for changed in (
        replace(bare, title="Lamps, corrected"),
        replace(bare, editions=(*(bare.editions or ()), Edition("spotify", "https://open.spotify.com/episode/1"))),
        replace(bare, chapters=chapters((0.0, "Welcome"))),
        replace(bare, transcript=transcript(LIGHTHOUSES)),
        replace(bare, withdrawn=NOW),
    ):
        seen.append(digest(await room.made(room.alert(await room.save(changed)))))
    assert len(set(seen)) == len(seen)
    assert [brings_transcript(seen[0], one) for one in seen] == [False, False, False, False, True, True]


async def test_the_same_episode_in_another_community_has_its_own_overlays(room: Room) -> None:
    from bot.domain import CommunityId

    other = CommunityId("other")
    id = await room.save(lamps())
    await room.storage.link_workspace(other, "console", "elsewhere")
    await room.storage.shelve(other, room.show.id, "harbour")
    await room.storage.put(other, Withhold("w1", Level.hidden, episode=id), "ed")
    assert isinstance(await room.posts.make(room.alert(id), None), Post)
    assert isinstance(await room.posts.make(replace(room.alert(id), community=other), None), NoPost)
