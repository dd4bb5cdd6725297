"""Every sentence of ``setup`` and of ``doctor`` for a platform."""

from __future__ import annotations

INTRO = "Pullquote on Discord, in six steps. Ctrl-C leaves; what is done is kept, and the next run goes on from there."
WHICH_PLATFORM = "What can be set up: pullquote setup discord"
STEPS = (
    "The bot's token",
    "Into your server",
    "Where moderators are told of trouble",
    "Time zone",
    "The show",
    "Where",
)

TOKEN_HOW = (
    "Make an application at https://discord.com/developers/applications, open “Bot”, press “Reset Token” and paste the "
    "token here. It is not shown, and kept in .env alone. No privileged intent is needed: leave those switches off."
)
TOKEN = "Token: "
TOKEN_SET = "PULLQUOTE_DISCORD_TOKEN is set."
TOKEN_AGAIN = "Enter tries again with another token; Ctrl-C leaves."
NO_ANSWERS = "setup asks questions: run it on a terminal, or give the answers line by line."
KEPT = "Kept in .env, which only you can read."
OPEN_TO_ALL = (
    "Anybody may add this bot to their server, which then has to be linked by a code. To keep it yours alone, switch "
    "off “Public Bot” on the page “Bot”."
)
INVITE = "Open this address in a browser and choose your server. It asks for exactly what the bot needs:"
WAITING = "Waiting until the bot is in a server …"
NOBODY_CAME = "The bot is in no server yet. Open the address, then run setup again."
WHICH_SERVER = "Which server?"
LINKED = "Its members can ask here from now on."
NOT_LINKED = (
    "This server belongs to another community of this bot. An admin there takes it out first; then run setup again."
)
MODERATORS_HOW = (
    "A channel that only moderators read. Feeds that fail, places that are gone and held posts are told there."
)
WHICH_CHANNEL = "Number or name"
NO_CHANNELS = "The bot sees no channel there that it could post in. Give its role “View Channel” and run setup again."
NO_SUCH_CHANNEL = "There is no such channel in the list."
ZONE_HOW = "For dates in posts and for quiet hours, such as Europe/Berlin or America/New_York."
ZONE = "Time zone"
SHOW_HOW = "Address of the podcast's feed, its page, or its Apple Podcasts or YouTube page; Enter leaves it for later."
SHOW_THERE = "Here already"
SHOW = "Address"
ADDING = "Looking at it; a long back catalogue takes a minute …"
NO_SHOW = (
    "No show, so there is nothing to post yet: pullquote show add ADDRESS, then /pullquote subscribe in the channel."
)
POSTS_HOW = "New episodes are posted there from now on; nothing of the back catalogue is."
TRY_AGAIN = "Enter looks again, another number or name chooses anew."
TEST = "Test post"
DONE = "Done. Start the bot with: make run"
LEFT = "Left. What is done is kept; run setup again to go on."


def step(n: int) -> str:
    return f"\n{n}/{len(STEPS)}  {STEPS[n - 1]}"


def is_account(name: str, application: str) -> str:
    return f"It is {name}, of the application “{application}”."


def joined(name: str) -> str:
    return f"The bot is in “{name}”."


def shown_channel(name: str, kind: str, private: bool) -> str:
    about = ", ".join(filter(None, ("private" if private else "", "" if kind == "text" else kind)))
    return f"#{name}" + (f"  ({about})" if about else "")


# --- doctor ------------------------------------------------------------------------------------------------------

WHICH_EXAMINED = "What can be asked: pullquote doctor discord"


def tokens_found(tokens: tuple[str, ...]) -> str:
    if not tokens:
        return "none set: the console only"
    slack = [one for one in tokens if "SLACK" in one]
    unused = f"; {', '.join(slack)}: Slack is not connected yet" if slack else ""
    return f"{', '.join(tokens)} set{unused}" + (
        "; pullquote doctor discord asks it too" if len(slack) < len(tokens) else ""
    )


NO_TOKEN = "PULLQUOTE_DISCORD_TOKEN is not set: pullquote setup discord"
NO_SERVER = "the bot is in no server: pullquote setup discord prints the invitation"
NO_MODERATORS = "no place is set where trouble is told: /pullquote settings name:moderators value:here"
NO_POSTS = "no show is posted there yet: /pullquote subscribe SHOW"
PLACE_FINE = "everything that it needs is allowed there"


def account_found(name: str, application: str, public: bool | None) -> str:
    who = {True: "anybody may add it", False: "only you may add it", None: "who may add it is not told"}[public]
    return f"{name}, of the application “{application}”; {who}"


def servers_found(names: list[str], unlinked: list[str]) -> str:
    said = f"in {', '.join(f'“{name}”' for name in names)}"
    if unlinked:
        said += f"; not linked to a community: {', '.join(f'“{name}”' for name in unlinked)} (/pullquote link CODE)"
    return said


def commands_found(there: int, wanted: int) -> str:
    return f"{there} known to the platform, {wanted} wanted" + (
        "" if there == wanted else "; the next start sends them"
    )


def sessions_found(left: int, total: int, shards: int) -> str:
    return f"{left} of {total} starts left today, {shards} shard{'' if shards == 1 else 's'} recommended"
