"""Invented podcasts for tests: feeds, transcripts in every form, chapters and an MP3 with chapters in its tags."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0" '
    'xmlns:psc="http://podlove.org/simple-chapters" xmlns:atom="http://www.w3.org/2005/Atom"'
)
START = datetime(2024, 1, 3, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """One item; ``links`` are further elements as XML."""

    n: int
    title: str
    links: str = ""
    guid: str | None = None
    audio: str | None = None
    published: datetime | None = None

    def xml(self, base: str) -> str:
        date = self.published or START + timedelta(days=7 * self.n)
        audio = self.audio or f"{base}/audio/{self.n}.mp3"
        return (
            f'<item><title>{escape(self.title)}</title><guid isPermaLink="false">{self.guid or f"item-{self.n}"}</guid>'
            f"<link>{base}/episodes/{self.n}</link><pubDate>{format_datetime(date)}</pubDate>"
            f"<itunes:episode>{self.n}</itunes:episode><itunes:duration>600</itunes:duration>"
            f'<enclosure url={quoteattr(audio)} type="audio/mpeg" length="1000"/>{self.links}</item>'
        )


def transcript(url: str, type: str, language: str = "") -> str:
    said = f' language="{language}"' if language else ""
    return f"<podcast:transcript url={quoteattr(url)} type={quoteattr(type)}{said}/>"


def chapters_link(url: str) -> str:
    return f'<podcast:chapters url={quoteattr(url)} type="application/json+chapters"/>'


def feed(base: str, items: Sequence[Item], title: str = "The Tin Kettle", extra: str = "") -> str:
    """The feed with the newest item first."""
    rows = "".join(one.xml(base) for one in sorted(items, key=lambda one: -one.n))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {NAMESPACES}><channel><title>{escape(title)}</title>'
        f"<link>{base}/</link><language>en</language><itunes:author>Ann Lee</itunes:author>{extra}{rows}"
        "</channel></rss>"
    )


def vtt(*lines: tuple[str, str]) -> str:
    """One cue of five seconds a line: (speaker, words)."""
    cues = [f"{_clock(n * 5)}.000 --> {_clock(n * 5 + 5)}.000\n<v {who}>{said}" for n, (who, said) in enumerate(lines)]
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def _clock(seconds: int) -> str:
    return f"00:{seconds // 60:02}:{seconds % 60:02}"


def srt(*lines: tuple[str, str]) -> str:
    return "\n".join(
        f"{n + 1}\n00:00:{n * 5:02},000 --> 00:00:{n * 5 + 5:02},000\n{who}: {said}\n"
        for n, (who, said) in enumerate(lines)
    )


def json_transcript(*lines: tuple[str, str]) -> str:
    segments = [
        {"speaker": who, "startTime": n * 5.0, "endTime": n * 5.0 + 5, "body": said}
        for n, (who, said) in enumerate(lines)
    ]
    return json.dumps({"version": "1.0.0", "segments": segments})


def html_transcript(*lines: tuple[str, str]) -> str:
    rows = "".join(
        f"<cite>{who}:</cite><time>0:{n * 5:02}</time><p>{escape(said)}</p>" for n, (who, said) in enumerate(lines)
    )
    return f"<html><body>{rows}</body></html>"


def chapters_json(*chapters: tuple[float, str]) -> str:
    return json.dumps({"version": "1.2.0", "chapters": [{"startTime": at, "title": title} for at, title in chapters]})


def mp3(*chapters: tuple[float, str], padding: int = 200_000) -> bytes:
    """An MP3 with an ID3 tag of chapters (CHAP, CTOC) in front of silent frames."""
    from mutagen import id3

    made: Any = id3  # untyped in mutagen
    tags = made.ID3()
    ends = [at for at, _ in chapters[1:]] + [600.0]
    for n, ((at, title), end) in enumerate(zip(chapters, ends, strict=True)):
        tags.add(
            made.CHAP(
                element_id=f"c{n}",
                start_time=int(at * 1000),
                end_time=int(end * 1000),
                sub_frames=[made.TIT2(text=title)],
            )
        )
    names = [f"c{n}" for n in range(len(chapters))]
    flags = made.CTOCFlags.TOP_LEVEL | made.CTOCFlags.ORDERED
    tags.add(made.CTOC(element_id="toc", flags=flags, child_element_ids=names))
    out = io.BytesIO()
    tags.save(out)
    return out.getvalue() + b"\xff\xfb\x90\x00" + b"\0" * padding
