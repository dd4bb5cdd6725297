"""Every sentence that people see about places on Discord: why nothing could be posted, what is missing and where to
give it. Words only; nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence

# === Why a request was not done ======================================================================

NOT_LOGGED_IN = "the bot is not logged in to Discord yet"
NOT_CONNECTED = "Discord could not be reached: {why}"
NO_CONNECTION = "no connection to Discord within {seconds:.0f} s"
KEPT_WAITING = "Discord's limits kept the request waiting for {seconds:.0f} s, so it was not made"
NO_ANSWER = "no answer within {seconds:.0f} s"
BROKE_OFF = "the connection broke off ({why})"
SERVER_ERROR = "Discord answered with a fault of its own (status {status})"
UNREADABLE_ANSWER = "an answer that cannot be read"
SENT_ELSEWHERE = "Discord's address sends elsewhere (status {status}); the operator looks at DISCORD_API_URL"
OUR_FAULT = "a fault in me ({why}); the log tells more"
STRANGE_ADDRESS = "that is no Discord server at DISCORD_API_URL (status {status})"
CLOUDFLARE = "Discord's protection turns this machine away for a while (status {status})"
TOO_FAST = "Discord asks for a pause"
TOO_FAST_EVERYWHERE = "Discord asks for a pause everywhere"
SAID = "Discord says: {said}"
TOKEN_REFUSED = "Discord does not accept the bot's token"
ACCOUNT_REFUSED = "Discord wants something of the bot's account: {said}"
NO_CHANNEL = "there is no such channel any more, or it is hidden from me"
NO_SERVER = "I am not in that server any more"
NO_PERSON = "that person is not there any more"
NO_MESSAGE = "the message was deleted"
NO_ACCESS = "I cannot see the channel: View Channel is missing"
NO_PERMISSION = "a permission is missing in the channel"
DIRECT_CLOSED = "that person takes no direct messages from me"
NOT_FOR_MESSAGES = "messages cannot be posted in that kind of channel"
WRONG_KIND = "that kind of channel has no such thing"
BLOCKED_WORDS = "the server's AutoMod takes no such words ({said})"
TOO_LARGE = "the message is too large for Discord"
SERVER_LIMIT = "the server's own limit is reached: {said}"
TOO_MANY_THREADS = "the server has as many open threads as it may have: close or archive some"
TAG_REQUIRED = "the forum wants a tag on every post: set one with /pullquote alerts edit tag:NAME"
TAG_GONE = "the forum has no tag “{tag}” any more: choose one of {known} with /pullquote alerts edit tag:NAME"
THREAD_LOCKED = "the thread is locked: unlock it (thread menu → Unlock Thread), or give me Manage Threads"
VERIFICATION = "the server's verification level keeps me out of the channel: give me a role in Server Settings → Roles"
TWO_FACTOR = "the server asks for two-factor login of the bot's owner: the operator switches it on in their account"
TITLE_LATER = "the post says it already; the thread's title later: {why}"
NOT_LOOKED_UP = "the channel could not be looked up first: {why}"
MANY_LOOK_UPS = "too many channels have to be looked up at once"
NO_HISTORY = "Read Message History is missing, so what was posted cannot be read back"

NO_ID = "“{channel}” is no Discord channel's id"
NAMELESS = "the channel {id}"
OTHER_SERVER = "{channel} belongs to another server than the one that was named"
CHANNEL_GONE = "{channel} is not there any more (deleted, or hidden from me)"
SERVER_LEFT = "I am not in {server} any more: invite me again, or drop the place with /pullquote unsubscribe"
IN_CHANNEL = "{channel}: {why}"


def server_name(name: str, id: str) -> str:
    return f"the server “{name}”" if name else f"the server {id}"


def no_such_tag(tag: str, known: Sequence[str]) -> str:
    return TAG_GONE.format(tag=tag[:50], known=", ".join(known[:20]) or "its own tags")


# === What is missing in a place, and where it is given ===============================================

CANNOT_BE_ASKED = "Discord cannot be asked now ({why}): try again in a minute"
HIDDEN = (
    "View Channel: there is no such channel, or it is hidden from me: Edit Channel → Permissions → add me, and allow "
    "View Channel (a private thread: mention me in it)"
)
DIRECT_NAME = "your direct messages"
VOICE = "{channel} is a voice channel: choose a text channel, an announcement channel, a thread or a forum"
STAGE = "{channel} is a stage: choose a text channel, an announcement channel, a thread or a forum"
CATEGORY = "{channel} is a category: choose one of the channels in it"
OTHER_KIND = "{channel} is a kind of channel that takes no posts: choose a text channel, a thread or a forum"
GROUP_DIRECT = "bots cannot post in a group of direct messages: choose a channel of a server"
LOCKED = "{channel} is locked: unlock it (thread menu → Unlock Thread), or give me Manage Threads"
TIMED_OUT = "I am timed out in this server until {until}: a moderator ends that (my profile → Remove Timeout)"
NO_ROLE = "there is no such role in this server to mention: choose another, or mention:none"
FORUM_TAG = "{channel} wants a tag on every post: say tag:NAME with one of {known}"
UNKNOWN_TAG = "{channel} has no tag “{tag}”: say tag:NAME with one of {known}"
MODERATED_TAG = "the tag “{tag}” of {channel} is for its moderators: give me Manage Threads there, or choose another"

#: Names as Discord shows them.
PERMISSIONS = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "create_posts": "Create Posts",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
    "mention_everyone": "Mention @everyone, @here and All Roles",
    "manage_threads": "Manage Threads",
}


def lacks(name: str, where: str) -> str:
    return f"{PERMISSIONS[name]}: {where}"


def allow_in_channel(channel: str, bot: str) -> str:
    return f"Edit Channel of {channel} → Permissions → {bot}: allow it (or Server Settings → Roles → {bot})"


def denied_in_channel(channel: str, who: str) -> str:
    return f"denied to {who} in Edit Channel of {channel} → Permissions: set it to allow for me there"


def denied_in_category(category: str, channel: str, who: str) -> str:
    return (
        f"denied to {who} in Edit Category of {category} → Permissions ({channel} takes its permissions from there): "
        "set it to allow for me"
    )


def or_mentionable(lacking: str, role: str) -> str:
    return f"{lacking}; or Server Settings → Roles → {role} → Allow anyone to @mention this role"


# === Places and roles by name ========================================================================


def no_channel_named(name: str) -> str:
    return f"There is no channel “{name}” here that I can see. Pick one from the list, or say place:#channel."


def several_channels(name: str) -> str:
    return f"Several channels are called “{name}”. Say which:"


def no_role_named(name: str) -> str:
    return f"There is no role “{name}” here. Pick one from the list; none takes the mention away."


def several_roles(name: str) -> str:
    return f"Several roles are called “{name}”. Say which:"
