"""A folder of short articles that is added to, edited, renamed, deleted and spoilt at random, for tests of the index."""

from __future__ import annotations

import random
from pathlib import Path

THINGS = ("dry mouth", "cold hands", "vivid dreams", "sore calves", "loud streets", "short naps", "late meals", "strong tea", "busy rooms")
PLACES = ("in the morning", "on the train", "after a cut", "during a hold", "at the dentist", "on holiday", "before a visit", "at night")
ADVICE = ("Write it down.", "Drink some water.", "Walk for ten minutes.", "Ring a friend.", "Ask at the next visit.", "Let it pass.")


class SmallCorpus:
    """`folder` holds the articles; `names` are those that can be read now."""

    def __init__(self, folder: Path, seed: int, articles: int = 4) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.names: list[str] = []
        self._random = random.Random(seed)
        self._made = 0
        for _ in range(articles):
            self.add()

    def add(self) -> None:
        """One article more."""
        self._made += 1
        name = f"note-{self._made:04d}.md"
        self._write(name, self._text())
        self.names.append(name)

    def edit(self) -> None:
        """A sentence more in one of them."""
        name = self._random.choice(self.names)
        path = self.folder / name
        path.write_text(path.read_text("utf-8") + f"\n{self._sentence()} {self._sentence()}\n", "utf-8")

    def rename(self) -> None:
        """Another name for one of them."""
        self._made += 1
        old, new = self._random.choice(self.names), f"renamed-{self._made:04d}.md"
        (self.folder / old).rename(self.folder / new)
        self.names[self.names.index(old)] = new

    def delete(self) -> None:
        """One article fewer, while there are two."""
        if len(self.names) > 1:
            name = self.names.pop(self._random.randrange(len(self.names)))
            (self.folder / name).unlink()

    def spoil(self) -> None:
        """A new file that cannot be read."""
        self._made += 1
        (self.folder / f"spoilt-{self._made:04d}.pdf").write_bytes(b"%PDF-1.7 not really")

    def change(self) -> None:
        """Any of these."""
        self._random.choice((self.add, self.edit, self.edit, self.rename, self.delete, self.spoil))()

    def rewrite(self, edition: str) -> None:
        """All articles anew, each sentence naming the edition."""
        for name in self.names:
            self._write(name, self._text(f" in the {edition} edition"))

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    def _text(self, ending: str = "") -> str:
        thing = self._random.choice(THINGS)
        sections = [
            f"## What about {thing} {place}?\n\n{self._sentence(ending)} {self._sentence(ending)}\n" for place in self._some(PLACES)
        ]
        return f"# About {thing}{ending}\n\n" + "\n".join(sections)

    def _sentence(self, ending: str = "") -> str:
        thing, place = self._random.choice(THINGS), self._random.choice(PLACES)
        advice = self._random.choice(ADVICE)
        return f"Some people notice {thing} {place} for {self._random.randint(2, 99)} days{ending}. {advice[:-1]}{ending}."

    def _some(self, values: tuple[str, ...]) -> list[str]:
        return self._random.sample(values, 2)
