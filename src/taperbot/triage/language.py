"""Which of four languages a message is in, by counting function words."""

from __future__ import annotations

import re

_FUNCTION_WORDS = {
    "es": "que de la el los las una un por para con me mi mis esta estoy muy pero como he tengo quiero puedo yo su del al se lo "
    "es y si cuando "
    "hace sin porque ya mas dias desde hay todo nada ella su soy ha tomado tomar dejar puede dejado son cuanto cuantas cuantos "
    "tus tu nunca mis estas tiene porque dice algo muchas todas nos",
    "fr": "je j'ai ne pas de la le les des un une et est que qui pour avec mon ma mes suis plus dans sur ce c'est il elle tu "
    "vous nous au du "
    "mais depuis sans si comment a n'ai d'un fait sont peut peux veux me m'a combien quand l'ai jours ai ca jamais trop tout j'arrete",
    "de": "ich nicht und der die das ist ein eine zu mit den mich mir mein meine habe bin auf fur von wie was kann es sie er wir "
    "nach seit aber "
    "noch wenn ohne dem keine kein mehr sich hat wird muss will tage zum beim genommen wieviel wie viele soll schon ihr meiner "
    "darf hab im gegen hilft gibt unter meinem einen einer eine mal jetzt immer jeden seine wieder bitte alle",
}
_ENGLISH = (
    "the i to and a of my is it in for that on with have i'm was me do this you not be am but what can from are if how been so "
    "at does when he she "
    "an has don't it's after just or want need feel will about had take off"
)
_WORDS = {code: frozenset(words.split()) for code, words in (_FUNCTION_WORDS | {"en": _ENGLISH}).items()}
_TOKEN = re.compile(r"[a-z']+")
_SURE_WORDS = 2


def may_be(text: str, code: str) -> bool:
    """Whether `text` could be in the language `code`: it is, or it holds no English function word."""
    return language_of(text) == code or not any(word in _WORDS["en"] for word in _TOKEN.findall(text))


def language_of(text: str) -> str:
    """ "es", "fr", "de" or "en" (also when unsure) for a lower-case text without accents."""
    words = _TOKEN.findall(text)
    counts = {code: sum(word in listed for word in words) for code, listed in _WORDS.items()}
    best = max(("es", "fr", "de"), key=lambda code: counts[code])
    enough = counts[best] >= _SURE_WORDS or (counts[best] == 1 and len(words) <= 3 and not counts["en"])
    return best if enough and counts[best] > counts["en"] else "en"
