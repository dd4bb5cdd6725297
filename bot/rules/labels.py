"""Speaker labels: which of them name nobody. Light enough for every read; parsers and overlays share it."""

from __future__ import annotations

import re
from functools import lru_cache

_GENERIC = re.compile(
    r"(?:unknown|unidentified|unnamed)?[ _#-]*"
    r"(?:speakers?|spkr?|voice|participant|person|talker|guest|host)(?:[ _#-]*\d{1,4}|[ _#-]+[a-z])"
    r"|(?:(?:unknown|unidentified|unnamed)[ _#-]*)?(?:speaker|spk|voice|male voice|female voice)"
    r"|s\d{1,3}|unknown|unidentified|q|a|\d{1,4}"
)


@lru_cache(maxsize=4096)
def is_generic(label: str) -> bool:
    """Whether a label names nobody in particular ("Speaker 1", "SPEAKER_00", "Unknown", "")."""
    plain = label.strip().lower()
    return not plain or (len(plain) <= 40 and _GENERIC.fullmatch(plain) is not None)
