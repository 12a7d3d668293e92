"""Counters for operators, in the Prometheus text format. Routes, outcomes and times; never a reader's words."""

from __future__ import annotations

from collections import Counter
from threading import Lock

from taperbot.records import Answer

BOUNDS_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Thread-safe counts since the start of the process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: Counter[tuple[str, str]] = Counter()
        self._failures: Counter[str] = Counter()
        self._buckets: Counter[float] = Counter()
        self._seconds = 0.0

    def count_answer(self, answer: Answer, seconds: float) -> None:
        """One question answered in `seconds`, waiting included."""
        with self._lock:
            self._answers[answer.route.value, answer.outcome.value] += 1
            self._seconds += seconds
            for bound in BOUNDS_SECONDS:
                self._buckets[bound] += seconds <= bound

    def count_failure(self, code: str) -> None:
        """One question not answered, by the code of the error."""
        with self._lock:
            self._failures[code] += 1

    def text(self, turns_kept: int) -> str:
        """The exposition."""
        with self._lock:
            total = sum(self._answers.values())
            lines = ["# TYPE taperbot_answers_total counter"]
            lines += [f'taperbot_answers_total{{route="{route}",outcome="{out}"}} {n}' for (route, out), n in sorted(self._answers.items())]
            lines += ["# TYPE taperbot_failures_total counter"]
            lines += [f'taperbot_failures_total{{code="{code}"}} {count}' for code, count in sorted(self._failures.items())]
            lines += ["# TYPE taperbot_answer_seconds histogram"]
            lines += [f'taperbot_answer_seconds_bucket{{le="{bound}"}} {self._buckets[bound]}' for bound in BOUNDS_SECONDS]
            lines += [f'taperbot_answer_seconds_bucket{{le="+Inf"}} {total}']
            lines += [f"taperbot_answer_seconds_sum {self._seconds:.6f}", f"taperbot_answer_seconds_count {total}"]
        return "\n".join([*lines, "# TYPE taperbot_turns_kept gauge", f"taperbot_turns_kept {turns_kept}", ""])
