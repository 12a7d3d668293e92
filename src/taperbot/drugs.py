"""Brand and generic names of medicines, from the reviewed package file `data/drug_names.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Drug:
    """One medicine or supplement. Names are lower case; `names` holds the generic one and all others."""

    generic: str
    family: str
    brands: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrugNames:
    """The whole list, and every name mapped to its generic. Family words ("benzo") are in `generic_by_name`, but name no drug."""

    drugs: tuple[Drug, ...]
    generic_by_name: dict[str, str]
    generics: frozenset[str]


def drug_names() -> DrugNames:
    """The packaged list, read once per process."""
    return _load()


def drugs_in(text: str) -> frozenset[str]:
    """Generic names of the drugs named in `text`, by whatever name."""
    names = _load()
    mentioned = set()
    for word in _WORD.findall(text.lower()):
        for candidate in (word, word.removesuffix("s"), *word.split("-")):
            generic = names.generic_by_name.get(candidate)
            if generic in names.generics:
                mentioned.add(generic)
    return frozenset(mentioned)


_SPOKEN_FAMILIES = {
    "benzodiazepine": re.compile(r"\bbenzo(?:s|diazepines?)?\b", re.IGNORECASE),
    "corticosteroid": re.compile(r"\b(?:cortico)?steroids?\b", re.IGNORECASE),
    "ssri": re.compile(r"\bssris?\b|\bantidepressants?\b", re.IGNORECASE),
    "snri": re.compile(r"\bsnris?\b|\bantidepressants?\b", re.IGNORECASE),
    "tricyclic": re.compile(r"\btricyclics?\b|\bantidepressants?\b", re.IGNORECASE),
    "antidepressant": re.compile(r"\bantidepressants?\b", re.IGNORECASE),
    "antipsychotic": re.compile(r"\bantipsychotics?\b", re.IGNORECASE),
    "opioid": re.compile(r"\bopi(?:oid|ate)s?\b|\bpainkillers?\b", re.IGNORECASE),
    "z-drug": re.compile(r"\bz-?drugs?\b", re.IGNORECASE),
    "beta-blocker": re.compile(r"\bbeta-?blockers?\b", re.IGNORECASE),
    "gabapentinoid": re.compile(r"\bgabapentinoids?\b", re.IGNORECASE),
    "antihistamine": re.compile(r"\bantihistamines?\b", re.IGNORECASE),
    "barbiturate": re.compile(r"\bbarbiturates?\b", re.IGNORECASE),
    "stimulant": re.compile(r"\bstimulants?\b", re.IGNORECASE),
}
"""How texts speak of a whole class; what is said of a class is said of each drug in it. Supplements are too unlike each other for that."""


def speaks_of(text: str, generic: str) -> bool:
    """True when `text` names the drug, or its class."""
    family = _SPOKEN_FAMILIES.get(family_of(generic))
    return generic in drugs_in(text) or (family is not None and family.search(text) is not None)


def family_of(generic: str) -> str:
    """The class of a generic name ("benzodiazepine", "supplement", ...), or "" when it is unknown."""
    return _family_by_generic().get(generic, "")


@lru_cache(maxsize=1)
def _load() -> DrugNames:
    raw = yaml.load(files("taperbot.data").joinpath("drug_names.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    drugs = tuple(_drug(entry) for entry in raw["drugs"])
    by_name = {name: drug.generic for drug in drugs for name in drug.names}
    by_name |= {name: family for family, names in raw["family"].items() for name in (family, *names)}
    return DrugNames(drugs, by_name, frozenset(drug.generic for drug in drugs))


@lru_cache(maxsize=1)
def _family_by_generic() -> dict[str, str]:
    return {drug.generic: drug.family for drug in _load().drugs}


def _drug(entry: dict[str, Any]) -> Drug:
    brands = tuple(str(name).lower() for name in entry["brands"])
    others = tuple(str(name).lower() for name in entry.get("also", ()))
    generic = str(entry["generic"]).lower()
    return Drug(generic, str(entry["class"]), brands, (generic, *brands, *others))
