"""What of a private show's feed is told: nothing by which somebody else could listen, whatever it is called there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import DEFAULT_COMMUNITY, Chapter, Edition, EpisodeImport, Place, Role, Show, Viewer
from bot.ports import Storage
from tests.storage.build import show

HALL = Place("discord", "guild", "hall")
KEY = "aB3dE5gH7jK9mN1pQ3sT"
AUDIO = "https://cdn.example/one.mp3"
VIEWERS = [
    Viewer(DEFAULT_COMMUNITY, Role.operator),
    Viewer(DEFAULT_COMMUNITY, place=HALL),
]
EPISODE = EpisodeImport(
    "one",
    "One",
    guid=f"{AUDIO}?token=s3cret",
    summary=f"Hear it at https://x.example/listen?token=s3cret or https://x.example/{KEY}/one.",
    image=f"https://img.example/{KEY}.png",
    editions=(
        Edition("audio", f"{AUDIO}?token=s3cret"),
        Edition("page", "https://x.example/one?token=s3cret"),
        Edition("page", f"{AUDIO}?other=1"),
        Edition("other", "https://x.example/one"),
    ),
    chapters=(
        Chapter(1, 0.0, 9.0, "Start", f"{AUDIO}?token=s3cret#t=1", "psc", f"https://img.example/1.png?sig={KEY}"),
        Chapter(2, 9.0, 19.0, "Next", "http://CDN.example/one.mp3", "psc", "https://img.example/2.png"),
        Chapter(3, 19.0, None, "Last", "https://x.example/more", "psc", f"{AUDIO}/art.png"),
    ),
)


async def told(storage: Storage, viewer: Viewer, *, private: bool) -> str:
    home: Show = await storage.put_show(DEFAULT_COMMUNITY, replace(show(), private=private, places=(HALL,)))
    saved = await storage.save_episode(DEFAULT_COMMUNITY, home.id, EPISODE)
    return repr(
        [
            await storage.episodes(viewer),
            await storage.episode(viewer, saved.episode),
            await storage.chapters(viewer, saved.episode, hidden=True),
            await storage.highlights(viewer, saved.episode),
        ]
    )


@pytest.mark.parametrize("viewer", VIEWERS, ids=["operator", "member"])
async def test_no_name_of_a_private_episode_gives_its_enclosure_or_secrets_away(
    storage: Storage, viewer: Viewer
) -> None:
    found = await told(storage, viewer, private=True)
    for secret in ("s3cret", KEY, "one.mp3'", "one.mp3?", "one.mp3#"):
        assert secret not in found
    for kept in ("https://x.example/one'", "https://img.example/2.png", "https://x.example/more", "Hear it at"):
        assert kept in found


@pytest.mark.parametrize("viewer", VIEWERS, ids=["operator", "member"])
async def test_a_public_episode_keeps_all_of_its_names(storage: Storage, viewer: Viewer) -> None:
    found = await told(storage, viewer, private=False)
    for kept in ("one?token=s3cret", f"img.example/{KEY}.png", "one.mp3?token=s3cret#t=1", "CDN.example/one.mp3"):
        assert kept in found


async def test_what_is_not_told_stays_stored(storage: Storage) -> None:
    await told(storage, VIEWERS[0], private=True)
    [home] = await storage.shows(VIEWERS[0])
    [episode] = await storage.stored_episodes(home.id)
    assert (episode.guid, episode.image) == (EPISODE.guid, EPISODE.image)
    assert tuple(await storage.stored_chapters(home.id, "one")) == EPISODE.chapters
