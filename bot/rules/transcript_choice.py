"""Which of an episode's transcripts to read: in the language that is spoken, in the form that says most. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import splitext
from urllib.parse import urlsplit

from bot.feed_memory import Resource

#: Best first: who said what when; then when; then who; then words alone.
FORMS = ("json", "vtt", "srt", "html", "text")
#: Codes that were replaced, macrolanguages and the members that feeds mean by them (ISO 639, IANA registry).
_SAME = {
    **{"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "nb": "no", "nn": "no", "tl": "fil"},
    **{"cmn": "zh", "deu": "de", "ger": "de", "eng": "en", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it"},
    **{"por": "pt", "nld": "nl", "dut": "nl", "rus": "ru", "jpn": "ja", "zho": "zh", "chi": "zh", "nor": "no"},
    **{"nob": "no", "nno": "no", "swe": "sv", "dan": "da", "fin": "fi", "pol": "pl", "heb": "he", "ind": "id"},
}
#: Codes that say that nothing is known, or that it is no one language.
_UNKNOWN = frozenset(("", "und", "mul", "mis", "zxx", "unknown", "auto", "null", "none"))
#: Words of media types (and of endings) to the form that they mean; the first that fits counts.
_TYPES = (
    *(("json", "json"), ("vtt", "vtt"), ("srt", "srt"), ("subrip", "srt"), ("html", "html"), ("text/plain", "text")),
    *(("markdown", "text"), ("msword", "text"), ("wordprocessing", "text"), ("rtf", "text")),
)
_ENDINGS = {
    **{".json": "json", ".vtt": "vtt", ".srt": "srt", ".sbv": "srt", ".ttml": "srt", ".dfxp": "srt"},
    **{".html": "html", ".htm": "html", ".txt": "text", ".md": "text", ".docx": "text", ".rtf": "text"},
}
#: What ``Parsed.format`` calls each form; a page holds names and often times, as HTML does.
_PARSED = {
    **{"json-transcript": "json", "vtt": "vtt", "srt": "srt", "html-transcript": "html", "page": "html"},
    **{"speaker-markdown": "html", "timed-text": "text", "text": "text"},
}


def ranked(resources: Sequence[Resource], spoken: str) -> list[Resource]:
    """The transcripts in the order in which to fetch them; translations are left out.

    ``spoken`` is the language of the episode. By form (declared type, else the address's ending); of one form, those
    with ``rel="captions"`` last, then those that state no language, then the feed's order.
    """
    usable = [one for one in resources if one.kind == "transcript" and not is_translation(one.language, spoken)]
    return sorted(usable, key=_rank)


def _rank(resource: Resource) -> tuple[int, bool, bool]:
    captions = resource.rel.strip().lower() == "captions"
    return _place(form(resource.type, resource.url)), captions, not language_of(resource.language)


def _place(name: str) -> int:
    return FORMS.index(name) if name in FORMS else len(FORMS)


def form(type: str, url: str = "") -> str:
    """One of ``FORMS`` for a declared media type, else for an address's ending; empty when neither is known.

    ``text/plain`` with an ending that says more is what the ending says: servers send it for all they do not know.
    """
    declared = type.partition(";")[0].strip().lower()
    found = next((name for word, name in _TYPES if word in declared), "")
    ending = _ENDINGS.get(splitext(_path(url))[1].lower(), "")
    return ending if ending and found in ("", "text") else found


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def better(one: str, other: str) -> bool:
    """Whether the transcript of format ``one`` (``Parsed.format``) is to be kept over one of format ``other``."""
    return _place(_PARSED.get(one, "")) < _place(_PARSED.get(other, ""))


def language_of(code: str | None) -> str:
    """The primary language of a code ("en-GB" is "en", "iw" is "he"); empty when it says nothing."""
    primary = (code or "").strip().lower().replace("_", "-").partition("-")[0]
    return "" if primary in _UNKNOWN else _SAME.get(primary, primary)


def is_translation(language: str | None, spoken: str) -> bool:
    """Whether a transcript in ``language`` is not in the language that is spoken; unknown ones count as spoken."""
    theirs, ours = language_of(language), language_of(spoken)
    return bool(theirs and ours) and theirs != ours
