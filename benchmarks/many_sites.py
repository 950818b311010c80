"""How the time to prove a plan grows, as each thing that it depends on grows alone.

In: how many rounds to run (default 3), and the names of what grows (default: all). Out: for each size the plan's steps,
the median seconds of processor time to parse, to resolve and to verify it, and how many times as long as the size
before that took altogether, beside how many times as large it is. Ratios are taken within a round, all sizes of which
run one after the other, so that a machine whose speed drifts does not matter.

The plans are chains of shops, as in examples/retailer.dial: each has a line, a menu, a queue and a mailbox, and all
have one operator. Where a shop is written out, there is a way back to its menu.
"""

import statistics
import sys
import time
from collections.abc import Callable, Mapping

import attrs

from dialc.parse import parse
from dialc.resolve import resolve
from dialc.source import Source
from dialc.verify import verify

HEAD = """
plan chain "Example Shops"
timezone Europe/Warsaw  language en  country PL
valid 2026-01-01 to {last}-12-31

operator reception default {{ play connecting  ring 100, 101 for 20s  supervisor 110  unanswered -> sorry }}

route sorry {{ play apology  hang-up }}

prompt closed_now(opening) {{ file shops/closed  en "We are closed now."  lasts 2s  says closed opening }}
prompt choices       {{ file shops/choices  en "Sales: one. Address: two. Help: zero."  lasts 5s  offers 1, 2, 0 }}
prompt in_line       {{ file shops/in-line  en "Please wait. For help, press zero."  lasts 3s  offers 0 }}
prompt connecting    {{ file shops/connecting  en "You are put through."  lasts 2s }}
prompt address       {{ file shops/address  en "You find us in the high street."  lasts 3s }}
prompt leave_message {{ file shops/leave-message  en "Leave a message after the tone."  lasts 3s }}
prompt thanks        {{ file shops/thanks  en "Thank you. Goodbye."  lasts 2s  goodbye }}
prompt apology       {{ file shops/apology  en "We are sorry. Goodbye."  lasts 2s  apology  goodbye }}
"""

SHOP = """
route shop{whole} {{
  answer
  play welcome{whole}
  when {opening} open -> choose{whole}
  otherwise -> shut{whole}
}}

prompt welcome{whole} {{
  file shops/welcome
  en {greeting}
  lasts 3s
}}

menu choose{whole} {{
  play choices
  key 1 "sales"   -> sales{whole}
  key 2 "address" -> info{whole}
  key 0 "help"    -> reception
  wait 4s
  tries 2
}}

route info{whole} {{
  play address
  {back}
}}

queue sales{whole} {{
  play in_line
  members {desk}
  then members {stock} after 30s
  staffed {opening} plus 10m
  {announced}
  patience 2m
  key 0 -> reception
}}

route shut{whole} {{
  {told}
  -> message{whole}
}}

mailbox message{whole} {{
  box {desk}
  while closed {opening}
  greeting leave_message
  then thanks
  read by reception within 1 working day
  nothing-left -> sorry
  failed -> sorry
}}
"""


@attrs.frozen
class Chain:
    """So many shops, with so many hours blocks between them. Their blocks have parameters, or are `written_out`, with
    so many `returns` to a menu.

    The plan is valid for so many `years`; callers are on any of so many `lists`, each of which has a way of its own.
    Unless callers are `told` that a shop is closed, its mailbox is a mistake; unless they are told their position
    (`announced`), its queue is one, since nobody says a word in it. Otherwise every rule is proved.
    """

    shops: int
    hours: int = 2
    written_out: bool = False
    returns: int = 1
    years: int = 3
    lists: int = 0
    told: bool = True
    announced: bool = True

    def text(self) -> str:
        """The plan, as it is written."""
        parts = [HEAD.format(last=2025 + self.years)]
        parts.extend(f"hours hours_{i} {{ mon-fri {7 + i // 60 % 3:02}:{i % 60:02}-16:00 }}" for i in range(self.hours))
        for index in range(self.lists):
            to = f"guest_{index + 1}" if index + 1 < self.lists else "reception"
            parts.append(f'callers guests_{index} {{ prefix "+48 6{index:02}" }}')
            parts.append(f"route guest_{index} {{ when caller in guests_{index} -> shop_0  otherwise -> {to} }}")
        if self.lists:
            parts.append('line "+48 22 999 99 99" -> guest_0')
        if not self.written_out:
            parts.append(self._shop("(opening, greeting, desk, stock)", "opening", "greeting", "desk", "stock"))
        for index in range(self.shops):
            opening, greeting = f"hours_{index % self.hours}", f'"Welcome to shop {index}."'
            desk, stock = str(200 + 2 * index), str(201 + 2 * index)
            shop = f"shop({opening}, {greeting}, {desk}, {stock})"
            if self.written_out:
                shop = f"shop_of_{index}"
                parts.append(self._shop(f"_of_{index}", opening, greeting, desk, stock))
            number = f"+48 {index // 10000 + 22} {index // 100 % 100 + 100} {index % 100:02} 00"
            parts.append(f'line "{number}" -> shop_{index}\nroute shop_{index} {{ label "{index}"  -> {shop} }}')
        return "\n".join(parts)

    def _shop(self, whole: str, opening: str, greeting: str, desk: str, stock: str) -> str:
        told = f"play closed_now({opening})" if self.told else 'label "shut"'
        announced = "announce position every 30s" if self.announced else "music calm"
        back = f"again choose{whole} at most {self.returns} then reception" if self.written_out else "-> reception"
        given = {"whole": whole, "opening": opening, "greeting": greeting, "desk": desk, "stock": stock}
        return SHOP.format(told=told, announced=announced, back=back, **given)


def long(steps: int) -> str:
    """One route after the other, so many of them."""
    onward = (f"route way_{index} {{ play address  -> way_{index + 1} }}" for index in range(steps - 1))
    head = HEAD.format(last=2028) + 'line "+48 22 123 45 67" -> way_0'
    return "\n".join((head, *onward, f"route way_{steps - 1} {{ play address  -> reception }}"))


GROWING: Mapping[str, tuple[tuple[int, ...], Callable[[int], str]]] = {
    "shops": ((25, 50, 100, 200, 500), lambda number: Chain(number).text()),
    "shops with hours of their own": ((25, 50, 100, 200, 500), lambda number: Chain(number, hours=number).text()),
    "shops with a mistake": ((25, 50, 100, 200, 500), lambda number: Chain(number, told=False).text()),
    "shops with a wait that is too long": (
        (25, 50, 100, 200, 500),
        lambda number: Chain(number, announced=False).text(),
    ),
    "lines of text": ((12_500, 25_000, 50_000, 100_000), lambda n: Chain(n // 55, 40, written_out=True).text()),
    "steps in a row": ((2500, 5000, 10_000, 20_000), long),
    "hours": ((25, 50, 100, 200), lambda number: Chain(200, hours=number).text()),
    "years": ((2, 4, 8, 16), lambda number: Chain(50, hours=50, years=number).text()),
    "returns": ((1, 2, 4, 8), lambda n: Chain(100, written_out=True, returns=n).text()),
    "classes of callers": ((10, 20, 40, 80), lambda number: Chain(2, lists=number).text()),
}
"""What grows, its sizes, and the plan of a size."""


@attrs.frozen
class Took:
    """What came of one plan, in seconds of processor time."""

    steps: int
    parsing: float
    resolving: float
    verifying: float

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.parsing + self.resolving + self.verifying


def took(text: str) -> Took:
    """Parse, resolve and verify a plan."""
    begun = time.process_time()
    file, _ = parse(Source("plan.dial", text))
    parsed = time.process_time()
    plan, findings = resolve(file)
    resolved = time.process_time()
    assert plan, findings[0]
    verify(plan)
    return Took(len(plan.steps), parsed - begun, resolved - parsed, time.process_time() - resolved)


def main(rounds: int, names: list[str]) -> None:
    """Run what grows, size by size, and print what came of it."""
    took(Chain(1).text())  # the first plan of all compiles the grammar
    for name in names or GROWING:
        sizes, text = GROWING[name]
        runs = [{size: took(text(size)) for size in sizes} for _ in range(rounds)]
        print(f"{name:>30}   steps     parse   resolve    verify   grows by  takes")
        for before, size in zip((0, *sizes), sizes, strict=False):
            each = [run[size] for run in runs]
            row = f"{size:30,}  {each[0].steps:6,}"
            for phase in ("parsing", "resolving", "verifying"):
                row += f"  {statistics.median(getattr(run, phase) for run in each):6.2f} s"
            if before:
                ratio = statistics.median(run[size].seconds / run[before].seconds for run in runs)
                row += f"  {size / before:6.1f} x  {ratio:4.1f} x"
            print(row, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3, sys.argv[2:])
