"""The site consists of the documents and the files they link to."""

from pathlib import Path

import yaml

from local.tools.site import ROOT, copy_documents, linked

DECISIONS = sorted(ROOT.glob("docs/decisions/0*.md"))


def _pages(part: str | list[str]) -> list[str]:
    return [part] if isinstance(part, str) else part


def _repository(root: Path) -> Path:
    for name in ("README.md", "CHANGELOG.md", "SECURITY.md", "tests/a.json", "secret.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x", "utf-8")
    (root / "docs").mkdir()
    text = "[a](../tests/a.json), [b](other.md), [c](https://example.com), [d](../../../etc/passwd)"
    (root / "docs/page.md").write_text(text, "utf-8")
    return root


def test_only_documents_and_files_they_link_to_are_copied(tmp_path: Path) -> None:
    root = _repository(tmp_path / "repository")
    assert list(linked(root)) == [root / "tests/a.json"]
    source = tmp_path / "source"
    copy_documents(root, source)
    made = {file.relative_to(source).as_posix() for file in source.rglob("*") if file.is_file()}
    assert made == {
        *("README.md", "CHANGELOG.md", "SECURITY.md", "tests/a.json"),
        *("docs/page.md", "docs/openapi.md"),
    }


def test_words_behind_the_language_of_a_block_are_left_out(tmp_path: Path) -> None:
    root = _repository(tmp_path / "repository")
    (root / "README.md").write_text("```sh make\nmake run\n```\n\n  ```json\n  ```\n", "utf-8")
    copy_documents(root, tmp_path / "source")
    copied = (tmp_path / "source/README.md").read_text("utf-8")
    assert copied == "```sh\nmake run\n```\n\n  ```json\n  ```\n"


def test_the_navigation_lists_each_document_once() -> None:
    config = yaml.safe_load((ROOT / "docs/mkdocs.yml").read_text("utf-8"))
    listed = [page for part in config["nav"] for pages in part.values() for page in _pages(pages)]
    decisions = {f"docs/decisions/{path.name}" for path in DECISIONS}
    documents = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/**/*.md")}
    tops = {"README.md", "CHANGELOG.md", "SECURITY.md"}
    assert sorted(listed) == sorted(documents - decisions | tops | {"docs/openapi.md"})


def test_the_list_of_decisions_has_each_by_its_title() -> None:
    listed = (ROOT / "docs/decisions/README.md").read_text("utf-8").splitlines()
    for path in DECISIONS:
        number, _, title = path.read_text("utf-8").splitlines()[0].removeprefix("# ").partition(" ")
        assert listed.count(f"- [{number}]({path.name}) {title}") == 1


def test_a_link_that_leads_nowhere_fails_the_site() -> None:
    config = yaml.safe_load((ROOT / "docs/mkdocs.yml").read_text("utf-8"))
    assert config["strict"] is True
    assert set(config["validation"]["links"].values()) == {"warn"}
    assert config["theme"]["font"] is False, "a page would load something from elsewhere"
