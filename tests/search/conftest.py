"""A storage in memory, an index in a folder, and the quotes over both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.ports import QuoteIndex, Storage
from bot.services.quotes import Quotes
from storage import open_storage
from storage.index import open_index


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    one = await open_storage("sqlite:///:memory:")
    yield one
    await one.close()


@pytest.fixture
def index(tmp_path: Path) -> QuoteIndex:
    return open_index(tmp_path / "index")


@pytest.fixture
def quotes(storage: Storage, index: QuoteIndex) -> Quotes:
    return Quotes(storage, index)
