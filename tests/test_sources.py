"""Which files of a folder are articles."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from ingest.sources import article_paths, is_article_name, source_of


@pytest.mark.parametrize("name", ["a.md", "deep/er/b.txt", "export.jsonl", "questions.md", "a.meta.md"])
def test_articles(name: str) -> None:
    assert is_article_name(PurePosixPath(name))


@pytest.mark.parametrize(
    "name",
    [
        "_draft.md",
        ".hidden.md",
        "_old/a.md",
        ".git/a.md",
        "README",
        "README.md",
        "readme.txt",
        "questions.yaml",
        "lexicon.yaml",
        "a.pdf.meta.yaml",
    ],
)
def test_no_articles(name: str) -> None:
    assert not is_article_name(PurePosixPath(name))


def test_the_tree_is_walked_in_order_of_ids_and_linked_folders_are_named_but_not_entered(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.md", "a/y.md", "_x/a.md", "B.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("words")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    found = [source_of(path, tmp_path).article_id for path in article_paths(tmp_path)]
    assert found == ["B.md", "a/y.md", "a/z.md", "b.md", "loop"]
