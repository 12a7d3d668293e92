"""What takes the weight off a phrase: negation, an event past and resolved, a textbook or hypothetical question, hearsay, fiction, bereavement.

All functions take a normalized text (words followed by one space; `.`, `,` and `?` are words).
"""

from __future__ import annotations

import re

NEGATION, PAST, TEXTBOOK, HYPOTHETICAL, GENERIC, REPORTED, FICTION, BEREAVEMENT = GUARDS = (
    "negation",
    "past",
    "textbook",
    "hypothetical",
    "generic",
    "reported",
    "fiction",
    "bereavement",
)
_JOINTS = r"(?:and|but|so|because|then|while|although|though|yet|however|except|since)"
_CLAUSE_END = re.compile(rf"[.,?] |(?<![^ ]){_JOINTS} ")
_SENTENCE_END = re.compile(r"[.?] ")
_SUBJECTS = frozenset("i i'm i've i'd i'll he he's she she's they they're we we're it's you who my".split())
_NEGATIONS = frozenset(
    (
        "not no never without none nor neither denies denied nobody zero rather instead avoid avoided free "
        "nunca jamas sin ningun ninguna tampoco pas jamais aucun aucune nicht nie niemals kein keine keinen"
    ).split()
)
_NEVER = frozenset("never nunca jamas jamais nie niemals kein keine keinen nobody".split())
_RIGHT_BEFORE = frozenset("no without zero sin aucune aucun keine kein".split())
_NO_NEGATION = re.compile(
    r"(?<![^ ])(?:(?:can't|cannot|couldn't|won't|never|doesn't|don't) (?:seem to |ever )?(?:stop|help|shake|shut|quit|get rid|escape)|"
    r"(?:not|n't|isn't|wasn't) (?:sure|just|only|even|long|ok|okay|well|good|safe|fine|coping|joking|kidding|lying|exaggerating|"
    r"feeling|doing|the|really sure)|"
    r"(?:don't|doesn't|didn't) (?:know|care|understand|mind|see|get|have)|no (?:idea|matter|longer|wonder|doubt|joke|way|hope|"
    r"point|one|other|reason)|"
    r"(?:have|had|has)n't (?:been|felt)|never (?:felt|been|wanted) (?:so|this|more)|without (?:him|her|them)|why (?:not|don't|"
    r"can't)|if not) "
)
_DENIED_CLAUSE = re.compile(
    r"(?:not (?:that|saying|because|as if|like)|isn't that|doesn't mean|don't (?:think|believe|mean|feel like)|didn't (?:say|"
    r"mean)|never said)"
    r" (?:that )?$"
)
_DENIED_HIT = re.compile(r"[^ ]+ (?:am |are |is |have |has |was |were )?(?:currently |actually |really )?(?:not|never|no longer) ")
_TAKEN_BACK = re.compile(
    r"(?:[.,] )?(?:but|which|and) (?:i'm|i am|he's|he is|she's|she is|it's|they're) (?:not|really not|definitely not) (?:[.,?]|$)"
)
_PAST = re.compile(
    r"(?<![^ ])(?:(?:\d+|a|one|two|three|four|five|six|seven|ten|few|couple|several|many|some|of) (?:years?|months?|"
    r"decades?) (?:ago|back)|years ago|"
    r"last (?:year|summer|winter|spring|autumn|month|january|february|march|april|may|june|july|august|september|october|november|"
    r"december)|"
    r"(?:in|back in|since|around) (?:19|20)\d\d|back (?:then|when)|in my (?:teens|early twenties|late teens|twenties|thirties|"
    r"youth|20s|30s)|in (?:rehab|hospital) (?:years|ages) ago|when i was (?:a |in |at |about |only |younger|young|\d+|little|"
    r"twelve|(?:six|seven|eigh|nine|fif|four|thir)teen|ten|eleven|twenty|thirty|forty|"
    r"pregnant|first)|as a (?:child|teenager|kid|teen)|used to|once had|in the past|previously|a long time ago|ages ago|long ago|"
    r"at the time|"
    r"before i (?:started|recovered|got)|the first time i|during my (?:first|last|previous)|at university|in college|at school|growing up|"
    r"my (?:first|last|previous) (?:attempt|taper|withdrawal)|historically|once upon|before (?:when|while|and|but|in|,|[.]|"
    r"during)|years? (?:clean|sober|off|free)) "
)
_RESOLVED = re.compile(
    r"(?<![^ ])(?:(?:i'm|i am|he's|she's|he is|she is|they're|we're|all|everything is|am|is|feeling|doing|much|feel|are|it is|"
    r"it's|been|perfectly|completely|totally)"
    r" (?:ok|okay|fine|better|well|safe|stable|good|recovered|healed|healthy|alright|happy|great|past that|over that|over it|much "
    r"better)(?: now)?|"
    r"(?:recovered|behind me|got through it|got better|went away|passed now|resolved|no longer an issue|haven't had (?:one|any) "
    r"since|not any more|since then|"
    r"survived that|turned out (?:fine|ok|to be nothing)|nothing since|glad i'm|grateful (?:i'm|to be) alive|thankfully not|got "
    r"help|ever since)) "
)
_PRESENT = re.compile(
    r"(?<![^ ])(?:now|again|tonight|today|still|at the moment|currently|lately|right now|this (?:morning|evening|week|afternoon)|"
    r"coming back|recently|these days"
    r"|just|keep|keeps|an hour ago|minutes ago|hours ago) "
)
_NOW_TOLD = re.compile(
    r"(?<![^ ])(?:now|again|still|(?:i|i've|he|she) (?:want|wants|need|feel|feels|think|can't|keep|don't|am|is|been|have been|"
    r"hate|wish|plan|hear|hears)|i'm|he's|she's) "
)
_OPENER = re.compile(
    r"^(?:(?:so|and|but|also|ok|okay|hi|hello|hey|please|quick|question|dear|all|there|just|curious|wondering|well|um|sorry|,) )*"
    r"(?:does|do|did|can|could|is|are|was|will|would|should|may|might|has|have|what|what's|how|how's|why|which|when|who|where|"
    r"tell me|explain|define|describe|"
    r"if|list|give me|show me|summarise|summarize|talk about|whats|are there|is there|any) "
)
_ABOUT = re.compile(
    r"(?<![^ ])(?:(?:signs?|symptoms?|risks?|chances?|causes?|likelihood|odds|difference|dangers?|meaning|definition|rate|rates|"
    r"history|incidence|prevention|"
    r"mechanism|role|percentage|number|statistics|topic|subject|myths?|treatment|link) (?:of|on|about|behind|between|for)|"
    r"how (?:common|likely|often|dangerous|"
    r"serious|rare|long)|(?:information|article|articles|research|study|studies|page|section|leaflet|facts|advice|paper|reading|"
    r"read|read something|question|"
    r"questions|curious|learn|learning|wondering|wonder|know more|tell me|heard|hear|anything|essay|chapter|guidance) (?:on|about|"
    r"that|of|whether|if)|"
    r"is it (?:true|possible|common)|for (?:my|a) (?:essay|nursing|course|class|thesis|assignment|presentation|training|exam|"
    r"dissertation|degree)) "
)
_SELF = re.compile(
    r"(?<![^ ])(?:i|i'm|i've|i'd|i'll|me|my|myself|we|our|he|she|he's|she's|him|his|her|they're (?:not|having)|someone's|who's) "
)
_MODAL_SELF = re.compile(
    r"(?<![^ ])(?:(?:can|could|will|would|might|may|does|do|should) (?:i|it|this|that|my|stopping|tapering|withdrawal|quitting|"
    r"cutting|missing|taking|the|coming|"
    r"benzo|a|these|they|skipping|drinking|lowering|reducing|going|we|you|one|panic|anxiety|stress)|am i (?:likely|at risk|going "
    r"to|more likely|in danger)|what if|"
    r"if i|likely to|chances? (?:of|that)|risk of|(?:cause|causes|trigger|triggers|give|gives|lead to|make|makes|provoke|"
    r"mean) (?:me |you |us |a |my )?) "
)
_MAYBE = re.compile(
    r"(?<![^ ])(?:what if|if i|if you|if someone|if he|if she|if my|if we|should i ever|in case|suppose|imagine|in the event|"
    r"worried about|worry about|worried (?:that )?i|"
    r"afraid of|afraid (?:that )?i|scared of|scared (?:that )?i|fear of|fear|fears about|terrified of|anxious about|anxiety about|"
    r"might|could|may|can|will|would|"
    r"risk of|risk|prevent|avoid|avoiding|preventing|protect against|danger of|warning signs|causes?|cause|causing|likely to|"
    r"likely|chance of|chance|possible|possibility|"
    r"lead to|leads to|trigger|triggers|do|does|before|until|unless|whether|without|prone to|dread|dreading|phobia of|obsessed "
    r"with|thinking i'll|convinced i'll|"
    r"ever|googling|google|read about|reading about|heard of|heard about|paranoid about|nervous about) (?:[^ .?,]+ ){0,6}$"
)
_ASKS_HELP = re.compile(
    r"(?<![^ ])(?:can|could|will|would|may|might) (?:you|someone|anyone|somebody|i|we) (?:please )?(?:help|tell|explain|advise|"
    r"ask|get|call) "
)
_HAPPENING = re.compile(
    r"(?<![^ ])(?:i'm having|am having|is having|are having|he's having|she's having|they're having|just|right now|now|keeps|keep|"
    r"think i|has stopped|won't stop|since) "
)
_GENERIC = re.compile(
    r"(?<![^ ])(?:people|patients|many|those|others|anyone|users|everyone|most|humans|adults|persons|individuals|sufferers|a "
    r"person|folks|one|you|animals|rats|mice) "
    r"(?:[^ .?,]+ ){0,4}$"
)
_REPORTED = re.compile(
    r"(?<![^ ])(?:(?:leaflet|label|box|article|articles|website|site|page|book|guideline|guidelines|form|questionnaire|google|"
    r"internet|study|paper|warning|forum|"
    r"packaging|insert|pamphlet|poster|documentary|news|video|lecture|survey) (?:that |which |i read |it )?(?:says?|said|warns?|"
    r"warned|mentions?|mentioned|lists?|listed|states?|talks?|asks?|asked|"
    r"about|on|described|describes|claims?|told|tells|warning|has|includes?)|(?:asked|asks|asking|wanted to know|screens?|"
    r"screened|checks?|checked) (?:me )?"
    r"(?:if|whether|about|for)|warned (?:me )?(?:of|about|that)|told (?:me )?(?:i could|i might|it can|it could|that it|about)|"
    r"read (?:that|about|somewhere)|possible side effects?|(?:say|write|claim|state|confirm|repeat|declare|announce|cite|quote|"
    r"recommend|recommends|prove|proves|proving|saying) that|(?:read|reads|reading) out (?:a |the )?list|a list) "
    r"(?:[^ .?]+ ){0,8}$"
)
_FICTION = re.compile(
    r"(?<![^ ])(?:novel|my character|the character|character|characters|movie|film|films|episode|song|lyrics|screenplay|video "
    r"game|tv show|series|documentary|podcast|"
    r"poem|play about|storyline|plot) "
)
_BEREAVED = re.compile(
    r"(?<![^ ])(?:(?:lost|lose|losing) (?:my |a |our |his |her )?(?:[^ .?,]+ ){1,4}to|died (?:by|from|of)) (?:an? |the )?$"
)
_WHOSE = re.compile(r"(?:[a-z]+'s|whose|after|by|his|her|their) $")
_DONE_BY_ANOTHER = re.compile(
    r"(?:(?:killed|hanged|hung|shot|drowned|gassed|poisoned) (?:himself|herself|themselves|themself)|(?:took|ended) (?:his|her|"
    r"their) (?:own )?(?:life|lives)) "
)


def guard_of(text: str, start: int, end: int, despite: frozenset[str]) -> str | None:
    """The guard that takes the weight off `text[start:end]`, or None; guards in `despite` are not looked at (but for a plain "never" or "no")."""
    if NEGATION in despite and _never(text, start):
        return NEGATION
    for guard, applies in _CHECKS:
        if guard not in despite and applies(text, start, end):
            return guard
    return None


def sentence_at(text: str, position: int) -> tuple[int, int]:
    """Span of the sentence around `position`, its closing mark included."""
    start = max((mark.end() for mark in _SENTENCE_END.finditer(text, 0, position)), default=0)
    closing = _SENTENCE_END.search(text, position)
    return start, closing.end() if closing else len(text)


def is_textbook(sentence: str) -> bool:
    """Whether a sentence asks about a matter in general rather than telling of somebody."""
    asks = bool(_OPENER.search(sentence) or _ABOUT.search(sentence))
    return asks and (not _SELF.search(sentence) or bool(_MODAL_SELF.search(sentence) and not _HAPPENING.search(sentence)))


def is_past(text: str, start: int, end: int) -> bool:
    """Whether what stands at the span is told as past or resolved, with nothing said of now."""
    begin, close = sentence_at(text, start)
    opening, closing = _clause_start(text, start), _clause_end(text, end)
    if _PRESENT.search(_RESOLVED.sub("", text[opening:closing])):
        return False
    told = _PAST.search(text, begin, close)
    if told and (opening <= told.start() < closing or not _NOW_TOLD.search(text, min(told.end(), opening), closing)):
        return True
    return bool(_RESOLVED.search(text[end:]) and not _PRESENT.search(_RESOLVED.sub("", text[begin:close])))


def _clause_start(text: str, position: int) -> int:
    return max((mark.end() for mark in _CLAUSE_END.finditer(text, 0, position)), default=0)


def _clause_end(text: str, position: int) -> int:
    closing = _CLAUSE_END.search(text, position)
    return closing.start() if closing else len(text)


def _negated(text: str, start: int, end: int) -> bool:
    before = text[_clause_start(text, start) : start]
    first = text[start:end].split(" ", 1)[0]
    if first in _SUBJECTS:
        if _DENIED_HIT.match(text, start):
            return True
        return bool(_DENIED_CLAUSE.search(before))
    scope: list[str] = []
    for word in reversed(_NO_NEGATION.sub("", before).split()[-6:]):
        if word in _SUBJECTS:
            break
        scope.append(word)
    if text.startswith("free ", end) or _TAKEN_BACK.match(text, end):
        return True
    return any(word in _NEGATIONS or word.endswith("n't") for word in scope) or bool(_DENIED_CLAUSE.search(before))


def _never(text: str, start: int) -> bool:
    """Whether "no" stands right before the phrase, or "never" before it in its clause: too plain to be part of the signal."""
    before = _NO_NEGATION.sub("", text[_clause_start(text, start) : start]).split()[-6:]
    return bool(before) and (before[-1] in _RIGHT_BEFORE or not _NEVER.isdisjoint(before))


def _textbook(text: str, start: int, end: int) -> bool:
    begin, close = sentence_at(text, start)
    if _HAPPENING.search(text[_clause_start(text, start) : end]):
        return False
    clause = text[_clause_start(text, start) : close]
    return is_textbook(text[begin:close]) and (
        is_textbook(clause) or not _SELF.search(clause) or bool(_MODAL_SELF.search(text[begin:start]))
    )


def _hypothetical(text: str, start: int, end: int) -> bool:
    before = _ASKS_HELP.sub("", text[_clause_start(text, start) : start])
    return bool(_MAYBE.search(before)) and not _HAPPENING.search(before + text[start:end])


def _generic(text: str, start: int, _end: int) -> bool:
    return bool(_GENERIC.search(text[_clause_start(text, start) : start]))


def _reported(text: str, start: int, _end: int) -> bool:
    return bool(_REPORTED.search(text[sentence_at(text, start)[0] : start]))


def _fiction(text: str, start: int, _end: int) -> bool:
    begin, close = sentence_at(text, start)
    return bool(_FICTION.search(text[begin:close]))


def _bereaved(text: str, start: int, end: int) -> bool:
    before, hit = text[_clause_start(text, start) : start], text[start:end]
    return bool(_BEREAVED.search(before) or _DONE_BY_ANOTHER.match(hit) or (hit.startswith("suicide ") and _WHOSE.search(before)))


_CHECKS = (
    (NEGATION, _negated),
    (PAST, is_past),
    (BEREAVEMENT, _bereaved),
    (TEXTBOOK, _textbook),
    (HYPOTHETICAL, _hypothetical),
    (GENERIC, _generic),
    (REPORTED, _reported),
    (FICTION, _fiction),
)
