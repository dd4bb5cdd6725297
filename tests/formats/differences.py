"""Facts of the manifest that we differ from on purpose, each with its reason beside it. None loses an item, a cue or a
chapter. Nothing is compared here.

Not compared at all are facts about a file or another reader and not about what it says to us: whether the XML is
well-formed, its declared encoding and feedparser's findings (``test_feed_damage`` has damage of every kind), a JSON
transcript's top level and version (what was read from it is compared), tags that are not kept (``podcast:value``,
``podcast:socialInteract``, a channel's ``podcast:location``; pictures come from any of ten tags), podcastparser's own
count of episodes and title (it keeps items with media alone, and names a feed by its file), ``pseudo_speakers`` (they
are among the speakers) and ``cues_starting_Name_colon`` (a count of colons).
"""

from __future__ import annotations

#: The whole issue allows so many files.
MOST = 25

_OTHER_LETTERS = "the fact holds the bytes read in a wrong encoding; ours are the letters that were meant"

#: (file, fact): reason.
FEEDS = {
    ("AntennaPod__parser-feed-src-test-resources-feed-rss-testRss2Basic.xml", "first.pubDate_utc"): (
        "two digits of a year are read as POSIX and RFC 5322 do: 70 is 1970, as in the other feed of the pair"
    ),
    ("feedparser__tests-illformed-chardet-big5.xml", "feed_title"): _OTHER_LETTERS,
    ("feedparser__tests-illformed-chardet-koi8r.xml", "first.title"): _OTHER_LETTERS,
    ("feedparser__tests-illformed-chardet-shiftjis.xml", "first.title"): _OTHER_LETTERS,
}

#: File: which facts, and why.
CHAPTERS = {
    "AntennaPod__parser-media-src-test-resources-auphonic.m4a": (
        {"n_chapters", "first_chapters", "last_chapter"},
        "upstream asserts nothing; the QuickTime chapter track holds four chapters, and they are read",
    ),
    "AntennaPod__parser-media-src-test-resources-hindenburg-journalist-pro.m4a": (
        {"n_chapters", "first_chapters", "last_chapter"},
        "upstream asserts nothing; the QuickTime chapter track holds two chapters, and they are read",
    ),
    "chapters__tests-samples-FFMetadata.txt": (
        {"last_chapter"},
        "a backslash at a line's end is an escaped line break inside the title, not a part of it",
    ),
    "chapters__tests-samples-applechapters.xml": (
        {"last_chapter"},
        "the title stands in the text attribute, which Apple's own files use, too; a line break is no title",
    ),
    "chapters__tests-samples-matroska.xml": (
        {"first_chapters", "last_chapter"},
        "ChapString, Matroska's own name for ChapterString, is read as the title instead of none",
    ),
    "vector__non_monotonic_dropped.txt": (
        {"n_chapters"},
        "one policy for lists out of order: sorted, none dropped, the disorder reported",
    ),
}

#: File: why.
TRANSCRIPTS = {
    "pysrt__tests-static-capability_tester.srt": "a sentence with a colon is no speaker, and tags are no words",
    "pysrt__tests-static-windows-1252.srt": "a sentence with a colon is no speaker",
    "transcriptator__test-test_files-LaLaLand.json": "its times are milliseconds",
    "transcriptator__test-test_files-buzzcast.srt": "a cue that finishes a sentence is said by the same person",
    "transcriptator__test-test_files-podnews_daily_2024-01-25.vtt": "seconds without minutes are read",
    "transcriptator__test-test_files-podnews_weekly_review_2024-01-19.vtt": "seconds without minutes are read",
    "vtt.js__tests-file-layout-bom-tab-webvtt.vtt": "what stands before WEBVTT is forgiven",
    "vtt.js__tests-file-layout-newline-before-webvtt.vtt": "what stands before WEBVTT is forgiven",
    "vtt.js__tests-file-layout-tab-after-bom-before-header.vtt": "what stands before WEBVTT is forgiven",
    "webvtt-py__tests-subtitles-invalid.vtt": "cues without the WEBVTT line are read as SRT",
    "webvtt-py__tests-subtitles-youtube_dl.vtt": "a cue that only repeats the one before shows no new words",
    "webvtt.js__test-wpt-file-parsing-timings-garbage.vtt": "one odd setting is forgiven",
}
