"""Every storage that the contract holds for; PostgreSQL joins as one more parameter."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.ports import Storage
from storage import open_storage


@pytest.fixture(params=["sqlite-file", "sqlite-memory"])
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    urls = {"sqlite-file": f"sqlite:///{tmp_path}/contract.db", "sqlite-memory": "sqlite:///:memory:"}
    opened = await open_storage(urls[request.param])
    yield opened
    await opened.close()
