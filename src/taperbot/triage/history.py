"""What earlier turns do to a message: an answer to a question, a short reply, a status report after danger."""

from __future__ import annotations

import re
from collections.abc import Sequence

from taperbot.records import Level, Turn
from taperbot.triage.judge import Judgement, judge
from taperbot.triage.normalize import normalize

MAX_TURNS = 10
_SHORT_WORDS = 9
_YES = re.compile(
    r"^(?:(?:well|um|honestly|i think|i guess|maybe|kind of|sort of) ,? ?)*(?:yes|yeah|yep|yup|yea|ye|aye|sure|correct|right|true|"
    r"definitely|i do|i am|i have|i did|"
    r"a bit|a lot|sometimes|often|always|every day|all the time|i might|probably|exactly|si|oui|ja|it is|he is|she is|he has|she "
    r"has|he did|she did|most (?:days|nights)|absolutely|every (?:single )?(?:day|night|hour|minute)|constantly|daily|nightly|"
    r"more and more|kind of|sort of|a little|i think so|i suppose|guess so|too often|lately|recently)\b"
)
_NO = re.compile(
    r"^(?:no|nope|nah|not really|never|i'm not|i don't|no thanks|not at all|nein|non|i haven't|he isn't|she isn't|not any more|"
    r"he's not|she's not)\b"
)
_SAFETY = re.compile(r"(?<![^ ])(?:safe|ok|okay|breathing|awake|conscious|responding|responsive|alert|wake|alright|speak|breathe) ")
_THANKS = re.compile(
    r"^(?:thanks|thank you|ok thanks|okay thanks|cheers|great|bye|i called|i've called|called them|i'll call|i will call|ok i will) "
)
_QUANTITY = re.compile(
    r"^(?:(?:about|around|maybe|like|probably|over|at least|nearly|almost|just|i took|we took|he took|she took|i think|i've had) )*"
    r"(?:all|everything|the (?:whole|lot|rest|entire|bottle|box|packet)|the whole|every|too many|loads|a lot|a handful|handfuls|"
    r"half the|\d\d+|twenty|thirty|forty|fifty|ten|"
    r"fifteen|dozens?|a dozen|the box|both boxes|two boxes|three boxes|a bottle|a box|a strip|two strips) ?"
)
_TAKING = re.compile(r"(?<![^ ])(?:took|taken|take|swallowed|overdosed?|tablets?|pills?|how many|how much) ")
_NEW_QUESTION = re.compile(r"^(?:what|how|why|when|which|who|does|do|can|is|are|should|could|would|where) ")
_LEANS = re.compile(
    r"^(?:and|but|because|it|that|they|them|he|she|him|her|the|all|about|yes|like|maybe|just|with|only|so|or|also|this|those|now|"
    r"still|today|tonight|"
    r"\d+|one|two|three|four|five|ten|twenty|thirty|forty|a|an|everything|i did|i have|i am|i will|i do|i want|plus|then|on|in|by|my|not) "
)
_SWAPS = {"you": "i", "your": "my", "yourself": "myself", "you're": "i'm", "you've": "i've", "you'd": "i'd", "yours": "mine"}
_VERB_FIRST = re.compile(
    r"^(?:(?:so|and|are you saying|do you mean|just checking|can i ask) ,? ?)?(are|do|have|did|is|has|were|can|would|does) (i|he|"
    r"she|they|my [^ ]+|it) "
)
_ASSERTED = {("are", "i"): "i am", ("do", "i"): "i", ("did", "i"): "i", ("have", "i"): "i have", ("were", "i"): "i was"}


def statement_answered(message: str, history: Sequence[Turn]) -> str:
    """The statement a yes (or a no to a question about safety) makes of the bot's last question, or ""."""
    if not history or history[-1].role != "assistant":
        return ""
    asked = _last_question(history[-1].content)
    reply = normalize(message)
    if not asked or len(reply.split()) > _SHORT_WORDS * 2:
        return ""
    if _NO.search(reply):
        return _denied(asked) if _SAFETY.search(asked) else ""
    return _asserted(asked) if _YES.search(reply) else ""


def hedged_answer(message: str, history: Sequence[Turn]) -> str:
    """The statement that a short answer, neither yes nor no, leaves open ("I don't know", "why do you ask?"), or ""."""
    if not history or history[-1].role != "assistant":
        return ""
    asked, reply = _last_question(history[-1].content), normalize(message)
    plain = asked and reply and not _NO.search(reply) and not _YES.search(reply) and not _THANKS.search(reply)
    return _asserted(asked) if plain and len(reply.split()) <= _SHORT_WORDS else ""


def amount_answered(message: str, history: Sequence[Turn]) -> str:
    """A bare quantity after talk of taking pills, as a statement ("all of them" -> "i took all of them pills"), or ""."""
    before = " ".join(normalize(turn.content) for turn in list(history)[-2:])
    reply = normalize(message).rstrip("., ")
    if not _QUANTITY.search(reply + " ") or len(reply.split()) > _SHORT_WORDS or not _TAKING.search(before):
        return ""
    return f"i took {reply} pills"


def joined_with_last(message: str, history: Sequence[Turn]) -> str:
    """A short reply joined to the reader's last turn, or "" when the message stands by itself."""
    previous = last_user_turn(history)
    reply = normalize(message)
    words = reply.replace(". ", "").replace("? ", "").replace(", ", "").split()
    if not previous or not words or _NO.search(reply) or _THANKS.search(reply):
        return ""
    leans = len(words) <= 4 or (len(words) <= _SHORT_WORDS and bool(_LEANS.search(reply)))
    return f"{previous.rstrip(' .!')} {message}" if leans and not _NEW_QUESTION.search(reply) else ""


def inherited(message: str, history: Sequence[Turn]) -> Level | None:
    """Emergency or crisis of the reader's last turn when the message only reports on it; a plain no or thanks does not inherit."""
    previous = last_user_turn(history)
    reply = normalize(message)
    words = reply.split()
    if not previous or not words or len(words) > _SHORT_WORDS * 2 or _NO.search(reply) or _THANKS.search(reply):
        return None
    if _NEW_QUESTION.search(reply) and not re.search(r"(?<![^ ])(?:what (?:do|should) i do|is (?:he|she|it) |how long will|help) ", reply):
        return None
    own = judge(message)
    level = gravest(judge(previous))
    reports = bool(_STATUS.search(reply)) or len(words) <= 5
    return level if reports and not own.firm(Level.DOSING) else None


_STATUS = re.compile(
    r"(?<![^ ])(?:still|he's|she's|he is|she is|i'm|i am|breathing|awake|asleep|minutes|hours|mg|scared|help|alone|worse|same|"
    r"pills|tablets|them|it|what do i do|"
    r"what should i do|waiting|coming|nobody|no one|please|here|gone|happening|again|now|tonight|him|her) "
)


def gravest(judgement: Judgement) -> Level | None:
    """Emergency or crisis where a pattern says so firmly, else None."""
    return next((level for level in (Level.EMERGENCY, Level.CRISIS) if judgement.firm(level)), None)


def danger_before(history: Sequence[Turn]) -> bool:
    """Whether any earlier turn of the reader was a firm emergency or crisis."""
    earlier = list(history)[-MAX_TURNS:]
    if any(turn.role == "user" and gravest(judge(turn.content)) for turn in earlier):
        return True
    return any(statement and gravest(judge(statement)) for statement in _answers(earlier))


def last_user_turn(history: Sequence[Turn]) -> str:
    """The reader's last earlier message, or ""."""
    return next((turn.content for turn in reversed(history) if turn.role == "user"), "")


def _answers(turns: Sequence[Turn]) -> list[str]:
    return [statement_answered(turn.content, turns[:place]) for place, turn in enumerate(turns) if turn.role == "user"]


def _last_question(content: str) -> str:
    asked = [part.strip() for part in re.findall(r"[^.?]+\? ", normalize(content + " "))]
    return asked[-1].rstrip("? ") + " " if asked else ""


def _swapped(asked: str) -> str:
    return " ".join(_SWAPS.get(word, word) for word in asked.split()) + " "


def _asserted(asked: str) -> str:
    swapped = _swapped(asked)
    opened = _VERB_FIRST.search(swapped)
    if not opened:
        return swapped
    subject = _ASSERTED.get((opened[1], opened[2]), f"{opened[2]} {opened[1]}")
    return f"{subject} {swapped[opened.end() :]}"


def _denied(asked: str) -> str:
    return re.sub(r"^([^ ]+ (?:am|is|are|has|have|can|was) )", r"\1not ", _asserted(asked)).replace("can not", "can't")
