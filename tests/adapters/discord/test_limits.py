"""Whatever a reply or post holds, Discord takes it, and it does nothing."""

from __future__ import annotations

import asyncio
import unicodedata
from hashlib import blake2b
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from adapters.discord.escape import marked
from adapters.discord.limits import cut, fitted
from adapters.discord.modals import modal_of
from adapters.discord.post_render import rendered_post, thread_name
from adapters.discord.render import rendered
from bot.domain import DEFAULT_COMMUNITY, CommunityId
from bot.posts import Post
from bot.reply import Form, Reply
from tests.adapters.discord.hostile import forms, posts, replies, texts
from tests.adapters.discord.payload_check import check_message, check_modal

if TYPE_CHECKING:
    from bot.services import Services

#: Hostile posts are large.
pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")

#: Smaller failures are not looked for: one that fails says enough, and looking takes minutes.
MANY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


class Kept:
    """``bot.commands.codec.States`` in memory."""

    async def save_state(self, community: CommunityId, body: str) -> str:
        return blake2b(body.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()

    async def state(self, community: CommunityId, id: str) -> str | None:
        return None


SERVICES = cast("Services", SimpleNamespace(storage=Kept()))


@MANY
@given(reply=replies)
def test_any_reply_keeps_every_limit_and_does_nothing(reply: Reply) -> None:
    check_message(asyncio.run(rendered(reply, SERVICES, DEFAULT_COMMUNITY)).payload())


@MANY
@given(post=posts)
def test_any_post_keeps_every_limit_and_mentions_only_whom_it_names(post: Post) -> None:
    made = rendered_post(post)
    payload = made.payload()
    check_message(payload, ours=r"<@&?\d+>")
    mentions = payload["allowed_mentions"]
    assert mentions["parse"] == []
    assert set(mentions["roles"]) <= {int(post.mention)} if made.roles else mentions["roles"] == []
    assert {str(one) for one in mentions["users"]} <= set(post.people)
    assert payload["content"].count("<@") == len(made.roles) + len(made.people)


@MANY
@given(form=forms)
def test_any_form_keeps_every_limit(form: Form) -> None:
    check_modal(asyncio.run(modal_of(form, SERVICES, DEFAULT_COMMUNITY)).to_dict())


@MANY
@given(text=texts, most=st.integers(0, 80))
def test_a_cut_text_is_never_longer_and_ends_at_a_letter(text: str, most: int) -> None:
    short = cut(text, most)
    assert len(short) <= most
    if short != text:
        assert short == "" or short.endswith("…")
        kept = short.removesuffix("…")
        after = text[len(kept) : len(kept) + 1]
        assert not kept[-1:].isalpha() or unicodedata.category(after) not in ("Mn", "Me")


@MANY
@given(text=texts, most=st.integers(0, 300))
def test_what_is_escaped_fits_too(text: str, most: int) -> None:
    short = fitted(text, most, marked)
    assert len(short) <= most
    assert (len(short) - len(short.rstrip("\\"))) % 2 == 0


@MANY
@given(title=texts)
def test_a_thread_has_a_name(title: str) -> None:
    assert 1 <= len(thread_name(title)) <= 100
    assert thread_name(title).strip()


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        pytest.param("one two three", 13, "one two three", id="fits"),
        pytest.param("one two three", 12, "one two…", id="at a word"),
        pytest.param("one two three", 8, "one two…", id="a whole word at the end"),
        pytest.param("unbreakable", 5, "unbr…", id="inside an endless word"),
        pytest.param("👨\u200d👩\u200d👧👨\u200d👩\u200d👧", 8, "👨\u200d👩\u200d👧…", id="never inside joined emoji"),
        pytest.param("🇩🇪🇫🇷🇮🇹", 5, "🇩🇪🇫🇷…", id="never inside a flag"),
        pytest.param("🇩🇪🇫🇷🇮🇹", 4, "🇩🇪…", id="nor between its halves"),
        pytest.param("👍🏽👍🏽", 2, "…", id="never between thumb and skin"),
        pytest.param("ae\u0301", 2, "a…", id="marks stay on their letters"),
        pytest.param("anything", 0, "", id="no room"),
        pytest.param("anything", 1, "…", id="hardly any room"),
    ],
)
def test_how_texts_are_cut(text: str, most: int, short: str) -> None:
    assert cut(text, most) == short
