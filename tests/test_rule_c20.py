"""Every call is documented: the files that are emitted note what a call passes, and each note is needed."""

import inspect
import re
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, assume, given, settings

import dialc
from dialc import Source, assets, pages
from dialc.emit import asterisk
from dialc.emit import c20_every_call_is_documented as c20
from dialc.findings import text
from dialc.plan import Callback, Plan, Unproved, Verified
from tests import strategies
from tests.plans import warsaw
from tests.test_emit_asterisk import ASTERISK, proved
from tests.test_rules import plan as whole

NOTE = re.compile(r"Gosub\(\S+\.journey,s,1\(([^$]*)\)\)$")


@pytest.fixture(scope="module")
def clinic() -> tuple[Plan, Mapping[str, str]]:
    """The plan of the clinic and its files."""
    return proved().plan, asterisk.emit(proved(), warsaw())


def without(files: Mapping[str, str], old: str, new: str = "") -> Mapping[str, str]:
    """The files, with something in them gone."""
    assert any(old in written for written in files.values())
    return {name: written.replace(old, new) for name, written in files.items()}


def test_the_files_of_the_clinic_note_everything(clinic: tuple[Plan, Mapping[str, str]]) -> None:
    plan, files = clinic
    assert asterisk.documented(plan, files) == ()
    assert len(list(c20.points(plan))) > 50


def test_each_note_is_needed(clinic: tuple[Plan, Mapping[str, str]]) -> None:
    plan, files = clinic
    (name,) = (name for name in files if name.endswith(".extensions.conf"))
    rows = files[name].splitlines()
    steps = {f"{step}{label and '='}{label.replace(' ', '-')}" for step, label in c20.points(plan)}
    steps |= {f"{step.queue}=unanswered" for step in plan.steps.values() if isinstance(step, Callback)}
    notes = [index for index, row in enumerate(rows) if (match := NOTE.search(row)) and match[1] in steps]
    assert len(notes) > 50
    for index in notes:
        lost = [*rows]
        lost[index] = NOTE.sub("NoOp()", rows[index])
        assert asterisk.documented(plan, {**files, name: "\n".join(lost)}), rows[index]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("membergosub = ", "; ", "nothing records who answers at `registration`"),
        ("answered^${ARG2}", "talks", "nothing records who answers at `reception`"),
        ("s,1(15,reception", "s,1(15,somebody", "nothing records who answers at `reception`"),
        ("hangup_handler_push", "hangup_handler_wipe", "the journey of a call is lost: nothing is done as a call ends"),
        ("CDR(journey)=", "CDR(userfield)=", "the journey of a call is lost: it is not written into the call record"),
        ("__DIALC_BEGUN=${EPOCH}", "__DIALC_BEGUN=0", "the journey of a call is lost: nobody knows when a call came"),
        ("=answered/${who}", "=answered", "the journey of a call is lost: nobody knows who answers"),
        (
            "$[${EPOCH} - ${DIALC_BEGUN}]:${ARG1})",
            "${ARG1})",
            "the journey of a call is lost: nobody knows when a call passes a point",
        ),
        (".begin,s,1(", ".start,s,1(", "the journey of a call is lost: a call comes in and none is begun"),
    ],
)
def test_what_is_lost_is_told(clinic: tuple[Plan, Mapping[str, str]], old: str, new: str, message: str) -> None:
    plan, files = clinic
    assert message in [finding.message for finding in asterisk.documented(plan, without(files, old, new))]


def test_a_way_round_the_note_is_found(clinic: tuple[Plan, Mapping[str, str]]) -> None:
    plan, files = clinic
    (context,) = set(re.findall(r"\[(\S+[0-9a-f]{8}-reception)\]", "".join(files.values())))
    round_it = without(files, '"TIMEOUT"]?timeout)', f'"TIMEOUT"]?{context},s,1)')
    assert "nothing records that a call leaves `registration` by timeout" in [
        finding.message for finding in asterisk.documented(plan, round_it)
    ]


@given(strategies.plans(steps=8))
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_the_files_of_any_plan_note_everything(plan: Plan) -> None:
    assume(not asterisk.refusals(plan, ASTERISK))
    assert asterisk.documented(plan, asterisk.emit(Unproved(plan, ()), ASTERISK)) == ()


# The compiler


PLAN = """
    route start { answer -> sales }
    queue sales { members 201, 202  patience 2m  key 0 -> reception }
"""


def compiled() -> dialc.Compiled:
    return dialc.compile(Source("office.dial", whole(PLAN)))


def test_a_verdict_has_the_rule_where_files_are_written() -> None:
    judged = dialc.judge(Source("office.dial", whole(PLAN))).verdict
    assert isinstance(judged, Verified)
    assert "C20" not in judged.proved
    verdict = compiled().verdict
    assert isinstance(verdict, Verified)
    assert verdict.proved == tuple(sorted((*judged.proved, "C20")))
    assert all(", C20, " in written for written in compiled().files.values())


def shown(name: str) -> str:
    """What the page shows under a heading."""
    (found,) = re.findall(
        rf"^{name}[^\n]*::\n\n((?:(?: {{4}}.*)?\n)+?)(?=\S|\Z)", f"{pages.page('C20')}\n", re.MULTILINE
    )
    return "".join(f"{row[4:]}\n" for row in found.strip("\n").splitlines())


def test_a_template_that_forgets_something_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    real = assets.text

    def forgetful(name: str) -> str:
        return real(name).replace(shown("Good"), shown("Bad"))

    assert shown("Good") in real("backends/asterisk/steps.j2")
    monkeypatch.setattr(asterisk, "_templates", inspect.unwrap(vars(asterisk)["_templates"]))  # made anew each time
    monkeypatch.setattr(assets, "text", forgetful)
    done = compiled()
    assert (done.files, done.verdict) == ({}, None)
    assert text(done.findings[0]) == shown("Says").rstrip("\n")


def test_a_backend_that_documents_nothing_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    class Entry:
        def load(self) -> object:
            return object()

    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: [Entry()])
    with pytest.raises(LookupError, match="records no calls"):
        dialc.find_backend("switch")
