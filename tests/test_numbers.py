"""Numbers as they are written, and as trunks deliver them."""

import pytest

from dialc import numbers
from dialc.numbers import Form


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("+48 22 123 45 67", "", "+48221234567"),
        ("+1 (212) 555-0123", "", "+12125550123"),
        ("22 123 45 67", "PL", "+48221234567"),
        ("030 12345678", "DE", "+493012345678"),
        ("22 123 45 67", "", None),
        ("+48", "", None),
        ("abc", "PL", None),
        ("+48221234567;ext=5", "", None),
        ("", "PL", None),
    ],
)
def test_written_numbers_become_e164(written: str, country: str, number: str | None) -> None:
    assert numbers.e164(written, country) == number


@pytest.mark.parametrize(
    ("number", "international", "national"),
    [
        ("+48221234567", ("0048221234567",), ("221234567",)),
        ("+12125550123", ("01112125550123",), ("2125550123",)),
        ("+493012345678", ("00493012345678",), ("03012345678", "3012345678")),
        ("+390612345678", ("00390612345678",), ("0612345678",)),
        ("+81312345678", ("01081312345678",), ("0312345678", "312345678")),
    ],
)
def test_a_trunk_delivers_a_number_in_its_form(
    number: str, international: tuple[str, ...], national: tuple[str, ...]
) -> None:
    assert numbers.written_as(number, Form.PLUS) == (number,)
    assert numbers.written_as(number, Form.E164) == (number[1:],)
    assert numbers.written_as(number, Form.INTERNATIONAL) == international
    assert numbers.written_as(number, Form.NATIONAL) == national


def test_a_country_is_one_that_has_numbers() -> None:
    assert numbers.is_country("PL")
    assert not numbers.is_country("UK")


def test_a_number_is_of_the_country_whose_code_it_has() -> None:
    assert numbers.is_of("+48221234567", "PL")
    assert not numbers.is_of("+48221234567", "DE")
    assert numbers.is_of("+12125550123", "CA"), "one code for North America"


@pytest.mark.parametrize(
    ("country", "digits", "full"),
    [
        ("DE", "491711234567", True),
        ("DE", "49301234567", True),
        ("DE", "1711234567", False),
        ("PL", "483621234", False),  # in Radom
        ("IT", "3931234567", False),  # a mobile telephone
        ("IT", "393931234567", True),
        ("CZ", "420601123456", True),
        ("GR", "302101234567", True),
    ],
)
def test_digits_that_could_be_of_the_country_or_in_full(country: str, digits: str, full: bool) -> None:
    found = numbers.dialling(country)
    assert len(digits) in found.lengths
    assert (digits.startswith(found.code) and 0 < found.full <= len(digits)) is full


@pytest.mark.parametrize("country", ["", "PL", "ES", "US", "GB", "FR"])
def test_where_numbers_of_a_country_are_told_by_how_long_they_are(country: str) -> None:
    assert not numbers.dialling(country).full
