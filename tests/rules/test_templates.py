"""Templates: what may be written, and what becomes of it; a feed's words are never read as one."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.rules import templates

VALUES = {
    "show": "Kites",
    "title": "The Long Tail",
    "number": "12",
    "duration": "48 min",
    "link": "https://k.example/12",
}


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{show}: {title}", "Kites: The Long Tail"),
        ("New!\n{title}\n{link}", "New!\nThe Long Tail\nhttps://k.example/12"),
        ("{ Title } {SHOW}", "The Long Tail Kites"),
        ("no placeholder", "no placeholder"),
        ("{{title}} is {title}", "{title} is The Long Tail"),
        ("{{{title}}}", "{The Long Tail}"),
        ("{{{title}", "{The Long Tail"),
        ("{title}{title}", "The Long TailThe Long Tail"),
        ("", ""),
    ],
)
def test_placeholders_become_what_they_name(template: str, said: str) -> None:
    assert templates.fill(templates.check(template), VALUES) == said


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{title}\n{people}\n{link}", "The Long Tail\nhttps://k.example/12"),
        ("{title}\nWith {people}\n{link}", "The Long Tail\nhttps://k.example/12"),
        ("{title}\n{people} · {season}\nEnd", "The Long Tail\nEnd"),
        ("{people}", ""),
        ("{mention} {title}", "The Long Tail"),
        ("{title} {mention}", "The Long Tail"),
        ("{title} {mention} {link}", "The Long Tail https://k.example/12"),
        ("{title} · {people} · {duration}", "The Long Tail · 48 min"),
        ("{people} · {duration}", "48 min"),
        ("{duration} · {people}", "48 min"),
        ("{title} ({people})", "The Long Tail"),
        ("{title} | {season} | {people}", "The Long Tail"),
        ("#{season}: {title}", "The Long Tail"),
        ("{season}: {title}", "The Long Tail"),
        ("Part {season}: {title}", "Part: The Long Tail"),
        ("{people} - {title} - {season}", "The Long Tail"),
        ("{title}, {people}, {link}", "The Long Tail, https://k.example/12"),
        ("{title}, {people}", "The Long Tail"),
        ("sea-{people}side {link}", "sea-side https://k.example/12"),
        ("{title} ({duration})", "The Long Tail (48 min)"),
        ("a  b\t c", "a b c"),
        ("{title}\n\n\n\n{link}", "The Long Tail\n\nhttps://k.example/12"),
        ("{title}\n\n{people}\n\n{link}", "The Long Tail\n\nhttps://k.example/12"),
        ("{people}\n\n{title}\n\n{season}", "The Long Tail"),
    ],
)
def test_what_is_empty_leaves_no_gap(template: str, said: str) -> None:
    assert templates.fill(templates.check(template), VALUES) == said


def test_a_blank_value_is_empty() -> None:
    assert templates.fill("{title}\n{people}", {"title": " ", "people": "\n"}) == ""


def test_the_mention_stands_where_the_template_says() -> None:
    values = VALUES | {"mention": "<@&42>"}
    assert templates.fill("{title}\n{mention}", values) == "The Long Tail\n<@&42>"
    assert templates.fill("{mention} {title}", values) == "<@&42> The Long Tail"


@pytest.mark.parametrize(
    "title",
    ["{show}", "{{show}}", "}{", "{", "{0.__class__}", "%s %(show)s", "$show", "\\1 \\g<0>", "a  b", "x\x01y\x00z"],
)
def test_a_feeds_words_are_never_read_as_a_template(title: str) -> None:
    assert templates.fill("{title} by {show}", {"title": title, "show": "Kites"}) == f"{title} by Kites"


def test_an_unknown_placeholder_is_named_beside_those_that_there_are() -> None:
    with pytest.raises(UsageError) as refused:
        templates.check("{titel}")
    assert str(refused.value) == (
        "There is no {titel}. There is {show}, {title}, {number}, {season}, {date}, {duration}, {people}, {summary}, "
        "{explicit}, {link}, {kind}, {mention}."
    )


@pytest.mark.parametrize(
    "template", ["{}", "{0}", "{title!r}", "{title:>9}", "{title.upper}", "{show[0]}", "{" + "x" * 900 + "}"]
)
def test_nothing_of_a_programming_language_is_taken(template: str) -> None:
    with pytest.raises(UsageError, match=r"^There is no \{.*\. There is \{show\}") as refused:
        templates.check(template)
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize("template", ["{title", "title}", "{title}}", "{{title}", "{", "a } b", "{ti\ntle}"])
def test_a_brace_without_its_other_half_is_refused(template: str) -> None:
    with pytest.raises(UsageError, match="stands alone: write"):
        templates.check(template)


def test_a_thousand_characters_are_the_most() -> None:
    assert templates.check("x" * 1000) == "x" * 1000
    with pytest.raises(UsageError, match=r"^A template has at most 1,000 characters; this one has 1,001\.$"):
        templates.check("x" * 1001)


def test_line_breaks_can_be_written_out_where_none_can_be_typed() -> None:
    assert templates.check("{title}\\n{link}\r\nEnd\rBye") == "{title}\n{link}\nEnd\nBye"


def test_control_characters_are_not_kept() -> None:
    assert templates.check("\x00{title}\x1b[31m\x01\x9f") == "{title}[31m"


def test_half_characters_and_the_mark_of_a_mention_are_not_kept() -> None:
    assert templates.check("a\ud800b\ufffc") == "ab"


def test_a_damaged_template_is_shown_as_it_is() -> None:
    assert templates.fill("{titel} {title", VALUES) == "{titel} {title"
    assert templates.fill("{title} } {x}", VALUES) == "The Long Tail } {x}"


def test_every_field_is_explained() -> None:
    assert tuple(templates.FIELDS) == (
        "show", "title", "number", "season", "date", "duration", "people", "summary", "explicit", "link", "kind",
        "mention",
    )  # fmt: skip
    assert all(templates.FIELDS.values())


# === Properties ===================================================================================================

parts = st.one_of(
    st.sampled_from([f"{{{name}}}" for name in templates.FIELDS]),
    st.sampled_from(["{{", "}}", "{", "}", "\n", " · ", "(", ")", "\\n", "\r\n", "{x}", "\x00", "\x01", "\u2028"]),
    st.text(max_size=12),
)
written = st.lists(parts, max_size=20).map("".join)
said = st.dictionaries(st.sampled_from(list(templates.FIELDS)), st.one_of(written, st.text(max_size=20)))


@given(written, said)
@example("{title}\x00{show}", {"title": "\x01"})
@example("{summary}\n\n\n{show}", {"summary": "a\n\n\n\nb  c"})
def test_what_is_accepted_is_filled_without_an_error_and_values_stand_word_for_word(
    template: str, values: dict[str, str]
) -> None:
    try:
        kept = templates.check(template)
    except UsageError:
        return
    assert templates.check(kept) == kept
    filled = templates.fill(kept, values)
    plain = kept.replace("{{", "").replace("}}", "")
    for name, value in values.items():
        if f"{{{name}}}" in plain:
            assert value.strip() in filled


@given(written, said)
def test_whatever_is_stored_is_filled(template: str, values: dict[str, str]) -> None:
    assert isinstance(templates.fill(template, values), str)


@given(st.dictionaries(st.sampled_from(list(templates.FIELDS)), st.text(max_size=30)))
def test_one_pass_puts_each_value_between_its_neighbours(values: dict[str, str]) -> None:
    marked = {name: f"<{value}>" for name, value in values.items()}
    template = "".join(f"{{{name}}}" for name in values)
    assert templates.fill(template, marked) == "".join(marked.values()).strip("\n")
