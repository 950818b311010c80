"""Until when people have to stay, against every call that small plans allow."""

from hypothesis import assume, given, settings

from dialc import call, reach
from dialc.call import is_open
from dialc.plan import Period, Plan, Queue
from dialc.staying import presences
from tests import strategies
from tests.test_approach import planned
from tests.test_verify import SLOW, all_calls


@given(strategies.plans(steps=3, acyclic=True))
@settings(SLOW, max_examples=60)
def test_people_stay_until_the_last_second_in_which_somebody_can_answer(plan: Plan) -> None:
    assume(not any(hours.switches for hours in plan.hours.values()))
    survey = reach.survey(plan)
    assume(not survey.loops)
    longest = max(survey.longest(lambda _step, exit: exit.longest).values())
    answered: dict[str, set[int]] = {}
    for made in all_calls(plan, steps=40, longest=longest):
        for event in made.events:
            if isinstance(event, call.AnsweredBy):
                answered.setdefault(event.step, set()).add(made.at + event.at)
    found = presences(survey)
    for step, instants in answered.items():
        hours, after = found[step].hours, found[step].after
        if hours is None:
            continue
        # seconds for which it has been closed at the end of each of these seconds
        late = [next(ago for ago in range(after + 2) if is_open(Period(hours), at - ago)) for at in instants]
        behind = plan.steps[step]
        if isinstance(behind, Queue) and behind.closing:
            assert max(late) <= after
        else:
            assert max(late) == after


def test_who_is_told_something_after_the_last_ring_keeps_nobody_there() -> None:
    body = """
        operator reception { ring 100 for 20s  staffed office  unstaffed -> night  unanswered -> sorry  TAIL }
        route start { answer  when office open -> reception  otherwise -> night }
    """
    found = [presences(reach.survey(planned(body.replace("TAIL", tail)))) for tail in ("", "then play welcome")]
    assert found[0] == found[1]
