"""Words said in chat, codes that link workspaces, and posts by their message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import ChatQuote, EpisodeId, Person, Setting
from bot.ports import Storage
from storage import open_storage
from tests.storage.alerting import DAY, HALL, HOUR, MINUTE, NOON, OTHER, OURS, ROOM, RUN, SECOND, alert, claimed, turned

MEL, KIM = Person("discord", "7", "Mel"), Person("discord", "8", "Kim")
SECRET = "my toaster is haunted"
QUOTE = ChatQuote(
    "aaaaaaaaaaaa", HALL, str(MEL), "Mel", str(KIM), SECRET, NOON - HOUR, NOON, "https://chat.example/1", "1"
)


def other(id: str, **said: object) -> ChatQuote:
    return replace(QUOTE, id=id * 12, message=id, **said)  # type: ignore[arg-type]


async def test_what_was_kept_is_read_newest_first_by_place(storage: Storage) -> None:
    second, elsewhere = other("b"), other("c", place=ROOM)
    for one in (QUOTE, second, elsewhere):
        assert await storage.keep_chat_quote(OURS, one)
    assert await storage.chat_quotes(OURS) == [elsewhere, second, QUOTE]
    assert await storage.chat_quotes(OURS, place=HALL) == [second, QUOTE]
    assert await storage.chat_quotes(OURS, place=HALL, limit=1, offset=1) == [QUOTE]
    assert await storage.chat_quotes(OTHER) == []
    assert await storage.chat_quote(OURS, QUOTE.id) == QUOTE
    assert (await storage.chat_quote(OTHER, QUOTE.id), await storage.chat_quote(OURS, "nobody")) == (None, None)


async def test_a_message_is_kept_once(storage: Storage) -> None:
    assert await storage.keep_chat_quote(OURS, QUOTE)
    assert not await storage.keep_chat_quote(OURS, replace(other("b"), message="1", text="other words"))
    assert await storage.keep_chat_quote(OURS, replace(other("b"), message="1", place=ROOM))
    assert await storage.keep_chat_quote(OTHER, replace(other("d"), message="1"))


async def test_nothing_of_it_is_in_the_history_or_a_change(storage: Storage) -> None:
    before = await storage.last_change()
    await storage.keep_chat_quote(OURS, QUOTE)
    await storage.drop_chat_quotes(OURS, id=QUOTE.id)
    assert (await storage.history(OURS), await storage.last_change()) == ([], before)


async def test_one_or_all_of_an_author_are_dropped(storage: Storage) -> None:
    for one in (QUOTE, other("b"), other("c", author=str(KIM))):
        await storage.keep_chat_quote(OURS, one)
    await storage.keep_chat_quote(OTHER, other("d"))
    assert await storage.drop_chat_quotes(OTHER, id=QUOTE.id) == 0
    assert await storage.drop_chat_quotes(None, id=QUOTE.id, author=str(KIM)) == 0
    assert await storage.drop_chat_quotes(OURS, id=QUOTE.id) == 1
    assert await storage.drop_chat_quotes(OURS, id=QUOTE.id) == 0
    assert await storage.drop_chat_quotes(None, author=str(MEL)) == 2
    assert [one.author for one in await storage.chat_quotes(OURS)] == [str(KIM)]
    with pytest.raises(ValueError, match="which"):
        await storage.drop_chat_quotes(OURS)


async def test_an_offer_is_no_quote_and_ends(storage: Storage) -> None:
    until = NOON + 15 * MINUTE
    await storage.offer_chat_quote(OURS, QUOTE, NOON, until)
    assert (await storage.chat_quotes(OURS), await storage.chat_quote(OURS, QUOTE.id)) == ([], None)
    assert await storage.chat_offer(OURS, QUOTE.id, until - SECOND) == QUOTE
    assert await storage.chat_offer(OTHER, QUOTE.id, NOON) is None
    assert await storage.chat_offer(OURS, QUOTE.id, until) is None
    again = replace(other("b"), message="1")
    await storage.offer_chat_quote(OURS, again, NOON, until)
    assert await storage.keep_chat_quote(OURS, QUOTE) is False  # that id is taken
    assert await storage.drop_chat_quotes(OURS, id=QUOTE.id) == 0
    assert await storage.chat_offer(OURS, QUOTE.id, NOON) is None
    assert await storage.keep_chat_quote(OURS, QUOTE)


async def test_an_offer_whose_time_is_over_goes_with_the_next_one(storage: Storage) -> None:
    await storage.offer_chat_quote(OURS, QUOTE, NOON, NOON + MINUTE)
    await storage.offer_chat_quote(OTHER, other("b"), NOON + HOUR, NOON + DAY)
    assert await storage.chat_offer(OURS, QUOTE.id, NOON) is None


async def test_what_was_deleted_is_nowhere_in_the_files(tmp_path: Path) -> None:
    path = tmp_path / "chat.db"
    storage = await open_storage(f"sqlite:///{path}")
    for n in range(20):
        await storage.keep_chat_quote(OURS, other(chr(97 + n), text=f"{SECRET} {n} " * 20))
    assert SECRET.encode() in everything(path)
    assert await storage.drop_chat_quotes(None, author=str(MEL)) == 20
    assert SECRET.encode() not in everything(path)
    await storage.close()
    assert SECRET.encode() not in everything(path)


def everything(path: Path) -> bytes:
    return b"".join(one.read_bytes() for one in sorted(path.parent.iterdir()))


# --- codes --------------------------------------------------------------------------------------------------------


async def test_a_link_code_names_its_community_once_within_a_day(storage: Storage) -> None:
    await storage.make_link_code(OURS, "ours", NOON)
    await storage.make_link_code(OTHER, "theirs", NOON)
    assert await storage.use_link_code(MEL, "theirs", NOON + HOUR) == OTHER
    assert await storage.use_link_code(MEL, "theirs", NOON + HOUR) is None
    assert await storage.use_link_code(MEL, "ours", NOON + DAY) is None
    await storage.make_link_code(OURS, "first", NOON)
    await storage.make_link_code(OURS, "second", NOON)
    assert await storage.use_link_code(KIM, "first", NOON) is None
    assert await storage.use_link_code(KIM, "second", NOON) == OURS


async def test_wrong_tries_are_bounded_for_each_and_for_all(storage: Storage) -> None:
    await storage.make_link_code(OURS, "ours", NOON)
    for n in range(5):
        assert await storage.use_link_code(MEL, f"wrong{n}", NOON) is None
    assert await storage.use_link_code(MEL, "ours", NOON) is None
    for n in range(95):
        await storage.use_link_code(Person("discord", f"p{n}"), "wrong", NOON)
    assert await storage.use_link_code(KIM, "ours", NOON) is None  # a hundred wrong ones end it
    await storage.make_link_code(OURS, "fresh", NOON)
    assert await storage.use_link_code(MEL, "fresh", NOON + HOUR + SECOND) == OURS


async def test_a_link_is_a_record_that_links_and_unlinks(storage: Storage) -> None:
    record = Setting("|linked:discord/away", "linked", "discord/away")
    entry = await storage.put(OURS, record, "zed")
    assert await storage.community_of("discord", "away") == OURS
    await storage.undo(OURS, entry.id, "ada")
    assert await storage.community_of("discord", "away") is None
    await storage.put(OURS, record, "zed")
    assert await storage.community_of("discord", "away") == OURS
    await storage.link_workspace(OTHER, "discord", "away")
    await storage.drop(OURS, "setting", record.id, "ada")
    assert await storage.community_of("discord", "away") == OTHER  # it went elsewhere meanwhile


# --- posts by their message ---------------------------------------------------------------------------------------


async def test_a_post_is_found_by_its_message_and_by_its_thread(storage: Storage) -> None:
    one, two = alert(episode=EpisodeId("epaaaaaaaaaa")), alert("guid:2", ROOM)
    await storage.add_alerts([one, two], NOON)
    await claimed(storage)
    for each, message in ((one, "100"), (two, "200")):
        await turned(storage, each, "sending", RUN, tried_at=NOON, attempts=1)
        await turned(storage, each, "posted", RUN, tried_at=None, posted_at=NOON, message=message, thread=f"t{message}")
    for id in ("100", "t100"):
        found = await storage.alert_of_message(OURS, "discord", "guild", id)
        assert found
        assert found.id == one.id
    found = await storage.alert_of_message(OURS, "discord", "guild", "200")
    assert found
    assert found.id == two.id
    assert await storage.alert_of_message(OTHER, "discord", "guild", "100") is None
    assert await storage.alert_of_message(OURS, "discord", "elsewhere", "100") is None
    assert await storage.alert_of_message(OURS, "slack", "guild", "100") is None
    for id in ("", "300"):
        assert await storage.alert_of_message(OURS, "discord", "guild", id) is None
