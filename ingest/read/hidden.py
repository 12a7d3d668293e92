"""What a page hides from its readers by style, so that nothing is quoted that nobody could see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bs4 import BeautifulSoup, Tag
from soupsieve import SelectorSyntaxError

PRINT_RULES = re.compile(r"@media[^{}]*\bprint\b[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.IGNORECASE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
LENGTH = re.compile(r"(-?\d*\.?\d+)(px|pt|em|rem|%|)")
TINY = {"px": 1.0, "pt": 1.0, "em": 0.1, "rem": 0.1, "%": 10.0, "": 0.0}
"""Letters of this size or less cannot be read."""
FAR_OFF = {"left": -100.0, "top": -100.0, "text-indent": -100.0, "margin-left": -999.0, "margin-top": -999.0}
"""Places from which nothing reaches the screen; layouts use small negative margins."""
COLOURS = {"white": "#ffffff", "black": "#000000"}
RGB = re.compile(r"rgba?\((\d{1,3})[,\s]+(\d{1,3})[,\s]+(\d{1,3})")
CLEAR = re.compile(r"transparent|(?:rgba|hsla)\([^)]*[,/]\s*0?\.?0+%?\s*\)")
NO_ROOM = re.compile(
    r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)|inset\(\s*(?:50|100)%|scale\(\s*0(?:\.0*)?\s*[,)]"
)


def hidden_elements(soup: BeautifulSoup) -> frozenset[int]:
    """The `id()` of every element that the page hides by itself, whatever hides its parents."""
    white_shows = _has_background(soup)
    found = {id(tag) for tag in soup.find_all(True) if _hides_itself(tag, white_shows)}
    for selectors, declarations in _style_rules(soup):
        if hides(declarations, white_shows):
            found.update(id(tag) for tag in _selected(soup, selectors))
    return frozenset(found)


def hides(style: str, white_shows: bool = True) -> bool:
    """Whether declarations such as "color: #fff; display: none" leave nothing to be seen; `white_shows` on a page with colours behind it."""
    values = _declarations(style)
    return (
        values.get("display", "").startswith("none")
        or values.get("visibility", "").startswith(("hidden", "collapse"))
        or _is_tiny(values.get("font-size", ""))
        or _number(values.get("opacity", "1")) <= 0.05
        or any(_number(values.get(name, "0")) <= far for name, far in FAR_OFF.items())
        or _has_no_room(values)
        or _is_invisible_ink(values, white_shows)
    )


def _hides_itself(tag: Tag, white_shows: bool) -> bool:
    if tag.has_attr("hidden") or str(tag.get("aria-hidden", "")).lower() == "true":
        return True
    if tag.name == "font" and not white_shows and _colour(str(tag.get("color", ""))) == COLOURS["white"]:
        return True
    return hides(str(tag.get("style", "")), white_shows)


def _style_rules(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    for sheet in soup.find_all("style"):
        yield from RULE.findall(PRINT_RULES.sub("", COMMENT.sub("", sheet.get_text())))


def _selected(soup: BeautifulSoup, selectors: str) -> list[Tag]:
    """Elements that a rule's selectors name; none for those nobody but a browser understands."""
    try:
        return list(soup.select(selectors.rsplit(";", 1)[-1].strip()))
    except (SelectorSyntaxError, NotImplementedError, ValueError):
        return []


def _has_background(soup: BeautifulSoup) -> bool:
    """Whether something may lie behind the text but white paper."""
    if soup.find(bgcolor=True) or soup.find("link", rel="stylesheet"):
        return True
    styles = [str(tag.get("style", "")) for tag in soup.find_all(style=True)]
    return any("background" in style for style in [*styles, *(sheet.get_text() for sheet in soup.find_all("style"))])


def _declarations(style: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs if value.strip()}


def _number(value: str) -> float:
    """The number a value begins with; 1 for one that begins with none, which hides nothing."""
    match = LENGTH.match(value)
    return float(match[1]) if match else 1.0


def _is_tiny(size: str) -> bool:
    match = LENGTH.match(size)
    return match is not None and float(match[1]) <= TINY[match[2]]


def _has_no_room(values: Mapping[str, str]) -> bool:
    cut_off = values.get("overflow", "").startswith(("hidden", "clip"))
    sizes = (LENGTH.match(values.get(name, "")) for name in ("height", "max-height", "width", "max-width"))
    if cut_off and any(size is not None and float(size[1]) <= TINY["px"] and size[2] != "%" for size in sizes):
        return True
    return any(NO_ROOM.search(values.get(name, "")) for name in ("clip", "clip-path", "transform"))


def _is_invisible_ink(values: Mapping[str, str], white_shows: bool) -> bool:
    ink = values.get("color", "")
    if not ink:
        return False
    paper = values.get("background-color") or values.get("background", "")
    if CLEAR.match(ink) or (paper and _colour(ink) == _colour(paper)):
        return True
    return not white_shows and _colour(ink) == COLOURS["white"]


def _colour(value: str) -> str:
    """A colour in six hexadecimal digits where it can be told, else as written."""
    value = value.lower().strip()
    if match := RGB.match(value):
        return "#" + "".join(f"{min(int(part), 255):02x}" for part in match.groups())
    value = value.split()[0] if value else ""
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        return "#" + "".join(digit * 2 for digit in value[1:])
    return COLOURS.get(value, value)
