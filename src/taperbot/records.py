"""The nouns of the flow: frozen, typed, free of behaviour beyond derived values.

All offsets are code points into `Article.text`, half open: `[start, end)`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class BlockKind(StrEnum):
    """What a stretch of an article is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    TABLE_CELL = "table_cell"
    QUESTION = "question"
    ANSWER = "answer"


class QuoteKind(StrEnum):
    """What a quote is made of."""

    SENTENCE = "sentence"
    PAIR = "pair"
    LIST_ITEM = "list_item"
    LIST = "list"
    TABLE_ROW = "table_row"
    TABLE_CELL = "table_cell"
    FAQ_ANSWER = "faq_answer"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of `Article.text`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an article. `group` numbers the list, table or FAQ pair it belongs to within the article, or is None.

    `level` is 1 to 6 for headings (title 1), else 0. `columns` are the table's column names for rows, the one column's name for cells.
    The header line of a table is no block.
    """

    kind: BlockKind
    start: int
    end: int
    heading_path: tuple[str, ...]
    group: int | None = None
    level: int = 0
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedAs:
    """Lay phrasings that editors keep for one section; `heading` as it stands in the article. Never shown to readers."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One document. `article_id` is its path relative to the corpus folder; `version` the sha256 of its file, hexadecimal."""

    article_id: str
    version: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    summary: str = ""
    published: date | None = None
    reviewed: date | None = None
    next_review: date | None = None
    url: str | None = None
    topics: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    asked_as: tuple[AskedAs, ...] = ()

    @property
    def date(self) -> date | None:
        """The date readers are shown: last review, else publication, else None."""
        return self.reviewed or self.published


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an editor should know about a file. `line` counts from 1 in the file as stored, or is None when unknown."""

    path: str
    line: int | None
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """The unit of retrieval: `text == article.text[start:end]`; `indexed_text` is what is embedded and tokenized ("title > heading: text")."""

    chunk_id: str
    article_id: str
    title: str
    heading_path: tuple[str, ...]
    start: int
    end: int
    text: str
    indexed_text: str
    asked_as: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """The nearest heading, or the title where there is none."""
        return self.heading_path[-1] if self.heading_path else self.title


class Quote(NamedTuple):
    """The unit of answering, verbatim: `text == article.text[start:end]`. A tuple, for hundreds are read for each question.

    `members` are the ids of quotes this one contains (pair: sentences; list: items; row: cells). `columns` as for Block.
    `question` is the FAQ question an answer belongs to. `lead_in` is the span of the line that introduces a list, in the same article.
    `is_context` marks bylines, teasers, pointers to other articles and bare lead-ins: never an answer by themselves.
    """

    quote_id: str
    article_id: str
    chunk_id: str
    kind: QuoteKind
    heading_path: tuple[str, ...]
    start: int
    end: int
    text: str
    indexed_text: str
    members: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    question: str | None = None
    lead_in: Span | None = None
    is_context: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """Row of a chunk in its generation and a raw score of one ranking (cosine or BM25, larger is better)."""

    row: int
    score: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as retrieved for one question. `score` is the fused score in [0, 1]; `cosine` and `bm25` are raw.

    `opening` is the cosine of the question with its heading, its opening sentence, or a lay phrasing kept for its section.
    """

    row: int
    chunk: Chunk
    score: float
    cosine: float = 0.0
    bm25: float = 0.0
    opening: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation; role is "user" or "assistant"."""

    role: str
    content: str


class Level(StrEnum):
    """Triage levels, gravest first (docs/hazard-log.md)."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    URGENT = "urgent"
    INJECTION = "injection"
    DOSING = "dosing"
    OFF_TOPIC = "off_topic"
    QUESTION = "question"


class Certainty(StrEnum):
    """Firm: a pattern says so. Soft: only the classifier says so; numbers on top and a normal answer."""

    FIRM = "firm"
    SOFT = "soft"


@dataclass(frozen=True, slots=True)
class TriageResult:
    """`route` is the firm level (QUESTION when none). `danger` is the level to show a notice for, firm or soft, else None.

    `is_open` says that off-topic is the classifier's word alone, which an article that answers overrules.
    `evidence` names the rules or exemplar classes that led to it: for tests only, never shown, stored or logged.
    """

    route: Level
    danger: Level | None = None
    certainty: Certainty | None = None
    also_matches: tuple[Level, ...] = ()
    evidence: tuple[str, ...] = ()
    language: str = "en"
    keep_help: bool = False
    danger_line: bool = False
    question: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A way to reach help: `label` as shown, `target` a tel:, sms: or https: address."""

    label: str
    target: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A fixed card. `lines` at most a handful of short sentences; `links` at most three."""

    level: Level
    certainty: Certainty
    country: str
    lines: tuple[str, ...]
    links: tuple[Link, ...] = ()


class Outcome(StrEnum):
    """How a turn ended."""

    ANSWER = "answer"
    NEAREST = "nearest"
    ABSTAIN = "abstain"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Citation:
    """`quote == article.text[start:end]` of that version of the article. `number` counts from 1 within the answer."""

    number: int
    article_id: str
    version: str
    title: str
    section: str
    start: int
    end: int
    quote: str
    article_date: date | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One shown piece of an answer taken from articles, without marks; `citations` are numbers, at least one.

    `kind` and `label` tell the page how to lay it out: a list item under its lead-in, a row with its columns, an answer with its question.
    """

    text: str
    citations: tuple[int, ...]
    kind: QuoteKind = QuoteKind.SENTENCE
    label: str = ""


class RemarkKind(StrEnum):
    """Fixed sentences that stand beside an answer."""

    DANGER = "danger"
    CAUTION = "caution"
    FOLLOW_UP = "follow_up"
    DISAGREEMENT = "disagreement"
    LANGUAGE = "language"
    KEEP_HELP = "keep_help"


@dataclass(frozen=True, slots=True)
class Remark:
    """Our own fixed wording, from `taperbot.wording`."""

    kind: RemarkKind
    text: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """An article offered when the articles do not answer."""

    article_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds per step."""

    triage: float = 0.0
    embed: float = 0.0
    retrieve: float = 0.0
    compose: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything a reader is shown for one question (the answer object of docs/contracts.md)."""

    question: str
    generation: str | None
    route: Level
    outcome: Outcome
    text: str
    disclaimer: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    notice: Notice | None = None
    remarks: tuple[Remark, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    suggestions: tuple[str, ...] = ()
    timings_ms: Timings = field(default_factory=Timings)


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """What lists of articles show. `row` is the article's place in its generation."""

    row: int
    article_id: str
    version: str
    title: str
    date: date | None = None
    url: str | None = None
    topics: tuple[str, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Starter:
    """A question known to be answered by an article of the generation."""

    question: str
    article_id: str
