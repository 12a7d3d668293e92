"""Retrieval on judged questions: our search beside the plain recipe, recomputed in the same run."""

from __future__ import annotations

import json

from benchmarks.figures import Figure, Section, Target
from benchmarks.passages import passage_id_of, scored
from benchmarks.processes import OURS, run, run_task
from benchmarks.workspace import Workspace

DEPTH = 50
WHOLE_SET = (Target(0.82, at_least=True, of_plain=False), Target(0.65, at_least=True, of_plain=False))


def measure(bench: Workspace) -> Section:
    """nDCG@10 and P@1 of both sides over all judged questions."""
    if bench.judged is None:
        return Section("quality", "Retrieval quality", (), notes=("Skipped: no judged questions at hand.",))
    questions = dict(bench.judged.questions)
    plain = run_task("rankings_plain", store=str(bench.plain.folder), questions=questions, k=DEPTH)["rankings"]
    plain_ndcg, plain_first = scored(plain, bench.judged.right)
    our_ndcg, our_first = scored(_searched(bench, questions), bench.judged.right)
    targets = (None, None) if bench.is_part or bench.quick else WHOLE_SET
    return Section(
        "quality",
        "Retrieval quality",
        (
            Figure("nDCG@10", "", plain_ndcg, our_ndcg, targets[0]),
            Figure("P@1", "", plain_first, our_first, targets[1]),
        ),
        notes=(f"{len(questions)} judged questions over {len(bench.passages)} public passages, rankings {DEPTH} deep.",),
    )


def _searched(bench: Workspace, questions: dict[str, str]) -> dict[str, list[str]]:
    batch = bench.out / "questions.jsonl"
    batch.write_text("".join(json.dumps({"id": key, "question": text}) + "\n" for key, text in questions.items()), "utf-8")
    done = run([OURS, "search", "--index", str(bench.ours.folder), "--batch", str(batch), "--k", str(DEPTH)])
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["id"]: [passage_id_of(hit["article_id"]) for hit in row["hits"]] for row in rows}
