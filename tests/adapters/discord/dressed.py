"""Replies and posts as commands make them, each with a name, for the golden files. No test enters here."""

from __future__ import annotations

from bot import texts, texts_posts
from bot.files import File
from bot.posts import MENTION, Fact, Link, Moment, Post, Thread
from bot.reply import Action, Choice, Choices, Field, Form, FormField, Picture, QuoteBlock, Reply
from bot.reply import Link as ReplyLink
from bot.rules.alert_keys import COMMAND, post_args

VIDEO = "https://www.youtube.com/watch?v=abc"
ANCHOR = "abcdefghijkl.52.19.k3jd8s7a"
KEY = "abcdefghijklmnopqrstuvwx"
EPISODE, SHOW = "Lamps and lighthouses", "Harbour Tales"
FIRE = QuoteBlock(
    "So I lit a fire on the rocks and waved a lantern until dawn.", "Bo", SHOW, EPISODE, "0:24", f"{VIDEO}&t=24s"
)
RADIO = QuoteBlock("We had no radio at all.", "Bo", SHOW, EPISODE, "≈ 0:22", f"{VIDEO}&t=22s")
ASKED = QuoteBlock(
    "What did you do then? Did you call the coast guard?", "Ann", SHOW, EPISODE, "0:17", f"{VIDEO}&t=17s"
)
LISTEN = ReplyLink("Listen at 0:24", f"{VIDEO}&t=24s")

MORE = Action("More context", "context", {"anchor": ANCHOR, "before": "2", "after": "2"})
NEXT = Action("Next match", "match", {"words": "fire on the rocks", "skip": "1"}, turn=True)
SHARE = Action("Share", "share", {"anchor": ANCHOR}, "primary")
SAVE = Action("Save", "quotes save", {"words": ANCHOR})
WRONG = Action("Wrong?", "wrong", {"anchor": ANCHOR})


def replies() -> dict[str, Reply]:
    return {
        "quote_exact": Reply(
            texts.CONFIDENCE["exact"],
            quotes=(FIRE,),
            actions=(MORE, NEXT, SHARE, SAVE, WRONG),
            links=(LISTEN,),
            outcome="found",
        ),
        "quote_closest": Reply(texts.CLOSEST, quotes=(FIRE,), actions=(MORE,), links=(LISTEN,), outcome="nothing_fits"),
        "quote_machine": Reply(
            texts.CONFIDENCE["close"],
            quotes=(FIRE,),
            fields=(Field("Also said", "“The second night” at 12:01", f"{VIDEO}2&t=721s"),),
            footer=texts.MACHINE_MADE,
            actions=(MORE, SHARE),
            outcome="found",
        ),
        "quote_no_time": Reply(
            texts.CONFIDENCE["exact"],
            quotes=(QuoteBlock("C++ * 2_000 is not *that* slow.", texts.SPEAKER_UNKNOWN, SHOW, EPISODE),),
            actions=(MORE, SHARE),
            outcome="found",
        ),
        "quote_shared": Reply(
            quotes=(FIRE,), footer=texts.shared_by("mia"), actions=(MORE,), links=(LISTEN,), private=False
        ),
        "context": Reply(
            texts.CONTEXT,
            quotes=(ASKED, RADIO, FIRE),
            actions=(
                Action("More before", "context", {"anchor": ANCHOR, "before": "4", "after": "2"}, turn=True),
                SHARE,
            ),
            outcome="found",
        ),
        "chapters": chapters(),
        "chapter": Reply(
            texts.KEY_LINES,
            title="2. Nine winters of keeping a lamp (0:07–0:27)",
            url=f"{VIDEO}&t=7s",
            quotes=(RADIO, FIRE),
            fields=(Field(texts.WHO_SPEAKS, "Bo 78 %, Ann 22 %"),),
            footer=f"{EPISODE} · {SHOW}\nChapters from the publisher's show notes.",
            actions=(Action("Previous chapter", "chapter", {"chapter": "1", "episode": "=abcdefghijkl"}, turn=True),),
            outcome="found",
        ),
        "episode": Reply(
            "Bo kept a lamp for nine winters.",
            title=EPISODE,
            url="https://harbour.example/1",
            fields=(Field("Show", SHOW), Field("Out", "2024-05-30"), Field("Length", "48:10")),
            links=(ReplyLink("YouTube", VIDEO), ReplyLink("Page", "https://harbour.example/1")),
            actions=(Action("Chapters", "chapters", {"episode": "=abcdefghijkl"}),),
            outcome="found",
        ),
        "shows": Reply(
            title=texts.SHOWS_TITLE,
            fields=(
                Field(SHOW, "2 episodes; who speaks: Ann, Bo · harbour", "https://harbour.example/"),
                Field("Bread", "1 episode; who speaks: Cy · bread"),
            ),
            choices=Choices(texts.CHOOSE_SHOW, (Choice(SHOW, Action(SHOW, "episodes", {"show": "harbour"})),)),
            actions=(Action(texts.HELP, "help"), Action(texts.ABOUT_LABEL, "about")),
            outcome="listed",
        ),
        "quotes_list": Reply(
            title="Saved quotes",
            fields=(
                Field("fire", "“So I lit a fire …” · Bo", f"{VIDEO}&t=24s"),
                Field("reef", "“Two fishing boats …” · Bo"),
            ),
            choices=Choices("Open a quote", (Choice("fire", Action("fire", "quotes show", {"quote": "fire"}), "Bo"),)),
            footer=texts.page_of(1, 2),
            actions=(Action(texts.NEXT_PAGE, "quotes list", {"page": "2"}, turn=True),),
            outcome="listed",
        ),
        "help": Reply(
            texts.HELP_TEXT,
            title=texts.HELP_TITLE,
            fields=(Field("/quote", "Find a line that was said"), Field("", texts.HELP_MODERATORS)),
            footer=texts.HELP_FOOTER,
            outcome="listed",
        ),
        "error_candidates": Reply(
            "There is no show “habour”.",
            choices=Choices(
                texts.DID_YOU_MEAN, (Choice(SHOW, Action(SHOW, "quote", {"words": "fire", "show": "harbour"})),)
            ),
            outcome="not_found",
        ),
        "sentence": Reply("Saved. It is called “fire”.", actions=(Action("Undo", "undo", {}, "danger"),)),
        "picture": Reply("The week in lines", picture=Picture(b"\x89PNG", "A chart: 12 lines on Monday, 3 on Friday")),
        "file": Reply(
            "Here are the saved quotes.", file=File("quotes.csv", b"name,text\n", "2 saved quotes as a table")
        ),
    }


def chapters() -> Reply:
    rows = (("0:00", "1. Welcome"), ("0:07", "2. Nine winters of keeping a lamp"), ("0:27", "3. Boats [on the reef]"))
    options = tuple(
        Choice(name, Action(name, "chapter", {"chapter": name[0], "episode": "=abcdefghijkl"}), at) for at, name in rows
    )
    return Reply(
        title=f"Chapters of {EPISODE}",
        url="https://harbour.example/1",
        fields=tuple(Field(at, name, f"{VIDEO}&t={at[2:]}s") for at, name in rows),
        choices=Choices(texts.CHOOSE_CHAPTER, options),
        footer=f"{SHOW} · Chapters from the publisher's show notes. · {texts.page_of(1, 2)}",
        actions=(Action(texts.NEXT_PAGE, "chapters", {"episode": "=abcdefghijkl", "page": "2"}, turn=True),),
        outcome="listed",
    )


def form() -> Form:
    return Form(
        "What is wrong with this line?",
        "wrong",
        (
            FormField("kind", "What is wrong", options=("the words", "the speaker", "the time")),
            FormField(
                "note", "What was said, or anything else that helps the moderators to decide", long=True, required=False
            ),
            FormField("at", "Where", value="0:24", length=20),
        ),
        {"anchor": ANCHOR},
    )


def posts() -> dict[str, Post]:
    new = whole()
    return {
        "post_new": new,
        "post_quiet": Post(
            "New from Harbour Tales: Storms", KEY, "new", "Storms", show=SHOW, actions=_buttons("chapters"), quiet=True
        ),
        "post_withdrawn": Post(
            "New from Harbour Tales: Storms", KEY, "new", "Storms", show=SHOW, mark=texts_posts.WITHDRAWN, quiet=True
        ),
        "post_burst": Post(
            "Harbour Tales: 14 older episodes came at once.", KEY, "burst", show=SHOW, actions=_buttons("episodes")
        ),
        "post_trouble": Post(
            "“Storms” left the feed of Harbour Tales. Hide it?", KEY, "trouble", actions=_buttons("hide", "keep")
        ),
        "post_transcript": Post(
            texts_posts.transcript_is_in(EPISODE), KEY, "transcript", people=("111", "222"), actions=_buttons("quote")
        ),
        "post_forum": Post(
            f"{MENTION} is here: Storms @everyone", KEY, "new", "Storms [live](http://x.example)", "https://harbour.example/2",
            show=SHOW, mention="333", thread=Thread("Storms", forum=True, tag="new"), actions=_buttons("chapters"),
        ),
    }  # fmt: skip


def whole() -> Post:
    """With everything that a post can have."""
    return Post(
        text=f"{MENTION} Harbour Tales: {EPISODE}",
        key=KEY,
        title=EPISODE,
        url="https://harbour.example/1",
        show=SHOW,
        image="https://harbour.example/1.png",
        summary="Bo kept a lamp for nine winters.",
        facts=(Fact("Season", "2"), Fact("Episode", "14"), Fact("Length", "48:10"), Fact("With", "Ann Keeper, Bo")),
        chapters=(
            Moment("0:00", "Welcome", f"{VIDEO}&t=0s"),
            Moment("0:07", "Nine winters", f"{VIDEO}&t=7s"),
            Moment("1:02:03", "End"),
        ),
        more_chapters=4,
        highlight=QuoteBlock(FIRE.text, "Bo", "", "", "≈ 0:24", FIRE.url),
        note=texts.MACHINE_MADE,
        links=(Link("Page", "https://harbour.example/1"), Link("YouTube", VIDEO), Link("Audio", "https://cdn.harbour.example/1.mp3")),
        actions=_buttons("chapters", "quote", "listen"),
        mention="987654321098765432",
        thread=Thread(EPISODE),
        publish=True,
    )  # fmt: skip


def _buttons(*does: str) -> tuple[Action, ...]:
    return tuple(Action(do.capitalize(), COMMAND, post_args(KEY, "new", do)) for do in does)
