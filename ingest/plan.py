"""Compares a corpus with the published generation: what is new, what changed, what went, and whether anything has to be built."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ingest
import taperbot
from ingest.chunks import CHUNKER_VERSION
from ingest.scan import Seen
from taperbot.embedding import Embedder
from taperbot.generation_manifest import EmbedderEntry, Manifest

QUESTIONS_NAME = "questions.yaml"
LEXICON_NAME = "lexicon.yaml"
_PARSER_FILES = (
    *("assemble.py", "bare.py", "blocks.py", "chunks.py", "clean.py", "context.py", "metadata.py", "parsed.py", "pieces.py"),
    *("quotes.py", "sentences.py", "wordpieces.py", "read/*.py"),
)
_ANSWERING_FILES = ("[!c]*.py", "c[!l]*.py", "data/*.yaml", "data/*.json")
"""What the bands and the golden results of a generation rest on: all of the bot but its command line and its page."""
_TOKENS_FILES = ("tokens.py", "drugs.py", "data/drug_names.yaml")


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that shapes a generation besides its articles."""

    embedder: EmbedderEntry
    chunker_version: str
    parser_version: str
    tokens_version: str
    inputs: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`reused` are ids whose parsed records are taken from the generation before."""

    seen: tuple[Seen, ...]
    recipe: Recipe
    reused: frozenset[str]
    same_recipe: bool
    before: Manifest | None

    @property
    def is_unchanged(self) -> bool:
        """Whether the published generation is what this corpus would give, as far as can be told without parsing."""
        if self.before is None or not self.same_recipe:
            return False
        return len(self.reused) == len(self.seen) == len(self.before.articles)

    @property
    def reason(self) -> str:
        """Why everything is built anew although articles may be the same; "" when that is not so."""
        if self.before is None or self.same_recipe:
            return ""
        before, recipe = self.before, self.recipe
        causes = {
            "another embedder": before.embedder != recipe.embedder,
            "another way of reading articles": (before.chunker_version, before.parser_version)
            != (recipe.chunker_version, recipe.parser_version),
            "another way of cutting words": before.tokens_version != recipe.tokens_version,
            "other golden questions, word lists or program": before.inputs != recipe.inputs,
        }
        return f"Built anew because of: {', '.join(cause for cause, holds in causes.items() if holds)}."

    @property
    def suspects(self) -> tuple[Seen, ...]:
        """The articles that have to be parsed, if refusing them all would leave what is published as it is; else none."""
        if self.before is None or not self.same_recipe:
            return ()
        to_parse = tuple(one for one in self.seen if one.article_id not in self.reused)
        staying = {entry.article_id for entry in self.before.articles} - self.reused
        return to_parse if staying <= {one.article_id for one in to_parse} else ()


def recipe_of(embedder: Embedder, corpus: Path) -> Recipe:
    """The recipe for building `corpus` by `embedder` with this version of the code."""
    return Recipe(
        embedder=EmbedderEntry(embedder.name, embedder.fingerprint, embedder.dimensions, embedder.route),
        chunker_version=CHUNKER_VERSION,
        parser_version=_hash_of_files(Path(ingest.__file__).parent, *_PARSER_FILES),
        tokens_version=_hash_of_files(Path(taperbot.__file__).parent, *_TOKENS_FILES),
        inputs=_hash_of_files(corpus, QUESTIONS_NAME, LEXICON_NAME) + _hash_of_files(Path(taperbot.__file__).parent, *_ANSWERING_FILES),
    )


def plan_build(seen: Sequence[Seen], recipe: Recipe, before: Manifest | None) -> Plan:
    """What has to be done for the articles seen."""
    if before is None:
        return Plan(tuple(seen), recipe, frozenset(), False, None)
    known = {entry.article_id: (entry.version, entry.sidecar) for entry in before.articles if not entry.rejected}
    parsed_alike = (before.chunker_version, before.parser_version) == (recipe.chunker_version, recipe.parser_version)
    reused = {one.article_id for one in seen if parsed_alike and one.version and known.get(one.article_id) == (one.version, one.sidecar)}
    before_recipe = Recipe(before.embedder, before.chunker_version, before.parser_version, before.tokens_version, before.inputs)
    return Plan(tuple(seen), recipe, frozenset(reused), before_recipe == recipe, before)


def _hash_of_files(folder: Path, *patterns: str) -> str:
    digest = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
