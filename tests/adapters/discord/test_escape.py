"""Text of others looks like itself and does nothing."""

from __future__ import annotations

import re

import pytest

from adapters.discord.escape import address, bare, bare_line, inner, label, linked, marked, marked_line, silent

ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")


@pytest.mark.parametrize(
    "text",
    [
        "C++ * 2_000", "snake_case_names", "2 * 3 = 6", "12:30 and 1:02:03", "a < b > c", "<3", "(see [1])", "~5 min",
        "a | b", "what? yes! 50 % #1 & co", "Zürich – “quoted” … naïve", "שלום עולם", "👨\u200d👩\u200d👧 👍🏽 🇩🇪",
        "می\u200cخواهم",
    ],
)  # fmt: skip
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert marked(text) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        pytest.param("**bold**", r"\*\*bold\*\*", id="bold"),
        pytest.param("*it* _it_ __under__", r"\*it\* \_it\_ \_\_under\_\_", id="emphasis"),
        pytest.param("~~gone~~ ||secret||", r"\~\~gone\~\~ \|\|secret\|\|", id="strike and spoiler"),
        pytest.param("`code` ```block```", r"\`code\` \`\`\`block\`\`\`", id="code"),
        pytest.param("# one\n## two\n### three\n-# small", "\\# one\n\\## two\n\\### three\n\\-# small", id="headings"),
        pytest.param("> one\n>>> all", "\\> one\n\\>>> all", id="block quotes"),
        pytest.param("- one\n* two\n1. three\n2) four", "\\- one\n\\* two\n1\\. three\n2\\) four", id="lists"),
        pytest.param("[x](https://e.example)", r"[x]\(https\://e.example)", id="masked link"),
        pytest.param("https://e.example/a_b", r"https\://e.example/a_b", id="bare link"),
        pytest.param("<https://e.example>", r"\<https\://e.example>", id="link in brackets"),
        pytest.param("discord.gg/abc", r"discord\.gg/abc", id="invite"),
        pytest.param("DISCORD.com/invite/abc", r"DISCORD\.com/invite/abc", id="long invite"),
        pytest.param("<@1> <@!1> <@&2> <#3>", r"\<\@1> \<\@!1> \<\@&2> \<\#3>", id="mentions"),
        pytest.param("</quote:4> <t:5:R> <id:guide>", r"\<\/quote:4> \<t:5:R> \<id:guide>", id="commands and times"),
        pytest.param("<:a:6> <a:b:7> :smile:", r"\<\:a:6> \<a\:b:7> \:smile:", id="emoji"),
        pytest.param("@everyone @HERE", "@\u200beveryone @\u200bHERE", id="mass mentions"),
        pytest.param("back\\slash\\", r"back\\slash\\", id="backslashes"),
    ],
)
def test_markup_is_shown_and_not_read(text: str, safe: str) -> None:
    assert marked(text) == safe
    assert ESCAPED.sub(r"\1", safe).replace("\u200b", "") == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        pytest.param("a\u202eb\u2066c\u200ed\u061ce", "abcde", id="directions"),
        pytest.param("a\u200bb\ufeffc\u2060d\u200de\u00adf", "abcdef", id="zero width"),
        pytest.param("a\x00b\x1b[31mc\x7f", "ab[31mc", id="controls"),
        pytest.param("x\u3164\u115fy\u2800z", "xy z", id="blank letters"),
        pytest.param("a\ud800b", "a\ufffdb", id="half a character"),
        pytest.param("z" + "\u0336" * 50, "z" + "\u0336" * 4, id="piled marks"),
        pytest.param("a\n\n \n\n\nb", "a\n\nb", id="empty lines"),
        pytest.param("a\u200d\u200d\u200db", "ab", id="joiners between letters"),
    ],
)
def test_what_nobody_sees_is_gone(text: str, safe: str) -> None:
    assert bare(text) == safe


def test_where_no_markup_is_read_none_is_escaped() -> None:
    assert bare_line("**a**\n@everyone [x](y)") == "**a** @\u200beveryone [x](y)"


def test_a_line_is_one_line() -> None:
    assert marked_line("1. one\n# two") == r"1\. one # two"
    assert inner("1. one\n# two *") == r"1. one # two \*"


def test_a_label_cannot_end_its_own_link() -> None:
    assert label("x](http://evil.example) [y") == r"x］(http\://evil.example) ［y"
    assert linked("x](http://evil.example)", "https://a.example/(1)") == (
        r"[x］(http\://evil.example)](https://a.example/%281%29)"
    )
    assert linked("*x*", "javascript:alert(1)") == r"\*x\*"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://a.example/1?t=9#x", "https://a.example/1?t=9#x"),
        ("HTTPS://a.example/", "https://a.example/"),
        ("http://127.0.0.1:8000/x", "http://127.0.0.1:8000/x"),
        ("https://exämple.org/ü?q=é", "https://xn--exmple-cua.org/%C3%BC?q=%C3%A9"),
        ("https://a.example/(b)[c]<d>\"'`", "https://a.example/%28b%29%5Bc%5D%3Cd%3E%22'%60"),
        ("https://a.example/%20", "https://a.example/%20"),
        ("javascript:alert(1)", None),
        ("https://user:pw@a.example/", None),
        ("https://a.example:99999/", None),
        ("https://[::1]/", None),
        ("https://.", None),
        ("https://a.example/" + "x" * 2048, None),
        (None, None),
    ],
)
def test_only_addresses_that_discord_takes_become_links(url: str | None, found: str | None) -> None:
    assert address(url) == found


def test_an_invite_is_no_link_in_content() -> None:
    assert silent("https://a.example/") == "<https://a.example/>"
    assert silent("https://discord.gg/abc") is None
    assert silent("https://ptb.discord.com/invite/abc") is None
