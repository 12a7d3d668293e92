"""The editors' desk: a Gradio page over the editors' commands.

Each button runs `python -m ingest ... --json` in a process of its own, so that whatever editors do, readers' process is left alone,
and the desk says exactly what the command line says.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import gradio as gr

from taperbot.errors import TaperBotError
from taperbot.generation import open_current
from taperbot.settings import Settings
from taperbot.wording import desk as words

COMMAND_SECONDS = 3600
Rows = list[list[Any]]


def build_desk(settings: Settings) -> gr.Blocks:
    """The page, to be mounted behind a password. Nothing is looked up before an editor opens a tab."""
    desk: gr.Blocks = gr.Blocks(title=words.TITLE, analytics_enabled=False)
    with desk:
        gr.Markdown(f"# {words.TITLE}\n{words.LEAD}")
        with gr.Tab(words.ARTICLES):
            _table(words.ARTICLE_COLUMNS, lambda: article_rows(settings), desk)
        with gr.Tab(words.FINDINGS):
            _table(words.FINDING_COLUMNS, lambda: finding_rows(settings))
        with gr.Tab(words.DIFF):
            gr.Markdown(words.DIFF_LEAD)
            _teller(words.REFRESH, lambda: _pretty(run_command(settings, "diff")))
        with gr.Tab(words.INGEST):
            gr.Markdown(words.INGEST_LEAD)
            _teller(words.INGEST_NOW, lambda: told_ingest(run_command(settings)))
        with gr.Tab(words.HISTORY):
            table = _table(words.HISTORY_COLUMNS, lambda: history_rows(settings), desk)
            done = _teller(words.ROLLBACK, lambda: told_rollback(run_command(settings, "rollback")))
            done.change(lambda: history_rows(settings), None, table, api_visibility="private")
    return desk


def run_command(settings: Settings, verb: str = "") -> dict[str, Any]:
    """What `python -m ingest VERB --json` prints; `{"error": {...}}` where it failed or printed nothing."""
    folders = ["--corpus", str(settings.corpus), "--index", str(settings.index)]
    command = [sys.executable, "-m", "ingest", *([verb] if verb else []), *folders, "--json"]
    environment = {name: value for name, value in os.environ.items() if name != "TAPERBOT_DESK_PASSWORD"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=COMMAND_SECONDS, check=False)
    try:
        result: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {"error": {"code": "no_output", "message": done.stderr.strip()[-500:]}}
    return result


def article_rows(settings: Settings) -> Rows:
    """One row an article that readers are served."""
    try:
        cards = open_current(settings.index, settings.embedder).articles()
    except TaperBotError as error:
        return [["", str(error), "", ""]]
    return [[card.article_id, card.title, card.date.isoformat() if card.date else "", ", ".join(card.topics)] for card in cards]


def finding_rows(settings: Settings) -> Rows:
    """One row a warning: article, line, code, message."""
    result = run_command(settings, "lint")
    if "error" in result:
        return [["", "", result["error"]["code"], result["error"]["message"]]]
    return [[found["path"], found["line"] or "", found["code"], found["message"]] for found in result["findings"]]


def history_rows(settings: Settings) -> Rows:
    """One row a kept index, newest first."""
    result = run_command(settings, "history")
    if "error" in result:
        return [["", "", "", "", "", result["error"]["message"]]]
    return [
        [
            one["generation"],
            one["created"],
            one["articles"],
            one["chunks"],
            f"{one['golden']['right']} of {one['golden']['asked']}",
            words.YES if one["generation"] == result["current"] else "",
        ]
        for one in result["generations"]
    ]


def told_ingest(report: dict[str, Any]) -> str:
    """The ingest report in a sentence, with each file that was turned away."""
    if "error" in report:
        return str(report["error"]["message"])
    if not report["published"]:
        return words.INGEST_UNCHANGED.format(generation=report["generation"])
    articles = report["articles"]
    counts = {name: len(articles[name]) for name in ("added", "changed", "removed", "rejected")}
    told = words.INGEST_DONE.format(generation=report["generation"], warnings=len(report["warnings"]), **counts)
    return "\n".join([told, *(f"{one['path']}: {one['reason']}" for one in articles["rejected"])])


def told_rollback(result: dict[str, Any]) -> str:
    """The rollback in a sentence."""
    return str(result["error"]["message"]) if "error" in result else words.ROLLBACK_DONE.format(**result)


def _table(columns: list[str], rows: Any, load_with: gr.Blocks | None = None) -> gr.Dataframe:
    """A table with a button that fills it; filled at once where `load_with` opens."""
    button = gr.Button(words.REFRESH, size="sm")
    table = gr.Dataframe(headers=columns, interactive=False, wrap=True, show_label=False)
    button.click(rows, None, table, api_visibility="private")
    if load_with is not None:
        load_with.load(rows, None, table, api_visibility="private")
    return table


def _teller(label: str, tell: Any) -> gr.Textbox:
    """A button whose outcome stands below it."""
    button = gr.Button(label, variant="primary")
    told = gr.Textbox(lines=6, show_label=False, interactive=False)
    button.click(tell, None, told, api_visibility="private")
    return told


def _pretty(result: dict[str, Any]) -> str:
    return str(result["error"]["message"]) if "error" in result else json.dumps(result, indent=2, ensure_ascii=False)
