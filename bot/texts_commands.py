"""Every sentence that people see around commands themselves: groups, menus of messages, files given. Words only."""

from __future__ import annotations

# === What a word that stands before others is for (at most 100 characters each) ======================

PULLQUOTE = "For moderators: shows, posts, speakers, corrections"

_GROUPS = {
    "pullquote": PULLQUOTE,
    "quotes": "Lines that were saved here",
    "alerts": "Posts of new episodes",
    "show": "Shows that are followed here",
    "speakers": "Who speaks, and how they are called",
}


def group_help(path: str) -> str:
    """What stands beside a word that is no command itself: ``quotes``, ``pullquote alerts``."""
    word = path.split()[-1]
    return _GROUPS.get(word, f"All about {word}")


# === Commands that changed ===========================================================================

OUTDATED = (
    "This command was changed meanwhile. Type / and choose it again; if it looks the same, restart Discord first."
)
NOT_RUN = "Discord sent something that I cannot read, so nothing was done. Please try once more."
GO_ON = "Go on"

# === Menus of a message ==============================================================================

NO_WORDS = "This message holds no words that I could look for. Choose one that quotes something that was said."
NO_QUOTE_OF_MINE = "This message of mine holds no quote. Choose one that shows a line, or one that a person wrote."

# === Files ===========================================================================================


def file_too_large(name: str, size: int, most: int) -> str:
    return (
        f"{name} is {_mib(size)} MiB; I take at most {_mib(most)} MiB. Split it, or ask the operator to import it "
        "from the command line."
    )


def file_lost(name: str) -> str:
    return f"{name} could not be fetched from Discord. Please give it once more."


def _mib(size: int) -> str:
    return f"{size / 2**20:.1f}".removesuffix(".0")
