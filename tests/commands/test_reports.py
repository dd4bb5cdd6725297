"""Saying that a line is wrong, the moderators' card about it, and settling it once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import texts, texts_answers
from bot.alerts import Alert
from bot.domain import Person, Report, Role
from bot.plain import render_plain
from bot.posts import Post
from bot.reply import Action, Reply
from bot.rules.alert_keys import key_in
from bot.rules.reports import DAY_MOST, OPEN_MOST
from bot.services.posts import NoPost, PostMaker
from tests.commands.world import OTHER, STAFF, World

NINE = "I once kept a lighthouse for nine winters."
FIRE = "So I lit a fire on the rocks and waved a lantern until dawn."
MERGER = "the merger with the canning factory will be announced"
LINES = ("welcome to the harbour", NINE, "The lamp went out on the third night", "Did you call the coast guard?", FIRE,
         "We had no radio at all", "Two fishing boats struck the reef", "Every sailor swam ashore alive")  # fmt: skip


async def reported(world: World, words: str = NINE, what: str = "Its text", note: str = "he said nine") -> Reply:
    """Wrong? pressed below a found line, and its form filled in."""
    form = await world.press_label(await world.ask(f"/quote {words}"), texts_answers.WRONG)
    assert form.form, form.text
    assert [one.name for one in form.form.fields] == ["what", "note"]
    return await world.press(Action("", form.form.command, form.form.args), {"what": what, "note": note})


async def stored(world: World) -> list[Report]:
    found = await world.storage.records(world.context.community, "report")
    return [one for one in found if isinstance(one, Report)]


async def alerts(world: World) -> list[Alert]:
    found = await world.storage.alerts(world.context.community)
    return [one for one in found if one.kind in ("trouble", "over")]


async def card(world: World) -> Post:
    [alert] = await alerts(world)
    post = await PostMaker(world.storage, world.clock).make(alert, None)
    assert isinstance(post, Post)
    return post


async def press(world: World, label: str, answers: dict[str, str] | None = None) -> Reply:
    """A button of the only card."""
    return await world.press(next(one for one in (await card(world)).actions if one.label == label), answers)


async def submit(world: World, reply: Reply, **answers: str) -> Reply:
    assert reply.form
    return await world.press(Action("", reply.form.command, reply.form.args), answers)


@pytest.fixture
def told() -> list[tuple[Person, Reply]]:
    """What was written to people directly, where the surface can."""
    return []


def writing(world: World, told: list[tuple[Person, Reply]]) -> World:
    """The same world on a surface that can write to people."""

    async def tell(person: Person, reply: Reply) -> bool:
        told.append((person, reply))
        return True

    return replace(world, context=replace(world.context, tell=tell))


# --- a member says so ----------------------------------------------------------------------------------------------


async def test_every_found_line_can_be_called_wrong(member: World) -> None:
    found = await member.ask(f"/quote {NINE}")
    assert texts_answers.WRONG in [one.label for one in found.actions]
    context = await member.press_label(found, texts.MORE_CONTEXT)
    assert texts_answers.WRONG in [one.label for one in context.actions]
    assert texts_answers.WRONG in [one.label for one in (await member.ask("/quote")).actions]


async def test_the_form_asks_what_is_wrong(member: World) -> None:
    form = (await member.press_label(await member.ask(f"/quote {NINE}"), texts_answers.WRONG)).form
    assert form
    assert form.fields[0].options == ("The line", "Its text", "Its speaker", "Its time", "Please remove this")
    assert (form.fields[1].required, form.fields[1].long) == (False, True)
    assert await stored(member) == []


async def test_a_report_is_kept_and_its_card_is_on_its_way(member: World) -> None:
    assert (await reported(member)).text == texts_answers.REPORTED
    [report] = await stored(member)
    assert (report.wrong, report.note, report.reporter, report.state) == ("text", "he said nine", "console:mia", "open")
    [alert] = await alerts(member)
    assert (alert.kind, alert.state, alert.place.channel) == ("trouble", "waiting", "console")


async def test_it_works_in_words(member: World) -> None:
    reply = await member.ask(f'/wrong {NINE} what:"its speaker" note:"that was Ann"')
    assert reply.text == texts_answers.REPORTED
    [report] = await stored(member)
    assert (report.wrong, report.note) == ("speaker", "that was Ann")


async def test_one_line_is_reported_once_by_one_member(member: World) -> None:
    await reported(member)
    again = await reported(member, what="Its time")
    assert (again.outcome, again.text) == ("same", texts_answers.REPORTED_ALREADY)
    assert len(await stored(member)) == len(await alerts(member)) == 1
    await reported(member.as_("zoe"))
    assert len(await stored(member)) == 2


async def test_one_member_cannot_flood_the_moderators(member: World) -> None:
    for words in LINES[:OPEN_MOST]:
        assert (await reported(member, words)).text == texts_answers.REPORTED
    refused = await reported(member, LINES[OPEN_MOST])
    assert refused.text == texts_answers.TOO_MANY_OPEN.format(n=OPEN_MOST)
    assert len(await alerts(member)) == OPEN_MOST
    assert (await reported(member.as_("zoe"), LINES[OPEN_MOST])).text == texts_answers.REPORTED


async def test_a_day_takes_only_so_many(member: World) -> None:
    await reported(member)
    [one] = await stored(member)
    day = [replace(one, id="abcdefghi"[n - 1] * 12, state="dismissed") for n in range(1, DAY_MOST)]
    for n, each in enumerate(day):
        anchor = replace(each.anchor, first_word=each.anchor.first_word + n, words=1)
        await member.storage.put(member.context.community, replace(each, anchor=anchor), "test")
    refused = await reported(member, LINES[6])
    assert refused.text == texts_answers.TOO_MANY_TODAY.format(n=DAY_MOST)
    member.clock.at += timedelta(days=1, minutes=1)
    assert (await reported(member, LINES[6])).text == texts_answers.REPORTED


async def test_a_line_that_may_not_be_seen_cannot_be_reported(member: World) -> None:
    inside = member.as_(place=STAFF)
    found = await inside.ask(f"/quote {MERGER}")
    assert (await member.press_label(found, texts_answers.WRONG)).text == texts.LINE_GONE
    assert (await member.as_(community=OTHER).press_label(found, texts_answers.WRONG)).text == texts.LINE_GONE


async def test_a_note_is_bounded(member: World) -> None:
    form = (await member.press_label(await member.ask(f"/quote {NINE}"), texts_answers.WRONG)).form
    assert form
    answers = {"what": "Its text", "note": "x" * 301}
    reply = await member.press(Action("", form.command, form.args), answers)
    assert reply.outcome == "usage"
    assert await stored(member) == []


# --- the card -------------------------------------------------------------------------------------------------------


async def test_the_card_shows_the_line_its_neighbours_and_the_way_to_the_moment(member: World) -> None:
    await reported(member, what="Please remove this")
    post = await card(member)
    assert post.text == ("Mia about a line of “Lamps and lighthouses”: please remove it.\nMore about it: he said nine")
    assert post.highlight
    assert (post.highlight.text, post.highlight.speaker, post.highlight.moment) == (NINE, "Bo", "0:07")
    assert "Today we talk about lighthouses" in post.summary
    assert "The lamp went out on the third night." in post.summary
    assert [one.label for one in post.links] == ["Watch at 0:07 (YouTube)"]
    assert [one.label for one in post.actions] == ["Fix text", "Fix speaker", "Fix time", "Withhold", "Dismiss"]


async def test_the_cards_buttons_carry_the_alerts_key(member: World) -> None:
    from bot.commands.codec import write

    await reported(member)
    [alert] = await alerts(member)
    for action in (await card(member)).actions:
        code = write(action.command, action.args)
        assert len(code) <= 90
        assert key_in(code) == (alert.id, "trouble")


async def test_the_card_is_posted_once_in_the_moderators_place(member: World, admin: World) -> None:
    await admin.ask(f"/pullquote settings name:moderators value:{STAFF}")
    await reported(member)
    [alert] = await alerts(member)
    assert alert.place == STAFF
    assert await member.storage.troubles(member.context.community)
    await reported(member)
    assert len(await alerts(member)) == 1


async def test_the_outbox_posts_the_card_once_and_its_buttons_work(member: World, editor: World) -> None:
    outbox = member.services.alerts.outbox
    running = asyncio.create_task(outbox.run())
    try:
        await reported(member)
        async with asyncio.timeout(30):
            while (await alerts(member))[0].state != "posted":  # noqa: ASYNC110 - storage tells nobody
                await asyncio.sleep(0.01)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    [alert] = await alerts(member)
    assert len(member.platform.posts(alert.id)) == 1
    assert (await press(editor, "Dismiss")).text == texts_answers.REPORT_DISMISSED


async def test_a_private_shows_line_is_on_no_card_elsewhere(member: World) -> None:
    await reported(member.as_(place=STAFF), MERGER)
    post = await card(member)
    assert post.text == texts_answers.REPORT_ELSEWHERE
    assert "canning" not in repr(post)
    assert "merger" not in repr(post).casefold()


async def test_a_hostile_note_and_name_are_plain_on_the_card(member: World) -> None:
    await reported(member.as_("\u202eeve"), note="a\x1b[31m\u202eb")
    post = await card(member)
    assert "\u202e" not in post.text
    assert "\x1b" not in post.text


async def test_a_card_whose_line_is_hidden_meanwhile_shows_it_no_more(member: World, editor: World) -> None:
    await reported(member)
    assert (await editor.ask(f"/pullquote withhold {NINE} yes:true")).outcome == "done"
    post = await card(member)
    assert "nine winters" not in post.plain()
    assert [one.label for one in post.actions] == ["Dismiss"]


async def test_a_report_that_is_settled_before_it_is_posted_is_posted_no_more(member: World, editor: World) -> None:
    await reported(member)
    [alert] = await alerts(member)
    await press(editor, "Dismiss")
    made = await PostMaker(member.storage, member.clock).make(alert, None)
    assert isinstance(made, NoPost)
    assert made.reason == texts_answers.REPORT_OVER


# --- moderators -----------------------------------------------------------------------------------------------------


async def test_members_settle_nothing(member: World) -> None:
    await reported(member)
    for action in (await card(member)).actions:
        assert (await member.press(action)).outcome == "not_allowed"
    assert (await member.ask("/pullquote reports")).outcome == "not_allowed"


@pytest.mark.parametrize(
    ("label", "now", "right", "shown"),
    [
        ("Fix text", NINE, "I kept a lighthouse for ten winters.", "I kept a lighthouse for ten winters."),
        ("Fix speaker", "Bo", "Ann", "Ann"),
        ("Fix time", "0:07", "0:09", "0:09"),
    ],
)
async def test_a_fix_asks_with_the_present_value_and_settles(
    member: World, editor: World, label: str, now: str, right: str, shown: str
) -> None:
    await reported(member)
    asked = await press(editor, label)
    assert asked.form
    assert asked.form.fields[0].value == now
    done = await submit(editor, asked, value=right)
    assert done.outcome == "done", done.text
    [report] = await stored(member)
    assert (report.state, report.settled_by) == ("fixed", "Ed")
    found = await member.ask(f"/quote {NINE}")
    assert shown in found.quotes[0].text or shown in (found.quotes[0].speaker, found.quotes[0].moment)
    assert await member.storage.troubles(member.context.community) == []


async def test_a_fix_that_cannot_be_leaves_the_report_open(member: World, editor: World) -> None:
    await reported(member)
    asked = await press(editor, "Fix time")
    for wrong in ("soon", "59:59:59", "0:07"):
        refused = await submit(editor, asked, value=wrong)
        assert refused.outcome in ("usage", "same")
    assert [one.state for one in await stored(member)] == ["open"]
    assert await member.storage.records(member.context.community, "fix") == []


async def test_withhold_takes_the_line_away_at_once_and_can_be_undone(member: World, editor: World) -> None:
    await reported(member)
    done = await press(editor, "Withhold")
    assert done.outcome == "done"
    assert (await member.ask(f"/quote {NINE}")).quotes == () or NINE not in (await member.ask(f"/quote {NINE}")).plain()
    assert [one.state for one in await stored(member)] == ["withheld"]
    await editor.press_label(done, texts.UNDO)
    assert (await member.ask(f"/quote {NINE}")).quotes[0].text == NINE


async def test_the_second_moderator_is_told_who_settled_it(member: World, editor: World) -> None:
    await reported(member)
    buttons = (await card(member)).actions
    form = await press(editor, "Fix speaker")
    await press(editor, "Dismiss")
    max_ = member.as_("max", Role.editor)
    for action in buttons:
        said = await max_.press(action)
        assert (said.outcome, said.text) == ("same", texts_answers.settled_already("Ed", "dismissed"))
    assert (await submit(max_, form, value="Ann")).outcome == "same", "a form that was open meanwhile"
    assert await member.storage.records(member.context.community, "fix") == []


async def test_two_at_the_same_moment_settle_it_once(member: World, editor: World) -> None:
    """Both have read it as open; storage lets one of them."""
    await reported(member)
    [report] = await stored(member)
    one = await member.storage.settle(member.context.community, replace(report, state="dismissed", settled_by="A"), "a")
    other = await member.storage.settle(member.context.community, replace(report, state="fixed", settled_by="B"), "b")
    assert one is None
    assert other
    assert (other.state, other.settled_by) == ("dismissed", "A")


async def test_the_list_names_what_is_open_and_opens_it(member: World, editor: World) -> None:
    assert (await editor.ask("/pullquote reports")).text == texts_answers.NO_REPORTS
    await reported(member)
    listed = await editor.ask("/pullquote reports")
    assert NINE in listed.fields[0].value
    assert listed.choices
    card_ = await editor.press(listed.choices.options[0].action)
    assert [one.label for one in card_.actions][:5] == list(
        ("Fix text", "Fix speaker", "Fix time", "Withhold", "Dismiss")
    )
    assert "Mia" in card_.text
    assert (await editor.press_label(card_, "Dismiss")).text == texts_answers.REPORT_DISMISSED
    assert (await editor.ask("/pullquote reports")).text == texts_answers.NO_REPORTS


async def test_reports_are_settled_in_words(member: World, editor: World) -> None:
    await reported(member)
    [report] = await stored(member)
    done = await editor.ask(f"/pullquote reports {report.id} do:speaker value:Ann")
    assert done.outcome == "done"
    assert (await editor.ask("/pullquote reports aaaaaaaaaaaa")).text == texts_answers.NO_REPORT
    assert (await editor.ask("/pullquote reports do:dismiss")).outcome == "usage"


async def test_the_list_has_nothing_of_private_shows_elsewhere_or_of_others(member: World, editor: World) -> None:
    await reported(member.as_(place=STAFF), MERGER)
    [report] = await stored(member)
    assert (await editor.ask("/pullquote reports")).text == texts_answers.NO_REPORTS
    assert (await editor.ask(f"/pullquote reports {report.id}")).text == texts_answers.NO_REPORT
    inside = editor.as_("ed", Role.editor, STAFF)
    assert (await inside.ask("/pullquote reports")).fields
    abroad = editor.as_("ed", Role.editor, community=OTHER)
    assert (await abroad.ask(f"/pullquote reports {report.id}")).text == texts_answers.NO_REPORT


async def test_no_list_of_the_moderators_names_a_private_show_elsewhere(member: World, editor: World) -> None:
    await reported(member)
    await reported(member.as_(place=STAFF), MERGER)
    lists = ("history", "alerts list", "status", "reports", "held")
    told = "".join([(await editor.ask(f"/pullquote {name}")).plain() for name in lists])
    assert "Lamps and lighthouses" in told
    assert "merger" not in told.casefold()


async def test_troubles_and_numbers_count_reports_apart(member: World, editor: World) -> None:
    await reported(member)
    assert "nine winters" not in render_plain(await editor.ask("/pullquote alerts list"))
    status = {row.label: row.value for row in (await editor.ask("/pullquote status")).fields}
    assert status[texts_answers.STATUS_REPORTS] == "1 reported line: /pullquote reports"


# --- the reporter hears of it ----------------------------------------------------------------------------------------


async def test_the_reporter_is_written_to(member: World, editor: World, told: list[tuple[Person, Reply]]) -> None:
    await reported(member)
    await press(writing(editor, told), "Dismiss")
    [(person, reply)] = told
    assert str(person) == "console:mia"
    assert reply.text == (
        "The line that you reported in “Lamps and lighthouses” at 0:07: a moderator looked at it, and it stays as it "
        "is."
    )


async def test_who_cannot_be_written_to_hears_it_with_the_next_line_once(member: World, editor: World) -> None:
    await reported(member)
    await press(editor, "Withhold")
    assert "reported" not in (await member.as_("zoe").ask(f"/quote {FIRE}")).plain()
    heard = await member.ask(f"/quote {FIRE}")
    assert heard.footer
    assert (
        "The line that you reported in “Lamps and lighthouses” at 0:07: it is not shown here any more." in heard.footer
    )
    assert "reported" not in (await member.ask(f"/quote {FIRE}")).plain()


async def test_news_is_not_told_where_others_read(member: World, admin: World, editor: World) -> None:
    await reported(member)
    await press(editor, "Dismiss")
    await admin.ask("/pullquote settings name:answers value:public")
    assert "reported" not in (await member.ask(f"/quote {FIRE}")).plain()
    await admin.ask("/pullquote settings name:answers clear:yes")
    assert "reported" in (await member.ask(f"/quote {FIRE}")).plain()


async def test_a_private_shows_title_is_in_no_direct_message(
    member: World, editor: World, told: list[tuple[Person, Reply]]
) -> None:
    await reported(member.as_(place=STAFF), MERGER)
    [report] = await stored(member)
    inside = writing(editor.as_("ed", Role.editor, STAFF), told)
    assert (await inside.ask(f"/pullquote reports {report.id} do:dismiss")).outcome == "done"
    [(_, reply)] = told
    assert "merger" not in reply.plain().casefold()


async def test_a_line_that_was_looked_at_is_not_reported_again_the_same_day(member: World, editor: World) -> None:
    await reported(member)
    await press(editor, "Dismiss")
    assert (await reported(member)).text == texts_answers.LOOKED_AT
    member.clock.at += timedelta(days=1, minutes=1)
    assert (await reported(member)).text == texts_answers.REPORTED
    assert [one.state for one in await stored(member)] == ["open"]
    assert len(await alerts(member)) == 2, "it is another turn of the same trouble, told again"


async def test_erased_words_stay_in_no_note(member: World, editor: World) -> None:
    await reported(member, note="nine winters is what he said")
    await editor.ask(f"/pullquote withhold {NINE} level:erased yes:true")
    assert "nine winters" not in repr(await stored(member))
    assert "nine winters" not in repr(await member.storage.history(member.context.community, limit=50))


async def test_a_posted_card_says_who_settled_it_and_can_settle_nothing_more(member: World, editor: World) -> None:
    await reported(member)
    [alert] = await alerts(member)
    posted = await post_it(member, alert)
    await press(editor, "Dismiss")
    [chore] = await member.storage.chores(alert.place, member.clock.now())
    assert (chore.alert, chore.kind) == (alert.id, "edit")
    made = await PostMaker(member.storage, member.clock).make(posted, None)
    assert isinstance(made, Post)
    assert made.mark == f"Settled: {editor.context.person.name} dismissed the report."
    assert [one.label for one in made.actions] == [texts_answers.MORE_REPORTS]
    assert (await member.press(made.actions[0])).outcome == "not_allowed"
    assert (await editor.press(made.actions[0])).text == texts_answers.NO_REPORTS


async def test_the_card_of_a_withheld_line_shows_it_no_more(member: World, editor: World) -> None:
    await reported(member)
    [alert] = await alerts(member)
    posted = await post_it(member, alert)
    await press(editor, "Withhold")
    made = await PostMaker(member.storage, member.clock).make(posted, None)
    assert isinstance(made, Post)
    assert "withheld the line" in made.mark
    assert "nine winters" not in made.plain()


async def post_it(world: World, alert: Alert) -> Alert:
    """The alert, once its card is in the moderators' place."""
    now = world.clock.now()
    [lane] = await world.storage.claim_lanes("run", now, 60, 10, [alert.place.platform])
    [sending] = await world.storage.advance([replace(alert, state="sending")], "run", now)
    [posted] = await world.storage.advance(
        [replace(sending, state="posted", message="m1", posted_at=now)], lane.leased_by, now
    )
    return posted
