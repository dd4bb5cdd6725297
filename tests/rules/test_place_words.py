"""Places and roles by the names that people know them by."""

from __future__ import annotations

import pytest

from bot.alert_ports import Named
from bot.domain import Place
from bot.errors import UsageError
from bot.rules.subscription_words import is_place, labels, named_in, place_in

HERE = Place("discord", "1", "2")
NEWS, ALSO, CHAT = Named("5", "#news", "Podcasts"), Named("6", "#News", "Staff"), Named("7", "#general")
TWIN = Named("8", "#news", "Podcasts")
CALLED = Named("9", "@Listeners")


def test_a_name_stands_alone_where_it_is_alone() -> None:
    assert labels([NEWS, CHAT, CALLED]) == {"#news": "5", "#general": "7", "@Listeners": "9"}


def test_those_of_one_name_are_told_apart_by_their_category_else_by_their_id() -> None:
    assert labels([NEWS, ALSO]) == {"#news (Podcasts)": "5", "#News (Staff)": "6"}
    assert labels([NEWS, TWIN]) == {"<#5>": "5", "<#8>": "8"}


@pytest.mark.parametrize("typed", ["#general", "general", " #General "])
def test_a_name_is_found_with_or_without_its_sign(typed: str) -> None:
    assert named_in(typed, [NEWS, CHAT]) == [CHAT]


def test_every_label_finds_the_one_it_was_made_of() -> None:
    named = [NEWS, ALSO, CHAT]
    assert {label: [one.id for one in named_in(label, named)] for label in labels(named)} == {
        label: [id] for label, id in labels(named).items()
    }


def test_a_name_of_several_means_all_of_them() -> None:
    assert named_in("news", [NEWS, ALSO, CHAT]) == [NEWS, ALSO]


@pytest.mark.parametrize("address", ["https://discord.com/channels/1/9", "https://ptb.discord.com/channels/1/9/77"])
def test_a_channels_address_is_a_place(address: str) -> None:
    assert place_in(address, HERE) == Place("discord", "1", "9")
    assert is_place(address)


@pytest.mark.parametrize("address", ["https://discord.com.example/channels/1/9", "https://discord.com/channels/@me/9"])
def test_another_address_is_none(address: str) -> None:
    with pytest.raises(UsageError):
        place_in(address, HERE)


def test_a_name_with_its_sign_can_only_be_meant_as_a_place() -> None:
    assert is_place("#news")
    assert not is_place("#")
    assert not is_place("news")
