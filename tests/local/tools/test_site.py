"""The site consists of the documents and the files they link to."""

from pathlib import Path

import yaml

from local.tools.site import ROOT, copy_documents, linked


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


def test_a_link_that_leads_nowhere_fails_the_site() -> None:
    config = yaml.safe_load((ROOT / "docs/mkdocs.yml").read_text("utf-8"))
    assert config["strict"] is True
    assert set(config["validation"]["links"].values()) == {"warn"}
    assert config["theme"]["font"] is False, "a page would load something from elsewhere"
