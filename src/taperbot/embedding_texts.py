"""Texts on which an exported embedder is compared with its original: readers' questions, articles' prose and odd strings.

Made here from parts with a fixed seed, so that the comparison needs nothing but the package and never changes.
"""

from __future__ import annotations

import random
from itertools import islice, product
from pathlib import Path

from tokenizers import Tokenizer

_FEELINGS = (
    "restlessness",
    "a racing heart",
    "burning skin",
    "broken sleep",
    "twitching calves",
    "ringing ears",
    "brain fog",
    "dread at dawn",
)
_MEDICINES = ("diazepam", "clonazepam", "lorazepam", "alprazolam", "zopiclone", "pregabalin", "propranolol", "melatonin")
_TIMES = ("overnight", "for three weeks", "after the second cut", "since March", "during a hold", "eight months later")
_FRAMES = (
    "How long does {feeling} last after stopping {medicine}?",
    "i have {feeling} {time} and nobody believes me",
    "Some people notice {feeling} {time}; slowing the reduction of {medicine} often lets it settle.",
    "{medicine} 5 mg twice daily, reduced by 10 percent every 2-4 weeks ({time}), {feeling} noted.",
    "What the evidence says about {medicine}. Trials were small, lasted 6 to 12 weeks, and {feeling} was recorded by only a few. "
    "Doctors therefore go by experience: agree a plan, write it down, and change one thing at a time. Where {feeling} appears {time}, "
    "the plan is paused rather than reversed, sleep and meals are kept regular, and the next visit is brought forward. Nobody should stop "
    "suddenly, because seizures can follow within days, and nobody has to go faster than their body allows.",
)
_ODD = (
    "",
    "?",
    "mg",
    "1-4",
    "CBT-I",
    "  spaces   everywhere  ",
    "ÀÉÎÕÜ ñandú",
    "日本語のテキスト",
    "¡¿!?",
    "a" * 300,
    "12.5 mg " * 80,
    "no\nline\nbreaks\n" * 30,
)
ODD_TEXTS = len(_ODD)
"""That many odd strings come first."""


def varied_texts(tokenizer: Path, count: int = 600) -> list[str]:
    """`count` texts, the same every time: 1 to over 256 word pieces, plain and odd."""
    drawn = random.Random(20240501)
    made = sorted(
        {
            frame.format(feeling=feeling, medicine=medicine, time=time)
            for frame, feeling, medicine, time in product(_FRAMES, _FEELINGS, _MEDICINES, _TIMES)
        }
    )
    words = [
        word for word in sorted(Tokenizer.from_file(str(tokenizer)).get_vocab()) if word.isalpha() and word.isascii() and len(word) > 2
    ]
    salads = (" ".join(drawn.choices(words, k=drawn.randint(2, 120))) for _ in iter(int, 1))
    prose = drawn.sample(made, count * 2 // 3)
    return [*_ODD, *prose, *islice(salads, count - len(_ODD) - len(prose))]
