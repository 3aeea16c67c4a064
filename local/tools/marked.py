"""Parts of documents that commands write: the text between two marks."""

import re
from pathlib import Path


def write_marked(document: Path, name: str, text: str) -> None:
    """Put whole lines of text between `<!-- name -->` and `<!-- /name -->`, which are each on their own line."""
    marked = re.compile(f"(?<=<!-- {name} -->\n).*(?=<!-- /{name} -->)", re.DOTALL)
    document.write_text(marked.sub(lambda _: text, document.read_text("utf-8")), "utf-8")
