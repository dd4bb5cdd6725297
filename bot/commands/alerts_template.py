"""``alerts template``, behind "Edit template": the words of a place's posts, as one long field that shows them.

A template that cannot be is refused with the placeholder named, and the button below opens the form with it again.
"""

from __future__ import annotations

from typing import Annotated

from bot import texts_answers as said
from bot.commands.alerts_edit import changed_reply
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role
from bot.errors import UsageError
from bot.reply import Action, Form, FormField, Reply
from bot.rules.subscription_words import Asked, changed
from bot.services.episodes import show_names
from bot.services.subscriptions import Subscribed, place_names, shown_place, the_one

#: What a form's long field takes (Discord docs, 2025-01), and what a template may have.
_FIELD, _LONGEST = 4000, 1000
_TEXT = (0, _FIELD)


@command("alerts template", "Edit the text of a show's posts in a place", role=Role.admin, listed=False, example="acme")
async def alerts_template(
    ctx: Context,
    show: Annotated[str | None, Arg("Which show", length=(1, 200), complete=show_names, rest=True)] = None,
    place: Annotated[str | None, Arg("In which place", length=(1, 250), complete=place_names)] = None,
    template: Annotated[str | None, Arg("The text", length=_TEXT)] = None,
    draft: Annotated[str | None, Arg("What the form begins with", length=_TEXT)] = None,
    save: Annotated[bool, Arg("Keep it; no text = the usual one")] = False,
) -> Reply:
    one = await the_one(ctx, show, place)
    if template is None and not save:
        return _form(ctx, one, one.options.template if draft is None else draft)
    text = (template or "").strip() or "none"
    try:
        options = changed(one.options, Asked(template=text), one.place)
    except UsageError as refused:
        again = Action(said.TEMPLATE_AGAIN, "alerts template", one.args() | {"draft": text})
        return Reply(str(refused), actions=(again,), outcome=refused.outcome)
    return await changed_reply(ctx, one, options)


def _form(ctx: Context, one: Subscribed, text: str) -> Reply:
    from bot.rules.templates import FIELDS

    length = min(_FIELD, max(_LONGEST, len(text)))
    field = FormField(
        "template", said.TEMPLATE_LABEL, text[:length], long=True, required=False, length=length,
        hint=said.TEMPLATE_HINT,
    )  # fmt: skip
    how = said.template_how(one.title, shown_place(ctx, one.place), tuple(FIELDS))
    return Reply(
        how,
        form=Form(said.TEMPLATE_FORM, "alerts template", (field,), one.args() | {"save": "yes"}),
        outcome="confirm",
    )
