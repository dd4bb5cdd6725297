"""Dispatch: one way to run a command; every error is a reply, every request one line of the log."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any, cast

import pytest
from structlog.testing import capture_logs

from bot.commands.codec import encode
from bot.commands.declare import Arg, command
from bot.commands.dispatch import dispatch, dispatch_line, perform, press
from bot.commands.registry import Registry
from bot.context import Context
from bot.domain import DEFAULT_COMMUNITY, CommunityId, Person, Place, Role
from bot.errors import Ambiguous, IndexBusy, NotFound, StorageFull, UserError
from bot.reply import Action, Reply

if TYPE_CHECKING:
    from bot.services import Services

ERRORS = {
    "not found": NotFound("No such episode."),
    "candidates": NotFound("No such show.", ["acme", "zenith"]),
    "menu": Ambiguous("Two are called so.", ["acme/one", "acme/two"], "words"),
    "user": UserError("That cannot be."),
    "full": StorageFull("The disk is full."),
    "busy": IndexBusy("The index is busy."),
    "bug": ZeroDivisionError("secret words"),
    "recursion": RecursionError(),
}


@command("say", "Say words")
async def say(
    ctx: Context,
    words: Annotated[str, Arg("Words", rest=True)],
    loud: Annotated[bool, Arg("Loud")] = False,
    role: Annotated[Role | None, Arg("Role")] = None,
) -> Reply:
    return Reply(words.upper() if loud else words, private=False, outcome="found")


@command("break", "Raise what is named")
async def breaks(
    ctx: Context, words: Annotated[str, Arg("Which", rest=True)], loud: Annotated[bool, Arg("Loud")] = False
) -> Reply:
    raise ERRORS[words]


@command("wait", "Wait for ever")
async def waits(ctx: Context) -> Reply:
    await asyncio.Event().wait()
    return Reply()


@command("guard", "For editors", Role.editor)
async def guard(ctx: Context) -> Reply:
    return Reply("done")


REGISTRY = Registry([say, breaks, waits, guard])


class MemoryStates:
    def __init__(self) -> None:
        self._bodies: dict[tuple[CommunityId, str], str] = {}

    async def save_state(self, community: CommunityId, body: str) -> str:
        self._bodies[community, str(len(self._bodies))] = body
        return str(len(self._bodies) - 1)

    async def state(self, community: CommunityId, id: str) -> str | None:
        return self._bodies.get((community, id))


def context(role: Role = Role.member, states: MemoryStates | None = None) -> Context:
    services = cast("Services", SimpleNamespace(storage=states or MemoryStates()))
    person, place = Person("test", "1"), Place("test", "home", "general")
    return Context(services, person, role, DEFAULT_COMMUNITY, place, "req-1")


async def answered(line: str, role: Role = Role.member) -> Reply:
    return await dispatch_line(REGISTRY, context(role), line)


async def test_a_line_is_answered_by_its_command() -> None:
    assert await answered("/say move fast loud:yes") == Reply("MOVE FAST", private=False, outcome="found")


async def test_typed_options_are_taken_as_they_are() -> None:
    assert (await dispatch(say, context(), {"words": "hm", "loud": True})).text == "HM"


async def test_a_missing_role_is_named() -> None:
    reply = await answered("/pullquote guard")
    assert (reply.outcome, reply.private) == ("not_allowed", True)
    assert "“editor”" in reply.text
    assert (await answered("/pullquote guard", Role.admin)).text == "done"


@pytest.mark.parametrize(
    ("words", "outcome", "text"),
    [
        ("not found", "not_found", "No such episode."),
        ("candidates", "not_found", "No such show.\nDid you mean acme or zenith?"),
        ("user", "user_error", "That cannot be."),
        ("full", "failed", "The disk is full."),
        ("busy", "failed", "The index is busy."),
        ("bug", "failed", "That failed on our side. Reference: req-1"),
        ("recursion", "failed", "That failed on our side. Reference: req-1"),
    ],
)
async def test_an_error_becomes_a_private_reply(words: str, outcome: str, text: str) -> None:
    with capture_logs():
        assert await answered(f"/break {words}") == Reply(text, private=True, outcome=outcome)


async def test_candidates_can_be_pressed_and_keep_the_other_options() -> None:
    reply = await dispatch(breaks, context(), {"words": "menu", "loud": True})
    assert reply.choices is not None
    assert [one.action for one in reply.choices.options] == [
        Action("acme/one", "break", {"words": "acme/one", "loud": "yes"}),
        Action("acme/two", "break", {"words": "acme/two", "loud": "yes"}),
    ]


async def test_an_enum_in_a_choice_is_written_as_people_write_it() -> None:
    @command("pick", "Pick")
    async def pick(ctx: Context, words: Annotated[str, Arg("W")], role: Annotated[Role, Arg("R")]) -> Reply:
        raise Ambiguous("Two.", ["one"], "words")

    reply = await dispatch(pick, context(), {"words": "x", "role": Role.admin})
    assert reply.choices is not None
    assert reply.choices.options[0].action.args == {"words": "one", "role": "admin"}


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("/nothing", "not_found"),
        ("", "not_found"),
        ("/say", "usage"),
        ("/say x loud:maybe", "usage"),
        ("/say x\0y", "found"),
    ],
)
async def test_every_line_has_a_reply(line: str, outcome: str) -> None:
    assert (await answered(line)).outcome == outcome


async def test_cancellation_alone_escapes() -> None:
    with capture_logs() as logs:
        task = asyncio.create_task(answered("/wait"))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert [(row["event"], row["outcome"]) for row in logs] == [("request", "cancelled")]


@pytest.mark.parametrize(
    ("line", "name", "outcome"),
    [("/say hush", "say", "found"), ("/break user", "break", "user_error"), ("/hush", "", "not_found")],
)
async def test_a_request_is_one_line_of_the_log_without_its_words(line: str, name: str, outcome: str) -> None:
    with capture_logs() as logs:
        await answered(line)
    [row] = logs
    assert row.pop("elapsed_ms") >= 0
    assert row == {
        "event": "request", "log_level": "info", "command": name, "outcome": outcome, "surface": "test",
        "request_id": "req-1", "logger": "bot.commands.dispatch",
    }  # fmt: skip


async def test_a_failure_is_logged_with_its_cause() -> None:
    with capture_logs() as logs:
        await answered("/break bug")
    failure, request = logs
    assert isinstance(failure["exc_info"], ZeroDivisionError)
    assert failure["request_id"] == request["request_id"] == "req-1"


@pytest.mark.parametrize("words", ["hm", "hm " * 100])
async def test_a_button_runs_its_command(words: str) -> None:
    states = MemoryStates()
    ctx = context(states=states)
    code = await encode(Action("Again", "say", {"words": words}), states, ctx.community)
    assert (await press(REGISTRY, ctx, code, {"loud": "yes"})).text == words.upper()


async def test_a_button_checks_the_role_again() -> None:
    assert (await press(REGISTRY, context(), "v1|guard")).outcome == "not_allowed"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("v1|gone", "This button is too old. Please ask again; /help lists the commands."),
        ("v1|say|speed=1", "This button is too old. Ask again with /say."),
        ("v0|say", "This button is too old. Please ask again; /help lists the commands."),
        ("v1|#99", "This button is too old. Please ask again; /help lists the commands."),
    ],
)
async def test_a_button_from_before_says_so(code: str, text: str) -> None:
    assert await press(REGISTRY, context(), code) == Reply(text, outcome="not_found")


async def test_an_action_needs_no_code_where_it_is_pressed_at_once() -> None:
    action: Any = Action("Again", "say", {"words": "hm"})
    assert (await perform(REGISTRY, context(), action)).text == "hm"


async def test_a_storage_that_fails_under_a_button_is_a_reply() -> None:
    class Broken(MemoryStates):
        async def state(self, community: CommunityId, id: str) -> str | None:
            raise StorageFull("The disk is full.")

    with capture_logs():
        assert (await press(REGISTRY, context(states=Broken()), "v1|#1")).text == "The disk is full."
