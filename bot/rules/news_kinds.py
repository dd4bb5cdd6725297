"""What an episode is to whoever subscribes: full, bonus or trailer as its feed says, or another show's. Pure.

No feed marks the episodes of other shows that are put into it, so the title tells, in the forms that publishers use as
labels. Doubtful forms are left alone: an own episode taken for another's loses its mention.
"""

from __future__ import annotations

import re

from bot.alerts import NewsKind
from bot.domain import EpisodeKind
from bot.rules.words import collapse, straighten

#: What may stand before a label: pictures, and the episode's number.
_LEAD = r"^[^\w\[(\"']*(?:(?:(?:ep(?:isode)?\b\.?\s*)?#?\d{1,5}|s\d{1,2}\s?e\d{1,4})\s*[:.|)–—-]\s*)?[^\w\[(\"']*"
_SEP = r"\s*(?:[:|–—]|\.{3}|…|-(?=\s))\s*"
_LABEL = (
    r"(?:(?:bonus|special|guest|surprise|holiday|summer|weekend)\s+)?(?:feed|podcast|pod|episode)[\s-]?swap"
    r"|(?:(?:bonus|special|surprise|holiday|summer|weekend)\s+)?feed[\s-]?drop|bonus\s+drop"
)
#: Clear whatever the feed says of the kind.
_LABELLED = re.compile(
    rf"{_LEAD}(?:{_LABEL})(?:{_SEP}\S|\s+(?:with|from)\s+\S|[\s.!]*$)"  # Feed Drop: Kites · Feed Swap with Kites
    rf"|{_LEAD}[\[(](?:{_LABEL})[\])]"  # [Feed Swap] Kites
    rf"|\s[\[(](?:{_LABEL})[\])]\s*$|\S\s*[|–—]\s*(?:{_LABEL})\s*$|\s-\s(?:{_LABEL})\s*$"  # Kites (Feed Drop)
    rf"|(?:{_LEAD}|[\[(:|–—]\s*|\s-\s|\bepisode\s)from\s(?:our|some)\sfriends\s(?:over\s)?at\s\S"
    rf"|{_LEAD}(?:our\s)?friends\sat\s[^:]+:\s\S"
    rf"|{_LEAD}listen\s(?:now|next){_SEP}.+[\[(]from\s[^)\]]+[\])]\s*$"  # Listen now: Kites (from Strings)
    rf"|{_LEAD}you\s(?:may|might|will|'ll)\s(?:also\s)?(?:like|enjoy|love){_SEP}\S"
    rf"|{_LEAD}podcast-?\s?tipp?{_SEP}\S",
    re.IGNORECASE,
)
#: A show's own trailer is introduced in the same words, so that the feed's word "trailer" stands.
_INTRODUCED = re.compile(
    rf"{_LEAD}(?:bonus{_SEP})?(?:introducing|presenting){_SEP}(?P<what>\S.*)$"  # Introducing: Kites
    rf"|{_LEAD}(?:introducing|presenting)\s[\"'].+[\"'].*\b(?:podcast|show|series|from)\b"
    rf"|{_LEAD}(?:introducing|presenting)\s.+[,:–—-]\s(?:a|an|another|our)\s(?:\w+\s)?new\s(?:\w+\s)?(?:podcast|series)\b"
    rf"|{_LEAD}presenting\s.+\b(?:podcast\b|from\sour\s|from\sthe\s(?:team|makers|people)\s)"
    rf"|{_LEAD}(?:an?\s|our\s)?(?:brand[\s-])?new\spodcast(?:\salert)?{_SEP}\S",
    re.IGNORECASE,
)
#: What is introduced in these words is no show: people, seasons and versions of one's own.
_OWN = re.compile(
    r"(?:our|my|your|his|her|their|this|new)\b|(?:the\s|a\s)?(?:new|next|final|second|third)\s(?:season|co-?host|host)\b"
    r"|(?:season|series|chapter|part|volume|episode)\s\w+|.*\bv?\d+\.\d+|.*\b(?:co-?host|format|season\s\d+)\b",
    re.IGNORECASE,
)
_MOST = 300


def kind_of(title: str, kind: EpisodeKind) -> NewsKind:
    """``kind`` is the feed's word; "swap" for an episode of another show, as far as its title says so."""
    said = straighten(collapse(title[:_MOST]))
    if _LABELLED.search(said):
        return "swap"
    if kind == "trailer":
        return kind
    found = _INTRODUCED.match(said)
    return "swap" if found and not (found["what"] and _OWN.match(found["what"])) else kind
