"""Which old file is which episode of a feed: the whole batch decided at once, each pair with a reason. Pure.

Every file is at most one episode's, and every episode gets at most one of them. A pair is sure when both sides are:
the file has no other episode nearly as likely, and the episode no other file.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.rules.file_clues import Clues, Known
from bot.rules.file_evidence import Numbering, Score
from bot.rules.file_scores import Scorer

Verdict = Literal["sure", "unsure", "none"]

#: From this confidence on a file is joined without asking.
SURE = 0.88
#: From this probability of "none of them" on, a file is an episode of its own.
ALONE = 0.6
#: How likely a file of a show is none of its feed's episodes, before anything is looked at.
_PRIOR_NONE = 0.08
#: What a file loses against the one that is surely this episode: the episode is taken.
_TAKEN = 3.0
#: So many pairs must agree on how numbers are shifted.
_AGREEING = 4
_SHIFTS = range(-5, 6)


@dataclass(frozen=True, slots=True)
class Match:
    """What became of one file. ``episode`` and ``second`` are positions among the episodes: the best and next best."""

    verdict: Verdict
    episode: int | None = None
    second: int | None = None
    confidence: float = 0.0
    reason: str = ""


Scores = list[dict[int, Score]]


def match_files(files: Sequence[Clues], known: Sequence[Known], show_words: Collection[str] = ()) -> list[Match]:
    """One answer a file, in the order given. ``show_words``: the words of the show's name, which tell nothing."""
    if not files or not known:
        return [Match("none", reason="there is no episode to join") for _ in files]
    scorer = Scorer(files, _placed(known), show_words)
    numbering = replace(_numbering(scorer), days=_days(scorer))
    scores = [{at: scorer.score(file, at, numbering) for at in scorer.pairs(file, numbering)} for file in files]
    nothing = [scorer.nothing(file) for file in files]
    owners: dict[int, int] = {}
    # What is sure takes its episode; that may settle what was torn between two.
    for _ in range(3):
        found = _decided(scores, nothing, owners, scorer.size)
        sure = {
            match.episode: at for at, match in enumerate(found) if match.verdict == "sure" and match.episode is not None
        }
        if sure == owners:
            break
        owners = sure
    return [_told(match, file, scores[at]) for at, (match, file) in enumerate(zip(found, files, strict=True))]


def _placed(known: Sequence[Known]) -> list[Known]:
    """Each full episode with its place in order of date."""
    dated = sorted((one.day, at) for at, one in enumerate(known) if one.day and one.kind == "full")
    places = {at: n for n, (_, at) in enumerate(dated, 1)}
    return [replace(one, position=places.get(at)) for at, one in enumerate(known)]


# --- one round --------------------------------------------------------------------------------------------------------


def _decided(scores: Scores, nothing: Sequence[float], owners: Mapping[int, int], size: int) -> list[Match]:
    weights = [
        {at: score.total - (_TAKEN if owners.get(at, file) != file else 0.0) for at, score in row.items()}
        for file, row in enumerate(scores)
    ]
    columns: dict[int, list[tuple[float, int]]] = {}
    for file, row in enumerate(weights):
        for at, weight in row.items():
            columns.setdefault(at, []).append((weight, file))
    return [_one(file, row, nothing[file], columns, owners, size) for file, row in enumerate(weights)]


def _one(
    file: int,
    row: Mapping[int, float],
    nothing: float,
    columns: Mapping[int, Sequence[tuple[float, int]]],
    owners: Mapping[int, int],
    size: int,
) -> Match:
    prior = math.log(1 / size)
    masses = sorted(
        ((math.exp(min(weight + prior, 50)), at) for at, weight in row.items()), key=lambda pair: (-pair[0], pair[1])
    )
    rest = math.exp(nothing) * max(0.0, 1 - len(row) / size)
    whole = sum(mass for mass, _ in masses) + rest + _PRIOR_NONE
    alone = _PRIOR_NONE / whole
    if not masses:
        return Match("none" if alone >= ALONE else "unsure", confidence=round(alone, 2) if alone >= ALONE else 0.0)
    mass, best = masses[0]
    second = masses[1][1] if len(masses) > 1 and masses[1][0] > 0.02 * mass else None
    confidence = min(mass / whole, _among(row[best], file, columns[best]))
    if alone >= ALONE and not (owners.get(best, file) != file and row[best] + _TAKEN + prior > -1):
        return Match("none", best, second, round(alone, 2))
    verdict: Verdict = "sure" if confidence >= SURE and owners.get(best, file) == file else "unsure"
    return Match(verdict, best, second, round(min(confidence, 0.99), 2))


def _among(weight: float, file: int, column: Sequence[tuple[float, int]]) -> float:
    """How likely this file is the episode's, of all files that could be."""
    return 1 / (1 + sum(math.exp(min(other - weight, 50)) for other, at in column if at != file))


def _told(match: Match, file: Clues, row: Mapping[int, Score]) -> Match:
    if match.verdict == "none":
        return replace(match, episode=None, second=None, reason="it fits no episode of the feed")
    if match.episode is None:
        reason = "nothing in its name or text tells" if file.empty else "too little in its name or text tells"
        return replace(match, reason=f"{reason} which episode it is")
    reason = row[match.episode].reason
    if match.verdict == "unsure" and match.second is not None:
        reason += "; another episode fits nearly as well"
    return replace(match, reason=reason)


# --- how files are numbered -------------------------------------------------------------------------------------------


def _numbering(scorer: Scorer) -> Numbering:
    """Whether the files' numbers are the feed's, one or some off, or unrelated: judged by what else the pairs share."""
    agree: Counter[int] = Counter()
    against: Counter[int] = Counter()
    for shift in _SHIFTS:
        for file in scorer.files:
            for verdict in _witnesses(scorer, file, Numbering(shift)):
                (agree if verdict else against)[shift] += 1
    shift, count = max(agree.items(), key=lambda pair: (pair[1], -abs(pair[0])), default=(0, 0))
    share = {each: agree[each] / (agree[each] + against[each]) for each in _SHIFTS if agree[each] + against[each]}
    if shift and count >= _AGREEING and share[shift] >= 0.7 and share.get(0, 0.0) <= 0.4:
        return Numbering(shift)
    if agree[0] + against[0] >= _AGREEING and share[0] < 0.5:
        return Numbering(trust=0.2)
    # Places in order of date are a guess until enough of them are borne out.
    return Numbering(trust=2.0) if agree[0] >= _AGREEING and share[0] >= 0.8 else Numbering()


def _witnesses(scorer: Scorer, file: Clues, numbering: Numbering) -> list[bool]:
    """For each episode with the file's shifted number: whether everything else speaks for it, or against."""
    if not file.numbers:
        return []
    found = []
    for at in scorer.numbered(file, numbering):
        weight = scorer.score(file, at, numbering).without_number()
        if abs(weight) > 1:
            found.append(weight > 0)
    return found if len(found) == 1 else []


def _days(scorer: Scorer) -> float:
    """How far the files' dates are to be trusted: little when what else the pairs share speaks against them."""
    verdicts: Counter[bool] = Counter()
    for file in scorer.files:
        near = scorer.dated(file)
        weight = scorer.score(file, near[0], Numbering()).without_date() if len(near) == 1 else 0.0
        if abs(weight) > 1:
            verdicts[weight > 0] += 1
    return 0.3 if verdicts[False] >= _AGREEING and verdicts[False] > verdicts[True] else 1.0
