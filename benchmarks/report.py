"""The results as a page people read (RESULTS.md) and as the data it is made from (results.json), merged section by section."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from benchmarks.figures import Curve, Figure, Section, Target

HEAD = """# Measured beside the plain recipe

Written by `make bench`. Each section says when it was measured and how busy the machine was then (processes wanting to run).
The plain recipe (`benchmarks/plain.py`): sentence-transformers in float32 with its defaults, RecursiveCharacterTextSplitter 1000/200,
langchain-chroma on a PersistentClient, `similarity_search` with k = 4, `gr.ChatInterface`. Both sides ran in fresh processes, in turn, on
the same texts; a figure is the median of its runs. Ratio is ours divided by plain.
"""
TABLE_HEAD = "| figure | unit | plain | ours | ratio | to reach | |\n| --- | --- | ---: | ---: | ---: | ---: | --- |"


def save(sections: Iterable[Section], machine: Mapping[str, str], folder: Path) -> tuple[Section, ...]:
    """Merge newly measured sections into the folder's results, write the page, and return all of them."""
    kept = {section.name: section for section in load(folder / "results.json")}
    kept |= {section.name: section for section in sections}
    data = {"machine": dict(machine), "sections": [asdict(section) for section in kept.values()]}
    (folder / "results.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (folder / "RESULTS.md").write_text(page(tuple(kept.values()), machine, folder), "utf-8")
    return tuple(kept.values())


def load(path: Path) -> tuple[Section, ...]:
    """Sections saved before; none where there is no such file."""
    if not path.is_file():
        return ()
    return tuple(_section(row) for row in json.loads(path.read_text("utf-8"))["sections"])


def page(sections: tuple[Section, ...], machine: Mapping[str, str], folder: Path) -> str:
    """RESULTS.md."""
    about = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    missed = [figure for section in sections for figure in section.figures if figure.reached is False]
    held = [figure for section in sections for figure in section.figures if figure.reached is not None]
    summary = f"{len(held) - len(missed)} of {len(held)} targets are reached." + "".join(f"\n- missed: {figure.name}" for figure in missed)
    plots = "\n".join(f"![{path.stem.replace('-', ' ')}](plots/{path.name})" for path in sorted((folder / "plots").glob("*.png")))
    return "\n".join([HEAD, about, "", summary, "", *map(_part, sections), "## Plots\n", plots, ""])


def table(section: Section) -> str:
    """The figures of one section as a Markdown table."""
    return "\n".join([TABLE_HEAD, *map(_row, section.figures)])


def _part(section: Section) -> str:
    notes = "".join(f"\n{note}\n" for note in section.notes)
    return f"## {section.title}\n\nMeasured {section.measured}.\n\n{table(section) if section.figures else ''}\n{notes}"


def _row(figure: Figure) -> str:
    verdict = {True: "reached", False: "**missed**", None: ""}[figure.reached]
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    name = f"{figure.name} ({figure.note})" if figure.note else figure.name
    return f"| {name} | {figure.unit} | {_number(figure.plain)} | {_number(figure.ours)} | {ratio} | {figure.target or ''} | {verdict} |"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def _section(row: Mapping[str, object]) -> Section:
    values = dict(row)
    figures = tuple(
        Figure(**{**figure, "target": Target(**figure["target"]) if figure["target"] else None})
        for figure in values.pop("figures")  # type: ignore[attr-defined]
    )
    curves = tuple(
        Curve(**{**curve, "points": tuple(map(tuple, curve["points"]))})
        for curve in values.pop("curves")  # type: ignore[attr-defined]
    )
    return Section(figures=figures, curves=curves, **{**values, "notes": tuple(values["notes"])})  # type: ignore[arg-type]
