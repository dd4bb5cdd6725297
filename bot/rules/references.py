"""How people and buttons refer to things: a name, a number, a pasted link, a time, an anchor. Pure matching only.

Every matcher returns *all* that fit best, so that the caller can tell "none", "this one" and "which of these".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.domain import Anchor, Episode, EpisodeId, Show
from bot.rules.ids import ALPHABET, LENGTH
from bot.rules.links import moment_in_link, safe_url, shift_s
from bot.rules.words import tokens

T = TypeVar("T")

#: Marks an episode's own id inside a button's arguments, so that it is never taken for a key or title.
ID_MARK = "id:"
#: Words that people put around a name ("the swyx one", "episode about evals").
_FILLER = frozenset(
    ("the", "a", "an", "one", "that", "this", "episode", "ep", "show", "with", "about", "on", "of", "from", "podcast")
)
_ANCHOR = re.compile(rf"([{ALPHABET}]{{{LENGTH}}})\.([0-9]{{1,9}})\.([0-9]{{1,9}})\.([0-9A-Za-z]{{8,64}})")
_TRACKING = ("utm_", "si", "feature", "fbclid", "gclid", "ref", "time_continue")
_YOUTUBE = ("youtube.com", "music.youtube.com", "youtube-nocookie.com")


# --- links ----------------------------------------------------------------------------------------------------


def pasted_link(words: str) -> str | None:
    """The words, if they are one http(s) address and nothing else; ``<…>`` around it is taken off."""
    bare = words.strip().removeprefix("<").removesuffix(">")
    return safe_url(bare) if "://" in bare else None


def link_start(link: str) -> float | None:
    """The moment that a link names, in that outlet's own seconds: ``t=1m2s``, ``t=62``, ``#t=1:02``."""
    return moment_in_link(link)[1] if link.isascii() else None


def transcript_start(link: str, episode: Episode) -> float | None:
    """The moment that a link names, in transcript seconds (an outlet's offset taken away), never below 0."""
    start_s, outlet = link_start(link), outlet_of(link)
    if start_s is None:
        return None
    for edition in episode.editions:
        if outlet_of(edition.url) == outlet:
            return max(0.0, start_s - edition.offset_s - shift_s(episode, edition))
    return start_s


def outlet_of(url: str) -> str | None:
    """What the addresses of one outlet share: scheme, ``www.``, time, tracking and last slash are left out."""
    if not safe_url(url):
        return None
    address = moment_in_link(url)[0] if url.isascii() else url
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    query = [(name, value) for name, value in parse_qsl(parts.query) if not name.startswith(_TRACKING)]
    video = _youtube_video(host, parts.path, dict(query))
    if video:
        return f"youtube:{video}"
    return f"{host}{parts.path.rstrip('/')}?{urlencode(sorted(query))}"


def _youtube_video(host: str, path: str, query: dict[str, str]) -> str | None:
    steps = [step for step in path.split("/") if step]
    if host == "youtu.be" and steps:
        return steps[0]
    if host not in _YOUTUBE:
        return None
    if steps[:1] == ["watch"]:
        return query.get("v")
    return steps[1] if len(steps) > 1 and steps[0] in ("embed", "live", "shorts", "v") else None


# --- episodes and shows ---------------------------------------------------------------------------------------


def matching_episodes(words: str, episodes: Sequence[Episode]) -> list[Episode]:
    """The episodes that the words name: by id, link, key, ``show/key``, guid or number, else title, people, summary."""
    link = pasted_link(words)
    if link:
        outlet = outlet_of(link)
        linked = [one for one in episodes if any(outlet_of(edition.url) == outlet for edition in one.editions)]
        return linked or [one for one in episodes if one.guid == words.strip()]
    bare = words.strip().casefold()
    exact = [one for one in episodes if bare in exact_names(one)]
    return exact or _by_number(bare, episodes) or _by_words(words, episodes, _parts_of_episode)


def exact_names(episode: Episode) -> tuple[str, ...]:
    """Everything that names the episode by itself, in the compared form."""
    names = (episode.key, f"{episode.show_slug}/{episode.key}", episode.guid or "", *callings(episode))
    return tuple(name.casefold() for name in names if name)


#: What members are told to type for an episode is never longer: Discord's limit for a completion.
LONGEST_NAME = 100


def called(episodes: Sequence[Episode], among: Sequence[Episode]) -> list[str]:
    """What each of the episodes is called where people choose or type: its title, and more where others share it.

    Never its key, which may be a file's name. Every name leads back to the episode through ``matching_episodes``.
    """
    shared = Counter(name.casefold() for one in among for name in set(callings(one)))
    return [
        next(name for name in callings(one) if shared[name.casefold()] <= 1 or name[0] == ID_MARK) for one in episodes
    ]


def callings(episode: Episode) -> tuple[str, ...]:
    """The names of an episode, shortest first; the last is nobody else's."""
    title = _within(episode.title, LONGEST_NAME - 30)
    more = [_within(episode.show_title, 28)]
    if episode.number is not None:
        more.append(f"#{episode.number}")
    if episode.published:
        more.append(f"{episode.published:%Y-%m-%d}")
    whole = [episode.title] if len(episode.title) <= LONGEST_NAME else [title]
    return (*whole, *(f"{title} ({one})" for one in more), ID_MARK + episode.id)


def _within(text: str, most: int) -> str:
    """The text, cut at a word where it is too long."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0]


def _by_number(bare: str, episodes: Sequence[Episode]) -> list[Episode]:
    digits = bare.removeprefix("episode").removeprefix("ep").strip(" .#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        return []
    return [one for one in episodes if one.number == int(digits)]


def _parts_of_episode(episode: Episode) -> tuple[str, ...]:
    return (f"{episode.title} {episode.number or ''}", " ".join(episode.people), episode.summary)


def matching_shows(words: str, shows: Sequence[Show]) -> list[Show]:
    """The shows that the words name: slug or title exactly, else a part of the title."""
    bare = words.strip().casefold()
    exact = [one for one in shows if bare in (one.slug.casefold(), one.title.casefold())]
    return exact or _by_words(words, shows, lambda show: (f"{show.title} {show.slug.replace('-', ' ')}",))


def _by_words(words: str, things: Sequence[T], parts: Callable[[T], tuple[str, ...]]) -> list[T]:
    """Things with all the words in one part; an earlier part beats a later one, whole words beat beginnings."""
    asked = content_words(words)
    if not asked or not things:
        return []
    for n in range(len(parts(things[0]))):
        read = [(thing, frozenset(tokens(parts(thing)[n]))) for thing in things]
        whole = [thing for thing, own in read if asked <= own]
        found = whole or [thing for thing, own in read if all(_begins(word, own) for word in asked)]
        if found:
            return found
    return []


def content_words(words: str) -> frozenset[str]:
    """The words that say something, without the filler around a name; all of them when they are all filler."""
    said = tokens(words)
    return frozenset(word for word in said if word not in _FILLER) or frozenset(said)


def _begins(word: str, names: frozenset[str]) -> bool:
    return len(word) >= 3 and any(name.startswith(word) for name in names)


# --- anchors --------------------------------------------------------------------------------------------------


def anchor_ref(anchor: Anchor) -> str:
    """An anchor as one short ASCII word for a button: ``episode.first.count.hash``."""
    return f"{anchor.episode}.{anchor.first_word}.{anchor.words}.{anchor.hash}"


def parse_anchor_ref(ref: str) -> Anchor | None:
    """The anchor that a button carries; None for anything that a person would type."""
    match = _ANCHOR.fullmatch(ref.strip())
    if match is None:
        return None
    episode, first, count, digest = match.groups()
    return Anchor(EpisodeId(episode), int(first), int(count), digest)
