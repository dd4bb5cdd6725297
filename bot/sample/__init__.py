"""The sample show: three short episodes of an invented podcast, and how to read them. Data only, no rule enters here.

Written for this project and under its licence; nobody and nothing in it is real. Its files are in different
formats on purpose (a page, WebVTT with chapters, markdown with notes, a feed), and importing their folder is how
Pullquote answers within a minute of cloning.
"""

from __future__ import annotations

from importlib import resources

#: The folder of the files, and so the show's slug.
SHOW_SLUG = "one-screw-left-over"
SHOW_TITLE = "One Screw Left Over"


def files() -> list[tuple[str, bytes]]:
    """Every file of the show as (name, bytes), in order of name."""
    folder = resources.files(__name__) / SHOW_SLUG
    found = [(entry.name, entry.read_bytes()) for entry in folder.iterdir() if entry.is_file()]
    return sorted(found)
