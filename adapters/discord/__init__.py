"""Discord over discord.py: receive, ask the core, dress the answer. No command is known here by name."""
