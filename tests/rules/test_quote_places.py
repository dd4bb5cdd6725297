"""Where a quote's words stand in a transcript: every place, and never a guess."""

from __future__ import annotations

from dataclasses import replace

from bot.rules.quote_places import nearest, spots
from tests.storage.build import lines_of


def test_words_are_found_in_a_line_over_lines_and_twice() -> None:
    lines = lines_of()
    text = " ".join(line.text for line in lines[:2])
    [one] = spots(text.upper(), lines)
    assert (one.first, one.last, one.start_s) == (0, 1, lines[0].start_s)
    doubled = [*lines, *(replace(line, n=line.n + len(lines)) for line in lines)]
    assert len(spots(lines[0].text, doubled)) == 2
    assert spots("", lines) == []
    assert spots("colourless green ideas", lines) == []


def test_a_line_that_is_left_out_breaks_a_stretch() -> None:
    lines = lines_of()
    words = f"{lines[0].text} {lines[2].text}"
    assert spots(words, [lines[0], lines[2]]) == []
    assert spots(lines[0].text, [replace(lines[0], garbled=True)]) == []


def test_of_several_places_the_time_decides_or_nothing_does() -> None:
    lines = lines_of()
    later = [replace(line, n=line.n + 100, start_s=(line.start_s or 0) + 900) for line in lines]
    found = spots(lines[0].text, [*lines, *later])
    assert nearest(found, None) is None
    assert nearest(found, 902.0) == found[1]
    assert nearest(found, 400.0) is None
    assert nearest(found[:1], 400.0) == found[0]
    assert nearest([], 0.0) is None
