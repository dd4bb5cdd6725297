"""Which files are which episodes of a show whose feed is known: names first, then all that a file tells. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.domain import Episode, Parsed
from bot.rules.file_clues import Clues, Known, clues_of, known_by, known_episode
from bot.rules.file_match import Match, match_files
from bot.rules.identity import Group, Groups, Piece, by_names, key_of, numbers_of
from bot.rules.titles import is_made

T = TypeVar("T")

#: Below this confidence there is no best guess that anybody could accept.
GUESS = 0.25


def with_feed(pieces: Sequence[Piece], stored: Sequence[Episode], show_words: Collection[str]) -> list[Group]:
    """As ``group_pieces``: the feed's items first, then the files among them. A file that may be an episode of the feed
    without being surely it is a group with ``unsure`` set, which must not be stored before somebody says so."""
    files = [piece for piece in pieces if piece.stem is not None]
    groups = Groups(stored, numbers_of(pieces))
    _items(groups, [piece for piece in pieces if piece.stem is None], show_words)
    unnamed = []
    bundles = by_names(files, ())
    titles = Counter(title for bundle in bundles for title in {piece.parsed.title for piece in bundle.pieces})
    for bundle in bundles:
        lone = all(titles[piece.parsed.title] == 1 for piece in bundle.pieces if piece.parsed.title)
        if not _by_name(groups, bundle, lone):
            unnamed.append(bundle)
    unsure: list[Group] = []
    # Notes and chapters may join an episode that gets its transcript from another file: each kind by itself.
    for spoken in (True, False):
        some = [bundle for bundle in unnamed if _spoken(bundle) is spoken]
        unsure.extend(_by_likeness(groups, some, show_words))
    order = {id(piece): at for at, piece in enumerate(pieces)}
    return sorted((*groups.filled(), *unsure), key=lambda group: min(order[id(piece)] for piece in group.pieces))


def _items(groups: Groups, items: Sequence[Piece], show_words: Collection[str]) -> None:
    """Place the feed's items: by name, else on an episode that came from a file before the feed did."""
    fresh = [piece for piece in items if not groups.find_and_join(piece)]
    own = [at for at, group in enumerate(groups.all) if _from_file(group)]
    known = [_known(Group("", (piece,))) for piece in fresh]
    found = match_files([_clues_of(groups.all[at].existing) for at in own], known, show_words)
    joined = set()
    for at, match in zip(own, found, strict=True):
        if match.verdict == "sure" and match.episode is not None:
            groups.join(at, fresh[match.episode], match.reason, match.confidence, exact=False)
            joined.add(match.episode)
    for n, piece in enumerate(fresh):
        if n not in joined:
            groups.place(piece)


def _from_file(group: Group) -> bool:
    return group.existing is not None and not group.existing.guid and not group.pieces and group.existing.lines > 0


def _clues_of(episode: Episode | None) -> Clues:
    """What an episode that came from a file tells: its key is the file's stem."""
    if episode is None:
        return Clues()
    title = None if is_made(episode.title, episode.key) else episode.title
    parsed = Parsed(
        "",
        title=title,
        number=episode.number,
        season=episode.season,
        published=episode.published,
        people=episode.people,
    )
    return replace(clues_of(episode.key, parsed), ends_s=episode.duration_s)


def _by_name(groups: Groups, bundle: Group, lone: bool) -> bool:
    """Join a bundle that says itself which episode it is; whether it does. ``lone``: no other has its title."""
    own = any(piece.own for piece in bundle.pieces)
    found = None if own else groups.exactly(bundle.pieces)
    if found is None and lone and not own and (at := groups.titled(bundle.pieces)) is not None:
        found = at, "same title", 0.9
        groups.named(at, bundle.key)
    if found is None and not own and not any(piece.key for piece in bundle.pieces):
        return False
    if found is None:
        groups.new(bundle.pieces, bundle.key, bundle.reason, bundle.confidence)
        return True
    at, reason, confidence = found
    for piece in bundle.pieces:
        groups.join(at, piece, reason, min(confidence, bundle.confidence))
    return True


def _by_likeness(groups: Groups, bundles: Sequence[Group], show_words: Collection[str]) -> list[Group]:
    """Join what is sure, make episodes of what fits none, and answer the rest."""
    known = [_known(group) for group in groups.all]
    listen_for = frozenset(word for one in known for word in one.title)
    found = match_files([_clues(bundle, listen_for) for bundle in bundles], known, show_words)
    unsure = []
    for bundle, match in zip(bundles, found, strict=True):
        if match.verdict == "unsure":
            unsure.append(_unsure(groups, bundle, match))
        elif match.episode is None:
            groups.new(bundle.pieces, bundle.key, *_why_alone(bundle, match))
        else:
            for piece in bundle.pieces:
                groups.join(match.episode, piece, match.reason, match.confidence, exact=False)
            groups.named(match.episode, bundle.key)
    return unsure


def _why_alone(bundle: Group, match: Match) -> tuple[str, float]:
    return (bundle.reason, bundle.confidence) if bundle.reason != "new" else (f"new: {match.reason}", 1.0)


def _unsure(groups: Groups, bundle: Group, match: Match) -> Group:
    guess = match.episode if match.confidence >= GUESS else None
    best = groups.all[guess] if guess is not None else None
    second = groups.all[match.second] if best and match.second is not None else None
    return replace(
        bundle,
        key=groups.free(bundle.key),
        best=best.key if best else None,
        reason=match.reason,
        confidence=max(match.confidence, 0.01),
        unsure=True,
        title=_title(best) if best else None,
        also=second.key if second else None,
        exact=False,
    )


def _spoken(bundle: Group) -> bool:
    return any(piece.has_transcript for piece in bundle.pieces)


def _title(group: Group) -> str | None:
    return group.existing.title if group.existing else _first(piece.parsed.title for piece in group.pieces)


def _known(group: Group) -> Known:
    if group.existing:
        return known_episode(group.existing)
    parsed = [piece.parsed for piece in group.pieces]
    return known_by(
        _first(one.title for one in parsed) or group.key,
        number=_first(one.number for one in parsed),
        season=_first(one.season for one in parsed),
        people=max((one.people for one in parsed), key=len, default=()),
        published=_first(one.published for one in parsed),
        duration_s=_first(one.duration_s for one in parsed),
    )


def _clues(bundle: Group, listen_for: Collection[str]) -> Clues:
    """What the files of one bundle tell together; its transcript stands first."""
    pieces = sorted(bundle.pieces, key=lambda piece: not piece.has_transcript)
    parsed = [piece.parsed for piece in pieces]
    whole = Parsed(
        parsed[0].format,
        title=_first(one.title for one in parsed),
        number=_first(one.number for one in parsed),
        season=_first(one.season for one in parsed),
        published=_first(one.published for one in parsed),
        people=max((one.people for one in parsed), key=len, default=()),
        turns=parsed[0].turns,
    )
    return clues_of(pieces[0].stem or key_of(pieces[0]), whole, listen_for)


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def best_taken(groups: Sequence[Group], stored: Sequence[Episode]) -> list[Group]:
    """As if somebody had said "the best of each" to all that is unsure; an episode that two files claim, or that one
    of this import is already, goes to nobody: those stay unsure."""
    claims = Counter(group.best for group in groups if group.unsure and _spoken(group))
    spoken = {group.key for group in groups if not group.unsure and _spoken(group)}
    by_key = {group.key: group for group in groups if not group.unsure}
    episodes = {episode.key: episode for episode in stored}
    kept: list[Group] = []
    for group in groups:
        best = group.best if group.unsure else None
        if best is None or (_spoken(group) and (claims[best] > 1 or best in spoken)):
            if group.unsure:
                kept.append(group)
            continue
        at = by_key.get(best) or Group(best, (), episodes.get(best))
        by_key[best] = replace(
            at,
            pieces=(*at.pieces, *group.pieces),
            reason=f"the best guess: {group.reason}",
            confidence=min(group.confidence, at.confidence),
            exact=False,
        )
    return [*by_key.values(), *kept]
