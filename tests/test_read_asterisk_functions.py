"""What functions return for texts that are known, in examples to check by hand; tests/live asks a real Asterisk."""

import pytest

from dialc.read.asterisk.functions import holds, result

VARIABLES = {"path": "PJSIP/100-0000001a", "list": "a,b,,d", "empty": ""}


def returned(called: str) -> str | None:
    """What a function returns, written as in a dialplan."""
    name, _, rest = called.partition("(")
    return result(name, rest.removesuffix(")"), lambda variable: VARIABLES.get(variable, ""), lambda *_: None)


@pytest.mark.parametrize(
    ("called", "text"),
    [
        ("LEN()", "0"),
        ("LEN(aé)", "3"),
        ("FILTER(0-9+,+48 (22) 123)", "+4822123"),
        ("FILTER(A-Za-z\\x2d,a-b_c)", "a-bc"),
        ("FILTER(\\x21-\\x7e,a b)", "ab"),
        ("FILTER(\\x41-,x1A)", "A"),
        ("FILTER(0-9,)", ""),
        ("FILTER(0-9)", ""),
        ("FILTER(a\\xg,a)", ""),
        ('FILTER(a-z,"a,b")', "ab"),
        ("CUT(path,/,2)", "100-0000001a"),
        ("CUT(path,-,1)", "PJSIP/100"),
        ("CUT(list,\\,,2-)", "b,,d"),
        ("CUT(list,\\,,-2)", "a,b"),
        ("CUT(list,\\,,1&4)", "a,d"),
        ("CUT(list,\\,,9)", ""),
        ("CUT(list,\\,,x)", ""),
        ("CUT(empty,-,1)", ""),
        ("CUT(list)", ""),
        ("CUT(CHANNEL(name),-,1)", None),
        ("FIELDQTY(list,\\,)", "4"),
        ("FIELDQTY(empty,-)", "0"),
        ("IF(1?a:b)", "a"),
        ("IF(0?a:b)", "b"),
        ("IF(x? a : b )", "a"),
        ("IF(0?a)", ""),
        ("IF(?a:b)", ""),
        ("ISNULL()", "1"),
        ("EXISTS(0)", "1"),
        ("TOUPPER(aé)", "Aé"),
        ("TOLOWER(AÉ)", "aÉ"),
        ("CALLERID(num)", None),
    ],
)
def test_a_function_returns_a_text(called: str, text: str | None) -> None:
    assert returned(called) == text


@pytest.mark.parametrize(
    ("condition", "true"),
    [("", False), ("0", False), ("00", False), ("0.5", False), ("1", True), ("-1", True), ("no", True), (" 0", False)],
)
def test_a_condition_holds(condition: str, *, true: bool) -> None:
    assert holds(condition) is true
