"""All commands as Discord's tree, made from the declarations. What there is, and what it does, is the core's."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import app_commands

from adapters.discord import menus
from adapters.discord.answering import answer
from adapters.discord.completing import Completions
from adapters.discord.options import Option, as_text, fetched, given
from adapters.discord.translation import Translations
from bot import texts_commands
from bot.commands.declare import PREFIX, Command
from bot.commands.dispatch import dispatch
from bot.commands.registry import path_of
from bot.context import Context
from bot.logs import get_logger
from bot.reply import Action, Reply

if TYPE_CHECKING:
    from bot.services import Services

log = get_logger(__name__)

#: Where members' commands are: servers, the bot's own DMs, and with a user install everywhere.
EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
#: Where moderators' are. In a DM Discord shows a command to everybody, whatever its permissions; there words do.
SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
SERVER_INSTALL = app_commands.AppInstallationType(guild=True, user=False)
#: Who sees moderators' commands until a server's admin says otherwise (Server Settings → Integrations).
MODERATORS = discord.Permissions(manage_guild=True)


class Tree(app_commands.CommandTree[discord.Client]):
    """discord.py's tree, whose own errors are answered kindly and logged as one line."""

    def __init__(self, client: discord.Client, services: Services) -> None:
        super().__init__(client)
        self.services = services
        self.installs = _installs(client)

    async def set_up(self) -> None:
        """What discord.py wants to be awaited before the tree is synced."""
        await self.set_translator(Translations())

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError, /) -> None:
        """Discord sent what no declaration fits: it still knows an older tree, or it is broken."""
        outdated = isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch)
        data: Mapping[str, Any] = interaction.data or {}
        name = str(data.get("name"))[:32]
        log.warning("command not run", command=name, error=type(error).__name__, outdated=outdated)
        if interaction.type is discord.InteractionType.autocomplete:
            await nothing(interaction)
            return
        text = texts_commands.OUTDATED if outdated else texts_commands.NOT_RUN

        async def say(ctx: Context) -> Reply:
            return Reply(text, outcome="failed")

        await answer(interaction, self.services, say, private=True)


async def nothing(interaction: discord.Interaction) -> None:
    """No values to choose from."""
    try:
        await interaction.response.autocomplete([])
    except (discord.DiscordException, aiohttp.ClientError) as error:
        log.info("completion not shown", error=str(error)[:200])


def build(client: discord.Client, services: Services) -> Tree:
    """The tree of this program's registry: what is listed, and the menus of messages."""
    tree, completions = Tree(client, services), Completions(services)
    groups: dict[str, app_commands.Group] = {}
    for command in services.registry.all():
        if command.listed:
            made = slash(command, services, completions, tree.installs)
            parent = _parent(command, groups, tree)
            (parent or tree).add_command(made)
        if command.menu:
            tree.add_command(menus.menu(command, services, contexts=EVERYWHERE, installs=tree.installs))
    return tree


def _installs(client: discord.Client) -> app_commands.AppInstallationType:
    """How members get their commands; not as a user install where the operator switched that off in the portal."""
    app = client.application
    try:
        user = app is None or app.guild_integration_config is None or app.user_integration_config is not None
    except TypeError:  # a null there means off, which discord.py does not expect
        user = False
    return app_commands.AppInstallationType(guild=True, user=user)


def slash(
    command: Command, services: Services, completions: Completions, installs: app_commands.AppInstallationType
) -> app_commands.Command[Any, ..., None]:
    """One command with its options."""
    alone = not command.moderator and len(command.words) == 1
    made: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=command.words[-1],
        description=command.help,
        callback=_callback(command, services),
        allowed_contexts=EVERYWHERE if alone else None,
        allowed_installs=installs if alone else None,
    )
    for param in command.params:
        if param.arg.complete:
            made.autocomplete(param.name)(completions.of(command, param))
    return made


def _callback(command: Command, services: Services) -> Callable[..., Any]:
    """What discord.py calls; it reads the options from the signature, which therefore is the declaration's."""

    async def callback(interaction: discord.Interaction, /, **options: Any) -> None:
        raw = given(options)

        async def work(ctx: Context) -> Reply:
            return await dispatch(command, ctx, await fetched(raw))

        args = as_text(raw)
        again = None if args is None else Action(texts_commands.GO_ON, command.name, args)
        await answer(interaction, services, work, private=command.private, again=again)

    callback.__signature__ = _signature(command)  # type: ignore[attr-defined]
    describe = app_commands.describe(**{one.name: one.arg.help for one in command.params})
    described: Callable[..., Any] = describe(callback)
    return described


def _signature(command: Command) -> inspect.Signature:
    asked = [inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_ONLY)]
    options = [
        inspect.Parameter(
            param.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if param.required else None,
            annotation=Option(param),
        )
        for param in command.params
    ]
    return inspect.Signature([*asked, *options])


def _parent(command: Command, groups: dict[str, app_commands.Group], tree: Tree) -> app_commands.Group | None:
    """The group that the command stands in, made when it is needed first; None at the top."""
    path = path_of(command)
    parent: app_commands.Group | None = None
    for depth in range(1, len(path)):
        name = " ".join(path[:depth])
        if name not in groups:
            groups[name] = _group(name, parent, tree)
        parent = groups[name]
    return parent


def _group(path: str, parent: app_commands.Group | None, tree: Tree) -> app_commands.Group:
    name, help = path.split()[-1], texts_commands.group_help(path)
    if parent is not None:
        return app_commands.Group(name=name, description=help, parent=parent)
    moderators = name == PREFIX
    made = app_commands.Group(
        name=name,
        description=help,
        default_permissions=MODERATORS if moderators else None,
        allowed_contexts=SERVERS if moderators else EVERYWHERE,
        allowed_installs=SERVER_INSTALL if moderators else tree.installs,
    )
    tree.add_command(made)
    return made
