"""The words that say which shards a process holds."""

from __future__ import annotations

import re

import pytest

from bot.rules.shards import Shards, read_shards


@pytest.mark.parametrize(
    ("words", "read"),
    [
        pytest.param("auto", Shards(), id="as-advised"),
        pytest.param("4", Shards(4), id="all-of-four"),
        pytest.param("0,1/4", Shards(4, (0, 1)), id="the-first-two-of-four"),
        pytest.param(" 3, 1 / 4 ", Shards(4, (1, 3)), id="blanks-and-order"),
        pytest.param("0/1", Shards(1, (0,)), id="the-only-one"),
    ],
)
def test_what_is_meant(words: str, read: Shards) -> None:
    assert read_shards(words) == read


@pytest.mark.parametrize("words", ["", "0", "two", "4/4", "0,4/4", "/4", "1/", "-1/4", "0,,1/4", "99999", "²", "1/2/3"])
def test_what_nobody_can_mean_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        read_shards(words)
