"""REST about the bot itself, its application, servers, roles, members and audit logs."""

from __future__ import annotations

from tests.fakes.discord_wire import permissions as may
from tests.fakes.discord_wire.call import Call, Routes
from tests.fakes.discord_wire.problems import Json, missing_permissions, unknown
from tests.fakes.discord_wire.state import Guild, State


class Guilds:
    """``shards``, ``concurrency``, ``starts_left``: what /gateway/bot says."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.gateway_url = ""
        self.shards, self.concurrency, self.starts_left = 1, 16, 1000

    def routes(self) -> Routes:
        guild = "/guilds/{guild}"
        return {
            "GET /users/@me": lambda call: self._state.bot | {"mfa_enabled": False, "verified": True, "flags": 0},
            "GET /users/{user}": lambda call: self._state.person(call.ids["user"]),
            "GET /users/@me/guilds": self._mine,
            "DELETE /users/@me/guilds/{guild}": lambda call: self._state.leave(self._guild(call)),
            "GET /oauth2/applications/@me": lambda call: self.application(),
            "GET /applications/@me": lambda call: self.application(),
            "PATCH /applications/@me": self._change_application,
            "GET /gateway": lambda call: {"url": self.gateway_url},
            "GET /gateway/bot": self._gateway_bot,
            f"GET {guild}": self._one,
            f"GET {guild}/channels": self._channels,
            f"GET {guild}/roles": lambda call: list(self._guild(call).roles.values()),
            f"GET {guild}/members/{{user}}": self._member,
            f"GET {guild}/audit-logs": self._audit_logs,
            f"GET {guild}/voice-states/@me": lambda call: None,
        }

    def application(self) -> Json:
        count = len(self._state.bots_guilds())
        installs = len(self._state.installs)
        return self._state.app | {"approximate_guild_count": count, "approximate_user_install_count": installs}

    def _change_application(self, call: Call) -> Json:
        known = {"description", "flags", "tags", "integration_types_config", "interactions_endpoint_url"}
        self._state.app |= {name: value for name, value in call.payload.items() if name in known}
        return self.application()

    def _gateway_bot(self, call: Call) -> Json:
        limit = {"total": 1000, "remaining": self.starts_left, "reset_after": 86_400_000}
        return {
            "url": self.gateway_url,
            "shards": self.shards,
            "session_start_limit": limit | {"max_concurrency": self.concurrency},
        }

    def _guild(self, call: Call) -> Guild:
        return self._state.known_guild(call.ids["guild"])

    def _mine(self, call: Call) -> list[Json]:
        after = int(call.query.get("after") or 0)
        found = sorted(self._state.bots_guilds(), key=lambda one: int(one.id))
        page = [one for one in found if int(one.id) > after][: call.number("limit", 200, 200)]
        return [
            {
                "id": one.id, "name": one.data["name"], "icon": None, "owner": False, "features": [], "banner": None,
                "permissions": str(self._rights(one)), "approximate_member_count": len(one.members),
            }
            for one in page
        ]  # fmt: skip

    def _rights(self, guild: Guild) -> int:
        bot = self._state.bot["id"]
        return may.of_guild(guild.data, guild.roles.values(), guild.members[bot], bot)

    def _one(self, call: Call) -> Json:
        guild = self._guild(call)
        counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
        return self._state.guild_body(guild) | (counts if call.query.get("with_counts") in ("true", "1") else {})

    def _channels(self, call: Call) -> list[Json]:
        return [one.data for one in self._state.channels_of(self._guild(call)) if not one.is_thread]

    def _member(self, call: Call) -> Json:
        id = self._state.bot["id"] if call.ids["user"] == "@me" else call.ids["user"]
        guild = self._guild(call)
        if id not in guild.members:
            raise unknown("Member" if id in self._state.users else "User")
        return guild.members[id]

    def _audit_logs(self, call: Call) -> Json:
        guild = self._guild(call)
        if not may.has(self._rights(guild), "view_audit_log"):
            raise missing_permissions()
        kind = call.query.get("action_type")
        found = [one for one in guild.audit if kind in (None, "", str(one["action_type"]))]
        found = sorted(found, key=lambda one: int(one["id"]), reverse=True)[: call.number("limit", 50, 100)]
        people = {one[name] for one in found for name in ("user_id", "target_id")}
        return {
            "audit_log_entries": found,
            "users": [self._state.users[one] for one in people if one in self._state.users],
            "application_commands": [], "auto_moderation_rules": [], "guild_scheduled_events": [],
            "integrations": [], "threads": [], "webhooks": [],
        }  # fmt: skip
