"""Ids that may leave the database: 12 characters of base32, random, never reused, never a row number."""

from __future__ import annotations

import secrets

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
LENGTH = 12
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}


def new_id() -> str:
    """A fresh id: 60 random bits, lower case."""
    return from_int(secrets.randbits(5 * LENGTH))


def from_int(value: int) -> str:
    """The id that stands for a number below 2**60."""
    return "".join(ALPHABET[(value >> shift) & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def to_int(id: str) -> int:
    """The number that an id stands for, as the index keeps it. Raises ValueError for anything else."""
    if len(id) != LENGTH:
        raise ValueError(f"not an id: {id!r}")
    value = 0
    for letter in id:
        if letter not in _VALUE:
            raise ValueError(f"not an id: {id!r}")
        value = value << 5 | _VALUE[letter]
    return value
