"""Keys of alerts: the same for the same thing in every process and copy, never the same for two, found in buttons."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts import AlertKind
from bot.commands import codec
from bot.domain import Place, ShowId
from bot.feeds import Enclosure, FeedItem
from bot.rules.alert_keys import COMMAND, LENGTH, alert_id, identity, key_in, post_args, subscription_id

HARBOUR = Place("discord", "100", "200")
KITES = ShowId("kites")
ITEM = FeedItem(
    title="The  Long Tail",
    link="https://www.k.example/12?utm_source=x",
    published=datetime(2026, 3, 1, 12, tzinfo=UTC),
    enclosures=(Enclosure("https://op3.dev/e/cdn.k.example/12.mp3?t=1"),),
)


# === What an episode is known by ==================================================================================


def test_a_guid_is_taken_word_for_word() -> None:
    assert identity(replace(ITEM, guid=" Kite-12 ")) == "guid: Kite-12 "


def test_a_guid_that_several_share_is_not_enough() -> None:
    shared = replace(ITEM, guid="kites")
    other = replace(shared, title="The Short Tail")
    assert identity(shared, ["kites"]) != identity(other, ["kites"])
    assert identity(shared, ["kites"]) != identity(ITEM)
    assert identity(shared, ["strings"]) == "guid:kites"


def test_without_a_guid_all_that_an_item_says_tells() -> None:
    others = (
        replace(ITEM, title="The Short Tail"),
        replace(ITEM, link="https://k.example/13"),
        replace(ITEM, enclosures=(Enclosure("https://cdn.k.example/13.mp3"),)),
        replace(ITEM, published=datetime(2026, 3, 2, 12, tzinfo=UTC)),
        replace(ITEM, published=None),
        FeedItem(),
    )
    assert len({identity(one) for one in (ITEM, *others)}) == len(others) + 1


def test_what_changes_from_poll_to_poll_does_not_tell() -> None:
    again = replace(
        ITEM,
        title="The Long Tail ",
        link="https://k.example/12/",
        published=datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=2))),
        enclosures=(Enclosure("https://chtbl.com/track/9/cdn.k.example/12.mp3?t=2"),),
        summary="Corrected.",
    )
    assert identity(again) == identity(ITEM)


def test_a_guid_never_reads_like_a_hash() -> None:
    assert identity(FeedItem(guid=identity(ITEM))) != identity(ITEM)


# === Keys =========================================================================================================


def test_keys_are_these_in_every_process_and_version() -> None:
    assert alert_id(HARBOUR, KITES, "guid:kite-12", "new") == "gsysy5pyhftg5vkn7vdnn4t4"
    assert alert_id(HARBOUR, None, "trouble-1", "trouble") == "wpxlhdxm6zuyy6yaowdqxunv"
    assert subscription_id(KITES, HARBOUR) == "gdypqcyqi4eder2xhi7konhp"
    assert identity(ITEM) == "item:ee3illa7h6qrtnrcsg4arfmc"
    assert identity(replace(ITEM, guid="kite-12"), ["kite-12"]) == "item:bkl72dlj3f7vo3i3dtbfdwgm"


def test_a_key_is_another_for_another_place_show_subject_or_kind() -> None:
    places = [HARBOUR, Place("slack", "100", "200"), Place("discord", "101", "200"), Place("discord", "100", "201")]
    keys = [
        alert_id(place, show, subject, kind)
        for place in places
        for show in (KITES, ShowId("strings"), None)
        for subject in ("guid:1", "guid:2", "")
        for kind in get_args(AlertKind)
    ]
    assert len(set(keys)) == len(keys) == 4 * 3 * 3 * 5


parts = st.text(max_size=6)
places = st.builds(Place, parts, parts, parts)


@given(places, places, parts, parts, parts, parts)
def test_parts_never_run_into_each_other(
    one: Place, other: Place, show: str, other_show: str, subject: str, other_subject: str
) -> None:
    first, second = (one, show, subject), (other, other_show, other_subject)
    keys = [alert_id(place, ShowId(show), subject, "new") for place, show, subject in (first, second)]
    assert (keys[0] == keys[1]) == (first == second)


def test_what_moves_from_one_part_to_the_next_makes_another_key() -> None:
    keys = [
        alert_id(Place("a", *pair), KITES, "s", "new") for pair in (("b", "cd"), ("bc", "d"), ("bcd", ""), ("", "bcd"))
    ]
    keys.append(subscription_id(ShowId("a"), Place("bcd", "", "kites")))
    assert len(set(keys)) == len(keys)


@given(st.text(st.characters(), max_size=200))
def test_a_key_is_24_characters_that_fit_everywhere(subject: str) -> None:
    key = alert_id(HARBOUR, KITES, subject, "new")
    assert len(key) == LENGTH == 24
    assert key.isascii()
    assert key.isalnum()
    assert key == key.lower()


def test_half_a_character_in_a_feed_is_no_error() -> None:
    assert alert_id(HARBOUR, KITES, "guid:\ud800", "new") != alert_id(HARBOUR, KITES, "guid:?", "new")


# === Buttons ======================================================================================================


@given(places, parts, st.sampled_from(get_args(AlertKind)), st.sampled_from(["chapters", "quote", "listen", "tell"]))
def test_a_buttons_id_holds_the_key_and_fits(place: Place, subject: str, kind: AlertKind, do: str) -> None:
    key = alert_id(place, KITES, subject, kind)
    code = codec.write(COMMAND, post_args(key, kind, do))
    assert len(code) <= codec.LENGTH == 90
    assert key_in(code) == (key, kind)
    assert codec.read(code).args == {"key": key, "kind": kind, "do": do}


KEY = "gsysy5pyhftg5vkn7vdnn4t4"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "v1|post",
        "v1|#abcdef",
        f"v2|post|key={KEY}|kind=new",
        f"v1|posts|key={KEY}|kind=new",
        f"v1|quote|key={KEY}|kind=new",
        f"v1|post|kind=new|key={KEY}",
        f"v1|post|do=x|key={KEY}|kind=new",
        f" v1|post|key={KEY}|kind=new",
        f"x\nv1|post|key={KEY}|kind=new",
        f"v1|post|key={KEY}|kind=new\n",
        f"v1|post|key={KEY}|kind=new&do=x",
        f"v1|post|key={KEY}|kind=",
        f"v1|post|key={KEY}|kind=NEW",
        f"v1|post|key={KEY}|kind={'n' * 17}",
        f"v1|post|key={KEY[:-1]}|kind=new",
        f"v1|post|key={KEY}a|kind=new",
        f"v1|post|key={KEY.upper()}|kind=new",
        f"v1|post|key={KEY[:-1]}1|kind=new",
        f"v1|post|key={KEY[:-1]}é|kind=new",
        f"v1|post|key={KEY[:-3]}%61|kind=new",
        "v1|post|key=" + "a" * 100_000,
    ],
)
def test_what_is_no_posts_button_has_no_key(code: str) -> None:
    assert key_in(code) is None


@given(st.text(max_size=120))
def test_any_custom_id_is_read_without_an_error(code: str) -> None:
    assert key_in(code) is None or code.startswith("v1|post|key=")


def test_who_only_reads_buttons_loads_nothing_of_feeds() -> None:
    script = (
        "import sys, bot.rules.alert_keys, bot.rules.news, bot.rules.templates\nprint([n for n in sys.modules if n in "
    )
    script += "('bot.feeds', 'bot.rules.item_names', 'lxml', 'aiohttp', 'apscheduler')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"
