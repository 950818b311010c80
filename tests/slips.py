"""Small slips in a program, each of which should make some test fail.

In: the source of a module. Out: its `Slip`s: a comparison turned to its neighbour, a number one off, a condition that
always holds, a statement that is not there. What only words, types or declarations are made of is left as it is: texts,
annotations, decorators, the fields of classes, assertions.
"""

import ast
from collections.abc import Iterator

import attrs


@attrs.frozen
class Slip:
    """One change: in which function (empty outside of any), on which lines, what stood there and what stands there now.

    `before` and `after` are the lines of the program, blanks drawn together, of a `continue` with the line before it,
    since there are many; `text` is the whole module.
    """

    function: str
    lines: range
    before: str
    after: str
    text: str = attrs.field(repr=False)


COMPARED: dict[type[ast.cmpop], tuple[ast.cmpop, ...]] = {
    ast.Lt: (ast.LtE(), ast.GtE()),
    ast.LtE: (ast.Lt(), ast.Gt()),
    ast.Gt: (ast.GtE(), ast.LtE()),
    ast.GtE: (ast.Gt(), ast.Lt()),
    ast.Eq: (ast.NotEq(),),
    ast.NotEq: (ast.Eq(),),
    ast.Is: (ast.IsNot(),),
    ast.IsNot: (ast.Is(),),
    ast.In: (ast.NotIn(),),
    ast.NotIn: (ast.In(),),
}
RECKONED: dict[type[ast.operator], ast.operator] = {
    ast.Add: ast.Sub(),
    ast.Sub: ast.Add(),
    ast.BitAnd: ast.BitOr(),
    ast.BitOr: ast.BitAnd(),
    ast.Mult: ast.Add(),
    ast.FloorDiv: ast.Mult(),
    ast.Mod: ast.FloorDiv(),
}
CALLED = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list", "reversed": "iter"}
OPPOSITE = {"shortest": "longest", "longest": "shortest", "first": "last", "last": "first", "start": "end"}
NOTHING = {
    "bool": "not ({})",
    "int": "({}) + 1",
    "str": "''",
    "Instants": "Instants()",
    "tuple": "()",
    "list": "[]",
    "dict": "{{}}",
    "set": "set()",
    "Sequence": "()",
    "Mapping": "{{}}",
    "Set": "set()",
    "frozenset": "frozenset()",
    "Collection": "()",
    "Iterable": "()",
}
"""What a function gives back instead, by the type that it promises."""
WORDS = {"caller", "last", "help", "message"}
"""Arguments that are texts for people."""


def slips(source: str) -> Iterator[Slip]:
    """Every change of a module, in the order of its text."""
    yield from _Finder(source).found()


class _Finder:
    def __init__(self, source: str) -> None:
        self._source = source.encode()
        self._rows = source.encode().splitlines(keepends=True)
        self._starts = [0]
        for row in self._rows:
            self._starts.append(self._starts[-1] + len(row))
        self._tree = ast.parse(source)

    def found(self) -> Iterator[Slip]:
        yield from self._body(self._tree.body, (), None)

    # Statements

    def _body(self, body: list[ast.stmt], within: tuple[str, ...], function: ast.FunctionDef | None) -> Iterator[Slip]:
        for statement in body:
            yield from self._statement(statement, within, function)

    def _statement(self, stmt: ast.stmt, within: tuple[str, ...], function: ast.FunctionDef | None) -> Iterator[Slip]:
        match stmt:
            case ast.FunctionDef():
                yield from self._body(stmt.body, (*within, stmt.name), stmt)
                return
            case ast.ClassDef():
                for inner in stmt.body:
                    if isinstance(inner, ast.FunctionDef):
                        yield from self._statement(inner, (*within, stmt.name), function)
                return
            case ast.Import() | ast.ImportFrom() | ast.Assert() | ast.Raise() | ast.Pass():
                return
            case ast.Expr(ast.Constant()):
                return
            case ast.Expr(ast.Call(ast.Name("assert_never"))):
                return
            case ast.If(ast.Name("TYPE_CHECKING")):
                return
            case ast.AnnAssign() | ast.Assign() if function is None:
                if stmt.value is not None:
                    yield from self._expression(stmt.value, within)
                return
            case _:
                pass
        if function is None:
            return
        yield from self._dropped(stmt, within, function)
        match stmt:
            case ast.Return(value) if value is not None:
                yield from self._nothing(value, within, function)
                yield from self._expression(value, within)
            case ast.If():
                yield from self._condition(stmt.test, within)
                yield from self._body(stmt.body, within, function)
                yield from self._body(stmt.orelse, within, function)
            case ast.While():
                yield self._replaced(stmt.test, "False", within)
                yield from self._expression(stmt.test, within)
                yield from self._body(stmt.body, within, function)
                yield from self._body(stmt.orelse, within, function)
            case ast.For():
                yield from self._expression(stmt.iter, within)
                yield from self._body(stmt.body, within, function)
                yield from self._body(stmt.orelse, within, function)
            case ast.With():
                yield from self._body(stmt.body, within, function)
            case ast.Match():
                yield from self._expression(stmt.subject, within)
                for case in stmt.cases:
                    yield from self._case(case, within, function)
            case ast.Try():
                for body in (stmt.body, *(handler.body for handler in stmt.handlers), stmt.orelse, stmt.finalbody):
                    yield from self._body(body, within, function)
            case ast.AnnAssign() if stmt.value is not None:
                yield from self._expression(stmt.value, within)
            case ast.Assign() | ast.AugAssign():
                if isinstance(stmt, ast.AugAssign) and type(stmt.op) in RECKONED:
                    operator = ast.AugAssign(stmt.target, RECKONED[type(stmt.op)], stmt.value)
                    yield self._replaced(stmt, ast.unparse(operator), within)
                yield from self._expression(stmt.value, within)
            case ast.Expr():
                yield from self._expression(stmt.value, within)
            case _:
                pass

    def _dropped(self, stmt: ast.stmt, within: tuple[str, ...], function: ast.FunctionDef) -> Iterator[Slip]:
        """A statement is not there."""
        match stmt:
            case ast.Expr(ast.Yield() | ast.YieldFrom()):
                yield self._replaced(stmt, "yield from ()", within)
            case ast.Expr(ast.Call()) | ast.AugAssign() | ast.Continue() | ast.Break():
                yield self._replaced(stmt, "pass", within)
            case ast.Assign([ast.Attribute() | ast.Subscript()]):
                yield self._replaced(stmt, "pass", within)
            case ast.Assign([ast.Name(name)]):
                others = [n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == name]
                given = [n for n in others if isinstance(n.ctx, ast.Store)]
                if len(given) > 1 or name in {arg.arg for arg in function.args.args}:
                    yield self._replaced(stmt, "pass", within)
            case ast.Return(None):
                yield self._replaced(stmt, "pass", within)
            case _:
                pass

    def _nothing(self, value: ast.expr, within: tuple[str, ...], function: ast.FunctionDef) -> Iterator[Slip]:
        """A function gives something else back."""
        promised = function.returns
        if isinstance(promised, ast.Subscript):
            promised = promised.value
        if isinstance(promised, ast.BinOp):
            if not (isinstance(value, ast.Constant) and value.value is None):
                yield self._replaced(value, "None", within)
        elif isinstance(promised, ast.Name) and promised.id in NOTHING and not isinstance(value, ast.Constant):
            other = NOTHING[promised.id].format(ast.unparse(value))
            if other != ast.unparse(value):
                yield self._replaced(value, other, within)

    def _case(self, case: ast.match_case, within: tuple[str, ...], function: ast.FunctionDef) -> Iterator[Slip]:
        told = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.pattern.name is None
        empty = all(
            isinstance(stmt, ast.Pass)
            or (isinstance(stmt, ast.Expr) and ast.unparse(stmt.value).startswith("assert_never"))
            for stmt in case.body
        )
        if case.guard is not None:
            yield from self._condition(case.guard, within)
        elif not told:
            end = self._at(case.pattern.end_lineno, case.pattern.end_col_offset)
            yield self._written(end, end, " if False", case.pattern, within)
        if not empty:
            yield from self._body(case.body, within, function)

    def _condition(self, test: ast.expr, within: tuple[str, ...]) -> Iterator[Slip]:
        """A condition always holds, or never."""
        if not any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(test)):
            yield self._replaced(test, "True", within)
        yield self._replaced(test, "False", within)
        yield from self._expression(test, within)

    # Expressions

    def _expression(self, node: ast.expr, within: tuple[str, ...]) -> Iterator[Slip]:
        match node:
            case ast.JoinedStr():  # a text, and no place that could be trusted
                return
            case ast.Compare(left, [operator], [right]):
                for other in COMPARED[type(operator)]:
                    yield self._instead(node, ast.Compare(left, [other], [right]), within)
            case ast.Compare():
                for index, operator in enumerate(node.ops):
                    for other in COMPARED[type(operator)]:
                        ops = [*node.ops[:index], other, *node.ops[index + 1 :]]
                        yield self._instead(node, ast.Compare(node.left, ops, node.comparators), within)
            case ast.BinOp() if type(node.op) in RECKONED:
                if not (_text(node.left) or _text(node.right)):
                    yield self._instead(node, ast.BinOp(node.left, RECKONED[type(node.op)], node.right), within)
                if isinstance(node.op, ast.Sub):
                    yield self._instead(node, node.left, within)
            case ast.BoolOp():
                other_way = ast.Or() if isinstance(node.op, ast.And) else ast.And()
                yield self._instead(node, ast.BoolOp(other_way, node.values), within)
                for index in range(len(node.values)):
                    rest = [*node.values[:index], *node.values[index + 1 :]]
                    kept = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
                    if not any(isinstance(n, ast.NamedExpr) for n in ast.walk(node.values[index])):
                        yield self._instead(node, kept, within)
            case ast.UnaryOp(ast.Not(), operand):
                yield self._instead(node, operand, within)
            case ast.IfExp():
                if _text(node.body) and _text(node.orelse):
                    return
                yield from self._condition(node.test, within)
                yield from self._expression(node.body, within)
                yield from self._expression(node.orelse, within)
                return
            case ast.Constant(bool() as value):
                yield self._replaced(node, str(not value), within)
            case ast.Constant(int() as value):
                yield self._replaced(node, str(value + 1), within)
                if value:
                    yield self._replaced(node, str(value - 1), within)
            case ast.Call(ast.Name(name)) if name in CALLED:
                yield self._replaced(node.func, CALLED[name], within)
            case ast.Attribute(value, name, ast.Load()) if name in OPPOSITE:
                yield self._instead(node, ast.Attribute(value, OPPOSITE[name], ast.Load()), within)
            case _:
                pass
        for child in ast.iter_child_nodes(node):
            match child:
                case ast.keyword(named, value):
                    if named not in WORDS:
                        yield from self._expression(value, within)
                case ast.comprehension():
                    yield from self._expression(child.iter, within)
                    for test in child.ifs:
                        yield from self._condition(test, within)
                case ast.expr():
                    yield from self._expression(child, within)
                case _:
                    pass

    # Places

    def _at(self, line: int | None, column: int | None) -> int:
        assert line is not None
        assert column is not None
        return self._starts[line - 1] + column

    def _instead(self, node: ast.expr, other: ast.expr, within: tuple[str, ...]) -> Slip:
        plain = isinstance(other, ast.Name | ast.Attribute | ast.Call | ast.Constant | ast.Subscript)
        return self._replaced(node, ast.unparse(other) if plain else f"({ast.unparse(other)})", within)

    def _replaced(self, node: ast.stmt | ast.expr, other: str, within: tuple[str, ...]) -> Slip:
        start = self._at(node.lineno, node.col_offset)
        return self._written(start, self._at(node.end_lineno, node.end_col_offset), other, node, within)

    def _written(
        self, start: int, end: int, other: str, node: ast.stmt | ast.expr | ast.pattern, within: tuple[str, ...]
    ) -> Slip:
        assert node.end_lineno is not None
        alone = isinstance(node, ast.Continue | ast.Break | ast.Return) and node.lineno > 1
        first, last = self._starts[node.lineno - 1 - alone], self._starts[node.end_lineno]
        new = other.encode()
        return Slip(
            ".".join(within),
            range(node.lineno, node.end_lineno + 1),
            _drawn(self._source[first:last]),
            _drawn(self._source[first:start] + new + self._source[end:last]),
            (self._source[:start] + new + self._source[end:]).decode(),
        )


def _text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _drawn(rows: bytes) -> str:
    return " ".join(rows.decode().split())
