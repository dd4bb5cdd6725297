"""`pullquote` and `python -m bot`: hands the composition root to the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.cli.program import Program


def _open(given: Mapping[str, str] | None = None) -> Program:
    from bot.app import open_app

    return open_app(given=given)


def main() -> None:
    """Run the command line; exit codes are 0 done, 1 failed, 2 bad usage."""
    from bot.cli.main import run

    run(_open)


if __name__ == "__main__":
    main()
