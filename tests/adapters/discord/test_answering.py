"""One interaction, one answer: when it is deferred, who sees it, what Discord may refuse. Driven through the real
client; simcord's time jumps where nothing else is to be done."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import texts_messages
from bot.reply import Reply
from tests.adapters.discord.acting import (
    answer_of,
    button,
    callbacks,
    page_turned,
    press_at_once,
    pressed_slowly,
    put_up,
    staged,
    texts,
)
from tests.adapters.discord.room import Room

CALLBACK = "/interactions/*/*/callback"


@pytest.fixture
def stage(room: Room) -> Room:
    return staged(room)


async def test_an_answer_within_two_seconds_is_not_deferred(stage: Room) -> None:
    result = await stage.mia.click(await button(stage, "say", {"words": "here", "slow_s": "1.5"}), label="Press")
    assert (answer_of(result).content, result.deferred) == ("here", False)


async def test_a_slow_answer_is_deferred_and_comes(stage: Room) -> None:
    result = await pressed_slowly(stage, await button(stage, "say", {"words": "late", "slow_s": "50"}))
    answer = answer_of(result)
    assert (answer.content, answer.ephemeral, _deferred(stage), result.followups) == ("late", True, True, [])


async def test_a_slow_list_is_a_list(stage: Room) -> None:
    result = await pressed_slowly(stage, await button(stage, "say", {"row": "one", "slow_s": "5"}))
    assert "of a list" in texts(answer_of(result).components)


async def test_a_slow_public_answer_is_public(stage: Room) -> None:
    result = await pressed_slowly(stage, await button(stage, "tell all", {"words": "late", "slow_s": "5"}))
    answer = answer_of(result)
    assert (answer.content, answer.ephemeral, _deferred(stage)) == ("late", False, True)


def _deferred(stage: Room) -> bool:
    """Whether the last interaction was first answered with a placeholder."""
    return callbacks(stage)[-1] == 5


async def test_a_private_answer_after_a_public_placeholder_is_private(stage: Room) -> None:
    """What a first follow-up would keep is taken away first."""
    args = {"words": "a mistake", "slow_s": "5", "private": "yes"}
    result = await pressed_slowly(stage, await button(stage, "tell all", args))
    [answer] = result.followups
    assert (answer.content, answer.ephemeral) == ("a mistake", True)
    assert result.response is None
    assert [one.content for one in stage.general.history() if "mistake" in one.content] == []


async def test_a_public_answer_after_a_private_placeholder_is_public(stage: Room) -> None:
    """A slash command is deferred with what its command says, whatever the place's setting."""
    result = await pressed_slowly(
        stage, answer_of(await stage.mia.click(await button(stage, "offer"), label="Press")).message
    )
    [answer] = result.followups
    assert (answer.content, answer.ephemeral, result.response) == ("hear", False, None)


async def test_a_slow_page_is_turned_in_place_without_a_placeholder(stage: Room) -> None:
    first = answer_of(await pressed_slowly(stage, await button(stage, "page", {"slow_s": "5"})))
    result = await pressed_slowly(stage, first.message, "On")
    assert (answer_of(result).id, result.followups) == (first.id, [])
    assert "Page 2" in texts(first.components)


async def test_a_slow_mistake_beside_a_page_is_a_message_of_its_own(stage: Room) -> None:
    first = answer_of(await pressed_slowly(stage, await button(stage, "page", {"n": "3", "slow_s": "5"})))
    result = await pressed_slowly(stage, first.message, "On")
    assert [(one.content, one.ephemeral) for one in result.followups] == [("There is no such page.", True)]
    assert "Page 3" in texts(first.components)


# --- progress ---------------------------------------------------------------------------------------------------


async def test_progress_is_shown_while_one_waits_at_most_once_in_two_seconds(stage: Room) -> None:
    before = len(stage.env.http_requests)
    result = await pressed_slowly(stage, await button(stage, "work", {"steps": "9"}))
    sent: list[Any] = [one.json for one in stage.env.http_requests[before:] if one.method == "PATCH"]
    edits = [one["content"] for one in sent]
    assert answer_of(result).content == "all done"
    assert edits[-1] == "all done"
    assert edits[0].startswith("step ")
    assert r"\*9\*" in edits[0]
    assert 3 <= len(edits[:-1]) <= 5


async def test_quick_work_shows_no_progress(stage: Room) -> None:
    before = len(stage.env.http_requests)
    await stage.mia.click(await button(stage, "work", {"steps": "1"}), label="Press")
    assert [one.method for one in stage.env.http_requests[before:]] == ["POST", "POST"]


# --- forms ------------------------------------------------------------------------------------------------------


async def test_a_form_opens_at_once_and_its_answers_come_back(stage: Room) -> None:
    shown = await stage.mia.click(await button(stage, "ask", {"about": "it"}), label="Press")
    result = await stage.mia.submit_modal(shown, {"name": "Mia", "mood": ["cross"], "note": "so | what=&%"})
    assert answer_of(result).content == "Mia, cross, so | what=&%, it"
    assert answer_of(result).ephemeral


async def test_what_is_left_empty_in_a_form_is_not_given(stage: Room) -> None:
    shown = await stage.mia.click(await button(stage, "ask"), label="Press")
    result = await stage.mia.submit_modal(shown, {"name": "Mia", "mood": ["calm"]})
    assert answer_of(result).content == "Mia, calm, None, "


async def test_a_form_with_much_state_comes_back_after_a_restart(stage: Room) -> None:
    about = "a long story " * 20
    shown = await stage.mia.click(await button(stage, "ask", {"about": about}), label="Press")
    await stage.env.restart_bot(stage.client)
    result = await stage.mia.submit_modal(shown, {"name": "Mia", "mood": ["calm"]})
    assert about.strip() in answer_of(result).content


async def test_a_form_that_comes_too_late_is_a_button_that_opens_it(stage: Room) -> None:
    late = await pressed_slowly(stage, await button(stage, "ask", {"slow_s": "5", "about": "it"}))
    answer = answer_of(late)
    assert (answer.content, answer.ephemeral, late.modal) == (texts_messages.PRESS_FOR_FORM, True, None)
    again = await stage.mia.click(answer.message, label=texts_messages.OPEN_FORM)
    assert again.deferred  # it is slow again, and offers its button again


# --- taking a message away --------------------------------------------------------------------------------------


async def test_a_pressed_message_is_taken_away_and_it_is_said(stage: Room) -> None:
    message = await button(stage, "away")
    result = await stage.mia.click(message, label="Press")
    assert [(one.content, one.ephemeral) for one in result.followups] == [("It is gone.", True)]
    assert not _is_there(stage, message)


async def test_a_slow_removal_removes(stage: Room) -> None:
    message = await button(stage, "away", {"slow_s": "5"})
    result = await pressed_slowly(stage, message)
    assert answer_of(result).content == "It is gone."
    assert not _is_there(stage, message)


async def test_two_who_take_it_away_at_once_are_both_answered(stage: Room) -> None:
    message = await button(stage, "away", {"slow_s": "1"})
    press_at_once(stage, message, "Press")
    result = await stage.mia.click(message, label="Press")
    assert [one.content for one in result.followups] == ["It is gone."]
    assert not _is_there(stage, message)


async def test_where_it_may_not_be_removed_that_is_said_kindly(stage: Room) -> None:
    message = await button(stage, "away")
    stage.env.inject_error("DELETE", "/webhooks/*/*/messages/*", status=403, code=50013)
    result = await stage.mia.click(message, label="Press")
    [answer] = result.followups
    assert answer.content == f"It is gone.\n{texts_messages.NOT_REMOVED}"


def _is_there(stage: Room, message: Any) -> bool:
    return message.id in stage.env.backend.messages[message.channel.id]


# --- what Discord refuses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code"),
    [
        pytest.param(404, 10062, id="too late"),
        pytest.param(400, 40060, id="answered already"),
        pytest.param(403, 50013, id="not allowed"),
    ],
)
async def test_what_discord_refuses_is_one_line_and_no_error(stage: Room, status: int, code: int) -> None:
    message = await button(stage, "say", {"words": "x"})
    stage.env.inject_error("POST", CALLBACK, status=status, code=code)
    with capture_logs() as logs:
        await stage.mia.click(message, label="Press")
    told = [line for line in logs if "answer not shown" in line["event"]]
    assert [line["code"] for line in told] == [code]
    assert stage.env.errors == []


async def test_work_is_finished_though_nobody_can_be_told(stage: Room) -> None:
    message = await button(stage, "tell all", {"words": "x", "slow_s": "5"})
    stage.env.inject_error("POST", CALLBACK, status=404, code=10062)
    await pressed_slowly(stage, message)
    assert stage.env.errors == []
    assert answer_of(await stage.mia.click(await button(stage, "say", {"words": "on"}), label="Press")).content == "on"


async def test_a_message_that_is_not_accepted_is_said_in_plain_words(stage: Room) -> None:
    message = await button(stage, "page")
    stage.env.inject_error("POST", CALLBACK, status=400, code=50035)
    answer = answer_of(await stage.mia.click(message, label="Press"))
    assert answer.content.startswith("Page 1")


async def test_a_bug_of_ours_is_a_kind_sentence_with_a_reference(stage: Room) -> None:
    answer = answer_of(await stage.mia.click(await button(stage, "break"), label="Press"))
    assert "failed on our side" in answer.content
    assert "broken on purpose" not in answer.content


async def test_a_database_that_cannot_be_used_is_said(stage: Room) -> None:
    message = await put_up(stage, Reply("x"))
    shown = await page_turned(stage, 1)
    await stage.services.storage.close()
    answer = answer_of(await stage.mia.click(shown, label="On"))
    assert answer.ephemeral
    assert message
    assert answer.content


async def test_a_file_is_attached_with_what_it_is(stage: Room) -> None:
    answer = answer_of(await stage.mia.click(await button(stage, "paper"), label="Press"))
    [file] = answer.attachments
    assert (file.filename, file.size, file.description) == ("pa_per__.csv", 1024, "lines of x")


async def test_a_file_that_is_too_large_is_cut_at_a_line_and_that_is_said(stage: Room) -> None:
    answer = answer_of(await stage.mia.click(await button(stage, "paper", {"kib": str(10 * 1024 + 1)}), label="Press"))
    [file] = answer.attachments
    assert file.size == 10 * 2**20
    assert "10 MiB" in answer.content
