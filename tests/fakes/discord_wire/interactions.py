"""Interactions and their answers: 3 s for the first, 15 minutes for the rest, and who sees which. REST, no sockets."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.discord_wire.bodies import EPHEMERAL, LOADING, check_choices, only_own
from tests.fakes.discord_wire.call import Call, Routes
from tests.fakes.discord_wire.components import check_modal
from tests.fakes.discord_wire.posting import Posting, with_ids
from tests.fakes.discord_wire.problems import Errors, Json, Problem, acknowledged, unknown
from tests.fakes.discord_wire.state import Channel, Message, State

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
FIRST_S, TOKEN_S = 3.0, 900.0
#: Follow-ups that a user-installed app may send where it is not in the server.
FOREIGN_FOLLOWUPS = 5
#: How many interactions are remembered at most.
REMEMBERED = 5_000


@dataclass(slots=True)
class Interaction:
    """``source``: the message whose component was used, or under whose modal this came. ``answer``: type and data of
    the callback; ``went_on``: more came after it. ``option``: what is being completed. ``member_of``: the bot is in the
    server (or it is a DM)."""

    id: str
    token: str
    kind: int
    channel: Channel
    user: Json
    at: datetime
    name: str = ""
    source: Message | None = None
    option: Json | None = None
    member_of: bool = True
    answer: tuple[int, Json] | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    went_on: bool = False
    begun: float = 0.0
    elapsed_s: float = 0.0
    settled_s: float = 0.0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self) -> None:
        """Something happened: whoever waits looks again."""
        now = asyncio.get_running_loop().time() - self.begun
        self.went_on = self.elapsed_s > 0
        self.elapsed_s = self.elapsed_s or now
        if self.settled:
            self.settled_s = self.settled_s or now
        self.changed.set()

    @property
    def settled(self) -> bool:
        """There is an answer that a person can read, or none is to come."""
        if self.answer is None:
            return False
        if self.answer[0] == DEFER_UPDATE:
            return self.went_on
        if self.answer[0] == DEFER:
            return self.original is None or self.original.deleted or not self.original.flags & LOADING
        return True


class Interactions:
    def __init__(self, state: State, posting: Posting) -> None:
        self._state, self._posting = state, posting
        self._known: OrderedDict[str, Interaction] = OrderedDict()
        self._tokens: dict[str, Interaction] = {}

    def routes(self) -> Routes:
        hook = "/webhooks/{app}/{token}"
        return {
            "POST /interactions/{interaction}/{token}/callback": self._callback,
            f"POST {hook}": self._follow_up,
            f"GET {hook}/messages/{{message}}": lambda call: self._found(call)[1].data,
            f"PATCH {hook}/messages/{{message}}": self._edit,
            f"DELETE {hook}/messages/{{message}}": self._delete,
        }

    def begin(self, kind: int, channel: Channel, user: Json, **more: Any) -> Interaction:
        """A new one, not yet told to anybody."""
        id = self._state.snowflake()
        made = Interaction(id, f"wire-{id}", kind, channel, user, self._state.now(), **more)
        made.begun = asyncio.get_running_loop().time()
        self._known[id] = self._tokens[made.token] = made
        while len(self._known) > REMEMBERED:
            _, old = self._known.popitem(last=False)
            del self._tokens[old.token]
            for message in filter(None, [old.original, *old.followups]):
                self._state.ephemeral.pop(message.id, None)
        return made

    # -- the first answer

    def _callback(self, call: Call) -> Json | None:
        one = self._known.get(call.ids["interaction"])
        if one is None or one.token != call.ids["token"] or self._age(one) > timedelta(seconds=FIRST_S):
            raise unknown("Interaction")
        if one.answer is not None:
            raise acknowledged()
        kind, data = int(call.payload.get("type") or 0), call.payload.get("data") or {}
        self._answers(one)[kind](one, data, call)
        one.answer = (kind, data)
        one.note()
        return self._response(one, kind) if call.query.get("with_response") in ("true", "1", "True") else None

    def _answers(self, one: Interaction) -> dict[int, Callable[[Interaction, Json, Call], None]]:
        """What this kind of interaction may be answered with; anything else is refused."""
        allowed = {
            COMMAND: (MESSAGE, DEFER, MODAL),
            COMPONENT: (MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL),
            AUTOCOMPLETE: (CHOICES,),
            MODAL_SUBMIT: (MESSAGE, DEFER, *((DEFER_UPDATE, UPDATE) if one.source else ())),
        }[one.kind]
        known: dict[int, Callable[[Interaction, Json, Call], None]] = {
            MESSAGE: self._say, DEFER: self._defer, DEFER_UPDATE: self._keep, UPDATE: self._update,
            CHOICES: self._complete, MODAL: self._open,
        }  # fmt: skip
        return _Refusing({kind: known[kind] for kind in allowed})

    def _say(self, one: Interaction, data: Json, call: Call) -> None:
        one.original = self._posted(one, data, call)

    def _posted(self, one: Interaction, data: Json, call: Call, how: str = "answer") -> Message:
        private = one.user["id"] if int(data.get("flags") or 0) & EPHEMERAL else ""
        return self._posting.create(
            one.channel, data, call.files, how=how, ephemeral_for=private, extra=self._extra(one)
        )

    def _extra(self, one: Interaction) -> Json:
        about = {"id": one.id, "type": one.kind, "user": one.user}
        owners = {"authorizing_integration_owners": {"0": one.channel.guild or "0"}}
        kind = 20 if one.kind == COMMAND else 19 if one.source else 0
        made: Json = {"type": kind, "application_id": self._state.app["id"], "webhook_id": self._state.app["id"]}
        made |= {"interaction_metadata": about | owners, "interaction": about | {"name": one.name}}
        if kind == 19 and one.source:
            made["message_reference"] = {"message_id": one.source.id, "channel_id": one.channel.id, "type": 0}
        return made

    def _defer(self, one: Interaction, data: Json, call: Call) -> None:
        private = one.user["id"] if int(data.get("flags") or 0) & EPHEMERAL else ""
        one.original = self._posting.placeholder(one.channel, private, self._extra(one))

    def _keep(self, one: Interaction, data: Json, call: Call) -> None:
        one.original = one.source

    def _update(self, one: Interaction, data: Json, call: Call) -> None:
        assert one.source is not None
        if one.source.deleted:
            raise unknown("Message")
        one.original = self._posting.edit(one.source, one.channel, data, call.files)

    def _complete(self, one: Interaction, data: Json, call: Call) -> None:
        assert one.option is not None
        check_choices(data.get("choices"), one.option)

    def _open(self, one: Interaction, data: Json, call: Call) -> None:
        check_modal(data)
        data["components"] = with_ids(data["components"])

    def _response(self, one: Interaction, kind: int) -> Json:
        about: Json = {"id": one.id, "type": one.kind}
        resource: Json = {"type": kind}
        if one.original is not None and kind != DEFER_UPDATE:
            about |= {
                "response_message_id": one.original.id,
                "response_message_loading": bool(one.original.flags & LOADING),
                "response_message_ephemeral": bool(one.original.only_for),
            }
            resource["message"] = one.original.data
        return {"interaction": about, "resource": resource}

    # -- everything after it

    def _age(self, one: Interaction) -> timedelta:
        return self._state.now() - one.at

    def _live(self, call: Call) -> Interaction:
        one = self._tokens.get(call.ids["token"])
        if one is None or call.ids["app"] != self._state.app["id"] or one.answer is None:
            raise unknown("Webhook")
        if self._age(one) > timedelta(seconds=TOKEN_S):
            raise Problem(401, 50027, "Invalid Webhook Token")
        return one

    def _found(self, call: Call) -> tuple[Interaction, Message]:
        one, id = self._live(call), call.ids["message"]
        mine = [one.original, *one.followups] if one.original else [*one.followups]
        for message in mine:
            if message is None or message.deleted:
                continue
            if id == message.id or (id == "@original" and message is one.original):
                return one, message
        raise unknown("Message")

    def _follow_up(self, call: Call) -> Json:
        """The first one after a defer is the answer, with the defer's privacy (discord-api-docs #2735)."""
        one = self._live(call)
        if one.original is not None and one.original.flags & LOADING and not one.original.deleted:
            return self._changed(one, one.original, call).data
        if not one.member_of and len(one.followups) >= FOREIGN_FOLLOWUPS:
            raise Problem(400, 40094, "The maximum number of follow-up messages has been reached")
        made = self._posted(one, call.payload, call, "follow-up")
        one.followups.append(made)
        one.note()
        return made.data

    def _edit(self, call: Call) -> Json:
        one, message = self._found(call)
        only_own(message.data["author"], self._state.bot)
        return self._changed(one, message, call).data

    def _changed(self, one: Interaction, message: Message, call: Call) -> Message:
        made = self._posting.edit(message, one.channel, call.payload, call.files)
        one.note()
        return made

    def _delete(self, call: Call) -> None:
        one, message = self._found(call)
        self._posting.delete(message, one.channel)
        one.note()


class _Refusing(dict[int, Callable[[Interaction, Json, Call], None]]):
    """A table whose missing kinds are refused as Discord does."""

    def __missing__(self, kind: int) -> Callable[[Interaction, Json, Call], None]:
        errors = Errors()
        errors.add("type", "BASE_TYPE_CHOICES", f"Value must be one of {tuple(self)}.")
        errors.check()
        raise KeyError(kind)
