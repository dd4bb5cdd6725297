"""What moderators do beside withholding: fix, speakers, roles, settings, history, undo, status."""

from __future__ import annotations

import pytest

from bot import texts
from bot.domain import Person, Role
from bot.services.roles import role_of, subject_of
from tests.commands.world import HALL, OTHER, STAFF, World, lighthouses
from tests.storage.build import episode_import

NINE = "I once kept a lighthouse for nine winters."
TEN = "I once kept a lighthouse for ten long winters."

EDITORS = (
    "withhold x",
    "fix x",
    "speakers name label:a name:b",
    "speakers list",
    "speakers undo",
    "history",
    "undo",
    "status",
)
ADMINS = ("roles", "settings")


@pytest.mark.parametrize("line", [*EDITORS, *ADMINS])
async def test_members_are_refused_with_the_missing_role_named(member: World, line: str) -> None:
    reply = await member.ask(f"/pullquote {line}")
    assert reply.outcome == "not_allowed"
    assert ("admin" if line in ADMINS else "editor") in reply.text
    assert reply.private


@pytest.mark.parametrize("line", ADMINS)
async def test_editors_are_refused_what_admins_do(editor: World, line: str) -> None:
    assert (await editor.ask(f"/pullquote {line}")).outcome == "not_allowed"


# --- fix ----------------------------------------------------------------------------------------------------------


async def test_a_fix_shows_old_and_new_and_asks(member: World, editor: World) -> None:
    asked = await editor.ask(f'/pullquote fix {NINE} text:"{TEN}"')
    assert asked.outcome == "confirm"
    assert asked.fields[0].value == f"{NINE} → {TEN}"
    assert (await member.ask(f"/quote {NINE}")).quotes[0].text == NINE
    done = await editor.press_label(asked, texts.YES)
    assert done.outcome == "done"
    found = await member.ask(f"/quote {TEN}")
    assert (found.quotes[0].text, found.footer) == (TEN, texts.FIXED)


async def test_a_fix_survives_another_import(member: World, editor: World) -> None:
    from tests.commands.world import LIGHTHOUSES

    await editor.ask(f'/pullquote fix {NINE} text:"{TEN}" yes:true')
    await member.save(lighthouses((("Ann", "A new opening line stands before all others now."), *LIGHTHOUSES)))
    assert (await member.ask(f"/quote {TEN}")).quotes[0].text == TEN


async def test_the_speaker_and_the_time_of_a_line_are_fixed(member: World, editor: World) -> None:
    done = await editor.ask("/pullquote fix 0:08 episode:lighthouses speaker:Ann time:0:09 yes:true")
    assert len(done.fields) == 2
    quote = (await member.ask(f"/quote {NINE}")).quotes[0]
    assert quote.speaker == "Ann"
    assert quote.moment in ("0:09", "≈ 0:09")


async def test_a_fix_without_new_words_asks_in_a_form(member: World, editor: World) -> None:
    asked = await editor.ask(f"/pullquote fix {NINE}")
    assert asked.form
    assert [field.value for field in asked.form.fields] == [NINE, "Bo", "0:07"]
    from bot.reply import Action

    answers = {"text": TEN, "speaker": "Bo", "time": "0:07"}
    again = await editor.press(Action("", asked.form.command, asked.form.args), answers)
    assert [row.label for row in again.fields] == [texts.FIX_TEXT]
    await editor.press_label(again, texts.YES)
    assert (await member.ask(f"/quote {TEN}")).quotes[0].text == TEN


async def test_a_fix_of_a_fix_replaces_it_and_undo_gives_the_first_back(member: World, editor: World) -> None:
    await editor.ask(f'/pullquote fix {NINE} text:"{TEN}" yes:true')
    eleven = "I once kept a lighthouse for eleven endless winters."
    await editor.ask(f'/pullquote fix {TEN} text:"{eleven}" yes:true')
    assert (await member.ask(f"/quote {eleven}")).quotes[0].text == eleven
    await editor.ask("/pullquote undo")
    assert (await member.ask(f"/quote {TEN}")).quotes[0].text == TEN
    assert len(await editor.storage.records(editor.context.community, "fix")) == 1


async def test_a_fix_that_changes_nothing_says_so(editor: World) -> None:
    assert (await editor.ask(f'/pullquote fix {NINE} text:"{NINE}" yes:true')).text == texts.FIX_SAME
    assert (await editor.ask(f"/pullquote fix {NINE} time:soon")).text.startswith(texts.BAD_TIME)


# --- speakers -----------------------------------------------------------------------------------------------------


async def test_unnamed_speakers_are_listed_with_lines_that_may_be_seen(editor: World) -> None:
    turns = tuple(("Speaker 1", f"The tide table of year {n} was printed on yellow paper.") for n in range(5))
    await editor.save(episode_import("tides", turns), "kitchen")
    [row] = (await editor.ask("/pullquote speakers list")).fields
    assert row.label == "“Speaker 1” in Tides"
    assert [n for n in range(5) if f"year {n} was" in row.value] == [0, 2, 4]
    await editor.ask("/pullquote withhold The tide table of year 4 was printed yes:true")
    [row] = (await editor.ask("/pullquote speakers list tides")).fields
    assert "year 4" not in row.value
    await editor.save(episode_import("hush", turns, title="Hush"), "vault")
    assert "Hush" not in str((await editor.ask("/pullquote speakers list")).fields)
    await editor.ask('/pullquote speakers name label:"Speaker 1" name:"Flo Tide" episode:tides')
    assert (await editor.ask("/pullquote speakers list show:kitchen")).text == texts.NO_VOICES


async def test_a_speaker_is_named_in_one_episode(member: World, editor: World) -> None:
    turns = (("Speaker 1", "The tide tables were printed on yellow paper every spring."),)
    await member.save(episode_import("tides", turns), "kitchen")
    unknown = await member.ask("/quote tide tables were printed on yellow paper")
    assert unknown.quotes[0].speaker == texts.SPEAKER_UNKNOWN
    done = await editor.ask('/pullquote speakers name label:"Speaker 1" name:"Flo Tide" episode:tides')
    assert (done.outcome, "1 turn" in done.text) == ("done", True)
    named = await member.ask("/quote tide tables were printed on yellow paper speaker:flo")
    assert named.quotes[0].speaker == "Flo Tide"


async def test_an_alias_holds_for_the_whole_show_and_is_taken_back(member: World, editor: World) -> None:
    done = await editor.ask('/pullquote speakers alias label:Bo name:"Bo Sailor" show:harbour')
    assert "Bo Sailor" in done.text
    assert (await member.ask(f"/quote {NINE}")).quotes[0].speaker == "Bo Sailor"
    await member.ask(f"/quotes save {NINE}")
    back = await editor.ask("/pullquote speakers undo")
    assert back.outcome == "done"
    assert (await member.ask(f"/quote {NINE}")).quotes[0].speaker == "Bo"
    assert (await editor.ask("/pullquote speakers undo")).text == texts.NO_ALIAS


async def test_an_alias_says_when_it_is_there_or_needs_a_show(editor: World) -> None:
    await editor.ask("/pullquote speakers alias label:Bo name:Bob show:harbour")
    assert (await editor.ask("/pullquote speakers alias label:bo name:Bob show:harbour")).outcome == "same"
    assert (await editor.ask("/pullquote speakers alias label:Bo name:Bob")).text == texts.SHOW_NEEDED


# --- roles --------------------------------------------------------------------------------------------------------


async def test_a_granted_role_raises_and_a_revoked_one_does_not(admin: World) -> None:
    noa = Person("discord", "123")
    storage, community = admin.storage, admin.context.community
    done = await admin.ask("/pullquote roles discord:123 role:editor")
    assert "Server Settings" in done.text
    assert await role_of(storage, community, noa, frozenset(), Role.member) is Role.editor
    assert await role_of(storage, community, noa, frozenset(), Role.admin) is Role.admin
    assert await role_of(storage, OTHER, noa, frozenset(), Role.member) is Role.member
    assert "discord:123" in (await admin.ask("/pullquote roles")).plain()
    await admin.ask("/pullquote roles discord:123 role:none")
    assert await role_of(storage, community, noa, frozenset(), Role.member) is Role.member


async def test_a_role_is_granted_to_a_platform_role(admin: World) -> None:
    await admin.ask("/pullquote roles subject:discord:77 role:admin")
    role = await role_of(admin.storage, admin.context.community, Person("discord", "1"), frozenset({"77"}), Role.member)
    assert role is Role.admin


@pytest.mark.parametrize(
    "line", ["discord:1", "role:editor", "discord:1 role:operator", '"two words" role:editor', "<@!x y> role:admin"]
)
async def test_an_unclear_grant_gives_nothing(admin: World, line: str) -> None:
    assert (await admin.ask(f"/pullquote roles {line}")).outcome == "usage"
    assert await admin.storage.records(admin.context.community, "grant") == []


def test_a_mention_means_its_person() -> None:
    assert subject_of("<@!42>", "discord") == "discord:42"
    assert subject_of("<@U12|ann>", "slack") == "slack:U12"
    assert subject_of("U12", "slack") == "slack:U12"


# --- settings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("name:show value:kitch", "kitchen"),
        ("name:answers value:Public", "public"),
        ("name:timezone value:Europe/Berlin", "Europe/Berlin"),
        ("name:language value:pt-BR", "pt-BR"),
    ],
)
async def test_a_known_setting_is_kept_shown_and_cleared(admin: World, line: str, value: str) -> None:
    name = line.split()[0].removeprefix("name:")
    assert (await admin.ask(f"/pullquote settings {line}")).outcome == "done"
    assert f"{name} = {value}" in (await admin.ask("/pullquote settings")).plain()
    assert (await admin.ask(f"/pullquote settings {line}")).outcome == "same"
    assert (await admin.ask(f"/pullquote settings name:{name} clear:yes")).outcome == "done"
    assert (await admin.ask("/pullquote settings")).text == texts.NO_SETTINGS


@pytest.mark.parametrize(
    "line",
    [
        "name:show value:garden",
        "name:answers value:loud",
        "name:timezone value:../../etc/passwd",
        "name:timezone value:Mars/Base",
        "name:language value:x",
        "name:colour value:red",
        "value:public",
    ],
)
async def test_what_a_setting_does_not_take_is_refused(admin: World, line: str) -> None:
    assert (await admin.ask(f"/pullquote settings {line}")).outcome in ("usage", "not_found")
    assert await admin.storage.records(admin.context.community, "setting") == []


async def test_a_place_goes_before_the_community(admin: World, member: World) -> None:
    await admin.ask("/pullquote settings name:show value:kitchen where:everywhere")
    await admin.ask("/pullquote settings name:show value:harbour")
    assert (await member.as_(place=HALL).ask("/episode")).title == "Storms at sea"
    assert (await member.as_(place=STAFF).ask("/episode")).title == "Slow bread"


async def test_a_private_shows_name_is_not_in_settings_elsewhere(admin: World) -> None:
    await admin.as_("ada", Role.admin, STAFF).ask("/pullquote settings name:show value:vault where:everywhere")
    assert "vault" in (await admin.as_("ada", Role.admin, STAFF).ask("/pullquote settings")).plain()
    assert "vault" not in (await admin.ask("/pullquote settings")).plain()
    assert "vault" not in (await admin.ask("/pullquote history")).plain()


# --- history, undo, status ------------------------------------------------------------------------------------------


async def test_history_says_who_did_what_and_when(editor: World) -> None:
    await editor.ask(f"/pullquote withhold {NINE} reason:private yes:true")
    row = (await editor.ask("/pullquote history")).fields[0]
    assert row.label.startswith("20")
    assert (
        "console:ed added withhold: a line at 0:07 of “Lamps and lighthouses” (hidden), because: private" in row.value
    )


async def test_undo_takes_back_one_that_history_shows(member: World, editor: World) -> None:
    first = await editor.ask(f"/pullquote withhold {NINE} yes:true")
    await editor.ask("/pullquote withhold the lamp went out on the third night yes:true")
    [action] = first.actions
    assert (await editor.ask(f"/pullquote undo {action.args['id']}")).outcome == "done"
    assert (await member.ask(f"/quote {NINE}")).quotes[0].text == NINE
    assert (await editor.ask(f"/pullquote undo {action.args['id']}")).outcome == "user_error"
    assert (await editor.ask("/pullquote undo zzz")).text == texts.NO_SUCH_CHANGE


async def test_undo_takes_the_latest_change_of_a_moderator_not_a_members(member: World, editor: World) -> None:
    await editor.ask(f"/pullquote withhold {NINE} yes:true")
    await member.ask("/quotes save the lamp went out on the third night")
    await editor.ask("/pullquote undo")
    assert (await member.ask(f"/quote {NINE}")).quotes[0].text == NINE
    assert "third night" in (await member.ask("/quotes list")).plain()
    assert (await editor.ask("/pullquote undo")).text == texts.NOTHING_TO_UNDO


async def test_an_editor_may_not_take_back_what_an_admin_set(editor: World, admin: World) -> None:
    done = await admin.ask("/pullquote roles discord:123 role:editor")
    reply = await editor.ask("/pullquote undo")
    assert reply.outcome == "not_allowed"
    assert "admin" in reply.text
    assert (await editor.press_label(done, texts.UNDO)).outcome == "not_allowed"
    assert (await admin.ask("/pullquote undo")).outcome == "done"


async def test_another_communitys_changes_are_not_seen_or_taken_back(editor: World) -> None:
    done = await editor.ask(f"/pullquote withhold {NINE} yes:true")
    other = editor.as_("eve", Role.admin, community=OTHER)
    assert (await other.ask("/pullquote history")).text == texts.NO_HISTORY
    assert (await other.press_label(done, texts.UNDO)).text == texts.NO_SUCH_CHANGE


async def test_history_of_a_private_show_is_not_told_elsewhere(editor: World) -> None:
    staff = editor.as_("ed", Role.editor, STAFF)
    await staff.ask("/pullquote withhold the merger with the canning factory will be announced yes:true")
    assert "merger" in (await staff.ask("/pullquote history")).plain()
    assert "merger" not in (await editor.ask("/pullquote history")).plain()


async def test_history_has_pages(editor: World) -> None:
    for n in range(12):
        await editor.ask(f"/pullquote speakers alias label:Bo name:Bo{n} show:harbour")
    first = await editor.ask("/pullquote history")
    assert len(first.fields) == 10
    assert len((await editor.press_label(first, texts.NEXT_PAGE)).fields) == 2


async def test_status_counts_and_says_whether_search_is_up_to_date(editor: World) -> None:
    shown = {row.label: row.value for row in (await editor.ask("/pullquote status")).fields}
    assert shown[texts.STATUS_SHOWS] == "2"
    assert shown[texts.STATUS_EPISODES] == "3, 3 with a transcript"
    assert shown[texts.STATUS_INDEX] == texts.INDEX_FRESH
    assert shown[texts.STATUS_LOST] == texts.NONE_LOST


async def test_status_counts_corrections_that_lost_their_words(member: World, editor: World) -> None:
    await editor.ask(f'/pullquote fix {NINE} text:"{TEN}" yes:true')
    await member.save(lighthouses((("Ann", "Nothing of the old talk is left in this recording."),)))
    shown = {row.label: row.value for row in (await editor.ask("/pullquote status")).fields}
    assert shown[texts.STATUS_LOST].startswith("1 ")


async def test_a_line_is_never_fixed_to_a_time_past_the_end(editor: World) -> None:
    refused = await editor.ask("/pullquote fix 0:08 episode:lighthouses time:5:00:00 yes:true")
    assert refused.outcome == "usage"
    assert "past the end" in refused.text
