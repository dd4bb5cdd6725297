"""What people ask in their own words, and what stays a quote's words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.registry import load
from bot.rules.asked import LONGEST, Asked, meant

CHAPTER_ON = Asked("chapter", {"chapter": "team composition"})
CHAPTERS = Asked("chapters")
LATEST = Asked("episode", {"episode": "latest"})
MANAGERS = {"words": "product managers"}


def chapter(of: str, episode: str = "", show: str = "") -> Asked:
    named = {"chapter": of, "episode": episode, "show": show}
    return Asked("chapter", {name: value for name, value in named.items() if value})


def chapters(episode: str = "", show: str = "") -> Asked:
    return Asked("chapters", {n: v for n, v in {"episode": episode, "show": show}.items() if v})


def quote(words: str, episode: str = "", *, line: bool = True) -> Asked:
    return Asked("quote", {"words": words} | ({"episode": episode} if episode else {}), line=line)


def spoken(name: str, words: str, how: str = "sure", episode: str = "") -> Asked:
    args = {"words": words} | ({"episode": episode} if episode else {})
    return Asked("quote", args, name, how, line=True)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("chapter on team composition", CHAPTER_ON),
        ("the chapter about team composition please", CHAPTER_ON),
        ("which chapter talks about team composition?", CHAPTER_ON),
        ("what chapter is about team composition", CHAPTER_ON),
        ("Could you show me the chapter on “team composition”?", CHAPTER_ON),
        ("is there a chapter on team composition?", CHAPTER_ON),
        ("the team composition chapter", CHAPTER_ON),
        ("team composition chapter", CHAPTER_ON),
        ("what is the team composition chapter about?", CHAPTER_ON),
        ("the team composition chapter of the swyx one", chapter("team composition", "swyx")),
        ("what's the third chapter about?", chapter("3")),
        ("summarize chapter 3", chapter("3")),
        ("chapter where they discuss team composition", CHAPTER_ON),
        ("chapter on team composition in the swyx one", chapter("team composition", "swyx")),
        ("chapter on state of the art", chapter("state of the art")),
        ("2nd chapter", chapter("2")),
        ("the second chapter", chapter("2")),
        ("chapter two of the swyx one", chapter("2", "swyx")),
        ("chapter 12 of episode 40", chapter("12", "40")),
        ("last chapter of the latest episode", chapter("last", "latest")),
        ("which chapter is at 12:15 in latest", chapter("12:15", "latest")),
    ],
)
def test_a_chapter_is_asked_for_by_number_time_or_topic(text: str, asked: Asked) -> None:
    assert meant(text) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("chapters", CHAPTERS),
        ("list the chapters", CHAPTERS),
        ("what are the chapters?", CHAPTERS),
        ("chapters of the swyx one", chapters("swyx")),
        ("chapters of the latest episode", chapters("latest")),
        ("show me the chapters for the most recent episode, please", chapters("latest")),
        ("latest chapters", chapters("latest")),
        ("timestamps for episode 12", chapters("12")),
        ("chapters of episode 12 of Practical AI", chapters("12", "Practical AI")),
        ("chapters in this episode", chapters()),
        ("how many chapters are in the swyx episode?", chapters("swyx")),
        ("what do they talk about in the latest episode?", chapters("latest")),
        ("table of contents", CHAPTERS),
    ],
)
def test_the_chapters_of_an_episode_are_asked_for(text: str, asked: Asked) -> None:
    assert meant(text) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("the latest episode", LATEST),
        ("latest", LATEST),
        ("what's the latest episode?", LATEST),
        ("what is the newest episode about", LATEST),
        ("who is in the latest episode?", LATEST),
        ("summary of the latest episode", LATEST),
        ("latest episode of Practical AI", Asked("episode", {"episode": "latest", "show": "Practical AI"})),
        ("the latest Practical AI episode", Asked("episode", {"episode": "latest", "show": "Practical AI"})),
        ("episode 12", Asked("episode", {"episode": "12"})),
        ("tell me about episode 12", Asked("episode", {"episode": "12"})),
        ("the swyx episode", Asked("episode", {"episode": "swyx"})),
        ("the episode with Shawn Wang", Asked("episode", {"episode": "Shawn Wang"})),
        ("which episode talks about evals?", quote("evals")),
        ("what's new?", Asked("episodes")),
        ("whats new", Asked("episodes")),
        ("any new episodes?", Asked("episodes")),
        ("recent episodes of Practical AI", Asked("episodes", {"show": "Practical AI"})),
        ("which shows are there?", Asked("shows")),
        ("what podcasts do you have", Asked("shows")),
        ("help", Asked("help")),
        ("help me please", Asked("help")),
        ("what can you do?", Asked("help")),
        ("how does this work?", Asked("help")),
        ("hi!", Asked("help")),
        ("thanks", Asked("help")),
        ("who are you?", Asked("about")),
        ("what do you store about me?", Asked("privacy")),
        ("my quotes", Asked("quotes list")),
        ("show saved quotes", Asked("quotes list")),
        ("show episodes", Asked("episodes")),
        ("how do I search?", Asked("help")),
        ("is there an episode about evals?", Asked("episode", {"episode": "evals"}, else_words="evals")),
        ("save this: fire ready aim", Asked("quotes save", {"words": "fire ready aim"})),
    ],
)
def test_episodes_shows_and_help_are_asked_for(text: str, asked: Asked) -> None:
    assert meant(text) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("what did raza say about product managers?", spoken("raza", "product managers")),
        ("hey, what did Raza Habib say about product managers", spoken("Raza Habib", "product managers")),
        ("what does raza think about product managers", spoken("raza", "product managers")),
        ("what’s raza’s take on product managers?", spoken("raza", "product managers")),
        ("did raza ever mention product managers?", spoken("raza", "product managers")),
        ("when did raza talk about product managers in the latest episode",
         spoken("raza", "product managers", episode="latest")),
        ("can you tell me what raza said about product managers", spoken("raza", "product managers")),
        ("any thoughts from raza on product managers?", spoken("raza", "product managers", "perhaps")),
        ("when did raza say product managers", spoken("raza", "product managers")),
        ("raza on product managers", spoken("raza", "product managers", "perhaps")),
        ("raza's thoughts about product managers", spoken("raza", "product managers", "perhaps")),
        ("a quote by raza about product managers", spoken("raza", "product managers", "perhaps")),
        ("raza said product managers", spoken("raza", "product managers", "perhaps")),
        ("who said fire ready aim", quote("fire ready aim")),
        ("who said “fire ready aim”?", quote("fire ready aim")),
        ("who was it that said fire ready aim", quote("fire ready aim")),
        ("do you remember who said fire ready aim?", quote("fire ready aim")),
        ("find fire ready aim", quote("fire ready aim")),
        ("can you find fire ready aim please?", quote("fire ready aim")),
        ("quote fire ready aim", quote("fire ready aim")),
        ("where do they talk about evals?", quote("evals")),
        ("what was said about evals in the swyx one", quote("evals", "swyx")),
        ("find the part where they talk about evals", quote("evals")),
        ("the bit about evals", quote("evals")),
        ("did anyone say anything about evals", quote("evals")),
        ("what is said at 12:15 in latest", quote("12:15", "latest", line=False)),
        ("what happens at 1:02:03 of the latest episode?", quote("1:02:03", "latest", line=False)),
        ("12:15 in the swyx one", quote("12:15", "swyx", line=False)),
        ("go to minute 12", quote("12:00", line=False)),
        ("random quote", Asked("quote")),
        ("give me a quote", Asked("quote")),
        ("quote from the latest episode", Asked("quote", {"episode": "latest"})),
        ("a quote from raza", Asked("quote", {}, "raza", "perhaps")),
    ],
)  # fmt: skip
def test_lines_are_asked_for_by_words_speaker_topic_and_moment(text: str, asked: Asked) -> None:
    found = meant(text)
    assert found is not None
    assert (found.command, dict(found.args), found.speaker) == (asked.command, dict(asked.args), asked.speaker)
    assert not found.speaker or found.speaking == asked.speaking
    assert found.line == asked.line


@pytest.mark.parametrize(
    "text",
    [
        "I once kept a lighthouse for nine winters",
        "move fast and break things",
        "what did you do then?",
        "why did they say that?",
        "hello there and welcome to the harbour",
        "the one thing that matters",
        "the big one",
        "what is an AI engineer",
        "nobody would believe such a story today",
        "a new chapter",
        "the hardest chapter of my life",
        "who said that?",
        "what did he say about it?",
        "next chapter in my life began in June",
        "“who said fire ready aim”",
        '"help"',
        "shows that he cared",
        "help yourself to some bread",
        "x" * (LONGEST + 1),
        "   ",
        "",
    ],
)
def test_whatever_is_not_surely_a_phrasing_stays_words(text: str) -> None:
    assert meant(text) is None


PARTS = (
    "who what said say did raza the a quote chapter chapters of in on about latest episode episodes find at 12:15 2nd "
    "please hey can you where they talk one swyx : ? , ' \" ’s is new help me my from by"
)
WORDS = st.sampled_from(PARTS.split())


@settings(deadline=None)
@given(st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=320))
def test_any_text_is_read_and_names_a_command_with_its_own_arguments(text: str) -> None:
    asked = meant(text)
    if asked is not None:
        command = load().get(asked.command)
        assert command
        assert all(command.param(name) for name in asked.args)
        assert all(value.strip() for value in asked.args.values())
        assert asked.command == "quote" or not asked.speaker


@settings(deadline=None)
@given(st.text(alphabet="abcdefgh ijklmnop", min_size=1, max_size=80).filter(str.strip))
def test_words_in_quotes_are_what_was_said(words: str) -> None:
    assert meant(f"“{words.strip()}”") is None


@pytest.mark.parametrize(
    "part", ["what did a say ", "the the ", "chapter on of ", "who said ", "find the part ", "a ", "is "]
)
def test_no_text_takes_long(part: str) -> None:
    """A guard against patterns that go back and forth: each of these takes under a millisecond."""
    started = time.perf_counter()
    meant((part * LONGEST)[:LONGEST])
    assert time.perf_counter() - started < 30
