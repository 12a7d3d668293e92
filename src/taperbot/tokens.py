"""Words as the lexical index sees them. The same function at ingest and at query time.

Doses, ranges and names that belong together stay one token: "300-400mg", "4-7-8", "2 mg" (as "2mg"), "10 per cent" (as "10%"), "CBT-I".
Brand names become the generic name; British and American spellings meet; the rest is stemmed, and stop words are dropped.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

from taperbot.drugs import drug_names

TOKENS_VERSION = 2

_QUOTES_AND_DASHES = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": " - ", "‑": "-", "−": "-", "µ": "u", "μ": "u"}
)
_NUMBER = r"\d+(?:[.,]\d+)*"
_UNIT = r"(?:milligrams?|micrograms?|millilit(?:er|re)s?|grams?|per\s?cent|percent|mgs|mg|mcg|ug|ml|iu|kg|g|%)(?![a-z])"
_PIECE = re.compile(
    rf"(?P<amount>{_NUMBER}(?:\s?(?:-|to)\s?{_NUMBER})*\s?{_UNIT})"
    rf"|(?P<number>{_NUMBER}(?:-{_NUMBER})*)(?![a-z\d])"
    r"|(?P<word>[^\W_]+(?:['-][^\W_]+)*)"
)
_UNIT_NAMES = (
    ("milligram", "mg"), ("microgram", "mcg"), ("millilit", "ml"), ("gram", "g"), ("per", "%"), ("mgs", "mg"), ("ug", "mcg"),
)  # fmt: skip
_SPELLINGS = (
    (re.compile(r"is(ation|ations|ational)$"), r"iz\1"),
    (re.compile(r"(?<=..)is(e|es|ed|ing|er|ers)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z])our(?=$|s$|ed$|ing$|al$|ful$|ite$)"), "or"),
    (re.compile(r"[ao]e(?=[a-z])"), "e"),
    (re.compile(r"tre(s?)$"), r"ter\1"),
    (re.compile(r"ll(ed|ing|er)$"), r"l\1"),
)
_KEPT = frozenset({"pacing"})
"""Words whose stem means something else: to pace the floor is not the pace of a taper."""
STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any anybody anyone anything are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each either else ever every
    everyone everything few for from further get gets getting give given go goes going gone got had hadn't has hasn't have haven't
    having he he's her here hers herself hi him himself his how how's however i i'd i'll i'm i've if im in into is isn't it it's its
    itself ive just know let let's like likely made make makes making many may maybe me mean might mine more most much must my myself
    no nor not now of off ok okay on once one ones only onto or other others our ours ourselves out over own perhaps please put quite
    rather really said same say says she should shouldn't so some somebody someone something sort still such take takes taking tell
    than thank thanks that that's thats the their theirs them themselves then there there's these they they're thing things this those
    through to too under until up upon us use used using very was wasn't way we we're well were weren't what what's whats when where
    whether which while who who's whom whose why will with within without won't would wouldn't yes yet you you'd you'll you're you've
    your yours yourself dont doesnt didnt cant wont isnt arent wasnt werent couldnt shouldnt wouldnt havent hasnt
    """.split()
)
_local = threading.local()


def tokenize(text: str) -> list[str]:
    """Tokens of `text` in order, repeats kept."""
    return [token for token, _ in tokens_with_words(text)]


def tokens_with_words(text: str) -> list[tuple[str, str]]:
    """Tokens of `text` in order, each with the word it was made from, in lower case."""
    # Plain letters, as nearly all texts are, have nothing to fold but their case.
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text.translate(_QUOTES_AND_DASHES)).lower()
    tokens: list[tuple[str, str]] = []
    for match in _PIECE.finditer(folded):
        if match.lastgroup == "amount":
            tokens.append((_amount(match.group()), match.group()))
        elif match.lastgroup == "number":
            tokens.append((match.group(), match.group()))
        else:
            tokens.extend(_word_tokens(match.group()))
    return tokens


def _amount(text: str) -> str:
    compact = re.sub(r"\s", "", text).replace("to", "-")
    number = re.match(rf"{_NUMBER}(?:-{_NUMBER})*", compact)
    assert number is not None
    unit = compact[number.end() :]
    for start, name in _UNIT_NAMES:
        if unit.startswith(start):
            return number.group() + name
    return number.group() + unit


@lru_cache(maxsize=65_536)
def _word_tokens(word: str) -> tuple[tuple[str, str], ...]:
    names = drug_names().generic_by_name
    if word in names:
        return ((stem(names[word]), names[word]),)
    if "-" in word and min(map(len, word.split("-"))) > 1:
        return tuple(token for part in word.split("-") for token in _word_tokens(part))
    bare = re.sub(r"'s?$", "", word)
    if bare in _KEPT:
        return ((bare, bare),)
    if word in STOP_WORDS or bare in STOP_WORDS or len(bare) < 2:
        return ()
    generic = names.get(bare) or names.get(bare.removesuffix("s"))
    return ((stem(generic or _american(bare)), generic or bare),)


def _american(word: str) -> str:
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    return word


def stem(word: str) -> str:
    """The stem of a lower-case English word."""
    # PyStemmer keeps state while it works, so each thread has its own.
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("english")
    return str(stemmer.stemWord(word))
