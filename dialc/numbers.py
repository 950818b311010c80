"""Telephone numbers: what was written to E.164, and the forms in which a trunk can deliver one.

In: text and a country. Out: E.164 text (`+48221234567`), and digit strings as they arrive in a SIP request. The only
module that knows the phonenumbers library, and it loads it on first use.
"""

import enum
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber, PhoneNumberDesc


class Form(enum.Enum):
    """How a trunk writes a called number: `+48…`, `48…`, `0048…`, or as people at home dial it, `22…`."""

    PLUS = "plus"
    E164 = "e164"
    INTERNATIONAL = "international"
    NATIONAL = "national"


def e164(written: str, country: str = "") -> str | None:
    """The number in E.164, or None where it is none.

    `country` (ISO 3166 two letters) is needed for a number without `+`. A number must be possible in length; whether
    an operator has given it out is not asked, since numbering plans change faster than libraries.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(written, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or number.extension:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def written(number: str) -> str:
    """An E.164 number as people write it, in groups of digits."""
    import phonenumbers

    grouped = phonenumbers.format_number(_parsed(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    digits = "".join(character if character.isdigit() else " " for character in grouped)
    found = f"+{' '.join(digits.split())}"
    return found if found.replace(" ", "") == number else number


def is_country(code: str) -> bool:
    """Whether a code (ISO 3166, two letters) is that of a country with telephone numbers."""
    import phonenumbers

    return code in phonenumbers.SUPPORTED_REGIONS


def is_of(number: str, country: str) -> bool:
    """Whether an E.164 number has the country code of a country; all countries that share a code count as one."""
    import phonenumbers

    return _parsed(number).country_code == phonenumbers.country_code_for_region(country)


def is_one_country(one: str, other: str) -> bool:
    """Whether two E.164 numbers begin with one country code."""
    return _parsed(one).country_code == _parsed(other).country_code


def written_as(number: str, form: Form) -> tuple[str, ...]:
    """The digit strings in which a trunk that uses `form` can deliver an E.164 number; the first is the usual one.

    National numbers come with and without the trunk prefix (`0` in Germany, none in Poland), and the international
    prefix is the country's own (`00`, `011`).
    """
    import phonenumbers

    digits = number.removeprefix("+")
    match form:
        case Form.PLUS:
            return (number,)
        case Form.E164:
            return (digits,)
        case Form.INTERNATIONAL:
            region = phonenumbers.region_code_for_number(_parsed(number))
            metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None) if region else None
            prefix = (metadata.preferred_international_prefix or metadata.international_prefix) if metadata else None
            return ((prefix if prefix and prefix.isdigit() else "00") + digits,)
        case Form.NATIONAL:
            parsed = _parsed(number)
            bare = phonenumbers.national_significant_number(parsed)
            usual = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
            dialled = "".join(character for character in usual if character.isdigit())
            return tuple(dict.fromkeys((dialled, bare)))


@attrs.frozen
class Dialling:
    """How people in a country write numbers: its country code, what stands before numbers of other countries and before
    its own, and how many digits these have.

    So many digits or more that begin with the country code are a number in full, although they could be one of the
    country: whoever leaves out the `0` of a country that has one has mostly written the code. Where there is none,
    only mobile numbers are told apart in this way (Italy's begin with 39, too). 0 where nothing could be either.
    """

    code: str
    international: str
    national: str
    lengths: tuple[int, ...]
    full: int


def dialling(country: str) -> Dialling:
    """The dialling plan of a country (ISO 3166, two letters); one without a code where the country is not known."""
    import phonenumbers

    metadata = phonenumbers.PhoneMetadata.metadata_for_region(country, None) if country else None
    if metadata is None:
        return Dialling("", "00", "", (), 0)
    prefix = metadata.preferred_international_prefix or metadata.international_prefix or ""
    code, national = str(metadata.country_code), metadata.national_prefix or ""
    national = national if national.isdigit() else ""
    lengths = _lengths(metadata.general_desc)
    usual = _lengths(metadata.mobile, *((metadata.fixed_line,) if national else ()))
    full = len(code) + min(usual, default=0)
    return Dialling(
        code,
        prefix if prefix.isdigit() else "00",
        national,
        lengths,
        full if usual and any(n >= full for n in lengths) else 0,
    )


def _lengths(*kinds: "PhoneNumberDesc | None") -> tuple[int, ...]:
    """How many digits numbers of some kinds have."""
    return tuple(sorted({n for kind in kinds if kind for n in kind.possible_length or () if n > 0}))


def _parsed(number: str) -> "PhoneNumber":
    import phonenumbers

    return phonenumbers.parse(number, None)
