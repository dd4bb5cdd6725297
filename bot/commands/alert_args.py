"""The options that ``subscribe`` and ``alerts edit`` share, declared once. No command lives here."""

from __future__ import annotations

from typing import Annotated, Literal

from bot.alerts import Handling
from bot.commands.declare import Arg
from bot.rules.subscription_options import BOUNDS
from bot.services.subscriptions import mention_ids, place_names

Wanted = Annotated[
    str | None, Arg("here, platform/workspace/channel, or #channel", length=(1, 250), complete=place_names)
]
Mention = Annotated[
    str | None, Arg("@role, or the exact id of a role or user group; or none", length=(1, 150), complete=mention_ids)
]
Thread = Annotated[Literal["none", "thread", "forum"] | None, Arg("A thread for each episode")]
Tag = Annotated[str | None, Arg("The forum's tag; or none", length=(1, 100))]
ThreadTitle = Annotated[str | None, Arg("Thread title: {title}; or none", length=(1, 200))]
Template = Annotated[str | None, Arg("The post's first line: {title} is out; or none", length=(1, 1000))]
Delay = Annotated[int | None, Arg("Wait so many minutes", range=BOUNDS["delay_min"])]
Publish = Annotated[bool | None, Arg("Publish to followers")]
Full = Annotated[Handling | None, Arg("Full episodes")]
Bonus = Annotated[Handling | None, Arg("Bonus episodes")]
Trailer = Annotated[Handling | None, Arg("Trailers")]
Swap = Annotated[Handling | None, Arg("Other shows' episodes")]
Words = Annotated[str | None, Arg("Only titles with one of: a, b; or none", length=(1, 500))]
Without = Annotated[str | None, Arg("No titles with: a, b; or none", length=(1, 500))]
Seasons = Annotated[str | None, Arg("Only seasons: 2, 4-6; or none", length=(1, 100))]
Clean = Annotated[bool | None, Arg("Nothing explicit")]
Shortest = Annotated[int | None, Arg("At least minutes; 0 = any", range=(0, 6000))]
Longest = Annotated[int | None, Arg("At most minutes; 0 = any", range=(0, 6000))]
People = Annotated[str | None, Arg("Only with one of: a, b; or none", length=(1, 500))]
Age = Annotated[int | None, Arg("Days it is still news", range=BOUNDS["age_days"])]
Cap = Annotated[int | None, Arg("Posts at once", range=BOUNDS["burst_cap"])]
