"""Whether a sentence in a model's own words says no more, and nothing other, than the quotes it rests on. Pure, and strict: what is doubtful fails.

Every content word has to stand in the sentence that comes nearest, or be one of a few reviewed plain words, and in its order, clause by clause. A clause is
said whole or not at all. What is denied there is denied here and nothing else is; conditions and contrasts stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from taperbot.facts import contradicts
from taperbot.tokens import tokenize

PLAIN_WORDS_NAME = "plain_words.yaml"
NOT_SUPPORTED = "not supported by its quotes"
TURNED_ROUND = "turns the quote round"
SURER = "says it more surely, or of more, than its quotes"
WITHOUT_CONDITION = "leaves out a condition or a contrast"
MOST_OF_A_CLAUSE = 0.5
"""Share of a clause's content words from which a sentence says what the clause says."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_NUMBER_WORD = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred)\b"
)
_FIGURE = re.compile(r"(?<![\d.,-])(\d+(?:[.,]\d+)*)\s+([a-z]+)")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[,;:]")
_POINTS_BACK = re.compile(r"\W*(?:it|its|this|that|these|those|they|their|such|both|he|she)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|this|these)\b", re.IGNORECASE)
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|can|may|might|could|should|will|would|must|has|have|had|do|does|did|cannot)\b", re.IGNORECASE
)
_SCALES = tuple(
    frozenset(line.split())
    for line in (
        "all every everyone everybody everything any anyone always entirely completely totally whole",
        "most mostly usually generally typically mainly majority normally",
        "often many frequently commonly regularly much",
        "some several sometimes certain partly occasionally few rarely seldom hardly little barely",
        "none never nobody nothing no not without cannot nor neither",
        "must need needs",
        "will certainly definitely guaranteed proven proves proved surely",
        "should ought",
        "only just solely exclusively",
        "very highly extremely severely strongly greatly far",
        "more most",
        "both same",
        "if unless except provided",
    )
)
"""How many, how often, how surely, how much, on what condition: a sentence has a word of such a line only where its quote has one of the same."""
_DOUBTS = frozenset(
    "may might could can possibly perhaps probably likely some few several sometimes rarely seldom occasionally suggests suggest seems seem".split()
)
_KEPT = frozenset().union(_DOUBTS, *_SCALES) | frozenset("or was were had alone least up used".split())
"""Words that a clause does not lose, and that are said of what they are said of there."""
_CONDITIONS = frozenset("if unless except until only when without provided while".split())
_CONTRASTS = frozenset("but although though however yet while whereas except ;".split())
_DENIALS = frozenset(
    "not no never none nobody nothing neither nor without cannot hardly rarely seldom unlikely avoid avoids avoiding lack lacks lacking".split()
)
_BOUNDARIES = frozenset(
    ", ; : but although though because since so which if when while unless until before after and or who than as".split()
)
_SCOPE_ENDS = frozenset(", ; : but although though because since so which if when while unless until than".split())
_BETWEEN = frozenset("than before after because since unless until if when though although unlike while".split())
_APART = frozenset({"than", "unlike"})
_MOVABLE = frozenset("only just solely all every most many some few several both more".split())
_JOINED = re.compile(r";\s+|,\s+(?:and|but|although|though)\s+|\s+and\s+(?=(?:it|they|this|these|can|may|should|do|does|is|are)\b)")


@dataclass(frozen=True, slots=True)
class Support:
    """What one sentence of a model rests on: the texts quoted, and the titles and headings over them."""

    quotes: tuple[str, ...]
    headings: tuple[str, ...] = ()


def unsupported(text: str, support: Support) -> str:
    """The first way in which `text` says more than, or other than, what it rests on; "" where it does not."""
    reason = _unsupported(text, text, support)
    parts = [part for part in _JOINED.split(text) if part.strip(" .")]
    if not reason or len(parts) < 2:
        return reason
    # Two statements in one sentence may rest on two sentences.
    return next((found for part in parts if (found := _unsupported(part, text, support))), "")


def _unsupported(text: str, whole: str, support: Support) -> str:
    rests = [_nearest(text, quote, support.headings) for quote in support.quotes]
    if not rests or not _content(text):
        return NOT_SUPPORTED
    resting = " \n".join(f"{said} {subject}" for said, subject in rests)
    if not _content(text) <= _met(resting) or any(said.rstrip().endswith("?") for said, _ in rests):
        return NOT_SUPPORTED
    words, given = set(_words(text)), set(_words(resting))
    if contradicts(text, max((said for said, _ in rests), key=lambda one: _alike(text, one))):
        return TURNED_ROUND
    if any(words & scale and not given & scale for scale in _SCALES) or ("or" in words and "or" not in given):
        return SURER
    return next((reason for said, subject in rests if (reason := _against(text, whole, said, subject))), "")


def _against(text: str, whole: str, said: str, subject: str) -> str:
    """What sets `text`, a part or all of `whole`, against one sentence `said` that it rests on."""
    if _plain(text) == _plain(said):
        return ""
    if _denies_otherwise(text, said) or _out_of_order(text, said, subject) or _swapped(text, said) or _counts_otherwise(text, said):
        return TURNED_ROUND
    words, own = set(_words(whole)), _met(text)
    clauses = list(_clauses(said))
    used = [clause for clause in clauses if _share(clause, own) > MOST_OF_A_CLAUSE]
    if any(_loses(clause, text) for clause in used) or _said_of_another(text, said):
        return SURER
    if (_CONDITIONS & set(_words(said)) and not _CONDITIONS & words) or (_CONTRASTS & set(_words(said)) and not _CONTRASTS & words):
        return WITHOUT_CONDITION
    if any(clause and clause[0] in _CONDITIONS and _loses(clause, whole) for clause in clauses):
        return WITHOUT_CONDITION
    # What a sentence opens with, "In one small study," or "Taken together,", holds for all of it.
    return WITHOUT_CONDITION if len(clauses) > 1 and not _content(" ".join(clauses[0])) <= own else ""


def _loses(clause: Sequence[str], text: str) -> bool:
    """Whether `text` leaves out a word of a clause that it otherwise says."""
    said = " ".join(clause)
    held, words = _met(text), Counter(_words(text))
    counted = Counter(word for word in clause if word in _KEPT)
    return not _content(said) <= held or any(words[word] < count and not _same_strength(word, words) for word, count in counted.items())


def _same_strength(word: str, words: Counter[str]) -> bool:
    return any(word in scale and any(words[other] for other in scale if other != word) for scale in _SCALES)


def _said_of_another(text: str, said: str) -> bool:
    """Whether a word such as "only" or "most" stands before something else than it does in `said`."""
    before = _followers(said)
    return any(word in before and not found & before[word] for word, found in _followers(text).items())


def _followers(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    words = _words(text)
    for place, word in enumerate(words):
        if word in _MOVABLE:
            following = _named(" ".join(words[place + 1 :]))
            found.setdefault(word, set()).update(following[:1])
    return found


def _nearest(text: str, quote: str, headings: Sequence[str]) -> tuple[str, str]:
    """The sentence of a quote that `text` comes nearest to, and what that is about where it does not name it. A list is taken whole."""
    sentences = [quote] if "\n" in quote else _SENTENCE_END.split(quote)
    place = max(range(len(sentences)), key=lambda place: _alike(text, sentences[place]))
    if _POINTS_BACK.match(sentences[place]) is None:
        return sentences[place], ""
    return sentences[place], " ".join([*headings, *map(_subject, sentences[max(0, place - 1) : place])])


def _subject(sentence: str) -> str:
    """What stands before the first auxiliary verb, or nothing."""
    verb = _AUXILIARY.search(sentence)
    return sentence[: verb.start()] if verb else ""


def _alike(text: str, sentence: str) -> float:
    own, other = _content(text), _content(sentence)
    shared = len(own & other)
    return shared / max(1, len(own)) * (1 + shared / max(1, len(other)))


def _content(text: str) -> set[str]:
    """Content words, "half" and "third" among them; figures and other number words are left out, since these are checked as amounts."""
    return {token for token in tokenize(_NUMBER_WORD.sub(" ", text.lower())) if not any(letter.isdigit() for letter in token)}


def _met(text: str) -> set[str]:
    """The content words of `text`, with those that may stand for them."""
    held = _content(text)
    neutral, alike = _plain_words()
    return held | neutral | {token for group in alike if group & held for token in group}


def _words(text: str) -> list[str]:
    """Words and the marks that part clauses; contractions as two words."""
    return _WORD.findall(re.sub(r"n't\b", " not", text.lower().replace("’", "'").replace("can't", "cannot")))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+|[,;:]", text.lower()))


def _clauses(text: str) -> Iterator[list[str]]:
    clause: list[str] = []
    for word in [*_words(text), ";"]:
        if word in _SCOPE_ENDS:
            yield clause
            clause = []
        clause.append(word)


def _share(clause: Sequence[str], held: set[str]) -> float:
    content = _content(" ".join(clause))
    return len(content & held) / len(content) if content else 0.0


def _denied(text: str) -> tuple[set[str], set[str]]:
    """Content words behind a word that denies, up to the end of its clause, and all others."""
    denied: set[str] = set()
    stated: set[str] = set()
    for clause in _clauses(text):
        at = next((place for place, word in enumerate(clause) if word in _DENIALS), len(clause))
        stated |= _content(" ".join(clause[:at]))
        denied |= _content(" ".join(clause[at + 1 :]))
    return denied, stated


def _denies_otherwise(text: str, said: str) -> bool:
    denied, stated = _denied(text)
    denied_there, stated_there = _denied(said)
    return bool(denied & (stated_there - denied_there) or stated & (denied_there - stated_there))


def _out_of_order(text: str, said: str, subject: str) -> bool:
    """Whether content words stand in another order than in `said` within a clause. What a pronoun of `said` stands for may come anywhere."""
    places: dict[str, list[int]] = {}
    for place, token in enumerate(_named(said)):
        places.setdefault(token, []).append(place)
    free = set(_named(subject)) | (set(_named(_subject(said))) if _PRONOUN.search(said) else set())
    last = -1
    for word in _words(text):
        if word in _BOUNDARIES:
            last = -1
        for token in _named(word):
            if token in free or token not in places:
                continue
            following = [place for place in places[token] if place >= last]
            if not following:
                return True
            last = following[0]
    return False


def _named(text: str) -> list[str]:
    """Content words in order, each by the first of the words that may stand for it."""
    _, alike = _plain_words()
    return [min((min(group) for group in alike if token in group), default=token) for token in tokenize(text)]


def _swapped(text: str, said: str) -> bool:
    """Whether things, or a denial, have changed sides of a word that both have and that sets its sides apart."""
    own, other = _words(text), _words(said)
    for word in _APART & set(other) - set(own):
        # What something is compared with cannot be what is spoken of.
        left, right = (_content(side) for side in _sides(said, word))
        if _content(text) & (right - left):
            return True
    for word in _BETWEEN & set(own) & set(other):
        sides, wanted = _sides(text, word), _sides(said, word)
        left, right = map(_content, sides)
        wanted_left, wanted_right = map(_content, wanted)
        if left & (wanted_right - wanted_left) and right & (wanted_left - wanted_right):
            return True
        if any(bool(_DENIALS & set(_words(one))) and not _DENIALS & set(_words(there)) for one, there in zip(sides, wanted, strict=True)):
            return True
    return False


def _sides(text: str, word: str) -> tuple[str, str]:
    """What the first `word` is said of, and the other side; a sentence that opens with it is read the other way."""
    words = _words(text)
    at = words.index(word)
    if at == 0 and "," in words:
        comma = words.index(",")
        return " ".join(words[comma + 1 :]), " ".join(words[:comma])
    return " ".join(words[:at]), " ".join(words[at + 1 :])


def _counts_otherwise(text: str, said: str) -> bool:
    """Whether a figure counts something else than it does in `said`."""
    counted: dict[str, set[str]] = {}
    for figure, what in _FIGURE.findall(said.lower()):
        counted.setdefault(figure, set()).add(what)
    return any(figure in counted and what not in counted[figure] for figure, what in _FIGURE.findall(text.lower()))


@lru_cache(maxsize=1)
def _plain_words() -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    raw = yaml.safe_load(files("taperbot.data").joinpath(PLAIN_WORDS_NAME).read_text("utf-8"))
    return frozenset(tokenize(raw["neutral"])), tuple(frozenset(tokenize(line)) for line in raw["alike"])
