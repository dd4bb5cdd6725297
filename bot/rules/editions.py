"""Which video is which episode: by title, number, date and duration together, each with a reason. Pure decisions.

A video alone is never an episode: what fits none is told as such and looked at again with the next poll.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from bot.domain import Edition, EditionKind, Episode
from bot.feeds import FeedItem
from bot.rules.words import tokens

#: A title alone is believed from this likeness (0-1) on, together with a date that does not speak against it.
TITLE_FITS, TITLE_HELPS = 0.86, 0.55
#: The runner-up must be this much worse, or nothing is tied.
MARGIN = 0.06
#: Videos come out days before or weeks after the audio, hardly later.
SOON, LATE = timedelta(days=3), timedelta(days=60)
#: Lengths that differ by more than this share are of different things: a clip, a short, another cut.
OTHER_CUT = 0.3
#: Lengths this near (seconds) are of one cut, whose moments are the same.
SAME_CUT_S = 2.0
_NUMBER = re.compile(
    r"(?:#|\bep(?:isode|\.)?\s*#?|\bfolge\s*|\bno\.?\s*)(\d{1,4})\b|^(\d{1,4})\s*[:|.–—-]", re.IGNORECASE
)
_SHORT = re.compile(r"#shorts?\b", re.IGNORECASE)
_FILLER = frozenset(
    ("ep", "episode", "podcast", "the", "a", "an", "and", "video", "full", "official", "folge", "with", "ft", "feat")
)

_HOSTS: tuple[tuple[str, EditionKind], ...] = (
    ("youtube.com", "youtube"),
    ("youtu.be", "youtube"),
    ("youtube-nocookie.com", "youtube"),
    ("spotify.com", "spotify"),
    ("overcast.fm", "overcast"),
    ("pca.st", "pocketcasts"),
    ("pocketcasts.com", "pocketcasts"),
    ("podcasts.apple.com", "apple"),
    ("vimeo.com", "video"),
    ("dailymotion.com", "video"),
    ("twitch.tv", "video"),
)


def kind_of(url: str) -> EditionKind | None:
    """The outlet that a host is known for; None for a host that is nobody's in particular."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return None
    return next((kind for known, kind in _HOSTS if host == known or host.endswith("." + known)), None)


@dataclass(frozen=True, slots=True)
class Pairing:
    """One video and the episode (by key) that it is an edition of; without a key ``reason`` says why none."""

    item: FeedItem
    key: str | None
    reason: str
    confidence: float = 0.0
    edition: Edition | None = None


def paired(videos: Sequence[FeedItem], episodes: Sequence[Episode], now: datetime) -> list[Pairing]:
    """Every video with its episode, best first; no episode gets two and no video is guessed at.

    ``episodes`` carry their editions: a video that is tied already stays tied, and only its premiere may pass.
    """
    tied = {one.url: episode for episode in episodes for one in episode.editions if one.kind == "youtube"}
    found: dict[int, Pairing] = {}
    for n, item in enumerate(videos):
        if (reason := _no_edition(item)) is not None:
            found[n] = Pairing(item, None, reason)
        elif (episode := tied.get(address(item) or "")) is not None:
            found[n] = _tied(item, episode, now, "tied already", 1.0)
    taken = {episode.key for episode in tied.values()}
    free = [one for one in episodes if one.key not in taken]
    rest = {n: item for n, item in enumerate(videos) if n not in found}
    return [pairing for _, pairing in sorted((found | _matched(rest, free, now)).items())]


def address(item: FeedItem) -> str | None:
    """Where the video is watched."""
    return f"https://www.youtube.com/watch?v={item.video_id}" if item.video_id else item.link


def _no_edition(item: FeedItem) -> str | None:
    if address(item) is None:
        return "it has no address"
    if _SHORT.search(item.title) or "/shorts/" in (item.link or ""):
        return "a short, not an episode"
    return None


def _matched(videos: dict[int, FeedItem], episodes: Sequence[Episode], now: datetime) -> dict[int, Pairing]:
    """The surest pair first; what a pair takes is nobody else's."""
    fits = sorted(
        (fit for n, item in videos.items() for episode in episodes if (fit := _fit(n, item, episode)) is not None),
        key=lambda fit: -fit.score,
    )
    found: dict[int, Pairing] = {}
    taken: set[str] = set()
    for fit in fits:
        if fit.video in found or fit.episode.key in taken:
            continue
        rival = next((one for one in fits if _rivals(one, fit, found, taken)), None)
        if rival is not None and fit.score - rival.score < MARGIN:
            reason = f"it fits {fit.episode.title!r} and {rival.episode.title!r} alike"
            found[fit.video] = Pairing(videos[fit.video], None, reason, fit.score)
            continue
        taken.add(fit.episode.key)
        found[fit.video] = _tied(videos[fit.video], fit.episode, now, fit.reason, fit.score)
    for n, item in videos.items():
        found.setdefault(n, Pairing(item, None, "no episode has its title near its date"))
    return found


@dataclass(frozen=True, slots=True)
class _Fit:
    video: int
    episode: Episode
    score: float
    reason: str


def _rivals(one: _Fit, fit: _Fit, found: dict[int, Pairing], taken: set[str]) -> bool:
    """Whether ``one`` offers this video another episode that is still free."""
    return one.video == fit.video and one.episode.key != fit.episode.key and one.episode.key not in taken


def _fit(n: int, item: FeedItem, episode: Episode) -> _Fit | None:
    """How well they fit, 0-1; None where something speaks against it or too little speaks for it."""
    numbers = _numbers(item.title), _numbers(episode.title) or _own_number(episode)
    if numbers[0] and numbers[1] and numbers[0].isdisjoint(numbers[1]):
        return None
    same_number = bool(numbers[0] & numbers[1])
    near, length = _nearness(item, episode), _alike_long(item, episode)
    if near == 0 or length == 0:
        return None
    title = _likeness(item.title, episode)
    plain = len(_said(episode.title, episode)) < 2
    if not (
        (title >= TITLE_FITS and (not plain or near == 1)) or (same_number and title >= TITLE_HELPS and near >= 0.5)
    ):
        return None
    reason = " and ".join(["title", *(["number"] if same_number else []), *(["date"] if near == 1 else []),
                           *(["duration"] if length == 1 else [])])  # fmt: skip
    return _Fit(n, episode, 0.55 * title + 0.2 * near + 0.1 * length + 0.15 * same_number, f"same {reason}")


def _numbers(title: str) -> frozenset[int]:
    return frozenset(int(one or other) for one, other in _NUMBER.findall(title))


def _own_number(episode: Episode) -> frozenset[int]:
    return frozenset() if episode.number is None else frozenset((episode.number,))


def _nearness(item: FeedItem, episode: Episode) -> float:
    """1 within days, 0.5 within weeks, 0 beyond; 0.5 where a date is missing."""
    if item.published is None or episode.published is None:
        return 0.5
    apart = abs(item.published - episode.published)
    return 1.0 if apart <= SOON else 0.5 if apart <= LATE else 0.0


def _alike_long(item: FeedItem, episode: Episode) -> float:
    """1 for lengths within a minute or a twentieth, 0.5 when one is not known, 0 for another cut."""
    if not item.duration_s or not episode.duration_s:
        return 0.5
    apart = abs(item.duration_s - episode.duration_s)
    if apart <= max(60.0, 0.05 * episode.duration_s):
        return 1.0
    return 0.4 if apart <= OTHER_CUT * episode.duration_s else 0.0


def _likeness(title: str, episode: Episode) -> float:
    ours, theirs = _said(episode.title, episode), _said(title, episode)
    if not ours or not theirs:
        return 0.0
    likeness = fuzz.token_sort_ratio(" ".join(ours), " ".join(theirs)) / 100
    # A video's title often adds a guest or a slogan; all words of ours in it say nearly as much, if there are some.
    whole = len(ours) >= 2 and set(ours) <= set(theirs) and 2 * len(ours) >= len(theirs)
    return max(likeness, 0.9) if whole else likeness


def _said(title: str, episode: Episode) -> list[str]:
    """The title's own words: without the show's name, its number and what every video says."""
    show = set(tokens(episode.show_title))
    words = tokens(_NUMBER.sub(" ", title))
    return [word for word in words if word not in _FILLER and word not in show] or [
        w for w in words if w not in _FILLER
    ]


def _tied(item: FeedItem, episode: Episode, now: datetime, reason: str, confidence: float) -> Pairing:
    url = address(item)
    stored = next((one for one in episode.editions if one.kind == "youtube" and one.url == url), None)
    edition = replace(stored or _edition(item, episode, url or ""), premiere=is_premiere(item, now))
    return Pairing(item, episode.key, reason, round(confidence, 3), edition)


def _edition(item: FeedItem, episode: Episode, url: str) -> Edition:
    lengths = item.duration_s, episode.duration_s
    same = lengths[0] is not None and lengths[1] is not None and abs(lengths[0] - lengths[1]) <= SAME_CUT_S
    return Edition("youtube", url, exact=same)


def is_premiere(item: FeedItem, now: datetime) -> bool:
    """Announced, but not to be watched yet: a date to come, or nobody has seen it."""
    return (item.published is not None and item.published > now) or item.views == 0
