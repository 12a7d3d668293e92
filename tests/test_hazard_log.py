"""Every control and every test that the hazard log names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parent.parent
_COLUMNS = 10


def _rows() -> list[list[str]]:
    lines = (_ROOT / "docs" / "hazard-log.md").read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| H\d+ ", line)]


def test_at_least_twenty_five_hazards_numbered_in_order_with_every_column_filled() -> None:
    rows = _rows()
    assert len(rows) >= 25
    assert [row[0] for row in rows] == [f"H{number:02}" for number in range(1, len(rows) + 1)]
    assert all(len(row) == _COLUMNS and all(row) for row in rows)


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0])
def test_control_and_test_exist(row: list[str]) -> None:
    for control in re.findall(r"`([^`]+)`", row[4]):
        assert (_ROOT / control).is_file(), control
    for path, name in re.findall(r"`([^`:]+)::([^`]+)`", row[5]):
        assert re.search(rf"^def {name}\(", (_ROOT / path).read_text("utf-8"), re.MULTILINE), name


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0])
def test_risk_is_worked_out_and_does_not_grow(row: list[str]) -> None:
    scores = []
    for cell in row[6:8]:
        severity, likelihood, product = (int(number) for number in re.findall(r"\d+", cell))
        assert severity * likelihood == product
        scores.append(product)
    assert scores[1] <= scores[0]
    assert scores[1] < 15
