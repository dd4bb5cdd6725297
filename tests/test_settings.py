"""Settings: where they come from, what they take, and how a wrong one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, env_example, read_settings


def test_without_anything_set_the_defaults_hold() -> None:
    settings = read_settings({}, dotenv=None)
    assert settings == Settings()
    assert settings.data_dir == Path("data")
    assert settings.storage_url == "sqlite:///data/pullquote.db"
    assert (settings.level, settings.secrets(), settings.tokens_set()) == ("warning", (), ())


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("PULLQUOTE_HTTP_PORT=9000\nPULLQUOTE_HTTP_HOST=0.0.0.0\n", "utf-8")
    settings = read_settings({"PULLQUOTE_HTTP_PORT": "9001"}, dotenv)
    assert (settings.http_port, settings.http_host) == (9001, "0.0.0.0")


def test_an_empty_value_is_no_value() -> None:
    assert read_settings({"PULLQUOTE_DISCORD_TOKEN": "  ", "PULLQUOTE_HTTP_PORT": ""}, None) == Settings()


def test_variables_of_others_are_not_read() -> None:
    assert read_settings({"DATA_DIR": "/x", "DISCORD_TOKEN": "t"}, None) == Settings()


def test_a_token_turns_its_surface_and_the_operators_log_on() -> None:
    settings = read_settings({"PULLQUOTE_SLACK_APP_TOKEN": "xapp-1", "PULLQUOTE_DISCORD_TOKEN": "abc"}, None)
    assert settings.tokens_set() == ("PULLQUOTE_DISCORD_TOKEN", "PULLQUOTE_SLACK_APP_TOKEN")
    assert set(settings.secrets()) == {"abc", "xapp-1"}
    assert settings.level == "info"


def test_a_level_that_was_chosen_holds_with_a_token_too() -> None:
    chosen = {"PULLQUOTE_LOG_LEVEL": "error", "PULLQUOTE_DISCORD_TOKEN": "abc"}
    assert read_settings(chosen, None).level == "error"


def test_the_data_folder_may_be_in_the_home_and_holds_the_index() -> None:
    settings = read_settings({"PULLQUOTE_DATA_DIR": "~/pq"}, None)
    assert settings.data_dir == Path.home() / "pq"
    assert settings.index_dir == Path.home() / "pq" / "index"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("HTTP_PORT", "many", id="no-number"),
        pytest.param("HTTP_PORT", "-1", id="negative"),
        pytest.param("HTTP_PORT", "0", id="too-small"),
        pytest.param("HTTP_PORT", "65536", id="too-large"),
        pytest.param("DISCORD_SHARDS", "4/4", id="no-such-shard"),
        pytest.param("DISCORD_SHARDS", "many", id="no-shards"),
        pytest.param("DISCORD_DEV_SERVER", "my server", id="no-server-id"),
        pytest.param("DISCORD_API_URL", "discord.com/api", id="no-address"),
        pytest.param("DISCORD_GATEWAY_URL", "https://gateway.discord.gg", id="no-gateway"),
        pytest.param("LOG_LEVEL", "loud", id="unknown-level"),
        pytest.param("LOG_FORMAT", "xml", id="unknown-format"),
    ],
)
def test_a_wrong_value_is_told_with_the_name_of_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"PULLQUOTE_{name}") as told:
        read_settings({f"PULLQUOTE_{name}": value}, None)
    assert value in str(told.value)


@pytest.mark.parametrize(
    "url",
    [
        *("bot.example.org", "https://", "ftp://bot.example.org", "https://bot.example.org:x/", "https://[bot/"),
        *("https://ann:s3cret@bot.example.org", "https://bot.example.org/?a=1", "https://bot.example.org/#a"),
    ],
)
def test_a_public_address_is_one_that_paths_fit_behind(url: str) -> None:
    with pytest.raises(SettingsError, match="PULLQUOTE_PUBLIC_URL") as told:
        read_settings({"PULLQUOTE_PUBLIC_URL": url}, None)
    assert "s3cret" not in str(told.value)
    assert read_settings({"PULLQUOTE_PUBLIC_URL": "https://example.org:8443/bot/"}, None).public_url


def test_what_the_example_says_is_the_default(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(env_example().replace("#PULLQUOTE_", "PULLQUOTE_"), "utf-8")
    assert read_settings({}, dotenv) == Settings()
