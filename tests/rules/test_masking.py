"""Secrets of private feeds in any text: blanked, and nothing else is."""

from __future__ import annotations

import pickle
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Role
from bot.errors import Ambiguous, NotAllowed, NotFound, PullquoteError, StorageError
from bot.logs import Masker
from bot.rules.access import carries_credentials
from bot.rules.masking import MASK, feed_address, holds_secrets, masked

KEY = "Zk3vQ9xW2bN7rT5yL8mP1c"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("https://user:s3cret@example.org/private.mp3", "s3cret"),
        ("https://onlyname@example.org/feed", "onlyname"),
        ("https://user:pa/ss:word@example.org/feed", "ss:word"),
        ("https://example.org/rss?auth=abc123", "abc123"),
        ("https://example.org/rss?show=1&Token=abc123&x=2", "abc123"),
        ("https://example.org/rss?show=1;token=abc123", "abc123"),
        (f"https://example.org/feeds/{KEY}", KEY),
        (f"https://example.org/feeds/{KEY}.xml", KEY),
        (f"https://example.org/feeds/{KEY}/rss?x=1", KEY),
        (f"https://example.org/rss?{KEY}", KEY),
        (f"https://example.org/rss?u={KEY}", KEY),
        ("https://example.org/#access_token=abc123", "abc123"),
        (f"https://example.org/?to={quote('https://u:s3cret@e.org/', safe='')}", "s3cret"),
        ("could not read (https://u:s3cret@e.org/a), sorry", "s3cret"),
        ("HTTPS://u:s3cret@e.org", "s3cret"),
        ('<a href="https://e.org/?key=abc123">', "abc123"),
    ],
)
def test_a_secret_in_an_address_is_blanked(text: str, secret: str) -> None:
    assert secret in text or quote(secret) in text
    assert secret not in masked(text)
    assert MASK in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/feed.xml",
        "https://example.org/shows/2f1e0c7a-6b1d-4b6e-9a55-0c1d2e3f4a5b/feed",
        "see https://example.org/a-long-title-of-an-episode-about-kites?page=2, then go on",
        "https://medium.com/@someone/feed",
        "no address here, token=abc123",
        "http://[::1]:8080/x",
        "",
    ],
)
def test_what_holds_no_secret_stays_as_it_is(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    "url",
    [
        *("https://u:p@e.org/f", "https://e.org/f?token=x", f"https://e.org/{KEY}", f"https://e.org/{KEY}.rss"),
        *(f"https://e.org/a/{KEY}/b", f"https://e.org/f?a={KEY}", f"https://e.org/{KEY}.tail?x=1"),
    ],
)
def test_an_address_that_makes_a_show_private_is_never_written_down_whole(url: str) -> None:
    assert carries_credentials(url)
    assert masked(url) != url


def test_the_rest_of_the_address_and_of_the_sentence_stays_to_be_read() -> None:
    got = masked(f"two: https://u:p@e.org/a/{KEY}.rss?id=7&token=x and https://f.org/b.")
    assert got == f"two: https://{MASK}@e.org/a/{MASK}.rss?id=7&token={MASK} and https://f.org/b."


@given(st.text(alphabet=":/@?&=#.%abAB19 \n[]", max_size=80))
def test_any_text_is_masked_once_and_for_all(text: str) -> None:
    once = masked(f"http://{text}")
    assert masked(once) == once


def test_a_log_line_shows_no_token_of_a_private_feed() -> None:
    event = {"event": "poll", "url": f"https://e.org/{KEY}/rss?auth=abc", "deep": ["https://u:p4ss@e.org/x"]}
    told = str(Masker(())(None, "info", event))
    assert KEY not in told
    assert "abc" not in told
    assert "p4ss" not in told
    assert "e.org" in told


@pytest.mark.parametrize(
    "error",
    [
        NotFound("no", ["a", "b"], "show"),
        Ambiguous("which", ["a"], None),
        NotAllowed("no", Role.admin),
        StorageError("full", "/x"),
        PullquoteError("plain"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_survives_pickling_with_all_that_it_carries(error: PullquoteError) -> None:
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert (str(back), vars(back)) == (str(error), vars(error))


@pytest.mark.parametrize(
    ("url", "private", "told"),
    [
        ("https://x.example/rss/zq7w/feed.xml", True, f"https://x.example/{MASK}"),
        ("https://x.example/rss/zq7w/feed.xml", False, "https://x.example/rss/zq7w/feed.xml"),
        ("https://x.example?zq7w", True, f"https://x.example/{MASK}"),
        ("https://bob:zq7w@x.example:8080/f", True, f"https://{MASK}@x.example:8080/{MASK}"),
        ("https://x.example/f?token=zq7w", False, f"https://x.example/f?token={MASK}"),
        ("https://x.example/", True, "https://x.example/"),
    ],
)
def test_of_a_private_feed_only_the_host_is_told(url: str, private: bool, told: str) -> None:
    assert feed_address(url, private=private) == told


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("/show add https://x.example/f?token=zq7w", True),
        ("/show set kites feed:https://x.example/aB3dE5gH7jK9mN1pQ3sT/feed", True),
        ("/show add bob:zq7w@x.example/feed", True),
        ("/show add x.example/aB3dE5gH7jK9mN1pQ3sT/feed", True),
        ("/show add https://x.example/feed.xml", False),
        ("/quote and/or the kettle", False),
        ("", False),
    ],
)
def test_a_typed_line_with_a_secret_address_is_known(line: str, secret: bool) -> None:
    assert holds_secrets(line) is secret
