"""What a post tells of its episode, as one stable line: an edit is made when that would change, and else not. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import blake2b

from bot import texts_posts
from bot.posts import Post

#: Raise it when what the fields mean changes, so that old digests differ.
VERSION = "1"
#: At the end of the digest of a post that says that its transcript is in, and of one whose episode is not shown.
_TRANSCRIPT, _HIDDEN = "t", "h"
#: What an edit cannot change, what nobody sees, and what a moderator's template makes of the rest: posts that are there
#: are not all edited because a template was changed.
_UNSEEN = ("text", "key", "kind", "mention", "people", "quiet", "thread", "publish", "published", "actions")


def digest(post: Post) -> str:
    """The same for posts that tell the same; its end tells whether the transcript was in (``brings_transcript``)."""
    seen = {name: value for name, value in asdict(post).items() if name not in _UNSEEN}
    seen["text"] = "" if post.title else post.text
    buttons = [one.args.get("do", "") for one in post.actions]
    seen["buttons"] = buttons
    raw = json.dumps(seen, sort_keys=True).encode("utf-8", "surrogatepass")
    told = any(one.label == texts_posts.TRANSCRIPT for one in post.facts)
    end = _HIDDEN if "why" in buttons else _TRANSCRIPT if told else ""
    return VERSION + blake2b(raw, digest_size=12).hexdigest() + end


def has_transcript(digest: str) -> bool:
    """Whether a post says that its transcript is in."""
    return digest.endswith(_TRANSCRIPT)


def brings_transcript(before: str, after: str) -> bool:
    """Whether a post that said that there is no transcript says now that it is in. What a post that is not shown said
    is not known: nobody is told again because an episode is shown again."""
    return bool(before) and not before.endswith((_TRANSCRIPT, _HIDDEN)) and after.endswith(_TRANSCRIPT)
