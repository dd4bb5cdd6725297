"""The commands: one file each, declared once (``declare``), found by ``registry``, run by ``dispatch``."""
