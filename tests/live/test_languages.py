"""Two languages of different prompt lengths on a real Asterisk: what callers hear, when, and for how long."""

import asyncio
import functools
from collections.abc import Mapping

import attrs
import pytest

import dialc
from dialc.call import Happens, presses
from dialc.plan import Outcome, Plan
from dialc.site import Site
from dialc.source import Source
from tests.live.asterisk import Install
from tests.live.caller import Do
from tests.live.phones import Answer, Ring
from tests.live.scene import Case, Judged, Scene, running, settled, warsaw

PLAN = Source(
    "town.dial",
    """\
plan town "Town hall"
timezone Europe/Warsaw
language pl
languages pl, en

operator reception {
  play connecting
  ring 100 for 6s
  unanswered -> night
}

prompt tongues    { file town/tongues     pl "Polski: jeden. English: two."  lasts 4s  offers 1, 2 }
prompt choices    { file town/choices     pl "Meldunek: jeden. In English: dziewięć."
                    en "Registration: one. Po polsku: nine."  lasts 3s  lasts en 6s  offers 1, 9 }
prompt connecting { file town/connecting  pl "Łączę."  en "Please hold the line."  lasts 1s  lasts en 3s }
prompt pardon     { file town/pardon      pl "Przepraszamy."  en "We are sorry."  lasts 4s  lasts en 2s
                    apology  goodbye }

line "+48 22 123 45 67" -> speak

menu speak {
  play tongues
  key 1 "polski"  speaks pl -> main
  key 2 "English" speaks en -> main
  wait 3s  tries 1
  silence -> main
}
menu main {
  play choices
  key 1 "registration" -> reception
  key 9 "po polsku" speaks pl -> reception
  wait 3s  tries 2
}
route night { play pardon  hang-up }
""",
)

SITE = Source(
    "town.site",
    """\
site town for asterisk 22 {
  trunk orange { delivers plus  dial "PJSIP/{number}@orange" }
  phones 100-199 dial contacts
  sounds "hall"
  enter from-orange
}
""",
)


@attrs.frozen(slots=False)
class Town(Scene):
    """The plan above, at the site above; the recordings of both languages."""

    @functools.cached_property
    def plan(self) -> Plan:
        verdict = dialc.judge(PLAN).verdict
        assert isinstance(verdict, dialc.Verified), dialc.judge(PLAN).findings
        return verdict.plan

    @functools.cached_property
    def site(self) -> Site:
        found, findings = dialc.read_site(SITE)
        assert found is not None, findings
        return found

    @functools.cached_property
    def files(self) -> Mapping[str, str]:
        compiled = dialc.compile(PLAN, self.site)
        assert compiled.files, compiled.findings
        return compiled.files

    @functools.cached_property
    def lengths(self) -> Mapping[str, float]:
        """As Asterisk finds them: English ones, which it falls back upon, by their names; Polish ones in `pl/`."""
        in_english, in_polish = self.plan.spoken("en").prompts, self.plan.prompts
        found = {f"hall/{prompt.file}": float(prompt.seconds) for prompt in in_english.values()}
        return found | {f"pl/hall/{prompt.file}": float(prompt.seconds) for prompt in in_polish.values()}


TOWN = Town("", "", {"100": ["100"]}, "orange")

MENU = r"^WaitExten\("
TONGUES = r"^BackGround\(hall/town/tongues\)"
CHOICES = r"^BackGround\(hall/town/choices\)"
SILENCE = Happens(Outcome.SILENCE)
NOBODY = Happens(Outcome.NO_ANSWER)
ANSWERED = Happens(Outcome.ANSWERED, 2, who="100")
PICKS_UP = {"100": (Answer(after=2, hang_up=2),)}
NOT = {"100": (Ring(),)}

CASES = [
    Case(
        "English, to a person",
        (Do("2", when=MENU), Do("1", when=MENU)),
        PICKS_UP,
        (presses("2"), presses("1"), ANSWERED),
    ),
    Case(
        "Polish, to a person",
        (Do("1", when=MENU), Do("1", when=MENU)),
        PICKS_UP,
        (presses("1"), presses("1"), ANSWERED),
    ),
    Case(
        "a key in what only the English prompt still says",
        (Do("2", when=TONGUES, after=2), Do("1", when=CHOICES, after=5)),
        PICKS_UP,
        (presses("2", 2), presses("1", 5), ANSWERED),
    ),
    Case(
        "silent in both, so spoken to in the first",
        (Do("", when=MENU), Do("", when=MENU), Do("", when=MENU)),
        PICKS_UP,
        (SILENCE, SILENCE, SILENCE, ANSWERED),
    ),
    Case(
        "English, silent twice",
        (Do("2", when=MENU), Do("", when=MENU), Do("", when=MENU)),
        PICKS_UP,
        (presses("2"), SILENCE, SILENCE, ANSWERED),
    ),
    Case(
        "English to the end of the call",
        (Do("2", when=MENU), Do("1", when=MENU)),
        NOT,
        (presses("2"), presses("1"), NOBODY),
    ),
    Case(
        "Polish to the end of the call",
        (Do("1", when=MENU), Do("1", when=MENU)),
        NOT,
        (presses("1"), presses("1"), NOBODY),
    ),
    Case(
        "English, and then Polish",
        (Do("2", when=MENU), Do("9", when=MENU)),
        NOT,
        (presses("2"), presses("9"), NOBODY),
    ),
]


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Judged]:
    """Every call, made once, all at the same time."""

    async def together(cases: list[Case]) -> dict[str, Judged]:
        async with running(install, TOWN, start=warsaw("2026-11-24 11:00:00"), speed=3) as scene:
            assert scene.pbx.warnings() == []
            return await scene.judge_all(cases, at_once=len(cases))

    async def everything() -> dict[str, Judged]:
        return await settled(await together(CASES), lambda case: together([case]))

    return asyncio.run(everything())


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_the_pbx_speaks_the_language_that_was_chosen(calls: dict[str, Judged], name: str) -> None:
    assert calls[name].differences == (), str(calls[name])
