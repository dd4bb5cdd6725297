"""Texts, replies and posts that a hostile feed, transcript or member could make of it. No test enters here."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.files import File
from bot.posts import MENTION, Fact, Link, Moment, Post
from bot.reply import Action, Choice, Choices, Field, Form, FormField, Picture, QuoteBlock, Reply
from bot.reply import Link as ReplyLink

PIECES = (
    "**",
    "*",
    "__",
    "_",
    "~~",
    "||",
    "`",
    "```",
    "# ",
    "## ",
    "-# ",
    "> ",
    ">>> ",
    "- ",
    "1. ",
    "\\",
    "[x](",
    ")",
    "]",
    "(",
    "<@1>",
    "<@!1>",
    "<@&2>",
    "<#3>",
    "</quote:4>",
    "<t:5:R>",
    "<:a:6>",
    "<a:b:7>",
    "<id:customize>",
    "@everyone",
    "@here",
    "https://discord.gg/abc",
    "discord.com/invite/abc",
    "http://evil.example/",
    "<https://evil.example>",
    ":smile:",
    MENTION,
    "\u202e",
    "\u200b",
    "\u200d",
    "\u200e",
    "\u2066",
    "\ufeff",
    "\x00",
    "\x1b[31m",
    "\ud800",
    "\udfff",
    "\u0301" * 30,
    "\u3164",
    "👨\u200d👩\u200d👧",
    "🇩🇪🇫🇷",
    "👍🏽",
    "é",
    "e\u0301",
    "ﷺ",
    "שלום",
    "Zürich",
    "word",
    " ",
    "\n",
    "\n\n\n\n",
    "\t",
    "2_000",
    "C++ * 2",
)

texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.text(max_size=60),
    st.builds(lambda text, n: text * n, st.sampled_from(PIECES), st.integers(0, 900)),
)
urls = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "https://a.example/1", "http://127.0.0.1:8000/x?y=1#t=3", "javascript:alert(1)", "https://a.example/(b)_[c]?q=\"'`",
            "https://exämple.org/ü", "https://a.example/" + "x" * 480, "https://a.example/" + "x" * 600,
            "https://a.example/" + "x" * 5000, "https://discord.gg/abc", "https://user:pw@a.example/", "https://a b/", "ftp://a",
            "https://[::1]/", "https://a.example:99999/", "https://" + "a" * 300 + ".example/", "HTTPS://A.EXAMPLE/", "https://.",
        ]
    ),
    texts,
)  # fmt: skip
some_urls = urls.map(lambda url: url or "")
names = st.sampled_from(["quote", "post", "chapters"])
args = st.dictionaries(st.sampled_from(["a", "words", "key"]), texts, max_size=3)
actions = st.builds(Action, texts, names, args, st.sampled_from(["plain", "primary", "danger"]), st.booleans())
quotes = st.builds(QuoteBlock, texts, texts, texts, texts, st.none() | texts, urls)


def tuples(strategy: st.SearchStrategy[object], most: int) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


forms = st.builds(
    Form,
    texts,
    names,
    st.lists(
        st.builds(
            FormField, st.just(""), texts, texts, st.booleans(), st.booleans(), tuples(texts, 30), st.integers(-1, 9000)
        ),
        min_size=1,
        max_size=7,
    ).map(lambda made: tuple(FormField(f"f{n}", *_rest(one)) for n, one in enumerate(made))),
    args,
)


def _rest(field: FormField) -> tuple[str, str, bool, bool, tuple[str, ...], int]:
    return field.label, field.value, field.long, field.required, field.options, field.length


replies = st.builds(
    Reply,
    text=texts,
    title=st.none() | texts,
    url=urls,
    quotes=tuples(quotes, 12),
    fields=tuples(st.builds(Field, texts, texts, urls), 30),
    picture=st.none() | st.builds(Picture, st.just(b"png"), texts),
    footer=st.none() | texts,
    actions=tuples(actions, 30),
    choices=st.none() | st.builds(Choices, texts, tuples(st.builds(Choice, texts, actions, texts), 30)),
    links=tuples(st.builds(ReplyLink, texts, some_urls), 12),
    file=st.none() | st.builds(File, texts, st.just(b"data"), texts),
)
keyed = st.builds(Action, texts, st.just("post"), st.just({"key": "a" * 24, "kind": "transcript", "do": "episodes"}))
posts = st.builds(
    Post,
    text=texts,
    key=st.just("a" * 24),
    title=texts,
    url=urls,
    show=texts,
    image=urls,
    summary=texts,
    facts=tuples(st.builds(Fact, texts, texts), 12),
    chapters=tuples(st.builds(Moment, texts, texts, urls), 30),
    more_chapters=st.integers(0, 10**9),
    highlight=st.none() | quotes,
    note=texts,
    links=tuples(st.builds(Link, texts, some_urls), 12),
    actions=tuples(keyed, 6),
    mention=st.sampled_from(["", "123456789012345678", "everyone", "<@&1>", "１２３"]),
    people=st.integers(0, 150).map(lambda n: tuple(str(10**17 + k) for k in range(n))) | tuples(texts, 5),
    quiet=st.booleans(),
    mark=texts,
)
