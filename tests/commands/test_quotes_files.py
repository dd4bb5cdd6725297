"""``/quotes export`` and ``/quotes import``: a file of saved lines, and its lines found again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot import texts_chat as said
from bot.commands.dispatch import dispatch
from bot.commands.registry import load
from bot.domain import Role, SavedQuote
from bot.files import LARGEST, Upload
from bot.reply import Reply
from tests.commands.test_quotes import NINE, saved_by
from tests.commands.world import OTHER, STAFF, World

THIRD = "The lamp went out on the third night."


async def imported(world: World, *rows: dict[str, Any], data: bytes | None = None) -> Reply:
    command = load().get("quotes import")
    assert command
    file = Upload("quotes.json", data if data is not None else json.dumps({"quotes": rows}).encode())
    return await dispatch(command, world.context, {"file": file})


async def exported(world: World, options: str = "") -> list[dict[str, str]]:
    reply = await world.ask(f"/quotes export {options}")
    assert reply.file, reply
    found: list[dict[str, str]] = json.loads(reply.file.data)["quotes"]
    return found


async def saved(world: World) -> list[SavedQuote]:
    records = await world.storage.records(world.context.community, "saved_quote")
    return [one for one in records if isinstance(one, SavedQuote)]


async def test_an_export_names_everything_and_comes_back(member: World) -> None:
    id = await saved_by(member)
    [row] = await exported(member)
    assert (row["text"], row["speaker"], row["note"]) == (NINE, "Bo", "for the talk")
    assert (row["show"], row["episode"], row["title"]) == ("harbour", "lighthouses", "Lamps and lighthouses")
    assert float(row["time"]) > 0
    assert row["anchor"].count(".") == 3
    assert row["url"].startswith("https://")
    assert (await imported(member, row)).outcome == "same"
    await member.ask(f"/quotes delete {id}")
    reply = await imported(member, row)
    assert (reply.outcome, reply.text) == ("done", said.imported(1, 0, 0))
    [back] = await saved(member)
    assert (back.owner, back.speaker, back.note) == ("console:mia", "Bo", "for the talk")
    assert back.anchor.text == NINE


async def test_a_row_from_elsewhere_is_found_by_its_words_in_its_episode(member: World) -> None:
    reply = await imported(
        member,
        {"text": THIRD.lower(), "title": "Lamps and lighthouses", "show": "Their name for it", "anchor": "x"},
        {"text": "nine winters", "episode": "lighthouses", "show": "harbour", "note": "short"},
    )
    assert reply.text == said.imported(2, 0, 0)
    assert [one.anchor.text for one in await saved(member)] == [THIRD, NINE]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"text": "nine summers", "episode": "lighthouses"}, said.words_not_there("Lamps and lighthouses")),
        ({"text": NINE, "episode": "nowhere"}, said.episode_not_there("nowhere", several=False)),
        ({"text": NINE}, said.ROW_WITHOUT_EPISODE),
        ({"text": " ", "episode": "lighthouses"}, said.ROW_WITHOUT_WORDS),
        ({"text": "the", "episode": "lighthouses"}, said.words_there_twice("Lamps and lighthouses")),
        ({"text": "night. What did you do then?", "episode": "lighthouses"}, said.WORDS_OF_TWO),
        ({"text": "The merger with the canning factory will be announced before Christmas.", "episode": "merger"},
         said.episode_not_there("merger", several=False)),
    ],
)  # fmt: skip
async def test_what_cannot_be_found_surely_is_named_with_its_reason(
    member: World, row: dict[str, str], why: str
) -> None:
    reply = await imported(member, row)
    assert (reply.outcome, reply.text) == ("not_found", said.imported(0, 0, 1))
    assert [field.value for field in reply.fields] == [why]
    assert reply.fields[0].label.startswith("Row 1")
    assert await saved(member) == []


async def test_an_anchor_with_other_words_beside_it_is_not_believed(member: World) -> None:
    await saved_by(member)
    [row] = await exported(member)
    reply = await imported(member.as_("noa"), {**row, "text": "I never kept anything at all."})
    assert reply.outcome == "not_found"
    other = await imported(member.as_("noa"), {**row, "owner": "console:ada"})
    assert other.outcome == "done"
    assert {one.owner for one in await saved(member)} == {"console:mia", "console:noa"}


async def test_csv_is_read_too_and_a_table_without_columns_is_refused(member: World) -> None:
    table = f"text,episode,note\r\n{NINE},lighthouses,kept\r\n".encode()
    assert (await imported(member, data=table)).outcome == "done"
    assert (await saved(member))[0].note == "kept"
    reply = await imported(member, data=b"nothing of the kind")
    assert (reply.outcome, "CSV with the columns" in reply.text) == ("user_error", True)


async def test_an_export_is_ones_own_and_all_of_it_a_moderators(member: World, editor: World) -> None:
    await saved_by(member)
    await saved_by(member.as_("noa"), THIRD)
    assert [row["text"] for row in await exported(member)] == [NINE]
    assert (await member.ask("/quotes export whose:all")).outcome == "not_allowed"
    assert [row["text"] for row in await exported(editor, "whose:all")] == [THIRD, NINE]
    assert (await editor.ask("/quotes export")).outcome == "not_found"


async def test_a_private_shows_line_and_a_withheld_one_are_left_out(member: World, editor: World) -> None:
    staff = member.as_(place=STAFF)
    await saved_by(staff, "the merger with the canning factory will be announced")
    await saved_by(member)
    await saved_by(member, THIRD)
    await editor.ask(f"/pullquote withhold {THIRD} yes:true")
    reply = await member.ask("/quotes export")
    assert reply.file
    assert reply.text == said.exported(1, 2)
    assert b"canning" not in reply.file.data
    assert b"third night" not in reply.file.data
    direct = await member.as_("ed", Role.editor, direct=True).ask("/quotes export whose:all")
    assert direct.file
    assert b"canning" not in direct.file.data
    assert len(await exported(staff)) == 2


@pytest.mark.parametrize(("format", "start"), [("markdown", b"# "), ("csv", b"\xef\xbb\xbftext,")])
async def test_a_file_for_people_says_what_it_is(member: World, format: str, start: bytes) -> None:
    await saved_by(member)
    reply = await member.ask(f"/quotes export format:{format}")
    assert reply.file
    assert reply.private
    assert reply.file.data.startswith(start)
    assert NINE.encode() in reply.file.data.replace(b"\\", b"")
    assert reply.file.name.startswith("quotes-2024-06-01.")


async def test_a_file_that_is_words_or_too_large_is_refused(member: World) -> None:
    reply = await member.ask("/quotes import file:/etc/hostname")
    assert (reply.outcome, said.no_file("file") in reply.text) == ("usage", True)
    large = await imported(member, data=b" " * (LARGEST + 1))
    assert (large.outcome, said.file_too_large("file", LARGEST) in large.text) == ("usage", True)


async def test_another_communitys_lines_are_not_here(member: World) -> None:
    reply = await imported(member, {"text": "Prune the apple trees while frost still covers the northern slope.",
                                    "episode": "pruning", "show": "orchard"})  # fmt: skip
    assert reply.outcome == "not_found"
    other = member.as_("eve", community=OTHER)
    await saved_by(member)
    [row] = await exported(member)
    assert (await imported(other, row)).outcome == "not_found"
