"""`pullquote` and `python -m bot`: hands over to the command line."""

from __future__ import annotations


def main() -> None:
    """Run the command line; exit codes are 0 done, 1 failed, 2 bad usage."""
    from bot.cli.main import app

    app()


if __name__ == "__main__":
    main()
