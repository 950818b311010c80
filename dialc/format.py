"""The canonical form of plan and site files.

In: a file that was read without findings. Out: its text, laid out in one way. What is written stays: every word, text
and comment, in the same order, so that a file and its canonical form say the same.

Which words belong together is known from the places that syntax keeps. So the language is described in its grammar
alone; here, a text is cut into words, signs and comments, and next to nothing else is known of it. Blocks nest as deep
as the grammar lets them, four levels, and the functions that call themselves go no deeper.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import attrs

from dialc import syntax
from dialc.parse.slips import BLOCKS, HEAD
from dialc.source import Place

WIDTH = 120
"""Columns that a line takes at most, the comment at its end aside."""

_INDENT = 2
_GOES_ON = 4  # columns by which a line is indented further that continues another
_ALIGNED = 48  # columns up to which something is moved to stand under something else: a longer line moves nothing
_WHOLE = 40  # characters of a text that is never divided, such as a telephone number


def formatted(file: syntax.File) -> str:
    """The canonical form of a file that has no findings."""
    known = _known(file)
    rows = _rows(_items(file.source.text, known), 0, known)
    return "".join(f"{line}\n" for line in _noted([line for row in rows for line in _lines(row, known)]))


# Text to words


@attrs.frozen
class _Known:
    """What syntax knows of words, by the offsets at which they begin.

    `ends` are where words end. `inside` are the beginnings of elements, with the beginning of the element around each.
    `columns` are words that stand under each other in lines of one kind. `spoken` begin what a prompt says.
    """

    ends: dict[int, int] = attrs.field(factory=dict)
    inside: dict[int, int] = attrs.field(factory=dict)
    columns: dict[int, str] = attrs.field(factory=dict)
    spoken: set[int] = attrs.field(factory=set)


def _known(file: syntax.File) -> _Known:
    known = _Known()
    ahead: list[tuple[object, int]] = [(declaration, -1) for declaration in file.declarations]
    while ahead:
        element, around = ahead.pop()
        if isinstance(element, tuple):
            ahead.extend((part, around) for part in element)
            continue
        kind, place = type(element), getattr(element, "place", None)
        if not attrs.has(kind) or not isinstance(place, Place):
            continue
        written = place.source.text[place.start : place.end]
        if not isinstance(element, syntax.Word):
            # Of elements that begin with the same word, the outermost is what decides whether a line begins there.
            known.inside[place.start] = min(around, known.inside.get(place.start, around))
            ahead.extend((getattr(element, field.name), place.start) for field in attrs.fields(kind))
        elif isinstance(element, syntax.Use):
            ahead.append(((element.name, *element.arguments), around))
        elif written.startswith('"') or not re.search(r"\s", written):
            known.ends[place.start] = place.end
        match element:
            case syntax.Weekly(spans=(first, *_)):
                known.columns[first.place.start] = "weekly"
            case syntax.Dated(first=day):
                known.columns[day.place.start] = "dated"
            case syntax.Spoken():
                known.spoken.add(place.start)
            case _:
                pass
    return known


@attrs.frozen
class _Token:
    """A word, a sign, a text or a comment.

    `starts` tells that a declaration or a line of a block begins with it; `line_ends` counts those before it; `glued`,
    that nothing is.
    """

    text: str
    start: int
    comment: bool
    starts: bool
    line_ends: int
    glued: bool


# What syntax does not keep are words and signs of the grammar, and comments: a key `#` is kept.
_TOKEN = re.compile(r'\s+|#[^\n]*|"[^"]*"|->|[{}(),=-]|\w+(?:-\w+)*|.')
_LINE_END = re.compile(r"\s*\n\s*")


def _tokens(text: str, known: _Known) -> Iterator[_Token]:
    depths: dict[int, int] = {-1: -1}  # how many braces are open where elements begin
    depth = at = line_ends = 0
    glued = True
    while at < len(text):
        end = known.ends.get(at)
        kept = end is not None
        if end is None:
            match = _TOKEN.match(text, at)
            end = match.end() if match else at + 1
        written = text[at:end]
        if not kept and written.isspace():
            line_ends, glued = written.count("\n"), False
        else:
            if at in known.inside:
                depths[at] = depth
            starts = at in known.inside and depths[known.inside[at]] == depth - 1
            depth += (written == "{") - (written == "}")
            comment = not kept and written.startswith("#")
            written = written.rstrip() if comment else _LINE_END.sub(" ", written)
            yield _Token(written, at, comment, starts, line_ends, glued)
            line_ends, glued = 0, True
        at = end


# Words to lines of blocks


@attrs.define
class _Item:
    """A declaration, a line of a block, or a comment on a line of its own.

    `tokens` are those before its block, which is None where it has none. `blank` tells that an empty line stands before
    it; `beside`, that its block was written in one line, or for a prompt, that it begins beside the `{`. `opening` is
    the comment behind the `{`, `note` the one behind all.
    """

    tokens: list[_Token]
    blank: bool
    block: list["_Item"] | None = None
    beside: bool = True
    opening: _Token | None = None
    note: _Token | None = None

    @property
    def is_comment(self) -> bool:
        """Whether it is a comment."""
        return self.tokens[0].comment


def _items(text: str, known: _Known) -> list[_Item]:
    tokens = list(_tokens(text, known))
    outside = _outside(tokens)
    around: list[_Item] = []  # the items whose blocks are open
    found: list[_Item] = []
    block, before = found, ""
    for number, token in enumerate(tokens):
        if token.line_ends:
            for item in around:
                item.beside &= _is_prompt(item) and not (before == "{" and item is around[-1])
        if token.comment and (outside[number] or before in ("", "{", "}")):
            if token.line_ends or not before:
                block.append(_Item([token], token.line_ends > 1))
            elif before == "{":
                around[-1].opening = token
            else:
                block[-1].note = token
        elif token.text == "{":
            around.append(block[-1])
            block[-1].block = block = []
        elif token.text == "}":
            around.pop()
            block = around[-1].block or [] if around else found
        elif token.starts or before == "}":
            block.append(_Item([token], token.line_ends > 1))
        else:
            block[-1].tokens.append(token)
        before = before if token.comment else token.text
    return found


def _outside(tokens: Sequence[_Token]) -> list[bool]:
    """For each comment, whether what follows it is not the rest of an item; nothing that matters for other tokens."""
    found = []
    outside = True
    for token in reversed(tokens):
        if not token.comment:
            outside = token.starts or token.text == "}"
        found.append(outside)
    return found[::-1]


# Lines of blocks to rows


@attrs.define
class _Row:
    """A line as it will be, or several where `item`, a prompt, does not fit into one.

    `cells` are the parts that are moved to stand under those of the lines before and after, where these have the same
    `kinds`, one for each cell but the last. `gaps` are the fewest spaces between them.
    """

    indent: int
    cells: list[str]
    kinds: list[str] = attrs.field(factory=list)
    gaps: list[int] = attrs.field(factory=list)
    note: _Token | None = None
    item: _Item | None = None

    @property
    def width(self) -> int:
        """Columns that it takes."""
        return self.indent + sum(map(len, self.cells)) + sum(self.gaps)


def _rows(items: Sequence[_Item], indent: int, known: _Known) -> list[_Row]:
    """The rows of a block, or of the whole file."""
    tall = [_is_tall(item, indent) for item in items]
    ahead = _ahead(items, tall)
    rows: list[_Row] = []
    for number, item in enumerate(items):
        before = items[number - 1] if number else item
        apart = indent == 0 and (tall[number - 1] or (ahead[number] and not before.is_comment))
        if number and (item.blank or apart):
            rows.append(_Row(0, [""]))
        if tall[number]:
            rows += _tall(item, indent, known)
        else:
            rows += _short(item, indent, known)
    _align(rows, 0)
    _align(rows, 1)
    return rows


def _ahead(items: Sequence[_Item], tall: Sequence[bool]) -> list[bool]:
    """For each item, whether it or the one that it is a comment on takes several lines."""
    found: list[bool] = []
    for item, high in zip(reversed(items), reversed(tall), strict=True):
        found.append(found[-1] if item.is_comment and found else high)
    return found[::-1]


def _is_tall(item: _Item, indent: int) -> bool:
    """Whether the block of an item has one item a line."""
    if item.block is None:
        return False
    flat = _flat(item) if item.beside or not item.block else None
    if flat is None:
        return True
    if not _is_prompt(item):
        return indent + len(flat) > WIDTH
    head = indent + len(_joined(item.tokens))
    inner = (_flat(inner) or "" for inner in item.block if inner.block)
    return head > _ALIGNED or any(head + len(f" {{ {flat} }}") > WIDTH for flat in inner)


def _is_prompt(item: _Item) -> bool:
    """Whether an item is one that goes on below the first line of its block: prompts are written as a table."""
    return item.tokens[0].text == "prompt"


def _tall(item: _Item, indent: int, known: _Known) -> list[_Row]:
    """An item with its block, one item a line."""
    rows = _broken(item.tokens, indent, " {")
    rows[-1].note = item.opening
    rows += _rows(item.block or (), indent + _INDENT, known)
    rows.append(_Row(indent, ["}"], note=item.note))
    return rows


def _short(item: _Item, indent: int, known: _Known) -> list[_Row]:
    """An item in one line, if it fits."""
    if item.is_comment:
        return [_Row(indent, [item.tokens[0].text])]
    flat = _flat(item)
    if item.block:
        first, *others = item.block
        head, one = _joined(item.tokens), f"{{ {_flat(first)}"
        row = _Row(indent, [head, one], [item.tokens[0].text], [1], item.note, item if _is_prompt(item) else None)
        if others:
            row.cells.append(_list(others))
            row.kinds.append(f"{first.tokens[0].text} {others[0].tokens[0].text}")
            row.gaps.append(_gap(others[0]))
        row.cells[-1] += " }"
        return [row]
    if flat is None or indent + len(flat) > WIDTH:
        rows = _broken(item.tokens, indent, "" if item.block is None else " { }")
        rows[-1].note = item.note
        return rows
    for number, token in enumerate(item.tokens[1:], 1):
        kind = "->" if token.text == "->" else known.columns.get(token.start)
        if kind:
            cells = [_joined(item.tokens[:number]), _joined(item.tokens[number:])]
            return [_Row(indent, cells, [kind], [1], item.note)]
    return [_Row(indent, [flat], note=item.note)]


def _flat(item: _Item) -> str | None:
    """An item in one line, without the comment behind it; None where there are comments in it."""
    if item.opening or any(token.comment for token in item.tokens):
        return None
    head = _joined(item.tokens)
    if item.block is None:
        return head
    if any(inner.is_comment or inner.note or _flat(inner) is None for inner in item.block):
        return None
    return f"{head} {{ {_list(item.block)} }}" if item.block else f"{head} {{ }}"


def _list(items: Iterable[_Item]) -> str:
    """Items beside each other."""
    parts: list[str] = []
    for item in items:
        parts += (" " * _gap(item) if parts else "", _flat(item) or "")
    return "".join(parts)


def _gap(item: _Item) -> int:
    """Spaces before an item that stands beside another: a way on belongs to what is before it."""
    return 1 if item.tokens[0].text == "->" else 2


def _joined(tokens: Iterable[_Token]) -> str:
    return " ".join(_atoms(tokens))


def _atoms(tokens: Iterable[_Token], *, divided: bool = False) -> list[str]:
    """What has spaces between it; if `divided`, words of long texts, too."""
    atoms: list[str] = []
    before = ""
    for token in tokens:
        parts = [token.text]
        if divided and token.text.startswith('"') and len(token.text) > _WHOLE:
            parts = re.split(r"(?<=[^\s\"]) (?=[^\s\"])", token.text)
        if atoms and (token.text in (",", "-", "(", ")") or before in ("-", "(")):
            atoms[-1] += parts.pop(0)
        atoms += parts
        before = token.text
    return atoms


def _broken(tokens: Sequence[_Token], indent: int, end: str) -> list[_Row]:
    """Words in as many lines as their number and the comments between them need; `end` follows the last."""
    rows: list[_Row] = []
    words: list[_Token] = []

    def write(last: str = "") -> None:
        atoms = _atoms(words, divided=True)
        if last:
            atoms[-1:] = [f"{''.join(atoms[-1:])}{last}".lstrip()]
        start = indent + _GOES_ON if rows else indent
        lines = _filled(" " * start, atoms, indent + _GOES_ON)
        rows.extend(_Row(0, [line]) for line in lines if line.strip())
        words.clear()

    for token in tokens:
        if not token.comment:
            words.append(token)
        elif token.line_ends:
            write()
            rows.append(_Row(indent + _GOES_ON, [token.text]))
        else:
            write()
            rows[-1].note = token
    write(end)
    return rows


# A line that begins with one of these words might be taken for the beginning of a block, even in a text.
_OPENS = re.compile(rf'"?(?:{"|".join((*BLOCKS, *HEAD))})(?![\w-])')


def _filled(line: str, atoms: Iterable[str], column: int) -> list[str]:
    """Lines of at most `WIDTH` columns, the first of which goes on from `line`, and the others begin at a column."""
    parts, width, begun = [line], len(line), False
    lines: list[str] = []
    for atom in atoms:
        if begun and width + 1 + len(atom) > WIDTH and not _OPENS.match(atom):
            lines.append("".join(parts))
            parts, width, begun = [" " * column], column, False
        parts += (" " if begun else "", atom)
        width, begun = width + begun + len(atom), True
    return [*lines, "".join(parts)]


# Rows to lines


def _align(rows: Sequence[_Row], cell: int) -> None:
    """Widen a cell of rows that follow each other and have the same kinds, so that the next begin in one column."""
    start = 0
    for number in range(1, len(rows) + 1):
        if number < len(rows) and _same(rows[number - 1], rows[number], cell):
            continue
        run = rows[start:number]
        start = number
        if len(run) > 1:
            widest = max(len(row.cells[cell]) for row in run)
            if all(row.item or row.width - len(row.cells[cell]) + widest <= WIDTH for row in run):
                for row in run:
                    row.cells[cell] = row.cells[cell].ljust(widest)


def _same(one: _Row, other: _Row, cell: int) -> bool:
    kinds = slice(cell + 1)
    return (
        one.indent == other.indent
        and len(one.kinds) > cell < len(other.kinds)
        and one.kinds[kinds] == other.kinds[kinds]
        and max(len(one.cells[cell]), len(other.cells[cell])) <= _ALIGNED
    )


@attrs.frozen
class _Line:
    """A line, and the comment behind it."""

    text: str
    note: _Token | None = None


def _lines(row: _Row, known: _Known) -> Iterator[_Line]:
    if row.item is None or row.width <= WIDTH:
        gaps = ["", *(" " * gap for gap in row.gaps)]
        yield _Line(f"{' ' * row.indent}{''.join(map(str.__add__, gaps, row.cells))}".rstrip(), row.note)
        return
    *lines, last = _hanging(row, row.item, known)
    yield from map(_Line, lines)
    yield _Line(last, row.note)


def _hanging(row: _Row, prompt: _Item, known: _Known) -> list[str]:
    """A prompt whose items stand below the first: as many a line as fit, and nothing behind what is said."""
    line = f"{' ' * row.indent}{row.cells[0]} {{ "
    column = len(line)
    lines: list[str] = []
    gap = 0
    items = prompt.block or []
    for number, item in enumerate(items):
        written, end = _flat(item) or "", " }" if item is items[-1] else ""
        if gap and len(line) + gap + len(written + end) > WIDTH >= column + len(written + end):
            lines.append(line)
            line, gap = " " * column, 0
        if len(line) + gap + len(written + end) <= WIDTH:
            line += " " * gap + written + end
        else:
            *full, line = _filled(line + " " * gap, _divided(item, end), column)
            lines += full
        gap = len(row.cells[1]) - len(row.cells[1].rstrip()) + row.gaps[1] if number == 0 and len(row.gaps) > 1 else 2
        if item.tokens[0].start in known.spoken and not end:
            lines.append(line)
            line, gap = " " * column, 0
    return [*lines, line]


def _divided(item: _Item, end: str) -> list[str]:
    """The words of an item and its block."""
    atoms = _atoms(item.tokens, divided=True)
    if item.block is not None:
        atoms += ("{", *(atom for inner in item.block for atom in _divided(inner, "")), "}")
    atoms[-1] += end
    return atoms


_KEY = re.compile(r"\b(?:key|offers|press)$")


def _noted(lines: Sequence[_Line]) -> Iterator[str]:
    """Lines with the comments behind them, in one column where lines follow each other."""
    start = 0
    for number in range(1, len(lines) + 1):
        if number < len(lines) and lines[number].note and _indent(lines[number].text) == _indent(lines[start].text):
            continue
        run = [line for line in lines[start:number] if line.note and len(line.text) <= WIDTH]
        column = max((len(line.text) for line in run), default=0)
        for line in lines[start:number]:
            if line.note is None:
                yield line.text
            elif line.note.glued and _KEY.search(line.text):  # with a space, the `#` would be taken for a key
                yield f"{line.text}{line.note.text}"
            else:
                yield f"{line.text.ljust(column)}  {line.note.text}"
        start = number


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
