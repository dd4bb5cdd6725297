"""The rooms hold: reads every import with ``ast`` and fails on an arrow that DESIGN forbids."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("bot", "adapters", "storage")

#: Platforms, drivers and models that the core may not import, at any depth and however late.
FORBIDDEN_IN_BOT = (
    "discord", "slack_bolt", "slack_sdk", "aiohttp", "aiosqlite", "sqlite3", "psycopg", "tantivy", "onnxruntime",
)  # fmt: skip
#: The composition root alone sees every room.
COMPOSITION_ROOT = {"bot/app.py", "bot/__main__.py"}


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield node.module or "", node.lineno


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def offences(room: str, *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(room)
        if path.relative_to(ROOT).as_posix() not in COMPOSITION_ROOT
        for name, line in imports(path)
        if within(name, *forbidden)
    ]


def test_bot_imports_no_outer_room_platform_or_driver() -> None:
    assert offences("bot", "adapters", "storage", *FORBIDDEN_IN_BOT) == []


def test_adapters_and_storage_do_not_import_each_other() -> None:
    assert offences("adapters", "storage") == []
    assert offences("storage", "adapters") == []


def test_nothing_but_main_imports_the_composition_root() -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in modules(room)
        for name, _ in imports(path)
        if within(name, "bot.app")
    }
    assert users <= {"bot/__main__.py"}


def test_only_the_scheduler_room_knows_apscheduler() -> None:
    outside = [row for room in ROOMS for row in offences(room, "apscheduler") if not row.startswith("bot/scheduler/")]
    assert outside == []


def test_formats_and_rules_are_pure() -> None:
    for room in ("bot/formats", "bot/rules"):
        for path in modules(room):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            waits = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef | ast.Await)]
            assert waits == [], f"{path}: async in a pure room"
        io = ("asyncio", "os", "io", "socket", "pathlib", "structlog", "bot.services", "bot.commands", "bot.ports")
        assert offences(room, *io) == []


def test_a_module_opens_with_what_belongs_in_it() -> None:
    missing = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in modules(room)
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert missing == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_import_cycle_at_run_time(room: str) -> None:
    graph = {name_of(path): set(top_level_imports(path)) for path in modules(room)}
    state: dict[str, int] = {}

    def visit(name: str, trail: tuple[str, ...]) -> None:
        if state.get(name) == 2 or name not in graph:
            return
        assert state.get(name) != 1, " -> ".join((*trail, name))
        state[name] = 1
        for target in sorted(graph[name] & graph.keys()):
            if target != name:
                visit(target, (*trail, name))
        state[name] = 2

    for name in sorted(graph):
        visit(name, ())


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def top_level_imports(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
