from ingest.read import read_article
from taperbot.check import check
from taperbot.compose_lines import lines_of
from taperbot.draft import Draft
from taperbot.records import Passage, Quote, QuoteKind

TEXT = b"""# Tremor

Tremor is a shaking of the hands.

## What helps?

Things to try:

- Warm gloves for a while.
- See our article on hand care for more details.
- Slow breathing, many times a day.
- Less coffee.

| Sign | What to do |
| --- | --- |
| Fine tremor | Nothing special |
| Tremor with fever and a stiff neck | See a doctor the same day |

## FAQ

### Does it pass?

Yes. It passes within weeks.
"""
PARSED = read_article(TEXT, "tremor.md")
BY_ID = {quote.quote_id: quote for quote in PARSED.quotes}
ARTICLES = {"tremor.md": PARSED.article}
PASSAGES = [Passage(row, chunk, 1.0) for row, chunk in enumerate(PARSED.chunks)]


def one(kind: QuoteKind, holding: str = "") -> Quote:
    return next(quote for quote in PARSED.quotes if quote.kind is kind and holding in quote.text)


def drafted(*quotes: Quote, words: int = 90, scores: dict[str, float] | None = None) -> Draft:
    return lines_of(quotes, BY_ID, ARTICLES, scores or {}, words)


def shown(draft: Draft) -> str:
    checked = check(draft, PASSAGES, ARTICLES)
    assert checked.withheld == ()
    return checked.text


def test_a_list_stands_under_its_lead_in_without_its_pointers_and_says_so() -> None:
    assert shown(drafted(one(QuoteKind.LIST))) == (
        "Things to try: [1]\n- Warm gloves for a while. [1]\n- Slow breathing, many times a day. [1]\n- Less coffee. [1]\n(3 of 4 shown)"
    )


def test_a_list_too_long_is_cut_to_its_best_items_in_their_order() -> None:
    coffee = one(QuoteKind.LIST_ITEM, "coffee")
    gloves = one(QuoteKind.LIST_ITEM, "gloves")
    text = shown(drafted(one(QuoteKind.LIST), words=7, scores={coffee.quote_id: 0.9, gloves.quote_id: 0.8}))
    assert text == "Things to try: [1]\n- Warm gloves for a while. [1]\n- Less coffee. [1]\n(2 of 4 shown)"


def test_a_cut_list_cites_what_it_shows() -> None:
    coffee = one(QuoteKind.LIST_ITEM, "coffee")
    (line,) = drafted(one(QuoteKind.LIST), words=2, scores={coffee.quote_id: 1.0}).lines
    assert "Less coffee." in line.sources[0].quote


def test_a_row_is_shown_with_its_column_names() -> None:
    assert shown(drafted(one(QuoteKind.TABLE_ROW, "fever"))) == (
        "Sign: Tremor with fever and a stiff neck; What to do: See a doctor the same day [1]"
    )


def test_cells_of_one_column_are_a_list() -> None:
    cells = [quote for quote in PARSED.quotes if quote.kind is QuoteKind.TABLE_CELL and quote.columns == ("Sign",)]
    assert shown(drafted(*cells)) == "Sign: [1][2]\n- Fine tremor [1]\n- Tremor with fever and a stiff neck [2]"


def test_an_answer_stands_with_its_question_in_text_and_quote() -> None:
    draft = drafted(one(QuoteKind.FAQ_ANSWER))
    assert shown(draft) == "Does it pass? Yes. It passes within weeks. [1]"
    assert draft.lines[0].sources[0].quote.startswith("Does it pass?")


def test_every_kind_of_quote_keeps_the_contract() -> None:
    for quote in PARSED.quotes:
        if not quote.is_context:
            assert shown(drafted(quote))
