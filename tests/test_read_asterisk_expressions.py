"""What Asterisk makes of `$[...]` and `${...}`, in examples to check by hand; tests/live asks a real Asterisk."""

import pytest

from dialc.read.asterisk.expressions import read, result
from dialc.read.asterisk.substitution import Name, arguments, name, replaced, sliced


def worked_out(text: str) -> str | None:
    """The result of an expression that calls no function of Asterisk's."""
    return result(text, lambda *_: None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", ""),
        ("7", "7"),
        ("007", "007"),
        ("007 + 0", "7"),
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 3 - 2", "5"),
        ("1 / 3", "0.333333333333333333"),
        ("2 / 0", "2147483647"),
        ("7 % 4", "3"),
        ("-7 % 4", "-3"),
        ("- 5 + 3", "-2"),
        ("1 + 1 = 2", "1"),
        ("! 0", "1"),
        ("! abc", "1"),
        ("! 1 = 0", "1"),
        ("080000 < 160000 & 5 >= 1", "1"),
        ("10 < 9", "0"),
        ("a10 < a9", "1"),
        ('"a" = "a"', "1"),
        ('"a" = a', "0"),
        ('"1" = 1', "0"),
        ("0 | 08", "08"),
        ("08 | 0", "8"),
        ("a & b", "a"),
        ("a & 0", "0"),
        ("1 ? a :: b", "a"),
        ("0 ? a :: b", "b"),
        ("abc : a", "1"),
        ("abc : b", "0"),
        ("abc =~ b", "1"),
        ('"abc12" : "[a-z]+([0-9]+)"', "12"),
        ('"a b" ~~ c', "a bc"),
        ("é =~ é", "2"),
        ("99999999999999999999 + 0", "1e+20"),
        ("1.2.3 + 0", "0"),
        ('"1.2.3" : "(.*)" + 0', "1.2"),
        ("a + 5", "5"),
        ("a - 5", "-5"),
        ("a * 5", "0"),
        ("0.1 + 0.2", "0.3"),
        ("-0", "-0"),
        ("FLOOR(2.5) + ROUND(2.5)", "5"),
        ("ABS(-3)", "3"),
        ("SIN(1)", None),
        ("X(1)", None),
    ],
)
def test_an_expression_has_a_result(text: str, value: str | None) -> None:
    assert worked_out(text) == value
    assert not read(text).mistake


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("foo bar", "foo"),
        ("1 + 2 3", "3"),
        ("= 3", ""),
        (" > 3", ""),
        ("3 =", "0"),
        ("(1", "0"),
        ("1)", "1"),
        ("1 ? 2", "0"),
        ("1 , 2", "1"),
        ("${X} = 1", ""),
    ],
)
def test_an_expression_with_a_mistake_has_one_too(text: str, value: str) -> None:
    assert worked_out(text) == value
    assert read(text).mistake


def test_functions_are_called_with_their_arguments() -> None:
    asked = []

    def function(called: str, given: str) -> str:
        asked.append((called, given))
        return "3"

    assert result("LEN(a b, 1 + 1,) + 1", function) == "0"
    assert result('LEN("a b", 1 + 1,) + 1', function) == "4"
    assert asked == [("LEN", '"a b",2,')]


def test_operators_in_a_row_of_thousands_are_no_deeper_than_one() -> None:
    assert worked_out("!" * 4000 + "1") == "1"
    assert worked_out("(" * 2000 + "1" + ")" * 2000) == "1"


VARIABLES = {"X": "abcdef", "Y": "X", "n": "2", "quoted": '" | 1 = "1'}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("$5 $ $$", "$5 $ $$"),
        ("${X}", "abcdef"),
        ("${X:1:2}", "bc"),
        ("${X:-2}", "ef"),
        ("${X:1:-1}", "bcde"),
        ("${X:9}", ""),
        ("${${Y}}", "abcdef"),
        ("${X:${n}}", "cdef"),
        ("${nothing}", ""),
        ("a${X", "aabcdef"),
        ("$[${n} + 1]", "3"),
        ("$[$[${n} + 1] * 2", "6"),
        ("$[${X:0:1} = a]b", "1b"),
        ('$["${quoted}" = "0"]', '""'),
        ("${f(${X},b):0:3}", "f<a"),
        ("${f((a:b))}", "f<(a:b)>"),
        ("${{X}}", ""),
        ("$[[a]]", "a"),
    ],
)
def test_what_is_asked_for_is_put_in_its_place(text: str, value: str) -> None:
    function = "{}<{}>".format
    assert replaced(text, lambda variable: VARIABLES.get(variable, ""), function) == value


def test_what_is_not_known_makes_the_text_unknown() -> None:
    assert replaced("a${X}", lambda _: None, lambda *_: None) is None
    assert replaced("a${f(x)}", lambda _: "", lambda *_: None) is None
    assert replaced("a$[f(${X})]", lambda _: "", lambda *_: None) is not None


def test_texts_deeper_in_one_another_than_asterisk_goes_are_empty() -> None:
    assert replaced("${" * 14 + "X" + "}" * 14, lambda asked: "X" if asked == "X" else "?", lambda *_: None) == "X"
    assert replaced("${" * 40 + "X" + "}" * 40, lambda asked: f"<{asked}>", lambda *_: None) == "<" * 15 + ">" * 15


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("X", Name("X")),
        ("X:1", Name("X", None, 1)),
        ("X:-3:2", Name("X", None, -3, 2)),
        ("X:a", Name("X")),
        ("CUT(X,:,1)", Name("CUT", "X,:,1")),
        ("CUT(X,:,1):2", Name("CUT", "X,:,1", 2)),
        ("F(a)b)c", Name("F", "a)b")),
        ("F(a", Name("F", "a")),
    ],
)
def test_the_inside_of_braces_is_a_name_and_a_part(text: str, asked: Name) -> None:
    assert name(text) == asked


def test_parts_count_bytes() -> None:
    assert sliced("éa", 2, None) == "a"
    assert sliced("éa", 0, 1).encode("utf-8", "surrogateescape") == b"\xc3"


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("", ()),
        ("a", ("a",)),
        ("a,b", ("a", "b")),
        ("a,,b,", ("a", "", "b", "")),
        ("f(a,b),c", ("f(a,b)", "c")),
        ('"a,b",c', ("a,b", "c")),
        ("a\\,b,c", ("a,b", "c")),
        ("[a,b],c", ("[a,b]", "c")),
        ("a),b", ("a)", "b")),
        ("(a,b", ("(a,b",)),
    ],
)
def test_arguments_are_parted_at_commas(text: str, parted: tuple[str, ...]) -> None:
    assert arguments(text) == parted


def test_the_last_argument_takes_the_rest_as_it_is() -> None:
    assert arguments('a,"b","c",\\d', most=3) == ("a", "b", '"c",\\d')


def test_raw_arguments_keep_quotes_and_backslashes() -> None:
    assert arguments('"a,b",c\\,d', raw=True) == ('"a,b"', "c\\,d")
    assert arguments("a&b&(c&d)", separator="&") == ("a", "b", "(c&d)")
