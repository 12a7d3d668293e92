"""The door to the index: `open_current` for one process with a few questions, `Library` for one that stays."""

from taperbot.generation_library import Library
from taperbot.generation_reader import Generation, QuoteSet, check_embedder, open_current, open_generation

__all__ = ["Generation", "Library", "QuoteSet", "check_embedder", "open_current", "open_generation"]
