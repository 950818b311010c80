"""The name of an asset folder to where it is: `grammar` and `backends`.

In: a name. Out: a path, or the text of a file below it. The two folders hold no Python and stand beside the package
in a checkout, where people read them; a wheel carries them inside the package, so that both places are looked at.
"""

from pathlib import Path
from types import ModuleType

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder of this name, inside the package if it is there (a wheel), else beside it (a checkout).

    Raises `FileNotFoundError` when it is in neither place: the installation is broken.
    """
    for parent in (_PACKAGE, _PACKAGE.parent):
        if (parent / name).is_dir():
            return parent / name
    raise FileNotFoundError(f"dialc is not installed whole: the folder `{name}` is neither in {_PACKAGE} nor beside it")


def text(name: str) -> str:
    """The text of one asset, named by its folder and file: `grammar/dialplan.lark`.

    Raises `FileNotFoundError` when there is no such folder or file.
    """
    top, _, below = name.partition("/")
    return (folder(top) / below).read_text(encoding="utf-8")


def source(module: ModuleType) -> str:
    """The source text of a module of dialc, which its docstring is read from where Python was told to drop it."""
    return Path(str(module.__file__)).read_text(encoding="utf-8")
