"""A direction for every word of the quotes, so that a reader's word can be near an article's without being the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from taperbot.tokens import tokens_with_words

AT_ONCE = 4096
LEAST_LETTERS = 3
Embed = Callable[[Sequence[str]], tuple[list[bytes], NDArray[np.float16]]]


class WordForms:
    """Keeps one written form of each token: the shortest seen, the first of these in the alphabet, whatever the order of the articles."""

    def __init__(self) -> None:
        self._forms: dict[str, str] = {}

    def add(self, text: str) -> list[str]:
        """Notes the words of `text`; its tokens."""
        tokens = []
        for token, word in tokens_with_words(text):
            tokens.append(token)
            known = self._forms.get(token)
            if known is None or (len(word), word) < (len(known), known):
                self._forms[token] = word
        return tokens

    def form(self, token: str) -> str:
        """The form to embed, or "" for numbers, scraps and names with signs in them."""
        form = self._forms.get(token, "")
        return form if form.isalpha() and len(form) >= LEAST_LETTERS else ""


def word_vectors(tokens: Iterable[str], forms: WordForms, embed: Embed, dimensions: int) -> tuple[list[bytes], NDArray[np.float16]]:
    """Cache keys, and (1 + tokens, d): the mean, then for each token its vector with the mean taken out, of unit length, or zero."""
    listed = [forms.form(token) for token in tokens]
    texts = sorted({form for form in listed if form})
    keys: list[bytes] = []
    raw = np.zeros((len(texts), dimensions), np.float32)
    for first in range(0, len(texts), AT_ONCE):
        some, vectors = embed(texts[first : first + AT_ONCE])
        keys += some
        raw[first : first + AT_ONCE] = vectors
    mean = raw.mean(axis=0) if len(texts) else np.zeros(dimensions, np.float32)
    off = raw - mean
    off /= np.maximum(np.linalg.norm(off, axis=1, keepdims=True), 1e-6)
    row_of = {text: row for row, text in enumerate(texts)}
    rows = np.zeros((1 + len(listed), dimensions), np.float16)
    rows[0] = mean
    for place, form in enumerate(listed, 1):
        if form:
            rows[place] = off[row_of[form]]
    return keys, rows
