"""The page of every code, written when the documentation is built.

In: `dialc.pages`, which reads the docstring of every rule, the catalogues of mistakes and the packs of laws and
standards, and the matrix of `dialc.emit`. Out: `charter/<code>.rst` for rules, `policies/<code>.rst` and
`policies/<id>.rst` for packs and what decides their duties, `findings/<code>.rst` for all else, found by the tables of
contents there, and `backends/matrix.rst`. A rule is one file, and neither a page nor an entry in a list is written by
hand.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from dialc import pages
from dialc.emit import matrix


def write(app: Sphinx) -> None:
    """Writes the pages that changed and removes those whose rule is gone."""
    docs = Path(app.srcdir)
    texts = {docs / _folder(code) / f"{code.lower()}.rst": page(code, text) for code, text in pages.all_pages().items()}
    texts |= {docs / "policies" / f"{id}.rst": page(id, text) for id, text in pages.policies().items()}
    texts[docs / "backends" / "matrix.rst"] = matrix.page()
    written = (path for folder in ("charter/c", "findings/d", "policies/") for path in docs.glob(f"{folder}*.rst"))
    for path in {path for path in written if path.stem != "index"} - texts.keys():
        path.unlink()
    for path, text in texts.items():
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def _folder(code: str) -> str:
    return {"C": "charter", "P": "policies"}.get(code[0], "findings")


def page(code: str, text: str) -> str:
    """A page as Sphinx has it: code and first line are the title, and the code is the label to refer to it by."""
    first, _, body = text.strip().partition("\n")
    title = f"{code}: {first.rstrip('.')}"
    return f".. _{code}:\n\n{title}\n{'=' * len(title)}\n\n{body.strip()}\n"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Writes the pages before Sphinx looks for them."""
    app.connect("builder-inited", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
