"""Discord's limits, checked on a payload: written from its documentation, knowing nothing of what renders. No test
enters here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from simcord.components import validate_message_state, validate_modal

V2 = 1 << 15
#: Nothing of the kind may reach Discord: controls, directions, halves of characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")
_MASS = re.compile("@everyone|@here", re.IGNORECASE)
#: Where no mark-up is read.
_BARE = frozenset({"author", "footer", "label", "placeholder", "detail"})
_ESCAPE = re.compile(r"\\[^0-9A-Za-z\s]")
#: Whole constructs that mean something to Discord's clients or servers.
_ALIVE = re.compile(
    r"<(?:@[!&]?\d|#\d|/[\w-]+:\d|t:-?\d|a?:\w+:\d|id:\w)|discord(?:app)?\.(?:gg|com/invite)",
    re.IGNORECASE,
)


def check_message(payload: Mapping[str, Any], ours: str = "") -> None:
    """Raises AssertionError naming what Discord would refuse, or what of other people's text would do something.

    ``ours`` is a pattern of mentions that are meant.
    """
    raw = json.dumps(payload, ensure_ascii=False).encode()
    assert raw
    _check_size(payload)
    for component in _components(payload.get("components")):
        _check_component(component)
    _check_ids(payload)
    for where, text in texts_of(payload):
        assert not _FORBIDDEN.search(text), (where, text)
        assert not _MASS.search(text), (where, text)
        if where in _BARE:
            continue
        alive = _ALIVE.search(_ESCAPE.sub("\\\\", re.sub(ours, " ", text) if ours else text))
        assert alive is None, (where, text)
    # simcord's own check, as real servers answer it: 50035.
    flags = payload.get("flags", 0)
    files = payload.get("attachments")
    validate_message_state(
        payload.get("components") or [],
        flags=flags,
        content=payload.get("content"),
        embeds=payload.get("embeds") or [],
        attachments=files,
        require_nonempty=True,
    )


def check_modal(payload: Mapping[str, Any]) -> None:
    assert json.dumps(payload, ensure_ascii=False).encode()
    validate_modal(payload)
    for one in _components(payload["components"]):
        most = one.get("max_length", 4000)
        assert len(one.get("value", "")) <= most


def texts_of(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text that people see, with where it stands."""
    if payload.get("content"):
        yield "content", payload["content"]
    for embed in payload.get("embeds") or []:
        for name in ("title", "description"):
            if name in embed:
                yield name, embed[name]
        for name, inner in (("author", "name"), ("footer", "text")):
            if name in embed:
                yield name, embed[name][inner]
        for field in embed.get("fields", []):
            yield "field", field["name"]
            yield "field", field["value"]
    for one in _components(payload.get("components")):
        for name in ("content", "label", "placeholder", "description"):
            if isinstance(one.get(name), str):
                yield "detail" if name == "description" else name, one[name]


def _check_size(payload: Mapping[str, Any]) -> None:
    content, embeds = payload.get("content") or "", payload.get("embeds") or []
    assert len(content) <= 2000
    assert len(embeds) <= 10
    assert sum(len(text) for where, text in texts_of({"embeds": embeds})) <= 6000
    for embed in embeds:
        assert len(embed.get("title", "")) <= 256
        assert len(embed.get("description", "")) <= 4096
        assert len(embed.get("author", {}).get("name", "")) <= 256
        assert embed.get("title") or embed.get("description")
        for url in (embed.get("url"), embed.get("thumbnail", {}).get("url")):
            assert url is None or (len(url) <= 2048 and re.fullmatch(r"https?://[!-~]+", url))
    v2 = bool(payload.get("flags", 0) & V2)
    assert not (v2 and (content or embeds))
    rows = payload.get("components") or []
    assert len(rows) <= (40 if v2 else 5)
    everything = list(_components(rows))
    # Options are no components.
    assert len([one for one in everything if "type" in one]) <= 40
    assert sum(len(one["content"]) for one in everything if one.get("type") == 10) <= 4000
    assert all(len(one["description"]) <= 1024 for one in payload.get("attachments", []) if one.get("description"))


def _check_component(one: Mapping[str, Any]) -> None:
    kind = one.get("type")
    if kind == 1:
        assert 1 <= len(one["components"]) <= 5
    if kind == 2:
        assert 1 <= len(one["label"]) <= 80
        assert one["label"].strip()
        if one["style"] == 5:
            assert len(one["url"]) <= 512
            assert re.fullmatch(r"https?://[!-~]+", one["url"])
        else:
            assert re.fullmatch(r"[!-~]{1,100}", one["custom_id"])
    if kind == 3:
        values = [option["value"] for option in one["options"]]
        assert 1 <= len(values) <= 25
        assert len(set(values)) == len(values)
        assert len(one["placeholder"]) <= 150
    if kind is None and "value" in one:
        assert 1 <= len(one["label"]) <= 100
        assert 1 <= len(one["value"]) <= 100
        assert len(one.get("description", "")) <= 100


def _check_ids(payload: Mapping[str, Any]) -> None:
    ids = [one["custom_id"] for one in _components(payload.get("components")) if "custom_id" in one]
    assert len(set(ids)) == len(ids)


def _components(tree: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(tree, Mapping):
        yield tree
        for name in ("components", "component", "options"):
            yield from _components(tree.get(name))
    elif isinstance(tree, list | tuple):
        for one in tree:
            yield from _components(one)
