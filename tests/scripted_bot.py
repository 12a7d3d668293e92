"""A bot whose answers are written down here: one for every state that the page has, over one article that can be checked by eye."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from taperbot.errors import IndexUnavailableError, NoIndexError
from taperbot.records import (
    Answer,
    Article,
    Block,
    BlockKind,
    Certainty,
    Citation,
    Level,
    Link,
    Nearest,
    Notice,
    Outcome,
    QuoteKind,
    Remark,
    RemarkKind,
    Sentence,
    Starter,
    Turn,
)
from taperbot.wording.answers import ABSTAIN, DISCLAIMER, REMARKS

HOW_FAST = "How fast should I taper?"
WHICH_SIGNS = "Which signs need a doctor?"
FLYING = "Which medicine is best for flying?"
NEAR = "Does magnesium help after a year?"
SEIZURE = "she is having a seizure right now"
WISH = "I do not want to be here any more"
RAN_OUT = "I ran out of tablets"
DOSE = "How much should I take tomorrow?"
SMALL = "What if my dose is under five?"
SLOW = "a slow question"
BROKEN = "a question that meets a bug"

LINES = (
    ("heading", "Tapering safely"),
    ("paragraph", "A taper works best when it is slow and the person sets the pace with their prescriber."),
    ("heading", "How fast to go"),
    ("paragraph", "Many guides start with a cut of 5 to 10 percent of the current dose every two to four weeks."),
    ("paragraph", "If a cut feels too hard, it is fine to stay on the same dose until things settle."),
    ("paragraph", "Below <5 mg & a \"half\" tablet, cuts are often made smaller still."),
    ("heading", "What helps on the way"),
    ("list_item", "Keep a short diary of sleep and symptoms."),
    ("list_item", "Ask the pharmacist about liquid forms."),
    ("list_item", "Tell someone close to you about the plan."),
    ("heading", "Which signs need a doctor?"),
    ("table_row", "Often harmless | Eyelid flutter that comes and goes"),
    ("table_row", "See a doctor | Weakness, wasting or numbness"),
    ("question", "Can I stop at once?"),
    ("answer", "No. Stopping suddenly can bring seizures."),
)  # fmt: skip
COLUMNS = ("What it means", "What you notice")


def article(version: str = "a" * 64, first_line: str = "") -> Article:
    """The article; `first_line` shifts everything, as an edit would."""
    text, blocks = (first_line + "\n\n" if first_line else ""), []
    path: tuple[str, ...] = ("Tapering safely",)
    for kind, line in LINES:
        start = len(text)
        level = 0 if kind != "heading" else 1 if start == 0 or line == "Tapering safely" else 2
        path = ("Tapering safely", line) if level == 2 else path
        group = {"list_item": 1, "table_row": 2, "question": 3, "answer": 3}.get(kind)
        columns = COLUMNS if kind == "table_row" else ()
        blocks.append(Block(BlockKind(kind), start, start + len(line), path, group, level, columns))
        if kind == "table_row":
            cut = line.index(" | ")
            blocks.append(Block(BlockKind.TABLE_CELL, start, start + cut, path, group, 0, COLUMNS[:1]))
            blocks.append(Block(BlockKind.TABLE_CELL, start + cut + 3, start + len(line), path, group, 0, COLUMNS[1:]))
        text += line + "\n\n"
    return Article(
        "tapering/slow & steady.md", version, "Tapering safely", text, tuple(blocks),
        published=date(2026, 2, 9), reviewed=date(2026, 10, 16), url="https://www.example.org/tapering",
    )  # fmt: skip


ARTICLE = article()


def cite(number: int, words: str, section: str, title: str = "Tapering safely", day: date | None = date(2026, 10, 16)) -> Citation:
    """A citation of `words` in the article."""
    start = ARTICLE.text.index(words)
    return Citation(number, ARTICLE.article_id, ARTICLE.version, title, section, start, start + len(words), words, day)


PACE = LINES[3][1]
HOLD = LINES[4][1]
UNDER = LINES[5][1]
LINKS = (
    Link("Call 112, 911 or 999", "tel:112"),
    Link("Samaritans 116 123", "tel:116123"),
    Link("Find a helpline", "https://findahelpline.com"),
)


def _answer(question: str, **parts: object) -> Answer:
    base = Answer(question, "g-test", Level.QUESTION, Outcome.ANSWER, "", DISCLAIMER)
    made = replace(base, **parts)  # type: ignore[arg-type]
    body = "\n".join(f"{s.text} " + "".join(f"[{n}]" for n in s.citations) for s in made.sentences)
    return replace(made, text=made.text or body)


def _pace(question: str, short: bool = False) -> Answer:
    items = tuple(Sentence(line, (3,), QuoteKind.LIST_ITEM, "What helps on the way:") for kind, line in LINES if kind == "list_item")
    sentences = (Sentence(PACE, (1,)), Sentence(HOLD, (2,)), *(() if short else items))
    citations = (
        cite(1, PACE, "How fast to go"),
        cite(2, HOLD, "How fast to go"),
        cite(3, LINES[7][1], "What helps on the way", day=date(2026, 3, 2)),
    )
    return _answer(
        question,
        sentences=sentences,
        citations=citations[: 2 if short else 3],
        remarks=(Remark(RemarkKind.CAUTION, REMARKS["caution"]), Remark(RemarkKind.DISAGREEMENT, REMARKS["disagreement"])),
        suggestions=(WHICH_SIGNS, "Can I stop at once?", "What helps with sleep?"),
    )


def _signs(question: str) -> Answer:
    rows = [line for kind, line in LINES if kind == "table_row"]
    faq = LINES[14][1]
    sentences = (
        *(Sentence(row, (number,), QuoteKind.TABLE_ROW, " | ".join(COLUMNS)) for number, row in enumerate(rows, 1)),
        Sentence(faq, (3,), QuoteKind.FAQ_ANSWER, "Can I stop at once?"),
    )
    cites = (*(cite(n, row, "Which signs need a doctor?") for n, row in enumerate(rows, 1)), cite(3, faq, "Can I stop at once?"))
    return _answer(question, sentences=sentences, citations=cites, remarks=(Remark(RemarkKind.DANGER, REMARKS["danger"]),))


def _card(question: str, level: Level, lines: tuple[str, ...]) -> Answer:
    return _answer(
        question, route=level, outcome=Outcome.NOTICE, notice=Notice(level, Certainty.FIRM, "", lines, LINKS), text="\n".join(lines)
    )


def _urgent(question: str, level: Level, lines: tuple[str, ...], links: tuple[Link, ...]) -> Answer:
    return replace(_pace(question), route=level, notice=Notice(level, Certainty.FIRM, "", lines, links))


class ScriptedShelf:
    """A generation of one article, that an editor may replace."""

    def __init__(self, held: Article) -> None:
        self.held = held
        self.golden = (
            Starter(HOW_FAST, held.article_id),
            Starter(WHICH_SIGNS, held.article_id),
            Starter("Can I stop at once?", held.article_id),
        )

    def article(self, article_id: str) -> Article | None:
        """The one article, or None."""
        return self.held if article_id == self.held.article_id else None


class ScriptedBot:
    """Answers by the question's words. `asked` holds the questions in order, `slow_seconds` what a slow one takes."""

    def __init__(self, held: Article | None = ARTICLE) -> None:
        self.shelf = ScriptedShelf(held) if held else None
        self.asked: list[str] = []
        self.histories: list[tuple[Turn, ...]] = []
        self.slow_seconds = 1.0

    def generation(self) -> ScriptedShelf:
        """The shelf; raises NoIndexError when the bot was made without an article."""
        if self.shelf is None:
            raise NoIndexError("There is no index.")
        return self.shelf

    def warm(self) -> None:
        """Nothing to open."""

    def ask(self, question: str, history: Sequence[Turn] = (), country: str = "", short: bool = False) -> Answer:  # noqa: ARG002
        """The written answer; unknown questions get the one about pace, marked as a follow-up when there is a history."""
        self.asked.append(question)
        self.histories.append(tuple(history))
        if question == SEIZURE:
            return _card(
                question, Level.EMERGENCY, ("Call your emergency number now.", "Roll them on their side.", "Put nothing in their mouth.")
            )
        if question == WISH:
            return _card(
                question, Level.CRISIS, ("You do not have to face this alone.", "I am not a person. These people are.", "Be with someone.")
            )
        if self.shelf is None:
            raise IndexUnavailableError("There is no index.")
        return self._from_articles(question, history, short)

    def _from_articles(self, question: str, history: Sequence[Turn], short: bool) -> Answer:
        if question == SLOW:
            time.sleep(self.slow_seconds)
        if question == BROKEN:
            raise ZeroDivisionError(question)
        if question == WHICH_SIGNS:
            return _signs(question)
        if question == FLYING:
            near = (Nearest(ARTICLE.article_id, ARTICLE.title),)
            return _answer(question, outcome=Outcome.ABSTAIN, text=ABSTAIN, nearest=near)
        if question == NEAR:
            return _answer(
                question, outcome=Outcome.NEAREST, sentences=(Sentence(HOLD, (1,)),), citations=(cite(1, HOLD, "How fast to go"),)
            )
        if question == SMALL:
            return _answer(question, sentences=(Sentence(UNDER, (1,)),), citations=(cite(1, UNDER, "How fast to go", day=None),))
        if question == RAN_OUT:
            return _urgent(
                question,
                Level.URGENT,
                ("Contact your prescriber or a pharmacist today.", "Do not stop or change more by yourself."),
                LINKS[:1],
            )
        if question == DOSE:
            return _urgent(
                question, Level.DOSING, ("This page cannot work out a dose.", "Ask your prescriber: is my pace right for me?"), ()
            )
        answer = _pace(question, short)
        follow_up = Remark(RemarkKind.FOLLOW_UP, REMARKS["follow_up"].format(question=history[0].content)) if history else None
        return replace(answer, remarks=(follow_up, *answer.remarks)) if follow_up else answer
