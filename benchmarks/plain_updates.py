"""The plain recipe kept up to date as LangChain's pages show it: `index()` with incremental clean-up, into the PersistentClient in place.

Tasks of `python -m benchmarks.plain_updates FILE`. What the record manager knows is kept in a JSON file between processes.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

from langchain_chroma import Chroma
from langchain_core.indexing import InMemoryRecordManager, index

from benchmarks.passages import read_export
from benchmarks.plain import MiniLM, open_store, split

RECORDS = "records.json"


def update(export: str, store: str) -> dict[str, Any]:
    """Bring the store to the state of the export; says "writing" when the preparations are over."""
    folder, embeddings = Path(store), MiniLM()
    opened = open_store(folder / "chroma", embeddings)
    print("writing", flush=True)
    started = time.perf_counter()
    _index(opened, folder, export)
    return {"seconds": time.perf_counter() - started, "embedded": embeddings.embedded}


def contents(store: str, exports: list[str]) -> dict[str, Any]:
    """Records in the store, and the articles that are neither wholly as in one of the exports nor wholly as in another.

    `expected` counts the records that the first export should have made. A store that cannot be read holds nothing.
    """
    versions = [_texts_by_source(export) for export in exports]
    expected = sum(map(len, versions[0].values()))
    try:
        found = open_store(Path(store) / "chroma").get(include=["documents", "metadatas"])
    except Exception as error:  # noqa: BLE001 - whatever a broken store raises, it is broken
        return {"expected": expected, "found": 0, "torn": len(versions[0]), "readable": False, "error": str(error)[:200]}
    held: dict[str, list[str]] = {}
    for text, about in zip(found["documents"], found["metadatas"], strict=True):
        held.setdefault(about["source"], []).append(text)
    torn = [source for source in versions[0] if sorted(held.get(source, [])) not in [texts.get(source) for texts in versions]]
    return {"expected": expected, "found": len(found["ids"]), "torn": len(torn), "readable": True}


def reads_during_update(exports: list[str], store: str, source: str, question: str) -> dict[str, Any]:
    """Reads of one article by a second thread of the same process while the store goes from the first export to the second.

    A read has failed when it raises, finds nothing of the article, or sees it neither wholly as it was nor wholly as it will be.
    """
    folder = Path(store)
    opened = open_store(folder / "chroma")
    wholes = [_texts_by_source(export)[source] for export in exports]
    reads = {"done": 0, "failed": 0}
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            reads["done"] += 1
            reads["failed"] += not _reads_whole(opened, source, question, wholes)

    reader = threading.Thread(target=read)
    reader.start()
    _index(opened, folder, exports[1])
    ended.set()
    reader.join()
    return dict(reads)


def _reads_whole(opened: Chroma, source: str, question: str, wholes: list[list[str]]) -> bool:
    try:
        found = opened.similarity_search(question, k=4, filter={"source": source})
        held = opened.get(where={"source": source}, include=["documents"])["documents"]
    except Exception:  # noqa: BLE001 - any error is a failed read
        return False
    return bool(found) and sorted(held) in wholes


def _index(opened: Chroma, folder: Path, export: str) -> None:
    records = InMemoryRecordManager("articles")
    kept = folder / RECORDS
    if kept.exists():
        records.records = json.loads(kept.read_text("utf-8"))
    index(split(read_export(Path(export))), records, opened, cleanup="incremental", source_id_key="source", key_encoder="sha256")
    kept.write_text(json.dumps(records.records), "utf-8")


def _texts_by_source(export: str) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for chunk in split(read_export(Path(export))):
        made.setdefault(chunk.metadata["source"], []).append(chunk.page_content)
    return {source: sorted(set(texts)) for source, texts in made.items()}


TASKS = {task.__name__: task for task in (update, contents, reads_during_update)}

if __name__ == "__main__":
    wanted = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    print(json.dumps(TASKS[wanted.pop("task")](**wanted)))
