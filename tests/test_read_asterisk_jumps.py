"""Where applications send a call, and how they take options and times, in examples to check by hand."""

import pytest

from dialc.read.asterisk.jumps import (
    Application,
    Branches,
    Subroutine,
    Target,
    executions,
    gosubs,
    gotos,
    milliseconds,
    options,
    subroutine,
    target,
)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("a,s,1", Target("a", "s", 1)),
        ("s,1", Target(None, "s", 1)),
        ("1", Target(None, None, 1)),
        ("again", Target(None, None, label="again")),
        ("a,s,again", Target("a", "s", label="again")),
        ("+2", Target(None, None, 2, relative=True)),
        ("-1", Target(None, None, -1, relative=True)),
        ("s,1x", Target(None, "s", label="1x")),
        ("s,", Target(None, "s", label="")),
        (",s,1", Target("", "s", 1)),
        ("a,s,1,9", Target("a", "s", 1)),
        ("a, s,1", Target("a", " s", 1)),
        ("", None),
    ],
)
def test_a_target_is_a_place(written: str, found: Target | None) -> None:
    assert target(written) == found


@pytest.mark.parametrize(
    ("written", "place", "given"),
    [
        ("a,s,1", Target("a", "s", 1), ()),
        ("a,s,1()", Target("a", "s", 1), ()),
        ("a,s,1(x,y)", Target("a", "s", 1), ("x", "y")),
        ('s,1(,"a,b",f(c,d))', Target(None, "s", 1), ("", '"a,b"', "f(c,d)")),
        ("s,1(x", Target(None, "s", 1), ("x",)),
        ("(x)", None, ("x",)),
    ],
)
def test_a_subroutine_has_arguments(written: str, place: Target | None, given: tuple[str, ...]) -> None:
    assert subroutine(written) == Subroutine(place, given)


def test_gotoif_parts_at_the_first_signs_whatever_encloses_them() -> None:
    assert gotos("1?a,s,1:b") == Branches("1", "a,s,1", "b")
    assert gotos("0?:b") == Branches("0", "", "b")
    assert gotos('"a?b"?c') == Branches('"a', 'b"?c', "")
    assert gotos("9:00-17:00,*,*,*?open") == Branches("9:00-17:00,*,*,*", "open", "")


def test_gosubif_and_execif_mind_what_encloses() -> None:
    assert gosubs("1?a(x:y):b") == Branches("1", "a(x:y)", "b")
    assert gosubs("1") is None
    assert executions("1?Set(a=b:c):NoOp") == ("1", Application("Set", "a=b:c"), Application("NoOp", ""))
    assert executions("0?Hangup()") == ("0", Application("Hangup", ""), None)
    assert executions("1,Set,a=b") == ("1", Application("Set", "a=b"), None)
    assert executions("1?") is None


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("", {}),
        ("tTg", {"t": None, "T": None, "g": None}),
        ("U(a^b(c))g", {"U": "a^b(c)", "g": None}),
        ('m("a)b")t', {"m": "a)b", "t": None}),
        ("m(a\\)b)", {"m": "a)b"}),
        ("t(", None),
        ("tU(a", None),
    ],
)
def test_options_are_letters(written: str, found: dict[str, str | None] | None) -> None:
    assert options(written) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        *(("5", 5000), ("0.5", 500), (".25", 250), ("2s", 2000), ("1m", 60_000), ("1 h", 3_600_000), ("300ms", 300)),
        *(("", None), ("x", None), ("5x", None), ("-1", -1000)),
    ],
)
def test_lengths_of_time(written: str, found: int | None) -> None:
    assert milliseconds(written) == found
