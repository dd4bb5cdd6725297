"""Every sentence that people see about being on Discord: the connection, its refusals, linking and the welcome. Words
only; nothing is decided here."""

from __future__ import annotations

# === The connection ===================================================================================

BAD_TOKEN = (
    "Discord does not accept the bot's token (PULLQUOTE_DISCORD_TOKEN). Make a new one: discord.com/developers → your "
    "application → Bot → Reset Token, put it into .env, and start again."
)
UNREACHED = "Discord cannot be reached: all else goes on, and it is tried again until it can"
#: By the code that the gateway closes with; after these asking again would not help.
CLOSED = {
    4004: BAD_TOKEN,
    4010: "Discord does not know this shard: look at PULLQUOTE_DISCORD_SHARDS (such as auto, 4, or 0,1/4).",
    4011: "The bot is in too many servers for one connection: set PULLQUOTE_DISCORD_SHARDS=auto and start again.",
    4012: "Discord does not offer this version of its gateway any more: update Pullquote.",
    4013: "Discord does not know what the bot wants to be told (intents): update Pullquote.",
    4014: (
        "Discord does not allow the bot what it wants to be told (intents), though it asks for nothing privileged. "
        "Look at your application → Bot at discord.com/developers, and start again."
    ),
}


def unreached(why: str) -> str:
    return f"Discord cannot be reached ({why or 'it does not answer'}). Try again when it can."


def closed(code: int) -> str:
    return f"Discord closed the connection for good (code {code}). Look at your application at discord.com/developers."


def refused(status: int, said: str) -> str:
    words = f": {said}" if said else ""
    return (
        f"Discord does not let the bot in ({status}{words}). Is the application still there at discord.com/developers, "
        "and is PULLQUOTE_DISCORD_API_URL right?"
    )


def no_starts_left(wait_s: float) -> str:
    return (
        f"Discord allows this bot no more starts for {wait_s / 60:.0f} minutes: it connected too often today. It is "
        "waited for; something starts this bot again and again."
    )


# === The welcome ======================================================================================

WELCOME_TITLE = "Pullquote has come to your server"


def welcome(server: str, *, linked: bool) -> str:
    """Three first steps, for whoever added the bot; typed in the server, not here."""
    link = "First /pullquote link CODE: the code comes from the community's admins. Then:\n" if not linked else ""
    return (
        f"Thank you for adding me to {server}. Three steps, typed there by somebody with Manage Server:\n{link}"
        "1. /pullquote show add with your podcast's address: its feed, its page, or where people listen.\n"
        "2. /pullquote subscribe in the channel where new episodes are to be posted.\n"
        "3. /quote with a few words that you half remember: everybody can, and so can /chapters and /episode.\n"
        "/pullquote lists what else moderators can do. I read no messages but those that mention or answer me."
    )


# === While it runs ====================================================================================


def claim(code: str) -> str:
    return f"On Discord, in a direct message to the bot: claim {code}"


BESIDE = "Discord is being connected beside this console; leaving it ends both."


def ready(platform: str) -> str:
    return f"Connected to {platform.capitalize()}: people can ask there now."


# === Words in chat ====================================================================================

TOO_MANY = "That was much at once: ask me again in half a minute."
ANSWERED_DIRECTLY = "I have answered you in a direct message."
CANNOT_WRITE_TO_YOU = (
    "The answer is for you alone, and I cannot write to you: allow direct messages from this server's members (server "
    "name → Privacy Settings), or use /pullquote here."
)
