"""What can be wrong with digits that callers enter: the sets they are looked up in, their length, what is accepted."""

from dialc.mistakes.entry import PLAN, Mistake

_PLAN = (
    PLAN
    + """
digits customers { 100100, 200200 }

collect account {
  play welcome
  digits 6
  accept customers -> sales
  accept any       -> reception
}
"""
)


def _edit(code: str, title: str, old: str, new: str, page: str) -> Mistake:
    """A mistake that a plan with a collect has once `new` stands for `old`."""
    return Mistake(code, title, page, _PLAN.replace(old, new), _PLAN)


MISTAKES = (
    _edit(
        "D257",
        "numbers that cannot be entered",
        "100100, 200200 }",
        "100100, 200200200200200200200200200200200200 }",
        """
A set holds numbers of 1 to 32 digits, at most 100,000 of them. They stand in the plan or in files beside it (``from
"customers.csv"``), in the first column of each row. A first row without a number is a heading, and rows that are blank
or begin with ``#`` are skipped; every other row that has no number, and a file that cannot be read, is reported.
""",
    ),
    _edit(
        "D258",
        "an accept that nothing is taken for",
        "digits 6",
        "digits 5",
        """
The first ``accept`` that takes an entry decides where its caller goes. A set whose numbers are shorter or longer than
the digits asked for can never be entered, and what stands behind ``accept any``, or behind sets and checks that take
everything it would, never gets its turn.
""",
    ),
    _edit(
        "D259",
        "a length that is none",
        "digits 6",
        "digits 8 to 6",
        """
``digits 6`` asks for six digits, ``digits 4 to 8`` for at least four and at most eight.
""",
    ),
)
