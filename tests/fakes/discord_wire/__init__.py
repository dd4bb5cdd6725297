"""A Discord on loopback for the real discord.py: REST and gateway v10, people, faults, and a log. For tests.

``from tests.fakes.discord_wire.wire import wire``; ``python -m tests.fakes.discord_wire`` runs one as a process.
"""
