"""Settings: read once from the environment and ``.env``, prefix ``PULLQUOTE_``. Nothing else reads the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from bot.errors import SettingsError

PREFIX = "PULLQUOTE_"

_LEVELS = ("auto", "debug", "info", "warning", "error")
_FORMATS = ("auto", "console", "json")


def _setting(default: object, help: str, *, secret: bool = False, takes: str = "") -> Any:
    """A field of Settings: its default, what it is for, and what it takes when that is not any text."""
    return field(default=default, metadata={"help": help, "secret": secret, "takes": takes})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, grouped as in ``.env.example``. An empty token means that surface is off."""

    data_dir: Path = _setting(Path("./data"), "folder of the database, index, cache and sample", takes="a folder")
    database_url: str = _setting("", "where the data is; empty = sqlite in DATA_DIR", takes="sqlite:///path")
    log_level: str = _setting(
        "auto", "how much is logged to stderr; auto = info with a token, else warning", takes=" | ".join(_LEVELS)
    )
    log_format: str = _setting("auto", "log lines for people or machines", takes=" | ".join(_FORMATS))
    http_host: str = _setting("127.0.0.1", "address that the web port listens on")
    http_port: int = _setting(8080, "the web port", takes="a port, 1 to 65535")
    public_url: str = _setting("", "how the web port is reached from outside; empty = it is closed", takes="https://…")
    contact_url: str = _setting("", "named in the User-Agent and in /about", takes="https://…")
    discord_token: str = _setting("", "bot token of the Discord application", secret=True)
    slack_bot_token: str = _setting("", "bot token of the Slack app", secret=True, takes="xoxb-…")
    slack_app_token: str = _setting("", "app token for Socket Mode", secret=True, takes="xapp-…")
    slack_signing_secret: str = _setting("", "signing secret for HTTP mode", secret=True)
    discord_api_url: str = _setting("https://discord.com/api/v10", "base address, for proxies and tests")
    discord_gateway_url: str = _setting("wss://gateway.discord.gg/", "base address, for proxies and tests")
    discord_web_url: str = _setting("https://discord.com", "base address of invitations and links to messages")
    discord_shards: str = _setting(
        "", "connections to Discord; empty = one", takes="auto, a number, or this process's of all: 0,1/4"
    )
    discord_dev_server: str = _setting("", "id of a server where changed commands show at once", takes="a server's id")
    slack_api_url: str = _setting("https://slack.com/api/", "base address, for proxies and tests")
    allow_hosts: str = _setting("", "private addresses that fetches may reach", takes="host:port,CIDR:port,…")
    feed_limit_mib: int = _setting(25, "size limit of one feed after decompression", takes="1 to 500, in MiB")
    shared: Path = _setting(Path("../shared"), "where tests and benchmarks find the large inputs", takes="a folder")

    @property
    def level(self) -> str:
        """The log level in force: a console is read by a person who asked a question, a server by an operator."""
        return ("info" if self.tokens_set() else "warning") if self.log_level == "auto" else self.log_level

    @property
    def storage_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'pullquote.db'}"

    @property
    def feed_limit(self) -> int:
        """In bytes."""
        return self.feed_limit_mib * 2**20

    @property
    def index_dir(self) -> Path:
        return self.data_dir / "index"

    def secrets(self) -> tuple[str, ...]:
        """Every secret value that is set, for masking."""
        return tuple(value for one in fields(self) if one.metadata["secret"] and (value := getattr(self, one.name)))

    def tokens_set(self) -> tuple[str, ...]:
        """The variables of surfaces that a token was given for."""
        named = ("discord_token", "slack_bot_token", "slack_app_token", "slack_signing_secret")
        return tuple(PREFIX + name.upper() for name in named if getattr(self, name))

    def slack_tokens_set(self) -> tuple[str, ...]:
        """Those of ``tokens_set`` that are Slack's."""
        return tuple(name for name in self.tokens_set() if name.startswith(f"{PREFIX}SLACK_"))


def read_settings(environment: Mapping[str, str], dotenv: Path | None = Path(".env")) -> Settings:
    """Settings from the environment, then ``.env``, then defaults. Raises SettingsError with the variable's name."""
    given = {**(_read_dotenv(dotenv) if dotenv else {}), **environment}
    values = {
        one.name: _value(one.name, raw, type(one.default))
        for one in fields(Settings)
        if (raw := given.get(PREFIX + one.name.upper(), "").strip())
    }
    settings = Settings(**values)
    _check(settings)
    return settings


def _read_dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    return {name: value for name, value in dotenv_values(path).items() if value is not None}


def _value(name: str, raw: str, kind: type) -> Any:
    if kind is int:
        if not raw.isdecimal():
            raise SettingsError(f"{PREFIX}{name.upper()} must be a whole number, not {raw!r}.")
        return int(raw)
    return Path(raw).expanduser() if issubclass(kind, Path) else raw


def _check(settings: Settings) -> None:
    for name, allowed in (("log_level", _LEVELS), ("log_format", _FORMATS)):
        if getattr(settings, name) not in allowed:
            raise SettingsError(
                f"{PREFIX}{name.upper()} must be one of {', '.join(allowed)}, not {getattr(settings, name)!r}."
            )
    if settings.allow_hosts:
        from bot.rules.addresses import read_allow_list

        read_allow_list(settings.allow_hosts)
    if not 1 <= settings.feed_limit_mib <= 500:
        raise SettingsError(f"{PREFIX}FEED_LIMIT_MIB must be from 1 to 500, not {settings.feed_limit_mib}.")
    _check_discord(settings)
    if settings.public_url:
        _check_public_url(settings.public_url)
    if not 1 <= settings.http_port <= 65535:
        raise SettingsError(f"{PREFIX}HTTP_PORT must be a port from 1 to 65535, not {settings.http_port}.")


def _check_discord(settings: Settings) -> None:
    from bot.rules.shards import read_shards

    if settings.discord_shards:
        try:
            read_shards(settings.discord_shards)
        except ValueError as err:
            raise SettingsError(
                f"{PREFIX}DISCORD_SHARDS must be auto, how many there are (4), or which of them this process has "
                f"(0,1/4 = the first two of four), not {settings.discord_shards!r}."
            ) from err
    if settings.discord_dev_server and not settings.discord_dev_server.isdecimal():
        raise SettingsError(
            f"{PREFIX}DISCORD_DEV_SERVER must be a server's id, digits only, not {settings.discord_dev_server!r}. "
            "Discord shows it with developer mode on: right-click the server, Copy Server ID."
        )
    addresses = {"discord_api_url": "http", "discord_gateway_url": "ws", "discord_web_url": "http"}
    for name, scheme in addresses.items():
        value = getattr(settings, name)
        if not value.startswith((f"{scheme}://", f"{scheme}s://")):
            raise SettingsError(f"{PREFIX}{name.upper()} must begin with {scheme}s:// or {scheme}://, not {value!r}.")


def _check_public_url(url: str) -> None:
    """Others append paths to it: an address with a host, and neither a login nor anything behind the path."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fits = False
    if not fits or set("@?#") & set(url) or not url.isprintable() or " " in url:
        raise SettingsError(
            f"{PREFIX}PUBLIC_URL must be an address such as https://bot.example.org or https://example.org/bot, "
            "without a login and with nothing behind its path."
        )


def env_example() -> str:
    """The text of ``.env.example``: every variable with what it is for, what it takes and its default."""
    rows = ["# Copy to .env and change what you need. Every line is optional; what stands here is the default."]
    for one in fields(Settings):
        takes = f" Takes {one.metadata['takes']}." if one.metadata["takes"] else ""
        secret = " Secret: never logged." if one.metadata["secret"] else ""
        rows.append(f"\n# {one.metadata['help'].capitalize()}.{takes}{secret}")
        rows.append(f"#{PREFIX}{one.name.upper()}={one.default}")
    return "\n".join(rows) + "\n"
