"""What has to be told to libraries before they are imported: to look nothing up outside, report nothing, and share out no small work."""

from __future__ import annotations

import os

_QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "DO_NOT_TRACK": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "CHROMA_ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    # Gradio sums up its latest 10,000 questions' times after every question, by pandas, for a page that is off.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
    "GRADIO_ANALYTICS_MAX_EVENTS": "100",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "TOKENIZERS_PARALLELISM": "false",
    "OTEL_SDK_DISABLED": "true",
}


def forbid_lookups() -> None:
    """Set the switches before the libraries are imported; what the operator has set already is respected."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)


def one_core_a_question() -> None:
    """Before numpy is imported: the small products of a question take one core, and other questions the others.

    Shared out over cores they take longer, much longer on a busy machine, because one core waits for another at every product.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
