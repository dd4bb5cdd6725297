"""Who may see a private show, and which feed addresses hold a secret."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import DEFAULT_COMMUNITY, Edition, Place, Role, Show, ShowId, Viewer
from bot.rules.access import carries_credentials, may_see, told_editions

HERE, THERE = Place("discord", "g", "here"), Place("discord", "g", "there")
OPEN = Show(ShowId("s"), "s", "S")
PRIVATE = replace(OPEN, private=True, places=(HERE,), roles=("patron",))
NOBODY = Viewer(DEFAULT_COMMUNITY)


def test_everyone_sees_an_open_show() -> None:
    assert may_see(OPEN, NOBODY)
    assert may_see(OPEN, replace(NOBODY, direct=True))


@pytest.mark.parametrize(
    ("viewer", "sees"),
    [
        pytest.param(NOBODY, False, id="nowhere"),
        pytest.param(replace(NOBODY, place=THERE), False, id="another place"),
        pytest.param(replace(NOBODY, place=HERE), True, id="listed place"),
        pytest.param(replace(NOBODY, place=THERE, roles=frozenset({"x", "patron"})), True, id="listed role"),
        pytest.param(replace(NOBODY, place=HERE, direct=True), False, id="direct, listed place"),
        pytest.param(replace(NOBODY, roles=frozenset({"patron"}), direct=True), False, id="direct, listed role"),
        pytest.param(replace(NOBODY, role=Role.admin), False, id="admin elsewhere"),
        pytest.param(replace(NOBODY, role=Role.operator), True, id="operator"),
    ],
)
def test_a_private_show_is_seen_where_it_is_listed(viewer: Viewer, sees: bool) -> None:
    assert may_see(PRIVATE, viewer) is sees


def test_a_private_show_without_a_list_is_seen_by_the_operator_alone() -> None:
    bare = replace(PRIVATE, places=(), roles=())
    assert not may_see(bare, replace(NOBODY, place=HERE, roles=frozenset({"patron"})))
    assert may_see(bare, replace(NOBODY, role=Role.operator))


@pytest.mark.parametrize(
    "url",
    [
        "https://ann:pw@feeds.test/show.xml",
        "https://ann@feeds.test/show.xml",
        "https://www.patreon.test/rss/show?auth=abc",
        "https://feeds.test/show?Token=1",
        "https://feeds.test/f/kJ8s2LqPz0XvB7nMtR4wYh/rss",
        "https://feeds.test/rss?u=kJ8s2LqPz0XvB7nMtR4wYh",
        "https://[broken/feed",
    ],
)
def test_an_address_with_a_secret_is_known(url: str) -> None:
    assert carries_credentials(url)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "https://changelog.com/practicalai/feed",
        "https://feeds.simplecast.test/XA_851k3",
        "https://anchor.test/s/1a2b3c4/podcast/rss",
        "https://feeds.test/2f4a0e9c-90f6-4d7c-9b7a-0a1b2c3d4e5f/rss",
        "https://feeds.test/the-talk-show-with-a-very-long-name-2024",
        "https://feeds.test/rss?format=mp3&limit=50",
        "https://feeds.test/auth?auth=",
    ],
)
def test_a_public_address_stays_public(url: str | None) -> None:
    assert not carries_credentials(url)


def test_a_private_show_tells_no_file_of_itself() -> None:
    page, video = Edition("page", "https://x.test/1"), Edition("youtube", "https://y.test/1")
    files = (Edition("audio", "https://c.test/k/1.mp3"), Edition("video", "https://c.test/k/1.mp4"))
    linked = Edition("page", "https://c.test/k/1.mp3")
    assert told_editions(OPEN, (page, *files, linked)) == (page, *files, linked)
    assert told_editions(PRIVATE, (linked, page, *files, video)) == (page, video)
