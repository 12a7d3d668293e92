"""What form of answer a question asks for, read from its words alone. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LIST = re.compile(
    r"\b(?:what|which)\b.{0,40}\b(?:are|symptoms|signs|tips|ways|things|strategies|sites|supplements|medicines|medications|meds|drugs|causes|triggers|factors|foods"
    r"|options|treatments|questions|steps|features|places|conditions|reasons|side effects|mechanisms|kinds|types|ones)\b|\b(?:list|examples of|name some|all the)\b"
    r"|\b(?:tips|ways to|where do|what helps|what can i do|what should i|how (?:can|do|could|should|to) (?:i |you |we )?(?:cope|deal|manage|ease|calm|relieve|handle|get through))\b",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\bhow (?:long|soon|quickly|many (?:days|nights|weeks|months|years|hours|minutes))\b|\bwhen (?:does|do|will|did|can|should)\b.{0,50}\b(?:stop|end|go away|get better|ease"
    r"|start|begin|peak|over|settle|kick|finish|last|pass|fade|lift)\b|\bhow (?:much|many) (?:longer|time)\b|\bever (?:stop|end|go away|get better)\b|\btimeline\b|\bwhat stage\b",
    re.IGNORECASE,
)
_DOSE = re.compile(
    r"\bhow (?:much|many)\b.{0,40}\b(?:mg|milligrams?|mcg|g|grams?|ml|tablets?|pills?|drops)\b|\b(?:what|which|usual|typical|safe|right|maximum|max|daily) (?:dose|dosage|amount|strength)\b|\bdosage\b|\bwhat dose\b|\bhow many mgs?\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\bhow (?:much|many|often|common|likely|big|high|low|far|fast)\b|\b(?:what|which) (?:percent|percentage|share|proportion|number|figure|rate|level|half-life|ceiling|limit|pace)\b|\bhalf.life\b|\bpercentage\b|\bhow (?:rare|frequent)\b",
    re.IGNORECASE,
)
_STRICT_COUNT = re.compile(
    r"\bhow many\b|\b(?:what|which) (?:percent|percentage|share|proportion|number|dose|half-life|ceiling)\b|\bhalf.life\b|\bpercentage\b",
    re.IGNORECASE,
)
_WHY = re.compile(r"\bwhy\b|\bwhat (?:causes|makes|is behind|sets off|triggers)\b|\bhow come\b|\breasons?\b|\bcaused? by\b", re.IGNORECASE)
_DEFINITION = re.compile(r"^\s*(?:so\s+)?(?:what(?:'s| is| are|s)|define|explain|meaning of|what does)\b", re.IGNORECASE)


_SECTIONS = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(headings, re.IGNORECASE))
    for asked, headings in (
        (
            r"\bhow long\b|\bhow soon\b|\bwhen (?:does|do|will|did)\b|\bever (?:stop|end)\b",
            r"how long|how soon|last|duration|timeline|when",
        ),
        (r"\bwhy\b|\bcauses?\b|\bset(?:s|ting)? (?:it |this |that )?off\b|\btrigger", r"\bwhy\b|cause|trigger|reason|happen"),
        (
            r"\bwhat (?:can|should|could) i (?:do|try)\b|\bhow (?:can|do|could|should) i (?:cope|deal|manage|ease|calm|stop|get through|make)\b|\bwhat helps?\b|\btips?\b"
            r"|\banything (?:i|to|that|without)\b|\bhelp with\b",
            r"\btips?\b|cop(?:e|ing)|manag|help|strateg|practical|treat|eas(?:e|ing)|relie|what can|self-care",
        ),
        (r"\b(?:signs?|symptoms?|how (?:do|can|would) i (?:know|tell))\b", r"\bsigns?\b|symptom|recogni|feel like|worry|red flag|differen"),
        (r"^(?:so )?what(?:'s| is| are|s)\b", r"\bwhat (?:is|are)\b|definition|meaning"),
    )
)


@dataclass(frozen=True, slots=True)
class Intent:
    """The forms asked for; several may hold at once."""

    wants_list: bool = False
    wants_duration: bool = False
    wants_dose: bool = False
    wants_count: bool = False
    wants_reason: bool = False
    wants_definition: bool = False
    needs_figure: bool = False
    """No answer without a figure would do."""
    section: re.Pattern[str] | None = None
    """What headings of sections say that answer this form of question, or None."""

    @property
    def wants_figure(self) -> bool:
        """Any quantity at all."""
        return self.wants_duration or self.wants_dose or self.wants_count


def intent_of(question: str) -> Intent:
    """The intent of one question."""
    duration = _DURATION.search(question) is not None
    dose = _DOSE.search(question) is not None
    return Intent(
        wants_list=_LIST.search(question) is not None,
        wants_duration=duration,
        wants_dose=dose,
        needs_figure=duration or dose or _STRICT_COUNT.search(question) is not None,
        wants_count=not duration and not dose and _COUNT.search(question) is not None,
        wants_reason=_WHY.search(question) is not None,
        wants_definition=_DEFINITION.search(question) is not None,
        section=next((headings for asked, headings in _SECTIONS if asked.search(question)), None),
    )
