"""Other languages: the table is empty, and ready."""

from __future__ import annotations

from typing import Annotated, Literal

from adapters.discord.sync import payload_of
from adapters.discord.translation import Translations
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role
from bot.locales import LOCALES, Locale, fits_as_name
from bot.reply import Reply
from tests.adapters.discord.tree_build import tree_of


@command("quote", "Find a line", menu="Find this quote")
async def quote(
    ctx: Context,
    words: Annotated[str, Arg("Words that were said", rest=True)],
    how: Annotated[Literal["near", "far"], Arg("How exactly")] = "near",
) -> Reply:
    return Reply()


@command("alerts pause", "Pause posts", Role.admin)
async def pause(ctx: Context) -> Reply:
    return Reply()


#: The language of a made-up people, in the place of German.
MADE_UP = {
    "de": Locale(
        names={"quote": "zirp", "words": "wöppen", "pause": "hulm", "alerts": "gack", "pullquote": "Two Words"},
        texts={
            "Find a line": "Zirp ei lum",
            "Words that were said": "Wöppen fo lum",
            "near": "nahu",
            "Find this quote": "Zirp di Lum",
            "Pause posts": "h" * 101,
        },
    )
}


async def test_names_help_and_choices_are_translated() -> None:
    tree = tree_of(quote, pause)
    await tree.set_translator(Translations(MADE_UP))
    menu, moderators, made = sorted(await payload_of(tree), key=lambda one: str(one["name"]))
    assert made["name"] == "quote", "the name of the declaration stays what it is called by"
    assert made["name_localizations"] == {"de": "zirp"}
    assert made["description_localizations"] == {"de": "Zirp ei lum"}
    words, how = made["options"]
    assert words["name_localizations"] == {"de": "wöppen"}
    assert words["description_localizations"] == {"de": "Wöppen fo lum"}
    assert [one.get("name_localizations") for one in how["choices"]] == [{"de": "nahu"}, None]
    assert [one["value"] for one in how["choices"]] == ["near", "far"]
    assert menu["name_localizations"] == {"de": "Zirp di Lum"}
    [group] = moderators["options"]
    assert group["name_localizations"] == {"de": "gack"}
    assert [one["name_localizations"] for one in group["options"]] == [{"de": "hulm"}]


async def test_a_translation_that_discord_would_refuse_stays_english() -> None:
    tree = tree_of(quote, pause)
    await tree.set_translator(Translations(MADE_UP))
    moderators = next(one for one in await payload_of(tree) if one["name"] == "pullquote")
    assert moderators["name_localizations"] == {}, "it holds a blank and capitals"
    [group] = moderators["options"]
    assert group["options"][0]["description_localizations"] == {}, "it is longer than 100 characters"


def test_what_can_be_typed_is_a_name() -> None:
    assert all(map(fits_as_name, ("zirp", "wöppen", "引用", "a-b_c'd", "x" * 32)))
    assert not any(map(fits_as_name, ("", "Zirp", "zwei worte", "x" * 33, "a/b", "a!")))


def test_the_table_of_the_program_fits() -> None:
    for language in LOCALES.values():
        assert all(map(fits_as_name, language.names.values()))
