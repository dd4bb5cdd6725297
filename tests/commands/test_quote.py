"""``/quote`` and what can be pressed below it."""

from __future__ import annotations

import pytest

from bot import texts
from bot.domain import Role
from bot.reply import Action
from tests.commands.world import HALL, OTHER, STAFF, World, lighthouses

NINE = "I once kept a lighthouse for nine winters."
FIRE = "So I lit a fire on the rocks and waved a lantern until dawn."


async def test_words_find_the_line_with_all_that_belongs_to_a_quote(member: World) -> None:
    reply = await member.ask("/quote kept a lighthouse for nine winters")
    assert reply.outcome == "found"
    [quote] = reply.quotes
    assert quote.text == NINE
    assert (quote.speaker, quote.show, quote.episode) == ("Bo", "Harbour Tales", "Lamps and lighthouses")
    assert quote.moment == "0:07"
    assert quote.url == "https://www.youtube.com/watch?v=abc&t=17"
    assert reply.text == texts.CONFIDENCE["exact"]
    assert reply.private


async def test_half_remembered_words_are_called_close(member: World) -> None:
    reply = await member.ask("/quote I lit the fire on a rock and waved with a lantern until the dawn")
    assert reply.quotes[0].text == FIRE
    assert reply.text in (texts.CONFIDENCE["close"], texts.CONFIDENCE["exact"])


async def test_when_nothing_fits_that_is_said_first(member: World) -> None:
    reply = await member.ask("/quote colourless green ideas sleep furiously under the lamp")
    assert reply.outcome == "nothing_fits"
    assert reply.plain().startswith("Nothing that was said here fits those words.")
    assert texts.SHARE not in [action.label for action in reply.actions]


async def test_words_that_nobody_ever_said_show_no_line(member: World) -> None:
    reply = await member.ask("/quote xylophone quizzes")
    assert reply.outcome == "nothing_fits"


async def test_a_time_is_the_line_at_that_moment(member: World) -> None:
    reply = await member.ask("/quote 0:08 episode:lighthouses")
    assert reply.quotes[0].text == NINE
    assert "0:08" in reply.text


async def test_a_time_after_a_look_at_an_episode_means_that_episode(member: World) -> None:
    await member.ask("/episode bread")
    reply = await member.ask("/quote 0:01")
    assert reply.quotes[0].episode == "Slow bread"


async def test_a_pasted_link_is_the_line_at_its_moment(member: World) -> None:
    reply = await member.ask("/quote https://youtu.be/abc?t=18")
    assert reply.quotes[0].text == NINE
    assert (await member.ask("/quote https://harbour.example/1#t=0:08")).quotes[0].text == NINE


async def test_a_time_after_the_end_says_so(member: World) -> None:
    reply = await member.ask("/quote 59:00 episode:lighthouses")
    assert reply.outcome == "not_found"
    assert "59:00" in reply.text


async def test_a_link_that_is_no_episode_says_so(member: World) -> None:
    reply = await member.ask("/quote https://elsewhere.example/?t=8")
    assert (reply.outcome, reply.text) == ("not_found", texts.NO_EPISODE_AT_LINK)


async def test_no_words_pick_a_line_at_random(member: World) -> None:
    reply = await member.ask("/quote")
    assert reply.outcome == "found"
    assert reply.text == texts.RANDOM_LINE
    assert len(await member.storage.recently_shown(member.context.community, HALL)) == 1
    other = await member.press_label(reply, texts.ANOTHER)
    assert other.quotes[0].text != reply.quotes[0].text


async def test_filters_narrow_the_search(member: World) -> None:
    assert (await member.ask("/quote lamp lighthouse winters show:kitchen")).outcome == "nothing_fits"
    reply = await member.ask("/quote such a story today speaker:ann show:harbour episode:lighthouses")
    assert reply.quotes[0].speaker == "Ann"
    assert (await member.ask("/quote show:kitchen")).quotes[0].show == "Kitchen Talk"


@pytest.mark.parametrize("line", ["/quote lamp show:garden", "/quote lamp speaker:zed", "/quote lamp episode:zed"])
async def test_a_filter_that_is_not_there_names_what_is(member: World, line: str) -> None:
    reply = await member.ask(line)
    assert reply.outcome == "not_found"
    assert reply.choices


async def test_a_machines_transcript_is_labelled(member: World) -> None:
    reply = await member.ask("/quote good bread wants patience and warm hands")
    assert reply.footer == texts.MACHINE_MADE


# --- buttons -----------------------------------------------------------------------------------------------------


async def test_next_match_goes_on_until_there_is_none(member: World) -> None:
    reply = await member.ask("/quote the lamp went out on the third night")
    seen = [reply.quotes[0].text]
    while any(action.label == texts.NEXT_MATCH for action in reply.actions):
        reply = await member.press_label(reply, texts.NEXT_MATCH)
        if not reply.quotes:
            assert reply.text == texts.NO_MORE_MATCHES
            break
        assert reply.quotes[0].text not in seen
        seen.append(reply.quotes[0].text)
    assert seen[0] == "The lamp went out on the third night."


async def test_next_match_keeps_the_filters(member: World) -> None:
    reply = await member.ask("/quote lamp winters lighthouse keeping speaker:Bo show:harbour")
    if any(action.label == texts.NEXT_MATCH for action in reply.actions):
        reply = await member.press_label(reply, texts.NEXT_MATCH)
        assert {quote.speaker for quote in reply.quotes} == {"Bo"}


async def test_more_context_shows_the_lines_around_and_grows(member: World) -> None:
    reply = await member.ask(f"/quote {NINE}")
    first = await member.press_label(reply, texts.MORE_CONTEXT)
    said = " ".join(quote.text for quote in first.quotes)
    assert "Today we talk about lighthouses" in said
    assert "Did you call the coast guard?" not in said
    more = await member.press_label(first, texts.MORE_AFTER)
    assert "Did you call the coast guard?" in " ".join(quote.text for quote in more.quotes)
    assert [quote.speaker for quote in first.quotes] == ["Ann", "Bo", "Ann"]


async def test_share_posts_the_line_for_everyone(member: World) -> None:
    reply = await member.press_label(await member.ask(f"/quote {NINE}"), texts.SHARE)
    assert not reply.private
    assert reply.quotes[0].text == NINE
    assert reply.footer == "Shared by Mia"


async def test_a_button_works_on_the_words_after_the_transcript_moved(member: World) -> None:
    reply = await member.ask(f"/quote {NINE}")
    turns = (("Ann", "A new opening line stands before all others now."), *lighthouses_turns())
    await member.save(lighthouses(turns))
    shared = await member.press_label(reply, texts.SHARE)
    assert shared.outcome == "not_found" or shared.quotes[0].text == NINE


async def test_a_button_whose_line_is_gone_says_so_kindly(member: World) -> None:
    reply = await member.ask(f"/quote {NINE}")
    await member.save(lighthouses((("Ann", "Nothing of the old talk is left in this recording."),)))
    for label in (texts.SHARE, texts.MORE_CONTEXT, texts.SAVE):
        gone = await member.press_label(reply, label)
        assert (gone.outcome, gone.text, gone.quotes) == ("not_found", texts.LINE_GONE, ())


async def test_a_button_with_nonsense_says_so_kindly(member: World) -> None:
    for anchor in ("", "x", "aaaaaaaaaaaa.1.2.0123456789abcdef"):
        reply = await member.press(Action("Share", "share", {"anchor": anchor}))
        assert reply.outcome in ("not_found", "usage")


def lighthouses_turns() -> tuple[tuple[str | None, str], ...]:
    from tests.commands.world import LIGHTHOUSES

    return tuple(LIGHTHOUSES)


# --- who may see what ----------------------------------------------------------------------------------------------

MERGER = "/quote the merger with the canning factory will be announced"


async def test_a_private_show_answers_only_in_its_place_or_to_its_roles(member: World) -> None:
    assert (await member.as_(place=STAFF).ask(MERGER)).outcome == "found"
    assert (await member.as_(roles=frozenset({"board"})).ask(MERGER)).outcome == "found"
    assert "canning" not in (await member.ask(MERGER)).plain()
    assert "canning" not in (await member.as_(place=STAFF, direct=True).ask(MERGER)).plain()


async def test_a_private_line_is_not_shared_where_others_may_not_see_it(member: World) -> None:
    board = member.as_(roles=frozenset({"board"}))
    reply = await board.press_label(await board.ask(MERGER), texts.SHARE)
    assert (reply.private, reply.text) == (True, texts.PRIVATE_NOT_HERE)
    staff = member.as_(place=STAFF)
    assert not (await staff.press_label(await staff.ask(MERGER), texts.SHARE)).private


async def test_another_communitys_buttons_and_lines_stay_there(member: World) -> None:
    reply = await member.ask(f"/quote {NINE}")
    other = member.as_(community=OTHER)
    assert (await other.ask(f"/quote {NINE}")).quotes == ()
    for label in (texts.SHARE, texts.MORE_CONTEXT, texts.SAVE):
        assert (await other.press_label(reply, label)).text == texts.LINE_GONE


async def test_public_answers_are_a_setting_that_private_shows_do_not_follow(member: World, admin: World) -> None:
    await admin.ask("/pullquote settings name:answers value:public")
    assert not (await member.ask(f"/quote {NINE}")).private
    assert (await member.as_(roles=frozenset({"board"})).ask(MERGER)).private
    assert (await member.as_(role=Role.operator).ask(MERGER)).private


async def test_a_word_alone_is_not_found_in_one_that_only_resembles_it(member: World) -> None:
    assert (await member.ask("/quote lighthouse")).outcome == "found"
    assert (await member.ask("/quote brand")).outcome == "nothing_fits", "“bread” is another word"


@pytest.mark.parametrize("at", ["0:00", "0:08", "0:43"], ids=["first", "middle", "last"])
async def test_the_moment_of_a_hidden_line_answers_with_no_other_line(member: World, editor: World, at: str) -> None:
    shown = await member.ask(f"/quote {at} episode:lighthouses")
    words = shown.quotes[0].text
    assert (await editor.ask(f"/pullquote withhold {words} yes:true")).outcome == "done"
    reply = await member.ask(f"/quote {at} episode:lighthouses")
    assert reply.outcome != "found"
    assert reply.quotes == ()
