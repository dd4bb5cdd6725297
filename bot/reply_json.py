"""A reply as JSON-serialisable data: what ``do --json`` prints. Names are those of ``Reply``; a picture
is its size, a file its text where it is one."""

from __future__ import annotations

from bot.files import File
from bot.reply import Action, Choices, Form, Reply


def reply_json(reply: Reply) -> dict[str, object]:
    """Every part of the reply, absent ones as null or empty; ``plain`` is the answer as one text.

    ``picture`` is ``{"alt", "bytes"}``: its words and how many bytes the PNG has. ``file`` is
    ``{"name", "about", "bytes", "text"}``; ``text`` is None where it is no UTF-8.
    """
    return {
        "outcome": reply.outcome,
        "title": reply.title,
        "url": reply.url,
        "text": reply.text,
        "quotes": [
            {
                "text": quote.text,
                "speaker": quote.speaker,
                "show": quote.show,
                "episode": quote.episode,
                "moment": quote.moment,
                "url": quote.url,
            }
            for quote in reply.quotes
        ],
        "fields": [{"label": row.label, "value": row.value, "url": row.url} for row in reply.fields],
        "picture": {"alt": reply.picture.alt, "bytes": len(reply.picture.data)} if reply.picture else None,
        "footer": reply.footer,
        "actions": [_action(action) for action in reply.actions],
        "choices": _choices(reply.choices) if reply.choices else None,
        "form": _form(reply.form) if reply.form else None,
        "private": reply.private,
        "links": [{"label": one.label, "url": one.url} for one in reply.links],
        "file": _file(reply.file) if reply.file else None,
        "remove": reply.remove,
        "post": reply.post.plain() if reply.post else None,
        "plain": reply.plain(),
    }


def _action(action: Action) -> dict[str, object]:
    return {
        "label": action.label,
        "command": action.command,
        "args": dict(action.args),
        "style": action.style,
        "turn": action.turn,
    }


def _file(file: File) -> dict[str, object]:
    text: str | None
    try:
        text = file.data.decode()
    except UnicodeDecodeError:
        text = None
    return {"name": file.name, "about": file.about, "bytes": len(file.data), "text": text}


def _choices(choices: Choices) -> dict[str, object]:
    options = [
        {"label": choice.label, "detail": choice.detail, "action": _action(choice.action)} for choice in choices.options
    ]
    return {"prompt": choices.prompt, "options": options}


def _form(form: Form) -> dict[str, object]:
    fields = [
        {
            "name": one.name,
            "label": one.label,
            "value": one.value,
            "long": one.long,
            "required": one.required,
            "options": list(one.options),
            "length": one.length,
            "hint": one.hint,
        }
        for one in form.fields
    ]
    return {"title": form.title, "command": form.command, "args": dict(form.args), "fields": fields}
