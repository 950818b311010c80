"""The charter's rules as pages, written when the documentation is built.

In: `dialc.pages`, which reads the docstring of every rule. Out: `charter/<code>.rst`, a page per rule, found by the
table of contents in `charter/index.rst`. A rule is one file, and neither a page nor an entry in a list is written by
hand.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.typing import ExtensionMetadata

from dialc import pages


def write(app: Sphinx) -> None:
    """Writes the pages that changed and removes those whose rule is gone."""
    folder = Path(app.srcdir) / "charter"
    texts = {folder / f"{code.lower()}.rst": page(code, text) for code, text in pages.all_pages().items()}
    if not texts:
        raise ExtensionError("dialc has no rule with a page")
    for path in set(folder.glob("c*.rst")) - texts.keys():
        path.unlink()
    for path, text in texts.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def page(code: str, text: str) -> str:
    """A rule's docstring as a page: code and first line are the title, and the code is the label to refer to it by."""
    first, _, body = text.strip().partition("\n")
    title = f"{code}: {first.rstrip('.')}"
    return f".. _{code}:\n\n{title}\n{'=' * len(title)}\n\n{body.strip()}\n"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Writes the pages before Sphinx looks for them."""
    app.connect("builder-inited", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
