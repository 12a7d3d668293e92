"""One plain form of a message for the patterns: lower-case words, each followed by one space, with `.`, `,` and `?` as words of their own.

Quirks of chat are undone here (look-alike letters, emoji, leet, spaced and stretched letters, abbreviations, lost apostrophes), so that a
pattern is written once. Doses are never touched.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from taperbot.triage.language import language_of
from taperbot.triage.lists import chat
from taperbot.triage.repair import is_known, repaired

MAX_CHARACTERS = 2000
MAX_WORD = 40
_LOOKALIKES = str.maketrans("аеорсухікнтвмАЕОРСУХІКНТВМοαερινκτυ", "aeopcyxikhtbmaeopcyxikhtbmoaepivktu")
_LEET = str.maketrans("013457@$!|€", "oieastasiie")
_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": ",", "…": "."}
)
_SPACED = re.compile(r"\b(?:[a-z][ .\-_*]){2,}[a-z]\b")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_TOKEN = re.compile(r"\d+(?:[.,/]\d+)*(?:st|nd|rd|th)?%?|[^\W\d_][\w'@$!|*]*(?:-\w+)*|[$@]?\w[\w'@$!|]*|[.,?!;:()\n<>\[\]/{}=#]|- ")
_DOSE = re.compile(r"\d+(?:[.,/]\d+)*(mg|mcg|ug|g|ml|x|h|hr|hrs|pm|am|k|st|nd|rd|th|s|yo|yr|yrs|wk|wks|d|w|m|y)?|[a-z]\d+")
_GLUED = re.compile(r"(\d)(mgs?|milligrams?|mcg|ml|pills?|tabs?|tablets?|days?|hours?|hrs?|hr|weeks?|wks?|months?|mins?|yo|yrs?|years?)\b")
_PUNCTUATION = {"!": ".", ";": ".", "\n": ".", ":": ",", "(": ",", ")": ",", "- ": ",", "?": "?", ".": ".", ",": ","}
_LOST_APOSTROPHES = re.compile(
    r"(don|doesn|didn|can|couldn|won|wouldn|isn|aren|wasn|weren|haven|hasn|hadn|shouldn|ain|mustn)(?:['´` ]?t|'nt|n't)(?![a-z])"
)


def normalize(message: str) -> str:
    """`message` as the patterns read it; "" when nothing is left. Equal for messages that differ in case, quotes or spacing."""
    text = unicodedata.normalize("NFKC", message[:MAX_CHARACTERS]).translate(_QUOTES)
    text = "".join(_visible(letter) for letter in text).lower()
    text = " ".join(_plain_script(word) for word in re.split(r"[ \t]+", text))
    text = _accent_free(_GLUED.sub(r"\1 \2", text))
    text = _SPACED.sub(lambda match: re.sub(r"[ .\-_*]", "", match[0]), text)
    tokens = [word for token in _TOKEN.findall(text) for word in _words(token)]
    joined = " ".join(tokens)
    if language_of(joined) == "en":
        joined = " ".join(repaired(word) for word in joined.split())
    return re.sub(r"(?:[.,] )*([.?]) (?:[.,] )*", r"\1 ", joined + " ").lstrip(". ,") if joined else ""


def _visible(letter: str) -> str:
    if letter in chat().emoji:
        return f" {chat().emoji[letter]} "
    kind = unicodedata.category(letter)
    return "" if kind in ("Cf", "Mn", "Cc") and letter not in "\n\t" and not unicodedata.combining(letter) else letter


def _plain_script(word: str) -> str:
    """Look-alike letters of other alphabets folded, in words that also hold Latin ones."""
    if word.isascii() or not re.search(r"[a-z]", word):
        return word
    return word.translate(_LOOKALIKES)


def _accent_free(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text.replace("ß", "ss")) if not unicodedata.combining(letter))


def _words(token: str) -> list[str]:
    if token in _PUNCTUATION:
        return [_PUNCTUATION[token]]
    if not token[0].isalnum() and len(token) == 1:
        return [","] if token in "<>[]{}" else []
    ending = [_PUNCTUATION["!"]] if token.endswith("!") else []
    word = _unmasked(token.strip("*_'|")[:MAX_WORD]).strip("!@$|*_'")
    return [*_opened(word), *ending] if word else ending


@lru_cache(maxsize=1024)
def _unmasked(word: str) -> str:
    """Leet and stretched letters undone, only where that gives a known word; doses stay as they are."""
    if word.isalpha() or _DOSE.fullmatch(word):
        return _squeezed(word)
    if any(letter.isalpha() for letter in word) and not re.fullmatch(r"[a-z]+(['-][a-z]+)*", word):
        candidate = _squeezed(word.rstrip("!").translate(_LEET))
        return candidate if candidate.isalpha() and is_known(candidate) else word
    return word


def _squeezed(word: str) -> str:
    if not _STRETCHED.search(word):
        return word
    candidates = (_STRETCHED.sub(r"\1\1", word), _STRETCHED.sub(r"\1", word))
    return next((candidate for candidate in candidates if is_known(candidate)), candidates[1])


def _opened(word: str) -> list[str]:
    """Abbreviations written out, negative contractions in one spelling."""
    word = _LOST_APOSTROPHES.sub(r"\1't", word) if _LOST_APOSTROPHES.fullmatch(word) else word
    return chat().words.get(word, word).split()
