"""Number classes: patterns that match what the phonenumbers library says is of a class, and nothing else."""

import random
from collections.abc import Sequence

import phonenumbers
import pytest

from dialc.classes import Kind, NumberClass, Pattern, admitted, code, patterns

COUNTRIES = sorted(phonenumbers.SUPPORTED_REGIONS)


def matches(found: Sequence[Pattern], number: str) -> int:
    """How many patterns match a national number."""
    return sum(
        len(pattern) == len(number) and all(digit in digits for digit, digits in zip(number, pattern, strict=True))
        for pattern in found
    )


@pytest.mark.parametrize("kind", Kind)
def test_what_a_pattern_matches_is_of_its_class(kind: Kind) -> None:
    draw = random.Random(kind.value)
    for country in COUNTRIES:
        each = NumberClass(country, kind)
        for pattern in patterns(each)[:: max(1, len(patterns(each)) // 5)]:
            number = f"+{code(country)}{''.join(map(draw.choice, pattern))}"
            assert admitted(number, [each]), (str(each), number)


@pytest.mark.parametrize("country", ["PL", "DE", "GB", "US", "CA", "IT", "LT", "IL", "IN", "KZ", "RU", "AR", "BR"])
def test_thousands_of_numbers_are_of_a_class_just_where_a_pattern_matches(country: str) -> None:
    draw = random.Random(country)
    known = {kind: patterns(NumberClass(country, kind)) for kind in Kind}
    several = [pattern for found in known.values() for pattern in found]
    agreed = 0
    for _ in range(600):
        digits = "".join(map(draw.choice, draw.choice(several)))
        if draw.random() < 0.7:  # one digit is another, or one more or fewer
            at = draw.randrange(len(digits))
            digits = digits[:at] + draw.choice(["", *"0123456789"]) + digits[at + 1 :]
        number = f"+{code(country)}{digits}"
        for kind, found in known.items():
            of_it = admitted(number, [NumberClass(country, kind)])
            assert matches(found, digits) == of_it, (country, kind, number)
            agreed += of_it
    assert 200 < agreed < 1400


def test_classes_are_those_of_one_country_even_where_several_share_a_code() -> None:
    jamaica = "+18765230123"
    assert not admitted(jamaica, [NumberClass("US", kind) for kind in Kind])
    assert admitted(jamaica, [NumberClass("JM", Kind.FIXED)])
    assert not any(matches(patterns(NumberClass("US", kind)), jamaica[2:]) for kind in Kind)


@pytest.mark.parametrize("number", ["+48700123456", "+48801123456", "+48800123456", "+49900123456", "+447012345678"])
def test_premium_shared_free_and_personal_numbers_are_of_no_class(number: str) -> None:
    parsed = phonenumbers.parse(number, None)
    country = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    national = phonenumbers.national_significant_number(parsed)
    for kind in Kind:
        assert not admitted(number, [NumberClass(country, kind)])
        assert not matches(patterns(NumberClass(country, kind)), national)


@pytest.mark.parametrize("text", ["", "anonymous", "48600111222", "+48 600 111 222", "+4860011122", "+480600111222"])
def test_what_is_no_number_in_full_is_of_no_class(text: str) -> None:
    assert not admitted(text, [NumberClass("PL", kind) for kind in Kind])
