"""Public holidays, by country and part of a country, from the library `holidays`.

In: a region as it was written (`PL`, `DE-BY`) and the dates of a plan. Out: the holidays between them, with their names
in a language of the country, or what is wrong with the region. They depend on nothing else: neither on today's date nor
on the language of whoever compiles.
"""

import datetime

import attrs

from dialc.resolve import values


@attrs.frozen
class Holiday:
    """A public holiday; several of one day are one, with all their names."""

    date: datetime.date
    names: tuple[str, ...]


@attrs.frozen
class Table:
    """The holidays of a region.

    `estimated` counts those that follow the moon, so that nobody knows their dates for sure; `beyond` is the first year
    that the table says nothing about, None for none; `version` that of the library.
    """

    holidays: tuple[Holiday, ...]
    estimated: int
    beyond: int | None
    version: str


class NoRegion(LookupError):
    """There is no such country, or no such part of it; `help` is the cure, empty where it is not sure."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help


_ELSEWHERE = {"EL": "GR", "EN": "GB", "UK": "GB"}
"""Countries by codes that others use for them."""


def table(region: str, first: datetime.date, last: datetime.date) -> Table:
    """The holidays of a region from one date to another, both included. Raises `NoRegion`."""
    import importlib.metadata

    import holidays  # the tables of all countries, which few plans ask for

    country, _, part = region.partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        meant = _ELSEWHERE.get(country) or values.close_to(country, known)
        help = f"did you mean `{meant}`?" if meant else "write its code, as in `PL`"
        raise NoRegion(f"no holidays are known of a country `{country}`", help)
    anywhere = holidays.country_holidays(country)
    if part and part not in known[country]:
        parts = {**{code.lower(): code for code in known[country]}, **_by_name(anywhere.subdivisions_aliases)}
        code = parts.get(part.lower()) or parts.get(values.close_to(part.lower(), parts))
        help = f"did you mean `{country}-{code}`?" if code else _listed(country, known[country])
        raise NoRegion(f"`{country}` has no part `{values.shortened(part)}` with holidays of its own", help)
    years = range(first.year, last.year + 1)
    found = holidays.country_holidays(country, part or None, years, language=anywhere.default_language)
    label = str(getattr(found, "estimated_label", None) or "").replace("%s", "").strip()
    estimated = 0
    days: list[Holiday] = []
    for date, written in sorted(found.items()):
        if first <= date <= last:
            estimated += bool(label) and label in written
            names = (name.replace(label, "").strip() for name in written.split("; "))
            days.append(Holiday(date, tuple(dict.fromkeys(names))))
    beyond = next((year for year in years if not found.start_year <= year <= found.end_year), None)
    return Table(tuple(days), estimated, beyond, importlib.metadata.version("holidays"))


def _by_name(aliases: dict[str, str]) -> dict[str, str]:
    """The codes of parts by their names."""
    return {name.lower(): code for name, code in aliases.items()}


def _listed(country: str, parts: list[str]) -> str:
    """The parts of a country that there are."""
    if not parts:
        return f"write `{country}`: they are the same all over the country"
    return f"write `{country}`, or {', '.join(f'`{country}-{part}`' for part in parts[:3])} and so on"
