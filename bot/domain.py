"""The nouns of Pullquote: frozen values that every room may hold. No I/O, no platform, no decision enters here.

Times are aware UTC; durations and positions are seconds (``_s``). Ids are opaque strings made by
``bot.rules.ids`` and never row numbers, so that they may leave the database in buttons, links and exports.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Literal, NewType

CommunityId = NewType("CommunityId", str)
ShowId = NewType("ShowId", str)
EpisodeId = NewType("EpisodeId", str)

#: A self-hosted bot has this one community, made by the first migration.
DEFAULT_COMMUNITY = CommunityId("default")


class Role(IntEnum):
    """What a person may do; a higher role may do all that a lower one may."""

    member = 0
    editor = 1
    admin = 2
    operator = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: one channel or thread of one workspace of one platform."""

    platform: str
    workspace: str
    channel: str

    def __str__(self) -> str:
        return f"{self.platform}/{self.workspace}/{self.channel}"


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: a platform's user id and the name shown for it."""

    platform: str
    id: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, from where: the required first argument of every read that could show an episode's content.

    ``direct`` is true in a DM or a user install, where private shows never appear.
    ``roles`` are platform role ids that a private show may list.
    """

    community: CommunityId
    role: Role = Role.member
    place: Place | None = None
    person: Person | None = None
    direct: bool = False
    roles: frozenset[str] = frozenset()


# --- shows and episodes ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Show:
    """A show as one community's shelf names it. ``slug`` is unique on that shelf."""

    id: ShowId
    slug: str
    title: str
    feed_url: str | None = None
    page_url: str | None = None
    language: str = "en"
    #: Private shows appear only in ``places`` and to ``roles`` (platform role ids), never in direct messages.
    private: bool = False
    places: tuple[Place, ...] = ()
    roles: tuple[str, ...] = ()
    author: str = ""
    summary: str = ""
    image: str | None = None
    #: Added to every transcript time before a link to the audio is made: this community hears inserted ads.
    offset_s: float = 0.0
    #: A link to a moment of this show; fields in braces: seconds, stamp, key, number, guid, url.
    link_template: str | None = None


EditionKind = Literal["page", "audio", "youtube", "spotify", "video", "overcast", "pocketcasts", "apple", "other"]
EpisodeKind = Literal["full", "trailer", "bonus"]


@dataclass(frozen=True, slots=True)
class Edition:
    """One outlet of an episode. ``offset_s`` is added to a transcript time to get this outlet's time."""

    kind: EditionKind
    url: str
    offset_s: float = 0.0
    #: A premiere is announced but cannot be played yet: it is never linked to a moment.
    premiere: bool = False
    #: Whether ``offset_s`` was measured or set; when not, moments there are shown as "≈".
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode; ``key`` is its name on the command line and never changes."""

    id: EpisodeId
    show: ShowId
    show_slug: str
    show_title: str
    key: str
    title: str
    number: int | None = None
    season: int | None = None
    guid: str | None = None
    published: datetime | None = None
    duration_s: float | None = None
    summary: str = ""
    #: Names from the page or feed, in the order given (author first).
    people: tuple[str, ...] = ()
    editions: tuple[Edition, ...] = ()
    #: How many lines the stored transcript has; 0 when there is none.
    lines: int = 0
    #: How its transcript came to be; a machine's is labelled when quoted.
    made: Literal["publisher", "machine", "corrected"] = "publisher"
    kind: EpisodeKind = "full"
    explicit: bool | None = None
    image: str | None = None
    #: When the publisher took it out of the feed; its lines stay, and it says so.
    withdrawn: datetime | None = None
    #: The show's, for links to a moment: what this community set for it.
    offset_s: float = 0.0
    link_template: str | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of an episode. ``n`` counts from 1 in order of time; ``source`` names where it came from.

    ``hidden`` chapters (``toc: false``) only change the picture: kept, never listed or counted (their ``n`` follows
    after the others').
    """

    n: int
    start_s: float
    end_s: float | None
    title: str
    url: str | None = None
    source: str = "notes"
    image: str | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Highlight:
    """A line that the publisher pulled out in the show notes. Its words and time are the page's, not the transcript's.

    ``first_line``/``last_line`` are the transcript lines that it aligns to, None when it aligns to nothing.
    """

    text: str
    start_s: float | None
    first_line: int | None = None
    last_line: int | None = None
    #: Where a soundbite ends, in seconds; a soundbite without a title has no ``text`` until its lines are known.
    end_s: float | None = None


# --- transcripts -------------------------------------------------------------------------------------------

#: How a transcript came to be; a machine's is labelled when it is quoted.
Made = Literal["publisher", "machine", "corrected"]


@dataclass(frozen=True, slots=True)
class Line:
    """One transcript sentence or cue with its speaker and moment, as one community may see it.

    ``first_word``/``words`` are the position and count of the *source's* words in the whole transcript; they stay
    the source's when a fix changes what ``text`` shows. ``exact`` is false when the time was interpolated.
    """

    n: int
    turn: int
    speaker: str | None
    start_s: float | None
    end_s: float | None
    exact: bool
    first_word: int
    words: int
    text: str
    fixed: bool = False
    #: False for a line withheld as "not featured": found when asked for, never chosen by itself.
    featured: bool = True
    #: True in a stretch that a machine transcript garbled or looped: never quoted or found, kept for the order.
    garbled: bool = False


@dataclass(frozen=True, slots=True)
class Transcript:
    """A whole transcript on its way into storage; ``hash`` is over its words, speakers and times."""

    lines: tuple[Line, ...]
    hash: str
    made: Made = "publisher"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a quote stands, in a way that survives re-import: position, count and hash of the source's words.

    ``text`` and ``start_s`` are kept beside it. After the transcript changes, the words are found again by
    ``bot.rules.anchors``, else the anchor is lost and says so; it never points at another line.
    """

    episode: EpisodeId
    first_word: int
    words: int
    hash: str
    text: str = ""
    start_s: float | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a source that was skipped, with where and why. ``line`` counts from 1; None = the whole file."""

    reason: str
    line: int | None = None
    file: str = ""


# --- what parsers return -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of one speaker (or one cue) as a parser read it: clean words, white space collapsed.

    ``marks`` are time marks inside the turn: (index of the word that follows the mark, seconds), in source order.
    ``cue`` is true for subtitle cues, which end a line even without punctuation. ``voices`` are the
    indexes of words before which the source says that somebody else begins to speak without naming them.
    """

    text: str
    speaker: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    marks: tuple[tuple[int, float], ...] = ()
    cue: bool = False
    voices: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """All that one file holds, platform- and storage-free. Absent parts are empty.

    ``format`` names the parser (``page``, ``speaker-markdown``, ``timed-text``, ``vtt``, ``srt``,
    ``json-transcript``, ``html-transcript``, ``notes``, ``json-chapters``, ``psc``, ``ffmetadata``, ``mp4chaps``,
    ``ogm-chapters``, ``matroska-chapters``, ``apple-chapters``, ``vtt-chapters``, ``srt-chapters``,
    ``hindenburg-chapters``, ``labels``, ``markers``, ``cue-sheet``, ``audio``, ``feed``).
    """

    format: str
    title: str | None = None
    author: str | None = None
    number: int | None = None
    guid: str | None = None
    published: datetime | None = None
    duration_s: float | None = None
    summary: str = ""
    people: tuple[str, ...] = ()
    editions: tuple[Edition, ...] = ()
    season: int | None = None
    chapters: tuple[Chapter, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    turns: tuple[Turn, ...] = ()
    language: str | None = None
    made: Made = "publisher"
    problems: tuple[Problem, ...] = ()
    #: A feed holds many episodes; each is a Parsed of its own, and ``title`` is the show's.
    items: tuple[Parsed, ...] = ()


@dataclass(frozen=True, slots=True)
class EpisodeImport:
    """One episode ready to be stored in one transaction. None = this import says nothing about that part."""

    key: str
    title: str
    number: int | None = None
    season: int | None = None
    guid: str | None = None
    published: datetime | None = None
    duration_s: float | None = None
    summary: str | None = None
    people: tuple[str, ...] | None = None
    editions: tuple[Edition, ...] | None = None
    chapters: tuple[Chapter, ...] | None = None
    highlights: tuple[Highlight, ...] | None = None
    transcript: Transcript | None = None
    kind: EpisodeKind | None = None
    explicit: bool | None = None
    image: str | None = None
    #: Set or cleared only by a poll: a date withdraws, ``False`` says that it is back.
    withdrawn: datetime | Literal[False] | None = None


Outcome = Literal["new", "changed", "same", "skipped"]


# --- what a community owns (each is one record, with history and undo) ---------------------------------------


class Level(StrEnum):
    """How far a withhold goes."""

    #: Found when asked for, never chosen by itself (random, summaries, recurring posts).
    not_featured = "not_featured"
    #: Shown to nobody; a moderator can bring it back.
    hidden = "hidden"
    #: As hidden, and its words are repeated nowhere, not even to moderators or in the history.
    erased = "erased"


FixField = Literal["text", "speaker", "time"]


@dataclass(frozen=True, slots=True)
class Alias:
    """In this show (or only in ``episode``) the speaker written ``label`` is called ``name``."""

    id: str
    show: ShowId
    label: str
    name: str
    episode: EpisodeId | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """A correction of the words at ``anchor``: their text, their speaker, or their time (seconds as text)."""

    id: str
    anchor: Anchor
    field: FixField
    value: str


@dataclass(frozen=True, slots=True)
class Withhold:
    """A line or range (``anchor``), an ``episode``, or a ``person`` that this community does not show.

    Exactly one of the three is set; ``person`` is a speaker's name within ``show``.
    """

    id: str
    level: Level
    anchor: Anchor | None = None
    episode: EpisodeId | None = None
    person: str | None = None
    show: ShowId | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Nickname:
    """A community's own name for a moment ("the mop story")."""

    id: str
    words: str
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class SavedQuote:
    """A span that a member kept, with a note."""

    id: str
    anchor: Anchor
    owner: str
    saved: datetime
    speaker: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of one place (``place=""`` = the whole community). ``id`` is ``place|name``."""

    id: str
    name: str
    value: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role given to a person or platform role (``subject`` = ``platform:id``), which also is the id."""

    id: str
    subject: str
    role: Role


@dataclass(frozen=True, slots=True)
class Subscription:
    """A show's news for a place. ``options`` is JSON owned by the alerts' rules."""

    id: str
    show: ShowId
    place: str
    options: str = "{}"


@dataclass(frozen=True, slots=True)
class Report:
    """One card of the moderator queue: what a member said is wrong with a line.

    ``wrong`` is ``line``, ``text``, ``speaker``, ``time`` or ``remove``; ``state`` is ``open``, ``fixed``, ``withheld``
    or ``dismissed``. ``reporter`` is ``platform:id``; ``settled_by`` is the moderator's name as it was shown. ``at`` is
    when it was said last.
    """

    id: str
    anchor: Anchor
    wrong: str
    reporter: str
    state: str = "open"
    note: str = ""
    at: datetime | None = None
    reporter_name: str = ""
    settled_by: str = ""


@dataclass(frozen=True, slots=True)
class ChatQuote:
    """What somebody wrote in chat and another member kept: a *community quote*. No record and in no history, so that
    its author can have it deleted for good; never found by a search of shows. ``author`` and ``keeper`` are
    ``platform:id``."""

    id: str
    place: Place
    author: str
    author_name: str
    keeper: str
    text: str
    said_at: datetime
    kept_at: datetime
    url: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Joining:
    """Two episodes of one show that are one: ``other`` went into ``kept``. Made and taken back only by
    ``join_episodes``, ``split_episode`` and ``undo``; the keys are those they had."""

    id: str
    show: ShowId
    kept: EpisodeId
    other: EpisodeId
    kept_key: str
    other_key: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a moderator decided about a held alert, whose id it has: it is there already, post it, drop it."""

    id: str
    choice: Literal["there", "post", "drop"]


Record = Alias | Fix | Withhold | Nickname | SavedQuote | Setting | Grant | Subscription | Report | Joining | Ruling

RecordKind = Literal[
    "alias",
    "fix",
    "withhold",
    "nickname",
    "saved_quote",
    "setting",
    "grant",
    "subscription",
    "report",
    "joining",
    "ruling",
]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of one record: who, when, what it was and became. ``id`` is what ``undo`` takes."""

    id: str
    community: CommunityId
    at: datetime
    by: str
    kind: RecordKind
    record_id: str
    before: Record | None
    after: Record | None
    undone: bool = False
    #: The id of the entry that this one takes back.
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One committed change, numbered without gaps in commit order; what derived stores follow."""

    n: int
    #: ``transcript`` (lines replaced), ``episode`` (anything else of it), ``overlay``, ``removed``.
    kind: Literal["transcript", "episode", "overlay", "removed"]
    episode: EpisodeId | None


# --- search --------------------------------------------------------------------------------------------------

Confidence = Literal["exact", "close", "unsure"]


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring lines of one speaker, both ends included: what the index holds."""

    first_line: int
    last_line: int
    speaker: str | None
    text: str


@dataclass(frozen=True, slots=True)
class IndexedEpisode:
    """What the index needs of one episode: its raw lines, without any community's overlay."""

    id: EpisodeId
    show: ShowId
    language: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may hold the asked words, with the index's own score. ``text`` is only for ranking:
    what is shown is read from storage, through the overlays."""

    episode: EpisodeId
    first_line: int
    last_line: int
    score: float
    text: str


@dataclass(frozen=True, slots=True)
class Also:
    """The same passage elsewhere."""

    episode: Episode
    start_s: float | None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A found span: verbatim words of neighbouring lines of one speaker."""

    episode: Episode
    lines: tuple[Line, ...]
    text: str
    score: float
    confidence: Confidence
    url: str | None
    also: tuple[Also, ...] = field(default=())

    @property
    def speaker(self) -> str | None:
        return self.lines[0].speaker

    @property
    def start_s(self) -> float | None:
        return self.lines[0].start_s

    @property
    def end_s(self) -> float | None:
        return self.lines[-1].end_s

    @property
    def exact(self) -> bool:
        return self.lines[0].exact
