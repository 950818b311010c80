"""Sphinx configuration. Built with warnings as errors: `make docs`."""

import importlib.metadata
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "dialc"
author = "The dialc authors"
copyright = f"2026, {author}"
release = importlib.metadata.version("dialc")
version = release

extensions = ["sphinx.ext.autodoc", "rules"]
exclude_patterns = ["_build", "_ext"]
highlight_language = "text"
autodoc_member_order = "bysource"
autodoc_typehints = "description"

html_theme = "furo"
html_title = "dialc"
html_copy_source = False
