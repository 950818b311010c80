"""The version of dialc, which emitted files name.

In: nothing. Out: `VERSION`, the one that pyproject.toml states; a test holds one against the other.
"""

VERSION = "0.1.0"
