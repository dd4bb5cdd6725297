"""The web port: one aiohttp server for everything that is reached over HTTP. What the pages say is not decided here."""

from __future__ import annotations

from adapters.web.site import Site, serve

__all__ = ["Site", "serve"]
