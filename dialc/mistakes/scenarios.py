"""What can be wrong with scenarios, or with the plan that they are about."""

from dialc.mistakes.entry import PLAN, Mistake

_TRIED = (
    PLAN
    + """
scenario "sales on a Monday" {
  at 2026-11-23 09:15
  call "+48 22 123 45 67"
  hear welcome, choices
  press 1
  reach sales within 5s
  201 answers after 10s
}
"""
)
"""The plan of most mistakes, with a scenario that goes as expected."""

MISTAKES = (
    Mistake(
        "D301",
        "a call that does not go as its scenario says",
        """
``dialc test`` makes the call of each scenario. The prompts that a scenario hears are the next that the caller hears,
and the blocks that it reaches are on the caller's way, behind what stands before them in the scenario. The finding
shows the call as it went: either the plan is wrong, or the scenario.
""",
        _TRIED.replace("  hear welcome, choices", "  hear choices"),
        _TRIED,
    ),
    Mistake(
        "D302",
        "what happens in a scenario has no place in the call",
        """
What happens comes to pass in the order written, each at the first point of the call at which it can: a key in a menu,
an answer where that phone rings. What is left when the call is over, or cannot be, is told.
""",
        _TRIED.replace("201 answers", "100 answers").replace("after 10s", "after 4m"),
        _TRIED,
    ),
)
