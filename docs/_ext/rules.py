"""The page of every code, written when the documentation is built.

In: `dialc.pages`, which reads the docstring of every rule and the catalogues of mistakes. Out: `charter/<code>.rst` for
rules and `findings/<code>.rst` for all else, found by the tables of contents there. A rule is one file, and neither a
page nor an entry in a list is written by hand.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from dialc import pages


def write(app: Sphinx) -> None:
    """Writes the pages that changed and removes those whose rule is gone."""
    docs = Path(app.srcdir)
    texts = {docs / _folder(code) / f"{code.lower()}.rst": page(code, text) for code, text in pages.all_pages().items()}
    for path in {*docs.glob("charter/c*.rst"), *docs.glob("findings/d*.rst")} - texts.keys():
        path.unlink()
    for path, text in texts.items():
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def _folder(code: str) -> str:
    return "charter" if code.startswith("C") else "findings"


def page(code: str, text: str) -> str:
    """A page as Sphinx has it: code and first line are the title, and the code is the label to refer to it by."""
    first, _, body = text.strip().partition("\n")
    title = f"{code}: {first.rstrip('.')}"
    return f".. _{code}:\n\n{title}\n{'=' * len(title)}\n\n{body.strip()}\n"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Writes the pages before Sphinx looks for them."""
    app.connect("builder-inited", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
