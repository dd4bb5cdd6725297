"""Where a moment is heard: "Listen at 27:47" on every found line, and a member's own app."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import texts, texts_answers, texts_posts
from bot.commands.answers import APP
from bot.domain import Edition, Role
from bot.reply import Action, Link, Reply
from tests.commands.world import OTHER, STAFF, World, lighthouses
from tests.storage.build import episode_import

NINE = "I once kept a lighthouse for nine winters."
WATCH = Link("Watch at 0:07 (YouTube)", "https://www.youtube.com/watch?v=abc&t=17")
PAGE = Link("Listen at 0:07 (page)", "https://harbour.example/1#t=7")
AUDIO = Edition("audio", "https://harbour.example/1.mp3")


async def chosen(world: World, app: str) -> Reply:
    """My app, chosen as a person does: from the menu."""
    menu = await world.ask("/app")
    assert menu.choices
    label = texts_answers.APPS[app]
    return await world.press(next(one.action for one in menu.choices.options if one.label == label))


@pytest.mark.parametrize(
    "line",
    [f"/quote {NINE}", "/quote 0:08 episode:lighthouses", "/match never kept a lighthouse for nine winters skip:0"],
)
async def test_a_found_line_leads_to_its_moment(member: World, line: str) -> None:
    assert (await member.ask(line)).links == (WATCH,)


async def test_every_found_line_says_where_it_leads(member: World) -> None:
    found = await member.ask(f"/quote {NINE}")
    assert (await member.press_label(found, texts.MORE_CONTEXT)).links == (WATCH,)
    assert (await member.press_label(found, texts.SHARE)).links == (WATCH,)
    assert (await member.ask("/quote episode:lighthouses")).links
    assert (await member.ask("/chapter 2 episode:lighthouses")).links == (WATCH,)


async def test_the_closest_line_that_is_no_match_leads_there_too(member: World) -> None:
    reply = await member.ask("/quote colourless green ideas sleep furiously under the lamp")
    if reply.quotes:
        assert reply.links


async def test_a_line_without_an_outlet_has_no_link(member: World) -> None:
    assert (await member.ask("/quote good bread wants patience and warm hands")).links == ()


async def test_my_app_is_chosen_once_and_used_everywhere(member: World) -> None:
    assert (await chosen(member, "page")).outcome == "done"
    found = await member.ask(f"/quote {NINE}")
    assert found.links == (PAGE,)
    assert found.quotes[0].url == PAGE.url
    context = await member.press_label(found, texts.MORE_CONTEXT)
    assert context.links == (PAGE,)
    assert {quote.url.partition("#")[0] for quote in context.quotes if quote.url} == {"https://harbour.example/1"}
    chapter = await member.ask("/chapter 2 episode:lighthouses")
    assert chapter.links == (PAGE,)
    assert (await member.ask("/app")).text == texts_answers.app_now("page")


async def test_an_app_is_one_members_own(member: World) -> None:
    await chosen(member, "page")
    assert (await member.as_("zoe").ask(f"/quote {NINE}")).links == (WATCH,)
    assert await member.storage.member_choice(OTHER, member.context.person, APP) is None


async def test_an_episode_that_is_not_in_my_app_leads_to_the_usual_place(member: World) -> None:
    await chosen(member, "spotify")
    assert (await member.ask(f"/quote {NINE}")).links == (WATCH,)


async def test_the_usual_takes_the_choice_back(member: World) -> None:
    await chosen(member, "page")
    assert (await chosen(member, "page")).outcome == "same"
    assert (await chosen(member, "usual")).text == texts_answers.APP_DROPPED
    assert (await chosen(member, "usual")).outcome == "same"
    assert (await member.ask(f"/quote {NINE}")).links == (WATCH,)
    assert await member.storage.member_choices(member.context.community, member.context.person) == {}


async def test_what_others_see_never_follows_the_sharers_app(member: World, admin: World) -> None:
    await chosen(member, "page")
    found = await member.ask(f"/quote {NINE}")
    shared = await member.press_label(found, texts.SHARE)
    assert (shared.links, shared.quotes[0].url) == ((WATCH,), WATCH.url)
    await admin.ask("/pullquote settings name:answers value:public")
    for line in (f"/quote {NINE}", "/chapter 2 episode:lighthouses"):
        public = await member.ask(line)
        assert (public.private, public.links) == (False, (WATCH,))


async def test_words_in_a_channel_are_answered_with_the_usual_link(member: World) -> None:
    await chosen(member, "page")
    heard = replace(member, context=replace(member.context, public=True))
    assert (await heard.ask(f"/quote {NINE}")).links == (WATCH,)


async def test_raw_audio_is_linked_only_by_choice(member: World) -> None:
    guessed = Edition("youtube", "https://www.youtube.com/watch?v=abc", exact=False)
    await member.save(replace(lighthouses(), editions=(guessed, AUDIO)))
    usual = await member.ask(f"/quote {NINE}")
    assert usual.links == (Link("Watch at ≈ 0:07 (YouTube)", "https://www.youtube.com/watch?v=abc&t=7"),)
    await chosen(member, "audio")
    mine = await member.ask(f"/quote {NINE}")
    assert mine.links == (Link("Listen at 0:07 (audio file)", "https://harbour.example/1.mp3#t=7"),)


async def test_where_there_is_nothing_but_audio_the_label_says_so(member: World) -> None:
    await member.save(replace(lighthouses(), editions=(AUDIO,)))
    assert [one.label for one in (await member.ask(f"/quote {NINE}")).links] == ["Listen at 0:07 (audio file)"]


async def test_a_private_show_never_links_the_enclosure_whatever_the_app(member: World) -> None:
    page = Edition("page", "https://vault.example/1")
    words = "The merger with the canning factory will be announced before Christmas."
    secret = episode_import("merger", (("Dee", words),), title="The merger", editions=(page, AUDIO))
    await member.save(secret, "vault")
    staff = member.as_(place=STAFF)
    await chosen(staff, "audio")
    reply = await staff.ask("/quote the merger with the canning factory")
    assert reply.links
    assert ".mp3" not in repr(reply)


async def test_an_address_that_is_no_web_page_is_no_link(member: World) -> None:
    await member.save(replace(lighthouses(), editions=(Edition("youtube", "javascript:alert(1)"),)))
    assert (await member.ask(f"/quote {NINE}")).links == ()


async def test_a_hostile_app_is_refused(member: World) -> None:
    assert (await member.ask("/app winamp")).outcome == "usage"


async def test_my_app_is_where_people_look_for_it(member: World) -> None:
    assert texts_answers.MY_APP in [one.label for one in (await member.ask("/shows")).actions]
    assert texts_answers.MY_APP in [one.label for one in (await member.ask("/help")).actions]
    listen = await member.ask("/listen lighthouses")
    assert listen.actions[-1].label == texts_answers.MY_APP
    assert (await member.press_label(listen, texts_answers.MY_APP)).choices


async def test_listen_names_the_audio_file_last(member: World) -> None:
    youtube = Edition("youtube", "https://www.youtube.com/watch?v=abc")
    await member.save(replace(lighthouses(), editions=(AUDIO, youtube)))
    assert [row.value for row in (await member.ask("/listen lighthouses")).fields] == ["YouTube", "Audio"]
    assert (await member.ask("/listen bread")).text == texts_posts.NOWHERE_TO_LISTEN


# --- what is kept of it -------------------------------------------------------------------------------------------


async def test_privacy_forgets_what_a_member_chose(member: World) -> None:
    await chosen(member, "page")
    privacy = await member.ask("/privacy")
    assert "where your links lead" in privacy.text
    assert (await member.press_label(privacy, texts_answers.FORGET)).text == texts_answers.FORGOTTEN
    assert (await member.ask(f"/quote {NINE}")).links == (WATCH,)
    assert (await member.press_label(privacy, texts_answers.FORGET)).outcome == "same"


async def test_forgetting_leaves_a_wish_for_silence(member: World) -> None:
    """A wish that one's words are not kept is no mere comfort."""
    await member.storage.choose(member.context.community, member.context.person, "chat_quotes", "never")
    await member.press(Action("", "privacy", {"forget": "yes"}))
    kept = await member.storage.member_choices(member.context.community, member.context.person)
    assert kept == {"chat_quotes": "never"}


# --- what takes a reply's place ------------------------------------------------------------------------------------


async def test_what_goes_on_takes_the_replys_place_and_the_rest_does_not(member: World) -> None:
    found = await member.ask("/quote the lamp went out on the third night")
    turns = {one.label for one in found.actions if one.turn}
    assert turns == {texts.NEXT_MATCH} & {one.label for one in found.actions}
    context = await member.press_label(found, texts.MORE_CONTEXT)
    assert {one.label for one in context.actions if one.turn} == {texts.MORE_BEFORE, texts.MORE_AFTER}
    random = await member.ask("/quote")
    assert [one.label for one in random.actions if one.turn] == [texts.ANOTHER]
    chapter = await member.ask("/chapter 2 episode:lighthouses")
    assert {one.label for one in chapter.actions if one.turn} == {texts.PREVIOUS_CHAPTER, texts.NEXT_CHAPTER}


async def test_pages_take_each_others_place(member: World, admin: World) -> None:
    for number in range(12):
        await admin.ask(f"/pullquote settings name:timezone value:Etc/GMT+{number}")
    page = await admin.ask("/pullquote history")
    assert [one.label for one in page.actions if one.turn] == [texts.NEXT_PAGE]


# --- sharing --------------------------------------------------------------------------------------------------------


async def test_who_may_not_write_here_shares_nothing(member: World) -> None:
    found = await member.ask(f"/quote {NINE}")
    mute = replace(member, context=replace(member.context, may_write=False))
    for line in (f"/quote {NINE}", "/quote", "/quote 0:08 episode:lighthouses"):
        assert texts.SHARE not in [one.label for one in (await mute.ask(line)).actions]
    context = await mute.press_label(found, texts.MORE_CONTEXT)
    assert texts.SHARE not in [one.label for one in context.actions]
    refused = await mute.press_label(found, texts.SHARE)
    assert (refused.private, refused.text, refused.quotes) == (True, texts_answers.CANNOT_WRITE, ())


async def test_a_shared_line_is_deleted_by_who_shared_it_and_by_moderators(member: World, editor: World) -> None:
    shared = await member.press_label(await member.ask(f"/quote {NINE}"), texts.SHARE)
    other = await member.as_("zoe").press_label(shared, texts_answers.TAKE_AWAY)
    assert (other.remove, other.text) == (False, texts_answers.WHO_MAY_TAKE_AWAY)
    for may in (member, editor):
        gone = await may.press_label(shared, texts_answers.TAKE_AWAY)
        assert (gone.remove, gone.private) == (True, True)


async def test_everybody_may_look_around_a_shared_line_and_say_that_it_is_wrong(member: World) -> None:
    shared = await member.press_label(await member.ask(f"/quote {NINE}"), texts.SHARE)
    assert [one.label for one in shared.actions] == [texts.MORE_CONTEXT, texts_answers.WRONG, texts_answers.TAKE_AWAY]
    zoe = member.as_("zoe", Role.member)
    assert (await zoe.press_label(shared, texts.MORE_CONTEXT)).private
