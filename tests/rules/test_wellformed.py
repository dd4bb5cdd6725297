"""Which lines may be chosen: kinds of language, one by one and in their neighbourhood."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Line
from bot.rules.wellformed import ad_lines, flaw, is_ad, is_greeting, is_well_formed, quotable, reasons


def line(text: str, n: int = 0, speaker: str | None = "Ann", start_s: float | None = None) -> Line:
    words = len(text.split())
    return Line(n, n, speaker, start_s, None, False, n * 10, words, text)


def lines(*texts: str, speaker: str | None = "Ann") -> list[Line]:
    return [line(text, n, speaker, n * 5.0) for n, text in enumerate(texts)]


@pytest.mark.parametrize(
    "text",
    [
        "Welcome to another episode of the Lighthouse Hour.",
        "Welcome back, everybody, to the show about boats.",
        "Hello everyone, how is it going out there?",
        "I'm joined today by my co-host, Bo.",
        "So Bo, it's great to have you on.",
        "Thanks so much for having me, this is going to be fun.",
        "Thank you for listening, and take care of yourselves, bye for now.",
        "We'll see you all next week.",
        "That's it for today's conversation about ropes.",
        "It's been an absolute pleasure talking with you.",
        "Please take a moment to leave us a review.",
        "Subscribe wherever you get your podcasts.",
        "You can find me on the web at the usual places, or follow me on Mastodon.",
        "I will put the link in the show notes.",
        "Good morning, Bo, how are you doing today?",
        "My name is Ann and I keep a lighthouse in the north.",
    ],
)
def test_greetings_good_byes_and_requests_are_greetings(text: str) -> None:
    assert is_greeting(text)


@pytest.mark.parametrize(
    "text",
    [
        "The keeper had to welcome ships to a harbour that nobody had mapped.",
        "You're welcome to go and copy the plans of the lamp.",
        "Somebody has to take care of the lamp at night.",
        "Say goodbye to paper charts, because the satellites have won.",
        "We subscribe to the idea that light should be free.",
        "It took so long to build the tower that the plans were lost.",
        "Thanks to the fog horn, nobody was lost that winter.",
    ],
)
def test_the_same_words_used_for_something_else_are_no_greeting(text: str) -> None:
    assert not is_greeting(text)


@pytest.mark.parametrize(
    "text",
    [
        "This episode is brought to you by Harbour Rope.",
        "Today's show is sponsored by Harbour Rope, the rope people.",
        "Let's hear a word from our sponsor.",
        "One of our sponsors today makes very good rope.",
        "Thanks so much to Harbour Rope for sponsoring.",
        "Use the code LAMP at checkout and you get 20% off your first order.",
        "Use promo code LAMP.",
        "Head on over to harbourrope.com and have a look.",
        "So go to Harbour Rope dot com slash lamp to see it.",
        "Check it out at harbourrope.com, forward slash lamp.",
        "You get a 30 day unrestricted free trial.",
        "You get fourteen metres of rope and your first month is on us, no credit card needed.",
        "Learn more at harbour-rope.io/lamp today.",
    ],
)
def test_sponsors_offers_and_invitations_to_an_address_are_ads(text: str) -> None:
    assert is_ad(text)


@pytest.mark.parametrize(
    "text",
    [
        "One of the title sponsors of last year's regatta went out of business.",
        "The lamp was about 10 percent off but nobody noticed for years.",
        "If you free a rope from the cleat, try to keep your fingers out of it.",
        "We moved our code to a new machine because the old one was slow.",
        "Her talk was sponsored by nobody, and it showed.",
        "Amazon.com was a bookshop when I started here.",
        "Ships head over the bar at high tide, never before.",
    ],
)
def test_talk_about_money_code_and_addresses_is_no_ad(text: str) -> None:
    assert not is_ad(text)


@pytest.mark.parametrize(
    "text",
    [
        "The lamp went out on the third night of the storm.",
        "What if the fog is a feature and not a fault?",
        "“Light is cheap,” he said, “but keepers are not.”",
        "9 winters alone will teach anybody to talk to gulls.",
        "If you take three months to mend a lamp, what would it take to do it in three weeks?",
        "Only two of them came back!",
        "Nobody's solving this for the small harbours.",
        "No amount of paint will save a tower that stands on sand.",
        "Right now every harbour on this coast is short of pilots.",
    ],
)
def test_a_whole_sentence_is_well_formed(text: str) -> None:
    assert flaw(line(text)) is None
    assert is_well_formed(line(text))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("They came back.", "too short"),
        ("Light " * 60 + "ends.", "too long"),
        ("and then the lamp went out for good.", "starts inside"),
        ("The lamp went out and we had no", "no end"),
        ("The lamp went out and we had no oil...", "trails off"),
        ("We went out to the rocks to look for a.", "trails off"),
        ("The lamp was made by [unintelligible 00:04:25.24] in the north.", "nobody could hear"),
        ("And so we went out to the rocks at night.", "leans on"),
        ("Yeah, I think so too, that is how it was.", "leans on"),
        ("Like, everyone in the village knew about it.", "leans on"),
        ("So yeah, the lamp is a different kind of thing.", "leans on"),
        ("What do you think about the lamp, Bo?", "question to the other"),
        ("How do you trade that off with the cost of the oil?", "question to the other"),
        ("You know, it was, um, sort of like, you know, a lamp.", "leans on"),
        ("It was, um, sort of, you know, a kind of lamp, I mean.", "filler"),
        ("It was the the lamp that we, we had to to mend.", "stutters"),
        ('I said "we have no oil and no bread left.', "half of what is quoted"),
    ],
)
def test_a_line_that_does_not_stand_alone_says_why(text: str, reason: str) -> None:
    assert reason in (flaw(line(text)) or "nothing")


def test_a_sponsor_read_is_an_ad_from_its_announcement_to_its_last_word() -> None:
    talk = lines(
        "The lamp went out on the third night of the storm.",
        "This episode is sponsored by Harbour Rope.",
        "Their rope holds in any weather that you can think of.",
        "Sailors all over the world trust it with their lives.",
        "Head over to harbourrope.com to learn more about it.",
        "It really is the best rope that money can buy.",
        "So let's get back into the story of the lamp.",
        "The keeper lit a fire on the rocks until the morning came.",
    )
    assert ad_lines(talk) == {1, 2, 3, 4, 5}
    assert [one.n for one in quotable(talk)] == [0, 7]


def test_an_offer_that_nobody_announced_takes_the_words_before_it_along() -> None:
    talk = [
        line("The lamp went out on the third night of the storm.", 0, "Bo"),
        line("Our new book tells the whole story of the harbour.", 1),
        line("It has maps of every rock along that coast.", 2),
        line("Use the promo code LAMP and get 20% off at harbour.com.", 3),
    ]
    assert [one.n for one in quotable(talk)] == [0]


def test_a_read_ends_after_three_minutes_even_when_nobody_says_so() -> None:
    talk = [line("This episode is sponsored by Harbour Rope.", 0, "Ann", 0.0)]
    talk += [line("The lamp went out on the third night of the storm.", n, "Bo", 20.0 * n) for n in range(1, 30)]
    talk += [line("Use the promo code LAMP for 20% off your order.", 30, "Ann", 600.0)]
    assert {1, 15, 29}.isdisjoint(ad_lines(talk))


def test_a_sentence_cut_in_two_by_the_source_is_neither_half_a_line() -> None:
    cut = lines(
        "Where the old way was slow and careful and had",
        "Winning means that you are out before the tide.",
        "The gradient of the hill is a matter of taste.",
        "is what he said about the road to the tower.",
    )
    assert quotable(cut) == []


def test_a_broken_decimal_is_no_start_of_a_sentence() -> None:
    broken = lines("The oil costs 2 a litre and is on its way to 0.", "25, depending on the harbour where you buy it.")
    assert 1 not in [one.n for one in quotable(broken)]


def test_lines_that_are_not_featured_or_said_by_nobody_are_left_out() -> None:
    text = "The lamp went out on the third night of the storm."
    assert quotable([replace(line(text), featured=False)]) == []
    assert quotable([line(text, speaker="Announcer")]) == []
    assert len(quotable([line(text, speaker=None)])) == 1


def test_every_refused_line_has_its_reason() -> None:
    talk = lines(
        "Welcome to another episode of the Lighthouse Hour.",
        "The lamp went out on the third night of the storm.",
        "This show is brought to you by Harbour Rope.",
        "no end and no start",
    )
    talk.append(replace(line("Nobody may choose this line of the two.", 4, "Bo"), featured=False))
    found = reasons(talk)
    assert set(found) == {line.n for line in talk} - {line.n for line in quotable(talk)}
    assert "greets" in found[0]
    assert "advertisement" in found[2]
    assert "withheld" in found[4]


def test_five_megabytes_in_one_line_are_refused_at_once() -> None:
    for text in ("a" * 5_000_000, "go to " * 800_000, '"' * 5_000_000, "thank you so " * 400_000, "a a " * 1_200_000):
        begun = time.perf_counter()
        quotable([line(text + ".")])
        is_ad(text)
        is_greeting(text)
        assert time.perf_counter() - begun < 30  # a guard against a stall, not a timing


@given(st.lists(st.text(max_size=300), max_size=12))
def test_any_text_gets_an_answer(texts: list[str]) -> None:
    talk = lines(*texts)
    chosen = {one.n for one in quotable(talk)}
    assert chosen.isdisjoint(reasons(talk))
