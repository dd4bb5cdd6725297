"""The menu of a message: what its words are, and what becomes of them."""

from __future__ import annotations

import discord
import pytest

from adapters.discord.menus import at_a_word, chat_message, plain_words, quoted_words
from adapters.discord.post_render import rendered_post
from bot import texts_commands
from bot.domain import DEFAULT_COMMUNITY, SavedQuote
from bot.posts import Post
from bot.reply import QuoteBlock
from tests.adapters.discord.room import Room


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param("we had no radio at all", "we had no radio at all", id="as it is"),
        pytest.param("<@123> said **we had** *no* __radio__ ~~at~~ `all`", "said we had no radio at all", id="marks"),
        pytest.param("> we had no radio\n> at all", "we had no radio at all", id="block quote"),
        pytest.param(">>> # Title\n- one\n-# two", "Title one two", id="headings and lists"),
        pytest.param("we had ||no secret|| radio", "we had radio", id="spoiler"),
        pytest.param("||all of it||", "", id="nothing but a spoiler"),
        pytest.param("<:boat:12345> we had <a:wave:99> no radio", "we had no radio", id="custom emoji"),
        pytest.param("@everyone <@&5> <#6> </quote:7> <t:1700000000:R> hear", "hear", id="mentions"),
        pytest.param("[we had](https://a.example/x 'y') no radio", "[we had]( 'y') no radio", id="half a masked link"),
        pytest.param("[we had](https://a.example/x) no radio", "we had no radio", id="masked link"),
        pytest.param("listen https://a.example/1?t=9 to this", "listen to this", id="address in words"),
        pytest.param("https://a.example/1?t=9", "https://a.example/1?t=9", id="an address alone"),
        pytest.param("<https://a.example/1>", "https://a.example/1", id="an address without preview"),
        pytest.param("https://a.example/1 https://a.example/2", "", id="two addresses"),
        pytest.param("```py\nprint(we had no radio)\n```", "print(we had no radio)", id="code"),
        pytest.param("snake_case stays, _this_ does not", "snake_case stays, this does not", id="underscores"),
        pytest.param(r"\*not bold\* 2 \> 1", "*not bold* 2 > 1", id="escapes"),
        pytest.param("we\u202e had\u200b no\x00 radio", "we had no radio", id="invisible"),
        pytest.param("  \n\u2028 ", "", id="empty"),
    ],
)
def test_what_a_message_says(content: str, words: str) -> None:
    assert plain_words(content) == words


@pytest.mark.parametrize(
    "content", ["|" * 4001, "[" * 5000, "<a:" * 2000, "`" * 5000, "_ " * 2500, "> " * 2500, "\\" * 5000, "*" * 5000]
)
def test_hostile_marks_take_no_time(content: str) -> None:
    assert len(plain_words(content)) <= 4000


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("one two three", 13, "one two three"), ("one two three", 8, "one two"), ("one two three", 7, "one two"),
        ("one two three", 6, "one"), ("unbreakable", 5, "unbre"),
    ],
)  # fmt: skip
def test_words_are_cut_between_words(text: str, most: int, cut: str) -> None:
    assert at_a_word(text, most) == cut


# --- on a message ---------------------------------------------------------------------------------

FIND = "Find this quote"
LINE = "So I lit a fire on the rocks and waved a lantern until dawn."


async def test_the_words_of_a_persons_message_are_looked_for(room: Room) -> None:
    message = await room.max.send(room.general, "remember **lit a fire on the rocks**? <:boat:123> <@1>")
    found = await room.mia.context_menu(room.general, FIND, message)
    assert found.response is not None
    assert found.ephemeral
    assert "fire on the rocks" in found.response.content


async def test_a_quote_of_ours_is_found_again(room: Room) -> None:
    asked = await room.mia.slash(room.general, "quote", words="lit a fire on the rocks")
    assert asked.response is not None
    shared = await room.mia.click(asked.response, label="Share")
    assert shared.response is not None
    assert not shared.ephemeral
    found = await room.max.context_menu(room.general, FIND, shared.response)
    assert found.response is not None
    assert quoted_words(found.response.content) == quoted_words(shared.response.content) != ""


async def test_the_highlight_of_a_post_of_ours_is_found(room: Room) -> None:
    highlight = QuoteBlock("So I lit a fire on the rocks", "Bo", "Harbour Tales", "Lamps and lighthouses", "0:22")
    made = rendered_post(Post("New: Lamps and lighthouses", title="Lamps and lighthouses", highlight=highlight))
    channel = room.client.get_channel(room.general.id)
    assert isinstance(channel, discord.TextChannel)
    found = await room.mia.context_menu(room.general, FIND, await channel.send(**made.kwargs("send")))
    assert found.response is not None
    assert quoted_words(found.response.content) == LINE


async def test_a_message_of_ours_without_a_quote_says_so(room: Room) -> None:
    ours = room.client.get_channel(room.general.id)
    assert isinstance(ours, discord.TextChannel)
    message = await ours.send("Hello there, nobody is quoted here")
    found = await room.mia.context_menu(room.general, FIND, message)
    assert found.response is not None
    assert found.response.content == texts_commands.NO_QUOTE_OF_MINE
    assert found.ephemeral


@pytest.mark.parametrize("content", ["||hidden||", "<:boat:123>", "<@1>"])
async def test_a_message_without_words_says_so(room: Room, content: str) -> None:
    message = await room.max.send(room.general, content)
    found = await room.mia.context_menu(room.general, FIND, message)
    assert found.response is not None
    assert found.response.content == texts_commands.NO_WORDS


async def test_a_picture_alone_has_no_words(room: Room) -> None:
    message = await room.max.send(room.general, attachments=[("cat.png", b"not read")])
    found = await room.mia.context_menu(room.general, FIND, message)
    assert found.response is not None
    assert found.response.content == texts_commands.NO_WORDS


async def test_a_webhooks_words_are_looked_for_too(room: Room) -> None:
    """Bridges bring people's words from elsewhere."""
    hook = room.guild.create_webhook(room.general, "Bridge")
    message = await hook.send("lit a fire on the rocks")
    found = await room.mia.context_menu(room.general, FIND, message)
    assert found.response is not None
    assert "fire on the rocks" in found.response.content


async def test_a_message_longer_than_the_option_is_cut_at_a_word(room: Room) -> None:
    message = await room.max.send(room.general, "lit a fire on the rocks " + "and much more of that " * 60)
    found = await room.mia.context_menu(room.general, FIND, message)
    assert found.response is not None
    assert found.ephemeral
    assert "at most" not in found.response.content


async def test_the_command_knows_which_message_it_was(room: Room) -> None:
    made = chat_message(await room.max.send(room.general, "we **had** no radio"), "we had no radio")
    assert (made.author.id, made.text, made.bot) == (str(room.max.id), "we had no radio", False)
    assert made.url.endswith(f"/{room.guild.id}/{room.general.id}/{made.id}")
    assert made.at.tzinfo is not None


SAVE = "Save as quote"


async def test_a_message_that_quotes_a_line_is_saved_as_that_line(room: Room) -> None:
    message = await room.max.send(room.general, "> lit a fire on the rocks\nnever gets old")
    saved = await room.mia.context_menu(room.general, SAVE, message)
    assert saved.ephemeral
    [quote] = await room.world.storage.records(DEFAULT_COMMUNITY, "saved_quote")
    assert isinstance(quote, SavedQuote)
    assert quote.owner == f"discord:{room.mia.id}"


async def test_a_message_that_quotes_nothing_saves_nothing(room: Room) -> None:
    message = await room.max.send(room.general, "completely different talk about spreadsheets")
    answer = await room.mia.context_menu(room.general, SAVE, message)
    assert answer.response is not None
    assert answer.ephemeral
    assert await room.world.storage.records(DEFAULT_COMMUNITY, "saved_quote") == []


async def test_menus_are_there_in_direct_messages(room: Room) -> None:
    menus = [one for (_, kind), one in room.env.backend.commands[None].items() if kind == 3]
    assert {one["name"] for one in menus} == {FIND, SAVE}
    assert all(1 in one["contexts"] for one in menus)
