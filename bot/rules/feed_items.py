"""Which feed item is which episode: one pure decision a poll, with a reason and confidence for every item.

Guids come first, verbatim; then several names together (link, audio without query and trackers, title, date,
duration), and none alone creates or merges. What cannot be told is held: nothing is made of
it, and its reason says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain import Episode
from bot.feed_memory import FeedRole, KnownItem
from bot.feeds import Feed
from bot.rules.editions import is_premiere, paired
from bot.rules.ids import new_id
from bot.rules.item_absence import absence, out_of_turn
from bot.rules.item_evidence import Finding, weigh, weigh_guid, weigh_twin
from bot.rules.item_memory import FeedNames, Memory, compare, learnt, remembered
from bot.rules.item_names import Names, fingerprint, title_name
from bot.rules.item_notices import notices
from bot.rules.item_stored import Join, joins
from bot.rules.item_verdicts import STORED, Judged, Verdict, VerdictKind, kind_of, shared_guids
from bot.rules.words import slug

#: From so many items on, moving in one way counts as the whole show moving.
SEVERAL = 3
OLDER = "not seen before, and older than every episode known here"
_RESERVED = frozenset(("latest", "random", "all"))


__all__ = ["STORED", "Judged", "Verdict", "VerdictKind", "judge"]


def judge(
    feed: Feed,
    known: Sequence[KnownItem],
    episodes: Sequence[Episode],
    now: datetime,
    *,
    baseline: bool,
    role: FeedRole = "main",
    make_id: Callable[[], str] = new_id,
) -> Judged:
    """``known``: in the order of first storing; ``episodes``: all of the show. ``baseline``: the first poll that
    succeeded, whose items are never news. Linear in items and known items."""
    work = _Judging(feed, [one for one in known if one.role == role], episodes, now, baseline, role, make_id)
    work.keys.update(one.episode for one in known)
    work.by_fingerprint()
    work.by_guid()
    work.by_names()
    work.rest()
    return work.judged()


@dataclass(slots=True)
class _Judging:
    """One poll's work. ``left`` are the places of items without a verdict; ``claimed`` those of remembered items that
    an item of this poll is."""

    feed: Feed
    known: list[KnownItem]
    episodes: Sequence[Episode]
    now: datetime
    baseline: bool
    role: FeedRole
    make_id: Callable[[], str]
    left: list[int] = field(default_factory=list)
    claimed: dict[int, int] = field(default_factory=dict)
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    prints: list[str] = field(default_factory=list)
    findings: dict[int, tuple[Finding, int]] = field(default_factory=dict)
    names: dict[int, Names] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    #: Where in ``known`` each item of ``memory`` stands, once it holds only those that this feed lists.
    places: list[int] = field(default_factory=list)
    unpaired: dict[int, str] = field(default_factory=dict)
    before: list[KnownItem] = field(init=False)
    said: FeedNames = field(init=False)
    oldest: datetime | None = field(init=False)
    _next: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.before = list(self.known)
        self.oldest = min((one.published for one in self.known if one.published), default=None)
        self.said = FeedNames(self.feed, self.now)
        self.keys |= {one.key for one in self.episodes} | _RESERVED
        # A premiere begins without a word of its item changing.
        self.prints = [
            fingerprint(item) + ("p" if self.role == "youtube" and is_premiere(item, self.now) else "")
            for item in self.feed.items
        ]
        self.left = list(range(len(self.feed.items)))

    # --- three ways to be met again -------------------------------------------------------------------------------

    def by_fingerprint(self) -> None:
        """Items that say, word for word, what a remembered one said last."""
        places: dict[str, list[int]] = {}
        for at, one in enumerate(self.known):
            places.setdefault(one.fingerprint, []).append(at)
        for n in self.left:
            row = places.get(self.prints[n], ())
            if len(row) == 1 and row[0] not in self.claimed:
                self._met(n, row[0], Finding("join", "nothing changed", 1.0))
        self._forget_done()

    def by_guid(self) -> None:
        """Items whose guid one remembered item has: first as its latest, then as an older one."""
        for latest in (True, False):
            owners = self._owners(latest)
            for n in self.left:
                guid = self.feed.items[n].guid
                row = owners.get(guid, []) if guid and not self.said.shared(guid) else []
                if len(row) == 1 and row[0] not in self.claimed:
                    self._try_guid(n, row[0])
            self._forget_done()

    def _owners(self, latest: bool) -> dict[str, list[int]]:
        owners: dict[str, list[int]] = {}
        if self.left:
            for at, one in enumerate(self.known):
                for guid in one.guids[:1] if latest else one.guids:
                    owners.setdefault(guid, []).append(at)
        return owners

    def _try_guid(self, n: int, at: int) -> None:
        finding = weigh_guid(compare(self._names(n), self.known[at]))
        if finding.decision == "join":
            self._met(n, at, finding)
        else:
            self.findings[n] = finding, at

    def by_names(self) -> None:
        """Items that share several names with a remembered one that nothing else is; the surest pairs first."""
        if not self.left or not self.known:
            return
        self.memory = Memory(self.known)
        pairs = [(n, at) for n in self.left for at in self.memory.near(self._names(n)) if at not in self.claimed]
        evidence = {(n, at): compare(self._specific(n), self.known[at]) for n, at in pairs}
        moved = sum(bool(one.title) and (one.dates != "apart" or bool(one.link)) for one in evidence.values())
        mass = moved >= SEVERAL and 2 * moved >= len(self.left)
        found = {pair: weigh(one, mass) for pair, one in evidence.items()}
        self._assign({pair: one for pair, one in found.items() if one.decision == "join"})
        for (n, at), one in sorted(found.items(), key=lambda pair: -pair[1].confidence):
            if one.decision in ("held", "maybe") and at not in self.claimed and n not in self.findings:
                self.findings[n] = one, at
        self._forget_done()

    def _specific(self, n: int) -> Names:
        """The item's names that can only mean one."""
        names = self._names(n)
        names = replace(names, guid=None) if self.said.shared(names.guid) else names
        return self.memory.specific(names)

    def _assign(self, found: Mapping[tuple[int, int], Finding]) -> None:
        ranked = sorted(found, key=lambda pair: (-found[pair].confidence, self._gap(*pair), pair))
        rivals: dict[tuple[int, float, float], list[int]] = {}
        for n, at in ranked:
            rivals.setdefault((n, found[n, at].confidence, self._gap(n, at)), []).append(at)
        for n, at in ranked:
            if n in self.verdicts or at in self.claimed or (n in self.findings and self._torn(n)):
                continue
            others = rivals[n, found[n, at].confidence, self._gap(n, at)]
            free = [other for other in others if other not in self.claimed]
            if len(free) > 1:
                self.findings[n] = Finding("held", f"it fits {len(free)} remembered episodes equally well", 0.5), at
            else:
                self._met(n, at, found[n, at])

    def _torn(self, n: int) -> bool:
        return self.findings[n][0].reason.startswith("it fits ")

    def _gap(self, n: int, at: int) -> float:
        one, other = self._names(n).published, self.known[at].published
        return abs((one - other).total_seconds()) if one and other else 0.0

    # --- what is left -----------------------------------------------------------------------------------------------

    def rest(self) -> None:
        """Second entries, episodes that came from files, held ones and new ones, in feed order."""
        if not self.left:
            return
        joined = self._joined()
        doubled = self._doubled()
        self.places = list(self.claimed)
        self.memory = Memory(self.known[at] for at in self.places)
        for n in self.left:
            twin = self._twin(n, doubled)
            if twin and twin[0].decision == "join":
                self._second(n, *twin)
            elif n in joined and joined[n].finding.decision == "join" and not self._is_held(n, None):
                self._begin(n, joined[n].finding, joined[n].episode.key, joined=True)
            elif self.role == "youtube":
                self._hold(n, self.unpaired.get(n, "every episode of the show has its video already"))
            else:
                self._hold_or_make(n, twin, joined.get(n))
        self.left = []

    def _hold_or_make(self, n: int, twin: tuple[Finding, int] | None, may: Join | None) -> None:
        if held := self._is_held(n, twin):
            self._hold(n, held)
            return
        finding, maybe = self.findings.get(n, (Finding("no"), -1))
        note, key = "", ""
        if maybe >= 0 and maybe not in self.claimed:
            note, key = finding.reason, self.known[maybe].episode
        elif twin:
            note, key = twin[0].reason, self.known[twin[1]].episode
        elif may:
            note, key = may.finding.reason, may.episode.key
        older = not self.baseline and self._is_older(n)
        why = "first look at this feed" if self.baseline else OLDER if older else "not seen before"
        told = Finding("join", f"{why}; {note} ({key})" if note else why, 0.7 if note else 1.0)
        self._begin(n, told, "", maybe=key, older=older)

    def _is_older(self, n: int) -> bool:
        """A feed that shows more of its past from now on is told apart."""
        here = self._names(n).published
        return here is not None and self.oldest is not None and here < self.oldest

    def _is_held(self, n: int, twin: tuple[Finding, int] | None) -> str:
        names = self._names(n)
        if not (names.guid or names.link or names.audio or names.title):
            return "it has neither guid, title, link nor audio to be known by"
        if twin and twin[0].decision == "held":
            return f"{twin[0].reason} than those of {self.known[twin[1]].episode}; the feed lists both"
        finding, at = self.findings.get(n, (None, -1))
        if finding is None or finding.decision != "held" or at in self.claimed:
            return ""
        return f"{finding.reason} ({self.known[at].episode}): it waits until the feed tells them apart"

    def _twin(self, n: int, doubled: bool) -> tuple[Finding, int] | None:
        names = self.memory.specific(self._names(n))
        best: tuple[Finding, int] | None = None
        for at in self.memory.near(names):
            finding = weigh_twin(compare(names, self.memory.items[at]), doubled)
            if finding.decision != "no" and (best is None or finding.confidence > best[0].confidence):
                best = finding, self.places[at]
        return best

    def _doubled(self) -> bool:
        """Whether most of the feed stands in it twice, as for a while when a show changes its host."""
        seen: dict[tuple[str, datetime | None], int] = {}
        for item in self.feed.items:
            if item.published:
                place = title_name(item.title), item.published
                seen[place] = seen.get(place, 0) + 1
        pairs = sum(2 for count in seen.values() if count == 2)
        return pairs >= 2 * SEVERAL and 2 * pairs >= len(self.feed.items)

    def _joined(self) -> dict[int, Join]:
        fed = {one.episode for one in self.known}
        free = [one for one in self.episodes if one.key not in fed]
        if not free:
            return {}
        if self.role == "youtube":
            return self._videos(free)
        titles = {n: self.feed.items[n].title for n in self.left}
        show = self.episodes[0].show_title or self.feed.title
        return joins({n: self._names(n) for n in self.left}, titles, free, show)

    def _videos(self, free: Sequence[Episode]) -> dict[int, Join]:
        """The episodes that a channel's videos are of; the reasons of those that are of none go to ``findings``."""
        by_key = {one.key: one for one in free}
        found: dict[int, Join] = {}
        for n, pair in zip(self.left, paired([self.feed.items[n] for n in self.left], free, self.now), strict=True):
            if pair.key:
                found[n] = Join(by_key[pair.key], Finding("join", pair.reason, pair.confidence))
            else:
                self.unpaired[n] = pair.reason
        return found

    def judged(self) -> Judged:
        """The verdicts in feed order, what has to be stored, what is gone, and what to tell."""
        verdicts = tuple(self.verdicts[n] for n in range(len(self.feed.items)))
        present = {self.known[at].id for at in self.claimed}
        gone = absence(self.feed, self.known, present, out_of_turn(self.episodes), self.now)
        counted = {one.id: one for one in gone.items}
        after = [counted.get(one.id, one) for one in self.known]
        items = [one for at, one in enumerate(after) if at >= len(self.before) or one is not self.before[at]]
        told = notices(self.feed, verdicts, gone, shared_guids(self.said), self.role == "youtube")
        withdrawn = tuple(one.episode for one in gone.withdrawn)
        watch = any(one.missing and one.withdrawn_at is None for one in gone.items)
        return Judged(verdicts, tuple(items), withdrawn, told, watch, self.role)

    # --- verdicts ---------------------------------------------------------------------------------------------------

    def _met(self, n: int, at: int, finding: Finding) -> None:
        """Item ``n`` is the remembered one ``at``."""
        before, item = self.known[at], self.feed.items[n]
        self.claimed[at] = n
        after = before
        if before.fingerprint != self.prints[n]:
            after = remembered(before, item, self._names(n), self.prints[n], self.now)
        elif before.missing or before.withdrawn_at:
            after = replace(before, missing=0, withdrawn_at=None, last_seen=self.now)
        kind, reason = kind_of(before, item, self.prints[n], finding.reason)
        self.known[at] = after
        self.verdicts[n] = Verdict(item, kind, before.episode, reason, finding.confidence, after)

    def _second(self, n: int, finding: Finding, at: int) -> None:
        first = self.known[at]
        self.known[at] = learnt(self.known[at], self.feed.items[n], self._names(n))
        reason = f"the feed lists {first.episode} twice: {finding.reason}"
        item = self.feed.items[n]
        self.verdicts[n] = Verdict(item, "duplicate", first.episode, reason, finding.confidence, self.known[at])

    def _hold(self, n: int, reason: str) -> None:
        self.verdicts[n] = Verdict(self.feed.items[n], "held", "", reason, 0.5, None)

    def _begin(
        self, n: int, finding: Finding, key: str, *, joined: bool = False, maybe: str = "", older: bool = False
    ) -> None:
        """The first item of an episode, be the episode new or not."""
        item = self.feed.items[n]
        key = key or self._free(slug(item.title) or slug(item.guid or "") or "episode")
        fresh = KnownItem(self.make_id(), key, self.now, self.now, self.role)
        after = remembered(fresh, item, self._names(n), self.prints[n], self.now)
        self.claimed[len(self.known)] = n
        self.places.append(len(self.known))
        self.known.append(after)
        self.memory.add(after)
        kind: VerdictKind = "changed" if joined else "new"
        self.verdicts[n] = Verdict(item, kind, key, finding.reason, finding.confidence, after, joined, maybe, older)

    def _free(self, key: str) -> str:
        found, n = key, self._next.get(key, 2)
        while found in self.keys:
            found, n = f"{key}-{n}", n + 1
        self._next[key] = n
        self.keys.add(found)
        return found

    def _names(self, n: int) -> Names:
        if n not in self.names:
            self.names[n] = self.said.of(self.feed.items[n])
        return self.names[n]

    def _forget_done(self) -> None:
        self.left = [n for n in self.left if n not in self.verdicts]
