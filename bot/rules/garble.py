"""Stretches that a speech recogniser made up: loops, noise and credits. Marks lines and changes no word of them.

A recogniser that hears music or silence writes a sentence again and again, letters that are no words, or the credits of
the subtitles it learnt from. People repeat themselves too ("no, no, no", a chorus, a slogan), so what counts is how
often, how close together and in one voice; the thresholds are held against 2,084 transcripts that people made.
Whether a word is right nobody can tell from the words alone: that is left to members' reports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.domain import Line

#: So many copies of a phrase of 1, 2, 3, … words in a row are a loop, and so many of a longer one.
COPIES = (0, 10, 6, 7, 7, 5, 5, 5)
COPIES_OF_LONG = 4
#: Phrases of more words than this are looked for only as whole lines that return.
LONGEST_PHRASE = 15
#: Whole lines are a loop with this many words in all, so that "Yeah. Yeah. Yeah. Yeah." is none.
LOOPED_WORDS = 8
#: So many notes of a sound in a row ("[Music] [Music] [Music]") and nothing else.
SOUNDS = 3
#: Nobody speaks so many words a second; checked where a line has both times of its own and enough words.
FASTEST, FAST_WORDS = 25.0, 15
#: When more lines than this share are too fast, the times are wrong and not the words.
FEW = 0.05
#: A line in another script is an outburst in a transcript of at least so many lines, when hardly any other line has it.
BURST_LETTERS, LEAST_LINES = 6, 30

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SOUND = re.compile(r"\[[^\[\]]{0,40}\]|\([^()]{0,40}\)|[♪♫#][^♪♫#]{0,40}[♪♫#]|[♪♫]+")
_CREDIT = re.compile(
    r"[\W_]*(?:.{0,60}\bamara\.org\b.{0,40}"
    r"|(?:closed )?(?:sub ?titles?|subtitling|captions?|captioning|transcripts?"
    r"|transcri(?:bed|ption)|translat(?:ed|ion)) (?:(?:created|made|provided|generated|edited|corrected) )?by"
    r" (?!the way\b|hand\b|now\b|default\b)(?:the )?[^\s,]{2,40}(?: [^\s,]{1,30}){0,3}"
    r"(?:, translated by.{0,40})?"
    r"|sous[- ]titrage st ?['’]? ?\d{3}|copyright (?:wdr|swr|ndr|zdf|br)(?: \d{4})?"
    r"|(?:www\.)?mooji\.org|mbc 뉴스 .{1,20}"
    r"|untertitel(?:ung)? (?:von|der|des|im auftrag|aufgrund|:).{1,60}"
    r"|sous[- ]titr(?:es|age)\b.{0,20}\b(?:par|:).{1,60}"
    r"|subt[íi]tulos (?:por|realizados|creados)\b.{1,60}|sottotitoli (?:creati|e revisione|a cura|di)\b.{1,60}"
    r"|legendas pela\b.{1,60}|ondertitel(?:d|ing)\b.{1,60}|napisy stworzone\b.{1,60}"
    r"|субтитры (?:сделал|создавал|делал).{1,60}"
    r"|редактор субтитров.{1,60}|字幕(?:由|by|志愿者|製作|制作).{1,40})[\W_]*",
    re.IGNORECASE,
)
#: One of these is in every credit; looked for in the whole transcript at once.
_CREDIT_WORDS = (
    *("amara.org", "title", "titling", "caption", "transcri", "translat", "untertitel", "sous", "subt", "sottotitoli"),
    *("legendas", "ondertitel", "napisy", "субтитр", "字幕", "copyright", "mooji", "뉴스"),
)
#: Words of thanks to viewers, one of which is in each of them.
_THANKS_WORDS = (
    *("watching", "listening", "viewing", "subscribe", "ご視聴", "감사", "просмотр", "gracias por", "avoir regard"),
    *("por assistir", "zuschauen"),
)
#: People thank their viewers once; a recogniser that hears silence does it again and again.
_THANKS = re.compile(
    r"[\W_]*(?:(?:thanks|thank you)(?: (?:so|very) much)?(?: for (?:watching|listening|viewing))"
    r"(?: (?:and|this|my|the)\b.{0,40})?"
    r"|(?:please )?(?:like and )?subscribe(?: to my channel)?|ご視聴ありがとうございました|시청해 ?주셔서 감사합니다"
    r"|спасибо за просмотр|gracias por ver(?: el video)?|merci d['’]avoir regardé(?: cette vidéo)?"
    r"|obrigad[oa] por assistir|vielen dank fürs zuschauen)[\W_]*",
    re.IGNORECASE,
)
_OPENS = "[(♪♫#"
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1dff\u2c00-\ud7ff\uf900-\ufdff\ufe70-\ufeff\uff66-\uffdc]")
_VOWELS = re.compile(r"[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœ]", re.IGNORECASE)
_LATIN_WORD = re.compile(r"[a-z]{3,}")


def marked(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The same lines with ``garbled`` set where a stretch loops or is no speech. ``lines`` is a whole transcript."""
    texts = [line.text.lower() for line in lines]
    found = {*_loops(lines, texts), *_sounds(texts), *_credits(texts), *_gibberish(lines), *_rushed(lines)}
    found.update(_bursts(texts))
    if not found:
        return tuple(lines)
    return tuple(replace(line, garbled=True) if at in found else line for at, line in enumerate(lines))


def stand_alone(cues: Sequence[str]) -> set[int]:
    """Indexes of the cues whose words must not be joined with those beside them into one line: they are no speech, or
    hardly anything but repetition."""
    texts = [text.lower() for text in cues]
    found = {at for at, text in enumerate(texts) if text[0] in _OPENS and _notes(text)}
    found.update(at for at, text in enumerate(texts) if _repeats(text))
    found.update(at for at, text in enumerate(cues) if _is_odd(text) and _is_gibberish(text))
    return found.union(_credits(texts), _bursts(texts))


# --- loops -------------------------------------------------------------------------------------------------


def _loops(lines: Sequence[Line], texts: Sequence[str]) -> Iterator[int]:
    """Indexes of the lines that lie, by half of their words or more, in a phrase that returns at once."""
    for first, end in _suspects(lines, texts):
        tokens: list[str] = []
        owner: list[int] = []
        for at in range(first, end):
            said = _TOKEN.findall(texts[at])
            tokens += said
            owner += [at] * len(said)
        yield from _mostly(owner, _looped(tokens))


def _mostly(owner: Sequence[int], looped: Sequence[bool]) -> Iterator[int]:
    share: dict[int, list[int]] = {}
    for at, one in zip(owner, looped, strict=True):
        counts = share.setdefault(at, [0, 0])
        counts[0] += 1
        counts[1] += one
    yield from (at for at, (words, inside) in share.items() if 2 * inside >= words)


def _suspects(lines: Sequence[Line], texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Stretches of one speaker in which words repeat so much that they are worth a closer look. Most transcripts have
    hardly any, so that this is nearly all that the check costs."""
    flags = bytearray(len(texts))
    for at, text in enumerate(texts):
        if _repeats(text):
            flags[at] = 1
        if text in (recent := texts[at - 4 if at > 4 else 0 : at]):
            back = recent[::-1].index(text) + 1
            flags[at - back : at + 1] = b"\1" * (back + 1)
    at = flags.find(1)
    while at >= 0:
        end = at + 1
        while end < len(flags) and flags[end] and lines[end].speaker == lines[at].speaker:
            end += 1
        yield at, end
        at = flags.find(1, end)


def _repeats(text: str) -> bool:
    """Whether at most every second word is a new one."""
    return len(text) > 24 and 2 * len(set(words := text.split(" "))) <= len(words)


def _looped(tokens: Sequence[str]) -> list[bool]:
    """Which tokens stand in a phrase that is repeated at once, often enough."""
    inside = [False] * len(tokens)
    for size in range(1, min(LONGEST_PHRASE, len(tokens) // 2) + 1):
        copies = COPIES[size] if size < len(COPIES) else COPIES_OF_LONG
        run = 0
        for at in range(size, len(tokens) + 1):
            if at < len(tokens) and tokens[at] == tokens[at - size]:
                run += 1
                continue
            if run + size >= max(copies * size, LOOPED_WORDS):
                inside[at - run - size : at] = [True] * (run + size)
            run = 0
    return inside


# --- no speech ---------------------------------------------------------------------------------------------


def _sounds(texts: Sequence[str]) -> Iterator[int]:
    """Lines that hold nothing but notes of sounds, where several follow each other."""
    held: list[int] = []
    count = 0
    for at, text in enumerate([*texts, "."]):
        if text[0] in _OPENS and (here := _notes(text)):
            held.append(at)
            count += here
        elif held:
            if count >= SOUNDS:
                yield from held
            held, count = [], 0


def _notes(text: str) -> int:
    """How many notes of a sound a line is made of; 0 when it has words."""
    if len(text) > 2000 or _TOKEN.search(_SOUND.sub(" ", text)):
        return 0
    return len(_SOUND.findall(text))


def _credits(texts: Sequence[str]) -> list[int]:
    whole = "\n".join(texts)
    found = _thanks(texts, whole)
    if any(word in whole for word in _CREDIT_WORDS):
        found += (at for at, text in enumerate(texts) if len(text) <= 140 and _is_credit(text))
    return found


def _thanks(texts: Sequence[str], whole: str) -> list[int]:
    """Lines that thank the viewers, when the one beside them says the same."""
    if not any(word in whole for word in _THANKS_WORDS):
        return []
    thanks = {at for at, text in enumerate(texts) if len(text) <= 80 and _THANKS.fullmatch(text)}
    again = {at for at in thanks if at + 1 in thanks and texts[at] == texts[at + 1]}
    return sorted(again | {at + 1 for at in again})


def _is_credit(text: str) -> bool:
    return any(word in text for word in _CREDIT_WORDS) and _CREDIT.fullmatch(text) is not None


def _gibberish(lines: Sequence[Line]) -> Iterator[int]:
    for at, line in enumerate(lines):
        if _is_odd(line.text) and _is_gibberish(line.text):
            yield at


def _is_odd(text: str) -> bool:
    """A quick look at the share of vowels; other scripts than the Latin one look odd to it too."""
    if len(text) < 20:
        return False
    vowels = text.count("e") + text.count("a") + text.count("o") + text.count("i") + text.count("u")
    return not 0.16 * len(text) < vowels < 0.6 * len(text)


def _is_gibberish(text: str) -> bool:
    """Letters that are no words of any language: hardly a vowel, hardly anything readable, or one letter for ever."""
    if 5 * text.count("\ufffd") >= len(text):
        return True
    words = text.split(" ")
    if any(len(word) >= 40 and len(set(word.lower())) <= 3 and word.isalpha() for word in words):
        return True
    small = _LATIN_WORD.findall(text)
    if len(words) < 5 or 2 * len(small) < len(words):
        return False
    return sum(_VOWELS.search(word) is None for word in small) * 10 >= 6 * len(small)


def _rushed(lines: Sequence[Line]) -> list[int]:
    """Lines of many words that the next one, which has a time of its own too, follows at once."""
    fast = [
        at
        for at, (line, after) in enumerate(pairwise(lines))
        if line.exact and line.words >= FAST_WORDS and after.exact and _is_rushed(line, after)
    ]
    return fast if len(fast) <= FEW * len(lines) else []


def _is_rushed(line: Line, after: Line) -> bool:
    if line.start_s is None or line.end_s is None or after.start_s is None:
        return False
    return line.start_s < line.end_s <= after.start_s < line.start_s + line.words / FASTEST


def _bursts(texts: Sequence[str]) -> list[int]:
    """Lines in a script that hardly any other line has."""
    other = [at for at, text in enumerate(texts) if not text.isascii() and _is_other(text)]
    return other if len(texts) >= LEAST_LINES and len(other) <= FEW * len(texts) else []


def _is_other(text: str) -> bool:
    letters = _OTHER_SCRIPT.findall(text)
    if len(letters) < BURST_LETTERS:
        return False
    return len(letters) * 10 >= 9 * sum(map(str.isalpha, text))
