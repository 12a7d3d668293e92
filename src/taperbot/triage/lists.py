"""The reviewed word lists of triage, read once from the package data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from taperbot.drugs import drug_names, family_of
from taperbot.triage.grammar import WordClasses


@dataclass(frozen=True, slots=True)
class ChatLists:
    """Abbreviations and emoji with their plain words; signal words that typos are repaired towards; further words that are no typos."""

    words: dict[str, str]
    emoji: dict[str, str]
    signals: tuple[str, ...]
    known: frozenset[str]


def triage_file(name: str) -> Any:
    """The parsed YAML file `name` of data/triage."""
    text = files("taperbot.data").joinpath("triage", *name.split("/")).read_text("utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


@lru_cache(maxsize=1)
def chat() -> ChatLists:
    """How people write in chats, from chat.yaml."""
    raw = triage_file("chat.yaml")
    return ChatLists(raw["words"], raw["emoji"], tuple(raw["signals"].split()), frozenset(raw["known"].split()))


@lru_cache(maxsize=1)
def word_classes() -> WordClasses:
    """The word classes of the pattern files; medicine names come from the package's list of drugs."""
    return WordClasses(triage_file("words.yaml") | _medicines())


def _medicines() -> dict[str, list[str]]:
    names = drug_names()
    by_family: dict[str, list[str]] = {"benzo": [], "opioid": [], "medicine": [], "supplement": []}
    for drug in names.drugs:
        family = family_of(drug.generic)
        group = {"benzodiazepine": "benzo", "z-drug": "benzo", "opioid": "opioid", "supplement": "supplement"}.get(family, "medicine")
        by_family[group] += [name for name in drug.names if name.replace("-", "").isalnum()]
    return {f"{group}_name": members for group, members in by_family.items()}
