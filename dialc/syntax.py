"""What was written: the declarations of one file, names unresolved.

In: nothing; `parse` builds these from text. Out: the data that `resolve` turns into a plan or a site. There is a class
for each thing that the grammar can say, except that a line with one value (`wait 5s`) is a `Setting` whatever it sets,
and a way out (`silence -> reception`) is a `Way`. Values stay the words that were written, since whether `24:30` is a
time of day or `2026-02-30` a date is a question of meaning. Places never count in comparisons.
"""

import attrs

from dialc.source import Place, Source


def _place() -> Place:
    """A field that says where something was written; two files that say the same are equal however they are set."""
    place: Place = attrs.field(kw_only=True, eq=False, repr=False)
    return place


@attrs.frozen
class Word:
    """A name, number, time, date or text. A text has lost its quotes, and its line ends are single spaces."""

    text: str
    place: Place = _place()


@attrs.frozen
class Form(Word):
    """The name of a block with parameters: `branch(city, desk)`."""

    parameters: tuple[Word, ...] = attrs.field(kw_only=True)


@attrs.frozen
class Parameter(Word):
    """A word of a block that stands for an argument.

    `kinds` are what can stand in its place, by the names that the grammar has for them.
    """

    kinds: tuple[str, ...] = attrs.field(kw_only=True)


@attrs.frozen
class Argument(Word):
    """What a parameter stands for where its block is used; `kinds` are what it can be taken for, as for `Parameter`."""

    kinds: tuple[str, ...] = attrs.field(kw_only=True)


@attrs.frozen
class Use(Word):
    """A block with parameters, used: `branch("Kraków", krakow_desk)`. Its text is the name of the block."""

    name: Word = attrs.field(kw_only=True)
    arguments: tuple[Argument | Parameter, ...] = attrs.field(kw_only=True)


# The head of a plan


@attrs.frozen
class Head:
    """`plan clinic "Przychodnia Zdrowie"`."""

    name: Word
    title: Word
    place: Place = _place()


@attrs.frozen
class Setting:
    """A line that gives one value to what `kind` names: `wait 5s`, `timezone Europe/Warsaw`, `goodbye`.

    `kind` is the grammar's rule; for a line without a value, the value is the line itself.
    """

    kind: str
    value: Word
    place: Place = _place()


@attrs.frozen
class Valid:
    """`valid 2026-01-01 to 2028-12-31`, both days included."""

    first: Word
    last: Word
    place: Place = _place()


@attrs.frozen
class Policy:
    """`policy charter { tries 4 }`."""

    name: Word
    numbers: tuple[Setting, ...]
    place: Place = _place()


@attrs.frozen
class Waiver:
    """`waive C07 at message by "Jan Kowalski" because "…"`."""

    rule: Word
    block: Word
    by: Word
    because: Word
    place: Place = _place()


@attrs.frozen
class Numbers:
    """`"+48 22 123 45 67"`, all `"+48 22 123 45 xx"`, or with `last` all up to it: `"… 45 00" to "… 45 49"`."""

    first: Word
    last: Word | None
    place: Place = _place()


@attrs.frozen
class Languages:
    """`languages pl, en, uk`."""

    codes: tuple[Word, ...]
    place: Place = _place()


@attrs.frozen
class NumberClass:
    """`PL mobile`."""

    country: Word
    kind: Word
    place: Place = _place()


@attrs.frozen
class CallbackTo:
    """`callback to PL fixed, PL mobile`."""

    classes: tuple[NumberClass, ...]
    place: Place = _place()


@attrs.frozen
class Line:
    """`line "+48 22 123 45 67" -> start`; `called` is a `Setting` for a short number, and the word `default`.

    `items` are what stands between the number and the arrow: `machine "fax"`.
    """

    called: Numbers | Setting | Word
    items: tuple[Setting, ...]
    to: Word
    place: Place = _place()


@attrs.frozen
class Those:
    """`"+48 600 111 222", prefix "+48 22"`."""

    callers: tuple[Setting, ...]
    place: Place = _place()


@attrs.frozen
class Callers:
    """`callers vip { … }`."""

    name: Word
    items: tuple[Those | Setting, ...]
    place: Place = _place()


# Hours


@attrs.frozen
class Days:
    """`mon`, or `mon-fri` with `last`."""

    first: Word
    last: Word | None
    place: Place = _place()


@attrs.frozen
class Span:
    """`08:00-16:00`."""

    start: Word
    end: Word
    place: Place = _place()


@attrs.frozen
class Weekly:
    """`mon-wed, fri 08:00-12:00, 13:00-16:00`."""

    days: tuple[Days, ...]
    spans: tuple[Span, ...]
    place: Place = _place()


@attrs.frozen
class Dated:
    """`closed 2026-12-24 to 2026-12-26 "Boże Narodzenie"`, `open 2026-12-27 10:00-14:00`; no spans for whole days."""

    opens: bool
    first: Word
    last: Word | None
    spans: tuple[Span, ...]
    reason: Word | None
    place: Place = _place()


@attrs.frozen
class Holidays:
    """`closed holidays DE-BY`, `open holidays PL 10:00-14:00 "holiday"`; no spans for whole days."""

    opens: bool
    region: Word
    spans: tuple[Span, ...]
    reason: Word | None
    place: Place = _place()


@attrs.frozen
class ClosedFrom:
    """`closed from "holidays.ics"`."""

    file: Word
    place: Place = _place()


@attrs.frozen
class Hours:
    """`hours office { … }`."""

    name: Word
    items: tuple[Weekly | Dated | Holidays | ClosedFrom | Setting, ...]
    place: Place = _place()


@attrs.frozen
class Combined:
    """`hours service = office or hotline but not meeting`; `joins` are `or`, `and` and `but not`, before each part but
    the first.
    """

    name: Word
    parts: tuple[Word, ...]
    joins: tuple[str, ...]
    place: Place = _place()


@attrs.frozen
class Switch:
    """`switch day_night { … }`."""

    name: Word
    items: tuple[Setting, ...]
    place: Place = _place()


# Prompts


@attrs.frozen
class Spoken:
    """`pl "Dzień dobry"`."""

    language: Word
    text: Word
    place: Place = _place()


@attrs.frozen
class Lasts:
    """`lasts 9s`, or `lasts en 11s`."""

    language: Word | None
    duration: Word
    place: Place = _place()


@attrs.frozen
class Offers:
    """`offers 1, 2, 0`; one of the keys may be the word `extensions`."""

    keys: tuple[Word, ...]
    place: Place = _place()


@attrs.frozen
class Says:
    """`says closed office`; `state` is `open` or `closed`."""

    state: Word
    hours: Word
    place: Place = _place()


@attrs.frozen
class States:
    """`states usual office { mon-fri 08:00-16:00 }`."""

    hours: Word
    weekly: tuple[Weekly, ...]
    place: Place = _place()


@attrs.frozen
class BackBy:
    """`promises callback by next office day`."""

    hours: Word
    place: Place = _place()


@attrs.frozen
class BackWithin:
    """`promises callback within 2h office`; `hours` is None where every hour counts."""

    duration: Word
    hours: Word | None
    place: Place = _place()


@attrs.frozen
class Prompt:
    """`prompt welcome { … }`."""

    name: Word
    items: tuple[Setting | Spoken | Lasts | Offers | Says | States | BackBy | BackWithin, ...]
    place: Place = _place()


# Digits


@attrs.frozen
class Listed:
    """`100100, 200200`."""

    numbers: tuple[Word, ...]
    place: Place = _place()


@attrs.frozen
class Digits:
    """`digits customers { … }`; a `Setting` names a file of more."""

    name: Word
    items: tuple[Listed | Setting, ...]
    place: Place = _place()


# Phones


@attrs.frozen
class Extension:
    """A phone of the PBX: `100`."""

    number: Word
    place: Place = _place()


@attrs.frozen
class Outside:
    """A telephone elsewhere: `"+48 601 000 200" confirm`; `unconfirmed` is the reason given for doing without."""

    number: Word
    unconfirmed: Word | None
    place: Place = _place()


@attrs.frozen
class Stage:
    """`ring 100, 101 for 15s`, or, one by one, `ring 100, 101 in order for 15s each`."""

    phones: tuple[Extension | Outside, ...]
    duration: Word
    one_by_one: bool = False
    place: Place = _place()


# Steps


@attrs.frozen
class Way:
    """A way out by its outcome: `silence -> reception`."""

    outcome: Word
    to: Word
    place: Place = _place()


@attrs.frozen
class Key:
    """`key 1 "registration" -> registration`, `key 2 "English" speaks en -> main`."""

    key: Word
    label: Word | None
    speaks: Word | None
    to: Word
    place: Place = _place()


@attrs.frozen
class Repeat:
    """`key * "hear it again" repeat`."""

    key: Word
    label: Word | None
    place: Place = _place()


@attrs.frozen
class Play:
    """`play welcome`."""

    prompt: Word
    place: Place = _place()


@attrs.frozen
class Staffed:
    """`staffed office plus 15m`."""

    hours: Word
    plus: Word | None
    place: Place = _place()


@attrs.frozen
class Operator:
    """`operator reception { … }`; `default` is the word, where it was written."""

    name: Word
    default: Word | None
    items: tuple[Play | Stage | Staffed | Setting | Way, ...]
    place: Place = _place()


@attrs.frozen
class Answer:
    """`answer`."""

    place: Place = _place()


@attrs.frozen
class Label:
    """`label "VIP"`."""

    text: Word
    place: Place = _place()


@attrs.frozen
class Record:
    """`record`."""

    place: Place = _place()


@attrs.frozen
class When:
    """`when office open -> main`, `when office closed "Wigilia" -> eve`; `state` is `open` or `closed`."""

    hours: Word
    state: Word
    exception: Word | None
    to: Word
    place: Place = _place()


@attrs.frozen
class WhenSwitch:
    """`when switch outage on -> outage_news`; `state` is `on` or `off`."""

    switch: Word
    state: Word
    to: Word
    place: Place = _place()


@attrs.frozen
class WhenCaller:
    """`when caller in vip -> fast`; `whom` is `in vip`, `withheld`, `prefix "+49"` or a number."""

    whom: Setting
    to: Word
    place: Place = _place()


@attrs.frozen
class Go:
    """`-> reception`, or `otherwise -> night`."""

    to: Word
    place: Place = _place()


@attrs.frozen
class Again:
    """`again main at most 2 then reception`."""

    target: Word
    limit: Word
    then: Word
    place: Place = _place()


@attrs.frozen
class HangUp:
    """`hang-up`."""

    place: Place = _place()


RouteItem = Answer | Play | Record | Label | When | WhenSwitch | WhenCaller | Go | Again | HangUp


@attrs.frozen
class Route:
    """`route start { … }`."""

    name: Word
    items: tuple[RouteItem, ...]
    place: Place = _place()


@attrs.frozen
class Direct:
    """`direct staff`."""

    row: Word
    place: Place = _place()


@attrs.frozen
class Menu:
    """`menu main { … }`."""

    name: Word
    items: tuple[Play | Key | Repeat | Direct | Setting | Way, ...]
    place: Place = _place()


@attrs.frozen
class Length:
    """`digits 6`, `digits 4 to 8`."""

    fewest: Word
    most: Word | None
    place: Place = _place()


@attrs.frozen
class Accept:
    """`accept customers -> known`, `accept any -> new`; with `check`, `accept check luhn -> plausible`."""

    what: Word
    check: bool
    to: Word
    place: Place = _place()


@attrs.frozen
class Collect:
    """`collect account { … }`."""

    name: Word
    items: tuple[Play | Length | Accept | Setting | Way, ...]
    place: Place = _place()


@attrs.frozen
class Members:
    """`members 201, 202`, or, of callers who have waited, `then members 203 after 20s`."""

    phones: tuple[Extension, ...]
    after: Word | None = None
    place: Place = _place()


@attrs.frozen
class Range:
    """`100-149`, or `201` without `last`."""

    first: Word
    last: Word | None
    place: Place = _place()


@attrs.frozen
class Row:
    """`100-149, 201`."""

    ranges: tuple[Range, ...]
    place: Place = _place()


@attrs.frozen
class SignIn:
    """`members sign in with *31 out with *32 among 211-219`."""

    into: Word
    out: Word
    among: Row
    place: Place = _place()


@attrs.frozen
class Announce:
    """`announce position, wait every 30s`."""

    told: tuple[Word, ...]
    every: Word
    place: Place = _place()


@attrs.frozen
class Queue:
    """`queue registration { … }`."""

    name: Word
    items: tuple[Play | Members | SignIn | Staffed | Announce | Key | Setting | Way, ...]
    place: Place = _place()


@attrs.frozen
class Ring:
    """`ring laboratory { … }`."""

    name: Word
    items: tuple[Stage | Way, ...]
    place: Place = _place()


@attrs.frozen
class Extensions:
    """`extensions staff { … }`."""

    name: Word
    items: tuple[Row | Setting | Way, ...]
    place: Place = _place()


@attrs.frozen
class HandOn:
    """`to "+48 601 000 200" confirm for 30s`."""

    phone: Outside
    duration: Word
    place: Place = _place()


@attrs.frozen
class Transfer:
    """`transfer lawyer { … }`."""

    name: Word
    items: tuple[HandOn | Way, ...]
    place: Place = _place()


@attrs.frozen
class Read:
    """`read by reception within 1 working day`."""

    reader: Word
    days: Word
    place: Place = _place()


@attrs.frozen
class Mailbox:
    """`mailbox message { … }`."""

    name: Word
    items: tuple[Read | Setting | Way, ...]
    place: Place = _place()


@attrs.frozen
class Bot:
    """`bot assistant { … }`."""

    name: Word
    items: tuple[Key | Setting | Way, ...]
    place: Place = _place()


@attrs.frozen
class Ask:
    """`ask crm for 3s`."""

    service: Word
    duration: Word
    place: Place = _place()


@attrs.frozen
class Reply:
    """`answer vip -> reception`."""

    word: Word
    to: Word
    place: Place = _place()


@attrs.frozen
class Lookup:
    """`lookup customer { … }`."""

    name: Word
    items: tuple[Ask | Reply | Way, ...]
    place: Place = _place()


@attrs.frozen
class Callback:
    """`callback ring_me { … }`."""

    name: Word
    items: tuple[Setting | Way, ...]
    place: Place = _place()


# Scenarios


@attrs.frozen
class At:
    """`at 2026-11-23 09:15`, `at 2026-11-23 09:15:30`."""

    date: Word
    time: Word
    place: Place = _place()


@attrs.frozen
class Called:
    """`call "+48 22 123 45 67" from "+48 600 111 222"`, `call short 19123 from withheld`, `call default`."""

    number: Word | Setting
    caller: Word | None
    place: Place = _place()


@attrs.frozen
class Hear:
    """`hear welcome, choices`."""

    prompts: tuple[Word, ...]
    place: Place = _place()


@attrs.frozen
class Reach:
    """`reach reception within 15s`."""

    step: Word
    within: Word | None
    place: Place = _place()


@attrs.frozen
class Press:
    """`press 1 after 4s`, `press 4, 7, 1, 1`."""

    keys: tuple[Word, ...]
    after: Word | None
    place: Place = _place()


@attrs.frozen
class Answers:
    """`201 answers after 12s`."""

    phone: Word
    after: Word | None
    place: Place = _place()


@attrs.frozen
class Declines:
    """`"+48 601 000 200" declines after 4s`."""

    phone: Word
    after: Word | None
    place: Place = _place()


@attrs.frozen
class Replies:
    """`caller_kind answers vip after 2s`."""

    step: Word
    word: Word
    after: Word | None
    place: Place = _place()


@attrs.frozen
class TurnsOut:
    """`reception is busy after 4s`."""

    step: Word
    state: Word
    after: Word | None
    place: Place = _place()


@attrs.frozen
class Stands:
    """`outage is on`."""

    switch: Word
    position: Word
    place: Place = _place()


@attrs.frozen
class Leaves:
    """`leave a message after 20s`; `some` is the word before `message`."""

    some: Word
    after: Word | None
    place: Place = _place()


Happening = Press | Answers | Declines | Replies | TurnsOut | Stands | Leaves | Setting | HangUp
"""What happens in a scenario; a `Setting` is `stay silent` or `nobody answers`."""


@attrs.frozen
class Scenario:
    """`scenario "a patient presses 0" { … }`."""

    title: Word
    items: tuple[At | Called | Hear | Reach | Happening, ...]
    place: Place = _place()


# Sites


@attrs.frozen
class Delivers:
    """`delivers plus, national`."""

    forms: tuple[Word, ...]
    place: Place = _place()


@attrs.frozen
class Trunk:
    """`trunk orange { … }`."""

    name: Word
    items: tuple[Delivers | Setting, ...]
    place: Place = _place()


@attrs.frozen
class Phones:
    """`phones 100-299 dial contacts`; `dial` is None for the contacts of the endpoint."""

    first: Word
    last: Word | None
    dial: Word | None
    state: Word | None
    place: Place = _place()


@attrs.frozen
class SiteBox:
    """`box 100 pin 4711 "Recepcja"`."""

    number: Word
    pin: Word
    title: Word
    place: Place = _place()


@attrs.frozen
class Mailboxes:
    """`mailboxes context clinic emitted { … }`."""

    context: Word
    emitted: bool
    boxes: tuple[SiteBox, ...]
    place: Place = _place()


@attrs.frozen
class Music:
    """`music clinic = default`."""

    name: Word
    music_class: Word
    place: Place = _place()


@attrs.frozen
class Enter:
    """`enter from-orange`."""

    contexts: tuple[Word, ...]
    place: Place = _place()


@attrs.frozen
class Codes:
    """`codes internal from-phones`."""

    contexts: tuple[Word, ...]
    place: Place = _place()


@attrs.frozen
class Service:
    """`service crm "https://crm.example/caller"`."""

    name: Word
    address: Word
    place: Place = _place()


@attrs.frozen
class FreeNumbers:
    """`numbers 800-899`."""

    first: Word
    last: Word | None
    place: Place = _place()


@attrs.frozen
class Site:
    """`site warsaw for asterisk 22 { … }`."""

    name: Word
    target: Word
    version: Word
    items: tuple[Trunk | Phones | Setting | Mailboxes | Music | Enter | Codes | Service | FreeNumbers, ...]
    place: Place = _place()


@attrs.frozen
class UsedFile:
    """`use "prompts.dial"`."""

    file: Word
    place: Place = _place()


Step = Operator | Route | Menu | Collect | Queue | Ring | Transfer | Extensions | Mailbox | Bot | Callback | Lookup
Named = Hours | Combined | Switch | Prompt | Callers | Digits | Step
"""What has a name that others lead to, play or ask for, and can have parameters."""
Whole = Head | Setting | Languages | Valid | Policy | CallbackTo | Site
"""What is said of a plan as a whole, or of a PBX, and stands in no file that a plan uses."""
Declaration = Whole | Waiver | Line | Named | Scenario | UsedFile


@attrs.frozen
class File:
    """A file: its declarations in the order written.

    `forms` are the blocks with parameters, once others that have none stand in their place.
    """

    source: Source
    declarations: tuple[Declaration, ...]
    forms: tuple[Named, ...] = ()
