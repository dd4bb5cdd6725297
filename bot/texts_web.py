"""Every sentence about the web port and hubs. Words only; nothing is decided here."""

from __future__ import annotations

from datetime import datetime

# === The port ========================================================================================================

NOT_FOUND = "There is nothing here."
BAD_REQUEST = "That is no request that can be read."
BODY_TOO_LARGE = "The body is larger than is read here."
BODY_BROKEN = "The body ended before it was whole."
TOO_SLOW = "That took too long."
FAILED = "That failed on our side."
NOT_NOW = "Not just now; try again in a minute."


def wrong_method(allowed: str) -> str:
    return f"Only {allowed} is answered here."


def port_taken(host: str, port: int) -> str:
    return (
        f"Another program already listens on {host}:{port}; "
        "set PULLQUOTE_HTTP_PORT to a port that is free, or stop the other one."
    )


def port_not_allowed(port: int) -> str:
    return f"This user may not listen on port {port}; set PULLQUOTE_HTTP_PORT to one above 1023."


def host_not_here(host: str) -> str:
    return f"{host} is no address of this machine; set PULLQUOTE_HTTP_HOST to one that is (127.0.0.1, 0.0.0.0, ::1)."


def port_closed(host: str, port: int, reason: str) -> str:
    return f"The web port {host}:{port} cannot be opened ({reason}); see PULLQUOTE_HTTP_HOST and PULLQUOTE_HTTP_PORT."


FORM_IN_THE_OPEN = "The server leads on to somebody else over plain http; a form is never sent there."


# === Hubs: reasons, in Hub.error =====================================================================================

HUB_UNCONFIRMED = "it took the request and never confirmed it"


def hub_answered(code: int) -> str:
    return f"it answered {code}"


HUB_NO_REASON = "it gave no reason"


def hub_not_https(host: str) -> str:
    return f"{host} is asked over https only, since it is told a secret"


HUB_NO_ADDRESS = "its address cannot be read"


# === Hubs: health, for lists =========================================================================================


def hub_tells(host: str, until: datetime, heard: datetime | None) -> str:
    last = f"last heard {_moment(heard)}" if heard else "nothing heard yet"
    return f"Hub {host} tells us of new episodes until {_moment(until)}; {last}."


def hub_asked(host: str) -> str:
    return f"Hub {host} was asked to tell us of new episodes and has not confirmed it yet."


def hub_wanted(host: str) -> str:
    return f"Hub {host} is about to be asked to tell us of new episodes."


def hub_refused(host: str, reason: str) -> str:
    return f"Hub {host} refuses to tell us of new episodes: {reason}. The feed is polled as usual."


def hub_fails(host: str, reason: str, again: datetime | None) -> str:
    later = f" Asked again {_moment(again)}." if again else ""
    return f"Hub {host} does not tell us of new episodes: {reason.rstrip('.')}. The feed is polled as usual.{later}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
