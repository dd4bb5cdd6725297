"""Bytes of any file that Pullquote reads to ``Parsed``: pure, no I/O. The body decides the format, the name only hints.

Nothing but ``UnknownFormat`` is raised, and what a parser skips is in ``Parsed.problems``.
"""

from __future__ import annotations

import re
from collections import Counter

from bot.domain import Parsed
from bot.errors import UnknownFormat
from bot.formats import (
    audio_tags,
    caption_text,
    caption_xml,
    chapters_cues,
    chapters_notes,
    chapters_text,
    chapters_xml,
    clock_dress,
    cue_blocks,
    documents,
    front_matter,
    html_transcript,
    hypertext,
    json_chapters,
    json_transcript,
    json_values,
    label_tracks,
    name_lines,
    page,
    speaker_markdown,
)
from bot.formats.decoding import decode
from bot.formats.problems import Problems
from bot.formats.speakers import is_event, looks_full

_FEED = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF|channel)[\s>]")
_XML = re.compile(r"\s*<\?xml|\s*<!DOCTYPE(?!\s+html)", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[\]{\"])")
_BOLD_LINE = re.compile(r"^\*\*[^*\n]{1,80}(?::\s?\*\*|\*\*\s?:)", re.MULTILINE)
# Headings that make it a page, whose transcript has a parser of its own.
_PAGE = re.compile(
    r"^[#* \t]*(?:full |episode )?(?:transcript|chapters|timestamps|highlights)[:* \t]*$"
    r"|^#{1,6}[ \t][^\n]{0,60}\btranscript(?:ion)?\b",
    re.MULTILINE | re.IGNORECASE,
)


def parse(data: bytes, name: str = "") -> Parsed:
    """What the file holds. ``name`` (its path or address) settles only what the body leaves open.

    Raises UnknownFormat, with one clear reason, for an empty file, one that is not text, and text of no known format.
    """
    if audio_tags.is_audio(data):
        return audio_tags.whole(data)
    problems = Problems()
    if documents.is_word(data):
        return _document(documents.word_text(data, problems), name, problems)
    text = decode(data, problems)
    if text.lstrip().startswith("{\\rtf"):
        return _document(documents.rtf_text(text.lstrip()), name, problems)
    if text.lstrip().startswith("WEBVTT"):
        if chapters_cues.are_chapters(text, name):
            return chapters_cues.parse(text, "vtt-chapters", problems)
        return cue_blocks.parse_webvtt(_signed(text, problems), problems)
    if _JSON.match(text):
        return _json(text, name, problems)
    if text.lstrip()[:1] == "<":
        return _markup(text, data, name, problems)
    if "-->" in text and cue_blocks.TIMING.search(text):
        if chapters_cues.are_chapters(text, name):
            return chapters_cues.parse(text, "srt-chapters", problems)
        return cue_blocks.parse_srt(text, problems)
    if chapter_format := chapters_text.family(text):
        return chapters_text.parse(text, chapter_format, problems)
    if caption_format := caption_text.family(text):
        return caption_text.parse(text, caption_format, problems)
    if track := label_tracks.family(text):
        return label_tracks.parse(text, track, problems)
    if (dressed := cue_blocks.dressed(text)) is not None:
        return cue_blocks.parse_srt(dressed, problems)
    return _text(text, name, problems)


def _document(text: str, name: str, problems: Problems) -> Parsed:
    """The text of a document, which may be subtitles as Teams saves them or as somebody pasted them."""
    if "-->" in text and cue_blocks.TIMING.search(text):
        return cue_blocks.parse_srt(text, problems)
    return _text(text, name, problems)


def _signed(text: str, problems: Problems) -> str:
    if not text.startswith("WEBVTT"):
        problems.add("something stands before WEBVTT", 1)
    return text.lstrip()


def _json(text: str, name: str, problems: Problems) -> Parsed:
    value = json_values.load(text, problems)
    if (spoken := json_transcript.read(value, problems)) is not None:
        return spoken
    chapters = json_chapters.chapters_of(value)
    if chapters is None:
        raise UnknownFormat("the JSON holds neither a transcript nor chapters")
    return json_chapters.parse(value, chapters, problems, name)


def _markup(text: str, data: bytes, name: str, problems: Problems) -> Parsed:
    if chapter_format := chapters_xml.family(text):
        return chapters_xml.parse(text, chapter_format, problems, name)
    if _FEED.search(text[:20_000]):
        from bot.formats import feed  # lazy: only feeds need it

        return feed.parse(data, Problems(), name if name.startswith("http") else "")  # the XML says its own encoding
    if caption_xml.is_one(text):
        return caption_xml.parse(text, problems)
    if _XML.match(text):
        raise UnknownFormat("the XML is no feed")
    if html_transcript.is_one(text):
        found = html_transcript.parse(text, problems)
        if found.turns:
            return found
    body = clock_dress.plain("\n".join(hypertext.lines(chapters_notes.with_moments(text))))
    lines = [(0, line) for line in name_lines.undressed(body).split("\n")]
    return _known(page.parse(lines, front_matter.FrontMatter(), problems, name))


def _text(text: str, name: str, problems: Problems) -> Parsed:
    meta, body = front_matter.read(text, problems)
    if _is_speaker_markdown(body):
        return speaker_markdown.parse(body, meta, problems, meta.lines + 1)
    body = name_lines.undressed(clock_dress.plain(body))
    lines = [(number, line.strip()) for number, line in enumerate(body.split("\n"), meta.lines + 1)]
    return _known(page.parse(lines, meta, problems, name))


def _is_speaker_markdown(body: str) -> bool:
    """Its first words are a name in bold, or many of its paragraphs begin with one."""
    if "**" not in body:
        return False
    first = body.lstrip()
    label = speaker_markdown.LABEL.match(first) if first.startswith("**") else None
    if label and speaker_markdown.is_speaker(label[1]):
        return True
    bold = _BOLD_LINE.findall(body)
    if len(bold) * 5 < max(10, body.count("\n\n")) or _PAGE.search(body):
        return False
    names = Counter(one.strip("*: ") for one in bold)
    people = [name for name in names if speaker_markdown.is_speaker(name)]
    told = [paragraph for paragraph in body.split("\n\n") if paragraph.strip()[:1] not in ("", "#")]
    if any(names[name] > 1 or looks_full(name) or is_event(name) for name in people):
        return True
    # Two that speak once each: nothing but their words is in the file.
    return len(people) == len(names) and 2 * len(bold) >= len(told) and told[0].lstrip().startswith("**")


def _known(parsed: Parsed | None) -> Parsed:
    if parsed is None:
        raise UnknownFormat("no times, speakers or episode details were found in it")
    return parsed
