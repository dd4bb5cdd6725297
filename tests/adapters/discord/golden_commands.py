"""Writes the golden payload of the commands anew, for a change that is meant. No test enters here."""

from __future__ import annotations

import asyncio
import json

from adapters.discord.sync import payload_of
from bot.commands.registry import load
from tests.adapters.discord.test_tree import GOLDEN
from tests.adapters.discord.tree_build import tree_of


async def main() -> None:
    made = await payload_of(tree_of(*load().all()))
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text(json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
