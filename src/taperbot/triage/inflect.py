"""Every form of a verb, so that a pattern written once is matched through all persons and tenses."""

from __future__ import annotations

_IRREGULAR = {
    "beat": "beat beats beaten beating",
    "be": "be am is are was were been being",
    "bite": "bite bites bit bitten biting",
    "blow": "blow blows blew blown blowing",
    "break": "break breaks broke broken breaking",
    "burn": "burn burns burnt burned burning",
    "burst": "burst bursts bursting",
    "buy": "buy buys bought buying",
    "choke": "choke chokes choked choking",
    "come": "come comes came coming",
    "catch": "catch catches caught catching",
    "cut": "cut cuts cutting",
    "die": "die dies died dying",
    "do": "do does did done doing",
    "drink": "drink drinks drank drunk drinking",
    "drive": "drive drives drove driven driving",
    "eat": "eat eats ate eaten eating",
    "fall": "fall falls fell fallen falling",
    "feel": "feel feels felt feeling",
    "find": "find finds found finding",
    "fling": "fling flings flung flinging",
    "forget": "forget forgets forgot forgotten forgetting",
    "get": "get gets got gotten getting",
    "give": "give gives gave given giving",
    "go": "go goes went gone going",
    "hang": "hang hangs hanged hung hanging",
    "have": "have has had having",
    "hear": "hear hears heard hearing",
    "hit": "hit hits hitting",
    "hurt": "hurt hurts hurting",
    "know": "know knows knew known knowing",
    "leap": "leap leaps leapt leaped leaping",
    "leave": "leave leaves left leaving",
    "keep": "keep keeps kept keeping",
    "hold": "hold holds held holding",
    "lie": "lie lies lied lay lying",
    "lose": "lose loses lost losing",
    "make": "make makes made making",
    "od": "od ods oded oding od'd od'ed od'ing overdid",
    "pay": "pay pays paid paying",
    "put": "put puts putting",
    "quit": "quit quits quitted quitting",
    "run": "run runs ran running",
    "say": "say says said saying",
    "see": "see sees saw seen seeing",
    "send": "send sends sent sending",
    "shake": "shake shakes shook shaken shaking",
    "shoot": "shoot shoots shot shooting",
    "sleep": "sleep sleeps slept sleeping",
    "set": "set sets setting",
    "shut": "shut shuts shutting",
    "slide": "slide slides slid sliding",
    "slit": "slit slits slitting slitted",
    "speak": "speak speaks spoke spoken speaking",
    "stand": "stand stands stood standing",
    "swim": "swim swims swam swum swimming",
    "swell": "swell swells swelled swollen swelling",
    "take": "take takes took taken taking",
    "tell": "tell tells told telling",
    "think": "think thinks thought thinking",
    "throw": "throw throws threw thrown throwing",
    "wake": "wake wakes woke woken waking",
    "write": "write writes wrote written writing",
}
_VOWELS = frozenset("aeiou")
_NOT_DOUBLED = frozenset("wxyh")


def inflections(verb: str) -> tuple[str, ...]:
    """All forms of an English verb, the bare one first; regular verbs by rule, the rest from a table."""
    if verb in _IRREGULAR:
        return tuple(_IRREGULAR[verb].split())
    return (verb, _third_person(verb), _suffixed(verb, "ed"), _suffixed(verb, "ing"))


def _third_person(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def _suffixed(verb: str, ending: str) -> str:
    if verb.endswith("e") and not verb.endswith(("ee", "oe")):
        return verb[:-1] + ending
    if verb.endswith("y") and verb[-2] not in _VOWELS and ending == "ed":
        return verb[:-1] + "ied"
    if _doubles(verb):
        return verb + verb[-1] + ending
    return verb + ending


def _doubles(verb: str) -> bool:
    if len(verb) < 3 or verb[-1] in _VOWELS or verb[-1] in _NOT_DOUBLED or verb[-2] not in _VOWELS:
        return False
    return verb[-3] not in _VOWELS and sum(letter in _VOWELS for letter in verb) == 1
