"""A share of what `python -m tests.fuzz` does at length: whatever the input, findings and nothing else."""

from tests import fuzz


def test_no_input_leads_to_more_than_findings() -> None:
    tally = fuzz.run(inputs=3000, seed=20261122)
    assert not tally.failures, "\n".join(told for _, told in tally.failures[:3])
    assert tally.parsed >= 0.3 * tally.inputs, str(tally)
    assert tally.resolved, str(tally)
