"""Every code an editor can meet, by an article that earns it and one that does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.lint import CODES, lint_articles, lint_paths, lint_report
from ingest.read import read_article
from taperbot.records import Finding

TODAY = date(2026, 6, 1)
FRONT = (
    "---\ntitle: Calm\nsummary: About calm.\nauthor: Ann Field\npublished: 2026-01-01\nnext_review: 2027-01-01\nsources: [A book]\n"
    "url: https://www.example.org/calm\n{extra}---\n# Calm\n\n"
)
FOOT = "\n\n## About this article\n\nThis article is general information and not medical advice.\n"


def article(body: str, extra: str = "", name: str = "calm.md") -> tuple[str, str]:
    return name, FRONT.format(extra=extra) + body + FOOT


def lint(*files: tuple[str, str]) -> list[Finding]:
    return lint_articles([read_article(text.encode(), name) for name, text in files], TODAY)


def codes(*files: tuple[str, str]) -> list[str]:
    return [finding.code for finding in lint(*files)]


def test_a_sound_article_has_no_finding() -> None:
    body = "Calm comes back slowly for most people.\n\n## What helps?\n\nWalks help. So does sleep.\n\n- Tea.\n- Rest."
    assert codes(article(body)) == []


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("source-mark", "Calm comes back.[2][5]"),
        ("drafting-residue", "Calm comes back [web:14, not given] in time."),
        ("stray-markup", "Calm comes back ** in time."),
        ("pasted-title", "Calm comes back (What Is Interdose Withdrawal) in time."),
        ("furniture", "Calm comes back.\n\n5 min read"),
        ("html-in-markdown", "Calm comes back.\n\n<div>In time.</div>"),
        ("image", "Calm comes back. ![a lake](lake.png)"),
        ("invisible-characters", "Calm\u200b comes back."),
        ("template-slot", "Many people take {{drug_name}} for years."),
        ("template-slot", "Many people take [DRUG NAME] for years."),
        ("template-slot", "When you're living with low mood, a dip that follows a cut. Also known as the blues, it passes."),
        ("template-slot", "That's why low mood, the dip that follows a cut in dose for some people doesn't last for ever."),
        ("run-together", "It was checked against theAshton method."),
        ("run-together", "It was checked againstthe manual."),
        ("run-together", "It ends soon.Then it comes back."),
        ("amount-without-caution", "Many people take magnesium (300-400mg) at night."),
        ("amount-without-caution", "Things people take:\n\n- Magnesium glycinate, 300 mg at night.\n- Tea."),
        ("contradiction", "The shaking improves with rest.\n\nMost find that it worsens at rest."),
        ("empty-promise", "You will find real stories in the posts below."),
        ("empty-promise", "The table below lists the signs."),
        ("empty-promise", "You'll also learn how to train your puppy with biscuits."),
        ("empty-section", "Words stand here.\n\n## Nothing\n\n## Something\n\nWords stand here too."),
        ("heading-level", "Words stand here.\n\n#### Deep down\n\nWords stand here too."),
        ("repeated-heading", "Words.\n\n## Again\n\nWords here.\n\n## Again\n\nWords there."),
        ("long-paragraph", "Calm comes back to you. " * 40),
        ("few-headings", "\n\n".join(["Calm comes back to you after a while, and it stays for longer each time. " * 3] * 8)),
        (
            "reading-grade",
            "Neuroadaptation necessitates individualised discontinuation strategies, collaboratively negotiated under supervision.",
        ),
        ("link-not-in-corpus", "Read [this](missing-article.md) too."),
        ("link-not-in-corpus", "Read [this](https://www.example.org/missing) too."),
        ("two-figures", "Restless nights affect up to 70% of people in a taper.\n\nOver 40% of people in a taper have restless nights."),
    ],
)
def test_a_body_that_earns_a_code(code: str, body: str) -> None:
    findings = [finding for finding in lint(article(body)) if finding.code == code]
    assert findings, code
    if code not in ("reading-grade", "few-headings"):
        assert all(finding.line is not None and finding.line >= 10 for finding in findings)


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("amount-without-caution", "Trials used 600 mg a day, which is far above safe limits."),
        ("amount-without-caution", "Magnesium (300-400mg) may help. Ask your doctor first."),
        ("amount-without-caution", "What trials used, with cautions:\n\n- Vitamin B6: 600 mg a day."),
        ("contradiction", "Akathisia is worse at rest, and it does not improve when you rest."),
        ("template-slot", "When you are calm, a walk is easy. It is also known to help."),
        ("template-slot", "That's why a walk, which costs nothing, doesn't harm anyone."),
        ("run-together", "The iPhone app and the McDonald report agree. See example.org for more."),
        ("empty-promise", "The table below lists the signs.\n\n| Sign | Meaning |\n| --- | --- |\n| Shaking | Nerves |"),
        ("link-not-in-corpus", "See [this](https://other.example.com/page), [that](#below) and [mail](mailto:a@example.org)."),
        ("two-figures", "The 2020 guideline says that 5% is fine per cut.\n\nThe 2025 guideline says that 10% is fine per cut."),
        ("two-figures", "Restless nights affect up to 70% of people in a taper.\n\nTea is liked by 40% of readers."),
        ("pasted-title", "The US Food and Drug Administration (FDA) warned of it."),
        ("source-marks-without-list", "Calm comes back.[2]"),
    ],
)
def test_a_body_that_does_not_earn_it(code: str, body: str) -> None:
    assert code not in codes(article(body))


@pytest.mark.parametrize("code", ["missing-date", "missing-author", "missing-disclaimer", "missing-summary", "missing-sources"])
def test_what_is_missing_is_named(code: str) -> None:
    assert code in codes(("bare.md", "# Calm\n\nCalm comes back slowly.\n"))


def test_source_marks_without_a_list_are_named_where_they_begin() -> None:
    finding = next(
        finding
        for finding in lint(("a.txt", "A Fine Title\nWords stand here.\nMore words.[3]\n"))
        if finding.code == "source-marks-without-list"
    )
    assert finding.line == 3


@pytest.mark.parametrize(
    ("code", "extra"),
    [
        ("unknown-key", "colour: green\n"),
        ("bad-metadata", "topics: {a: 1}\n"),
        ("related-unknown", "related: [nowhere.md]\n"),
        ("asked-as-heading", "asked_as: {Nowhere: [help me]}\n"),
        ("review-overdue", "next_review: 2026-05-31\n"),
        ("date-in-future", "reviewed: 2026-06-02\n"),
        ("unknown-allowance", "lint_allow: [{code: nonsense, why: because}]\n"),
    ],
)
def test_front_matter_that_earns_a_code(code: str, extra: str) -> None:
    front = FRONT.replace("next_review: 2027-01-01\n", "") if extra.startswith("next_review") else FRONT
    assert code in codes(("calm.md", front.format(extra=extra) + "Words stand here." + FOOT))


def test_a_code_that_an_editor_allows_is_silent_in_that_article_alone() -> None:
    body = "Many people take magnesium (300-400mg) at night."
    allowed = article(body, "lint_allow: [{code: amount-without-caution, why: a quote from a label}]\n", "allowed.md")
    findings = [finding.path for finding in lint(allowed, article(body)) if finding.code == "amount-without-caution"]
    assert findings == ["calm.md"]


def test_articles_side_by_side() -> None:
    body = "Calm comes back slowly for most people who rest, walk and sleep enough, and it stays for longer each time it comes. " * 3
    assert "near-duplicate" in codes(article(body), article(body + "And so on.", name="copy.md"))
    assert "same-title" in codes(article("Words here."), article("Other words there.", name="copy.md"))
    one = article("Restless nights affect up to 70% of people in a taper.")
    other = article("Over 40% of people in a taper have restless nights.", name="other.md")
    assert "two-figures" in codes(one, other)
    assert "near-duplicate" not in codes(one, other)


def test_a_folder_is_linted_with_lines_grades_and_rejections(tmp_path: Path) -> None:
    for path in (Path(__file__).parent / "articles").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "bad.txt").write_bytes(b"caf\xe9")
    report = lint_report(tmp_path, today=TODAY)
    found = {(finding.path, finding.code) for finding in report.findings}
    assert {("bad.txt", "rejected"), ("night-sweats.txt", "run-together"), ("dizziness-teaser.txt", "empty-promise")} <= found
    assert ("dizziness-teaser.txt", "template-slot") in found
    assert {finding.code for finding in report.findings} <= set(CODES)
    assert [grade.path for grade in report.grades] == ["cold-hands.html", "dizziness-teaser.txt", "jaw-tension.md", "night-sweats.txt"]
    one = lint_paths(tmp_path, [tmp_path / "jaw-tension.md"], TODAY)
    assert {finding.path for finding in one} == {"jaw-tension.md"}
    assert not [finding for finding in one if finding.code == "related-unknown"]


def test_what_two_articles_have_between_them_is_told_whichever_of_them_is_named(tmp_path: Path) -> None:
    body = "Calm comes back slowly for most people who rest, walk and sleep enough, and it stays for longer each time it comes. " * 3
    for name, days in (("a.md", 14), ("b.md", 30)):
        text = f"# Calm days\n\n{body}\n\nThe tired phase lasts about {days} days after a cut for most people.\n"
        (tmp_path / name).write_text(text, "utf-8")
    wanted = {"near-duplicate", "same-title", "two-figures"}
    for name, other in (("a.md", "b.md"), ("b.md", "a.md")):
        found = [one for one in lint_paths(tmp_path, [tmp_path / name], TODAY) if one.code in wanted]
        assert {one.code for one in found} == wanted
        assert all(one.path == name and other in one.message for one in found)
    both = [one.code for one in lint_paths(tmp_path, None, TODAY) if one.code in wanted]
    assert sorted(both) == sorted(wanted)
