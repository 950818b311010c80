"""Where callers can be, and when: the one engine that every rule asks.

In: a plan. Out: its `Survey`. A caller is in a `Situation`: at a step, with so many returns used up, spoken to in a
language, and with what a rule remembers of the call so far. Of each situation that some call gets into the survey knows
the exact set of instants at which it can be reached. What a rule has to know of it:

* `Memory` is what the rule remembers of a call: states of its own, which change as a step is left (`leave`) and as the
  caller arrives at another (`arrive`, which can tell instants apart). Few states make a rule fast: all that is the same
  to it from here on should be one state. It is asked of situations with `reach` (all of them) or `at` (one step), with
  `FORGETFUL` where it need remember nothing.
* What a memory costs is the steps that are looked at times its states. So a rule that has a memory for each prompt,
  hours block or promise says where it looks (`towards`) and, if nothing before matters, where it begins (`since`): then
  it costs the part of the plan in between, and a plan of many sites costs as much as all its sites. It makes a memory
  once, asks it what it has to ask and lets go of it: what was worked out goes with it.
* A goal is some situations, with some of their instants; the `witness` is the shortest call that arrives there.
* Sets of instants are shared and worked out late: the one at a step is mostly the very one at the step before, some
  seconds later. Whether a set is empty, and what is `later`, costs nothing; whatever looks at its stretches works it
  out. So a rule asks `can_take` where it need not know when, and `during` where it asks for the same hours often.
* `longest` adds up weights of exits to the end of calls, once over the plan for each question; `measure` does so
  exactly where the hours matter.

Nothing here enumerates paths, and nothing goes down a plan by recursion, however long it is.
"""

from dialc.reach.circles import behind, components
from dialc.reach.loops import at_rest, ranks, round_later, survey
from dialc.reach.samples import sampled
from dialc.reach.situations import FORGETFUL, Beginning, Goal, LastReading, Loop, Memory, Reached, Situation, State
from dialc.reach.surveys import Survey

__all__ = [
    "FORGETFUL",
    "Beginning",
    "Goal",
    "LastReading",
    "Loop",
    "Memory",
    "Reached",
    "Situation",
    "State",
    "Survey",
    "at_rest",
    "behind",
    "components",
    "ranks",
    "round_later",
    "sampled",
    "survey",
]
