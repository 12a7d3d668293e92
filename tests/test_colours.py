"""The accent colour stays readable whatever an operator picks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taperbot.errors import UsageError
from taperbot.web.colours import CONTRAST, DARK_PAGE, LIGHT_PAGE, accents, contrast


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_is_made_readable_on_both_pages(number: int) -> None:
    light, dark = accents(f"#{number:06x}")
    assert contrast(light, LIGHT_PAGE) >= CONTRAST
    assert contrast(dark, DARK_PAGE) >= CONTRAST


def test_a_readable_colour_stays_as_it_was_picked() -> None:
    assert accents("#0b5a52")[0] == "#0b5a52"


def test_black_and_white_have_the_contrast_that_the_standard_names() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("colour", ["teal", "#fff", "#12345g", "#0b5a52;}"])
def test_what_is_no_colour_is_refused_with_an_example(colour: str) -> None:
    with pytest.raises(UsageError, match="#0b5a52"):
        accents(colour)
