"""Pages and fragments, rendered from templates; the only place where records become HTML. Everything is escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from taperbot.bounds import MOST_QUESTION_CHARACTERS
from taperbot.records import Answer, Article, Certainty, Level, Link, Outcome, RemarkKind
from taperbot.settings import Settings
from taperbot.web import view
from taperbot.web.assets import Asset
from taperbot.web.reader import Found, Place, parts
from taperbot.wording import cards
from taperbot.wording import page as words
from taperbot.wording.answers import DISCLAIMER, EMPTY

Countries = Sequence[tuple[str, str]]
"""(code, name), as the reader picks from."""

GRAVE = (Level.EMERGENCY, Level.CRISIS)
NOTES = {Found.MOVED: words.READ_MOVED, Found.LOST: words.READ_LOST, Found.EXACT: "", Found.NONE: ""}


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """One answered turn as the templates want it."""

    turn_id: str
    answer: Answer
    groups: tuple[view.Group, ...]
    sources: tuple[view.SourceEntry, ...]
    reviewed: str
    before: tuple[str, ...]
    dangers: tuple[str, ...]
    cautions: tuple[str, ...]
    disagreements: tuple[str, ...]
    nearest: tuple[tuple[str, str], ...]
    plain: str

    @property
    def outcome(self) -> str:
        """The outcome's name, which is also the article's class."""
        return self.answer.outcome.value

    @property
    def is_grave(self) -> bool:
        """Whether the turn shows an emergency or crisis card, whose numbers then stay in view."""
        return is_grave(self.answer)

    @property
    def is_off_topic(self) -> bool:
        """Whether the question is not one for the articles."""
        return self.answer.route is Level.OFF_TOPIC

    @property
    def asks_people(self) -> bool:
        """Whether to say who else may know: the articles do not, though the question is one for them."""
        return self.answer.outcome in (Outcome.ABSTAIN, Outcome.NEAREST) and not self.is_off_topic

    @property
    def is_only_card(self) -> bool:
        """Whether nothing stands under the card: a firm emergency or crisis."""
        notice = self.answer.notice
        return self.is_grave and notice is not None and notice.certainty is Certainty.FIRM and self.answer.outcome is Outcome.NOTICE

    @property
    def announcement(self) -> str:
        """What a screen reader says when the answer is there, once."""
        lead = words.CARD_READY if self.is_grave else words.ANSWER_READY
        card = " ".join(self.answer.notice.lines) if self.answer.notice else ""
        body = " ".join(sentence.text for sentence in self.answer.sentences) or self.answer.text
        return " ".join(part for part in (lead, card, "" if self.is_only_card else body) if part)


@dataclass(frozen=True, slots=True)
class HelpPlace:
    """One country of the help page; its emergency lines stand first and stand out."""

    name: str
    emergency: tuple[Link, ...]
    others: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """What differs from one rendering of the readers' page to the next."""

    turns: Sequence[ShownTurn] = ()
    starters: Sequence[str] = ()
    country: str = ""
    short: bool = False
    draft: str = ""
    problem: str = ""


def is_grave(answer: Answer) -> bool:
    """Whether the answer carries an emergency or crisis card, firm or soft."""
    return answer.notice is not None and answer.notice.level in GRAVE


def shown_turn(turn_id: str, answer: Answer) -> ShownTurn:
    """Everything the page shows of one answer."""
    return ShownTurn(
        turn_id=turn_id,
        answer=answer,
        groups=view.groups(answer),
        sources=view.sources(answer),
        reviewed=view.reviewed(answer),
        before=view.remarks(answer, (RemarkKind.FOLLOW_UP, RemarkKind.LANGUAGE, *(() if is_grave(answer) else (RemarkKind.KEEP_HELP,)))),
        dangers=view.remarks(answer, (RemarkKind.DANGER,)),
        cautions=view.remarks(answer, (RemarkKind.CAUTION,)),
        disagreements=view.remarks(answer, (RemarkKind.DISAGREEMENT,)),
        nearest=tuple((near.title, view.article_address(near.article_id)) for near in answer.nearest),
        plain=view.plain_text(answer),
    )


class Pages:
    """Renders with the operator's settings. `today` gives the date that saved answers carry."""

    def __init__(self, settings: Settings, assets: Mapping[str, Asset], countries: Countries, today: Callable[[], date]) -> None:
        self._today = today
        self._organisation = settings.organisation
        self._has_model = bool(settings.chat_model)
        loader = PackageLoader("taperbot.web", "templates")
        self._templates = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
        self._templates.globals.update(
            w=words,
            cards=cards,
            organisation=settings.organisation,
            asset=lambda name: f"/static/{name}?v={assets[name].digest}",
            countries=countries,
            disclaimer=DISCLAIMER,
            empty_question=EMPTY,
        )

    def home(self, home: Home) -> str:
        """The readers' page."""
        return self._render(
            "home.html",
            turns=home.turns,
            turn_id=home.turns[-1].turn_id if home.turns else "",
            starters=home.starters,
            country=home.country,
            short=home.short,
            draft=home.draft,
            problem=home.problem,
            keep_links=_kept_links(home.turns),
            limit=MOST_QUESTION_CHARACTERS,
            has_model=self._has_model,
            **self._saved(),
        )

    def fragment(self, turn: ShownTurn) -> str:
        """One turn, to be added to the page."""
        return self._render("fragment.html", turn=turn)

    def article(self, article: Article, place: Place) -> str:
        """The article with the quoted words marked."""
        dated = words.READ_REVIEWED if article.reviewed else words.READ_PUBLISHED
        return self._render(
            "read.html",
            article=article,
            parts=parts(article, place.span),
            note=NOTES[place.found],
            dated=dated.format(date=view.long_date(article.date)) if article.date else "",
        )

    def help(self, places: Sequence[HelpPlace]) -> str:
        """All phone numbers."""
        return self._render("help.html", places=places)

    def saved(self, turns: Sequence[ShownTurn]) -> str:
        """The conversation as a document to print."""
        return self._render("save.html", turns=turns, turn_id=turns[-1].turn_id, **self._saved())

    def saved_text(self, turns: Sequence[ShownTurn]) -> str:
        """The conversation as plain text."""
        head = [words.SAVE_TITLE, words.SAVE_FOR, self._saved()["saved_on"]]
        return "\n\n".join([*head, *(turn.plain for turn in turns)]) + "\n"

    def message(self, title: str, sentence: str) -> str:
        """A page that says one thing."""
        return self._render("message.html", title=title, sentence=sentence)

    def embed(self, address: str) -> str:
        """The line that puts the page on a publisher's site."""
        return self._render("embed.html", address=address)

    def _saved(self) -> dict[str, str]:
        made = words.SAVE_DATE.replace("{organisation}", self._organisation)
        return {"saved_by": made, "saved_on": made.format(date=view.long_date(self._today()))}

    def _render(self, template: str, **values: Any) -> str:
        return self._templates.get_template(template).render(values)


def _kept_links(turns: Sequence[ShownTurn]) -> tuple[Link, ...]:
    """The numbers of the latest grave card before the last turn; they stay in view for the rest of the chat."""
    graves = [turn.answer.notice.links for turn in turns[:-1] if turn.is_grave and turn.answer.notice]
    return graves[-1] if graves else ()
