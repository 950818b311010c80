"""Policies: the numbers that the rules of the Caller's Charter are held against, and the presets of them.

In: nothing. Out: `Policy`, and `PRESETS` by name. The defaults are the charter's own numbers; where each comes from is
told on the page of the rule that asks for it.
"""

from collections.abc import Mapping

import attrs


@attrs.frozen
class Policy:
    """The numbers that rules are held against; the defaults are the preset `charter`. Times are whole seconds.

    `silence` is the most without a word, `ringing` the most of it in which phones ring, `announcements` the most
    between two of a queue, and `same_prompt` how often a call may hear one prompt (C04). `notices` is how long a
    caller may have to listen to notices before people can be chosen (C05). `to_person`, `keys`, `prompts` bound the
    way to the first phone of people, `to_operator` all rings and queues on the way to the operator's, `with_callback`
    where a call-back can be chosen from the first minute on (C06). `mailbox_after_opening` is how long after an
    opening a call that began before may still reach a mailbox (C07). `bot` is the most that a machine may talk,
    `bot_first` whether it may do so before people were offered (C08). `options` and `levels` bound menus,
    `menu_prompt` what they say (C09); `silent_caller_may_be_hung_up_on` is for who never pressed a key, after a
    goodbye (C10 a); `hand_offs` is how often a caller may be handed on before the operator (C11), `grace` how long
    people serve those who came while it was open (C13), `doing_nothing` how soon the operator rings for who presses
    nothing (C16), `tries` how often a menu may ask in vain (C17). The slowest option of a menu may take
    `times_slower` times as long as the quickest and `seconds_slower` more (C19). `callbacks_a_day` is for one number
    (C22). With `operator_only`, nobody else ends a call while the operator is there (C02). `packs` are the ids of the
    laws and standards that the plan is held against besides.
    """

    name: str = "charter"
    silence: int = 15
    ringing: int = 20
    announcements: int = 45
    same_prompt: int = 5
    notices: int = 5
    to_person: int = 120
    keys: int = 3
    prompts: int = 8
    to_operator: int = 300
    with_callback: int = 600
    mailbox_after_opening: int = 60
    bot: int = 60
    bot_first: bool = True
    options: int = 5
    levels: int = 2
    menu_prompt: int = 20
    silent_caller_may_be_hung_up_on: bool = True
    hand_offs: int = 3
    grace: int = 600
    doing_nothing: int = 90
    tries: int = 3
    times_slower: int = 4
    seconds_slower: int = 30
    callbacks_a_day: int = 5
    operator_only: bool = False
    packs: tuple[str, ...] = ()


CHARTER = Policy()
"""The Caller's Charter as it is."""

STRICT = Policy(name="strict", ringing=15, announcements=15, bot_first=False, operator_only=True)
"""Only an operator ends a path while it is there, 15 s of anything without news, and people before machines."""

LENIENT = Policy(
    name="lenient",
    silence=30,
    ringing=30,
    announcements=60,
    to_person=240,
    keys=6,
    prompts=16,
    to_operator=600,
    with_callback=1200,
    options=9,
    levels=3,
)
"""Longer without news, larger menus, and twice the way to people."""

PRESETS: Mapping[str, Policy] = {policy.name: policy for policy in (CHARTER, STRICT, LENIENT)}
"""Policies by name, as a plan names them."""


@attrs.frozen
class Number:
    """A number of a policy as a plan writes it: the setting's kind, the field, and the most it can be.

    A `most` of 0 says that it is a duration.
    """

    kind: str
    field: str
    most: int = 0


MOST_CALLBACKS = 20
"""The most call-backs that one number can book a day."""

NUMBERS = (
    Number("longest_silence", "silence"),
    Number("longest_ringing", "ringing"),
    Number("between_announcements", "announcements"),
    Number("same_prompt", "same_prompt", 20),
    Number("notices", "notices"),
    Number("to_person", "to_person"),
    Number("keys", "keys", 20),
    Number("prompts", "prompts", 50),
    Number("to_operator", "to_operator"),
    Number("with_callback", "with_callback"),
    Number("after_opening", "mailbox_after_opening"),
    Number("bot_talks", "bot"),
    Number("options", "options", 12),
    Number("levels", "levels", 9),
    Number("menu_prompt", "menu_prompt"),
    Number("hand_offs", "hand_offs", 20),
    Number("grace", "grace"),
    Number("doing_nothing", "doing_nothing"),
    Number("tries", "tries", 9),
    Number("times_slower", "times_slower", 20),
    Number("seconds_slower", "seconds_slower"),
    Number("callbacks_a_day", "callbacks_a_day", MOST_CALLBACKS),
)
"""The numbers that a plan can set itself, in the order of their rules."""
