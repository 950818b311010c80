"""A share of the campaign that holds the verifier against every call of small plans."""

from tests import enumerated

SHARE = range(420)
"""Seeds of some three hundred plans; the others have too many calls."""


def test_a_share_of_plans_is_held_against_all_their_calls() -> None:
    tally = enumerated.tally(SHARE)
    assert tally.wrong == []
    assert tally.counts["plans"] > 250
    assert min(tally.broken[code] for code in enumerated.CODES) > 1
    assert min(tally.kept[code] for code in enumerated.CODES) > 1
