"""What slips know of the constructs of the language: their words, what others call them, and what is said of them.

In: nothing. Out: tables. Whoever adds a construct adds its rows here: to `BLOCKS` if it opens a block, to `OTHER_WORDS`
what administrators of other systems call its lines, to `NAMES` and `CURES` what may stand in them and how that is
written.
"""

BLOCKS = (
    "hours",
    "switch",
    "operator",
    "prompt",
    "digits",
    "route",
    "menu",
    "collect",
    "queue",
    "ring",
    "transfer",
    "extensions",
    "mailbox",
    "site",
)
"""The words that open a block."""

HEAD = ("plan", "timezone", "language", "languages", "valid", "policy", "waive", "line")
"""The words that begin a line outside of blocks."""

OPENERS = (*BLOCKS, "trunk", "states", "mailboxes", "policy")
"""The same, and the words that open a block within a block."""

BEFORE_NAMES = (
    "->",
    "again",
    "by",
    "closed",
    "greeting",
    "music",
    "next",
    "open",
    "play",
    "staffed",
    "then",
    "usual",
    "when",
)
"""What a name follows, which the first word of the next line is taken for where it was left out."""

NAMING = (*BEFORE_NAMES, *BLOCKS, "context", "enter", "file", "policy", "trunk", "via", "withheld")
"""The same, and what else any word is a name after."""

DOINGS = ("again", "play", "label", "when", "ring", "answer")
"""What begins a line that does something, and is written by some where a name has to stand."""

THE = {
    "extensions": "extensions",
    "digits": "digits",
    "hours": "hours",
    "mailboxes": "mailboxes",
    "operator": "an operator",
    "states": "usual hours",
}
"""What blocks are called with their article, where that is not `a` and the word that opens them."""

NAMES = {
    "COUNT": "a number",
    "CODE": "a code such as `*28`",
    "COUNTRY": "a country such as `PL`",
    "DATE": "a date",
    "DAY": "a day",
    "DURATION": "a time such as `15s`",
    "EXTENSION": "an extension",
    "HASH": "`#`",
    "KEY": "a key",
    "LANGUAGE": "a language such as `pl`",
    "NAME": "a name",
    "RULE": "a rule such as `C07`",
    "REGION": "a country such as `PL`",
    "PATH": "a sound such as `clinic/welcome`",
    "STRING": "a text in quotes",
    "TIME": "a time of day",
    "WORD": "a name",
    "at": "`at most`",
    "ZONE": "a time zone such as `Europe/Warsaw`",
}
"""What an administrator calls what can stand in a line, by its name in the grammar."""

CURES = {
    "at": "say how often, and where callers go then, as in `at most 2 then reception`",
    "by": 'say who decided it, as in `by "Jan Kowalski"`',
    "because": 'say why no machine can answer there, as in `because "a door phone"`',
    "every": "say how often, as in `every 30s`",
    "for": "say how long, as in `for 15s`",
    "position": "say what callers are told, as in `announce position every 30s`",
    "callback": "say what is promised, as in `promises wait 5m`",
    "next": "say by which day, as in `by next office day`",
    "within": "say how soon, as in `within 1 working day`",
    "EXTENSION": "write the numbers of phones, as in `201, 202`",
}
"""How to go on, by what could have stood where a line stopped; the first that fits is said."""

SITE_CURES = {"for": "say for which PBX, as in `for asterisk 22`"}
"""The same, in a site file."""

OTHER_WORDS = {
    "": {
        "agents": "queue",
        "allow": "waive",
        "ignore": "waive",
        "noqa": "waive",
        "announcement": "prompt",
        "attendant": "operator",
        "audio": "prompt",
        "calendar": "hours",
        "did": "line",
        "flow": "route",
        "forward": "transfer",
        "gather": "collect",
        "group": "ring",
        "ext": "extensions",
        "extension": "extensions",
        "hunt": "ring",
        "hunt-group": "ring",
        "inbound": "line",
        "ivr": "menu",
        "lang": "language",
        "langs": "languages",
        "name": "plan",
        "number": "line",
        "numbers": "digits",
        "read": "collect",
        "reception": "operator",
        "ring-group": "ring",
        "ring_group": "ring",
        "ringgroup": "ring",
        "schedule": "hours",
        "sound": "prompt",
        "time": "hours",
        "toggle": "switch",
        "time-zone": "timezone",
        "time_zone": "timezone",
        "tz": "timezone",
        "voicemail": "mailbox",
    },
    "extensions": {"dial": "ring", "noanswer": "no-answer", "offline": "unavailable", "timeout": "no-answer"},
    "collect": {
        "attempts": "tries",
        "check": "accept check",
        "each": "accept any",
        "error": "invalid",
        "in": "accept",
        "length": "digits",
        "no-input": "silence",
        "prompt": "play",
        "repeat": "tries",
        "retries": "tries",
        "say": "play",
        "terminator": "ends with #",
        "timeout": "silence",
        "valid": "accept",
        "wrong": "invalid",
    },
    "digits": {"file": "from", "import": "from", "list": "from"},
    "hours": {
        "calendar": "closed",
        "except": "closed",
        "holiday": "closed",
        "holidays": "closed",
        "override": "switch",
        "shut": "closed",
        "time-zone": "zone",
        "timezone": "zone",
        "tz": "zone",
    },
    "switch": {"default": "starts", "dial": "code", "initial": "starts", "number": "code", "reset": "back"},
    "mailbox": {"empty": "nothing-left", "mailbox": "box", "max": "up to", "number": "box", "saved": "left"},
    "menu": {
        "attempts": "tries",
        "choice": "key",
        "digit": "key",
        "error": "invalid",
        "no-input": "silence",
        "option": "key",
        "press": "key",
        "prompt": "play",
        "repeat": "tries",
        "retries": "tries",
        "say": "play",
        "timeout": "silence",
        "wrong": "invalid",
    },
    "operator": {
        "closed": "unstaffed",
        "dial": "ring",
        "fallback": "unanswered",
        "hours": "staffed",
        "no-answer": "unanswered",
        "noanswer": "unanswered",
        "open": "staffed",
        "timeout": "unanswered",
    },
    "prompt": {
        "audio": "file",
        "bye": "goodbye",
        "duration": "lasts",
        "keys": "offers",
        "length": "lasts",
        "promise": "promises",
        "recorded": "notice",
        "recording": "notice",
        "sorry": "apology",
        "sound": "file",
    },
    "queue": {
        "agents": "members",
        "backup": "then members",
        "closed": "closing",
        "closes": "closing",
        "unstaffed": "closing",
        "fewest": "fewest-calls",
        "fewestcalls": "fewest-calls",
        "holdtime": "announce wait",
        "least": "longest-idle",
        "leastrecent": "longest-idle",
        "linear": "in-order",
        "longest": "longest-idle",
        "max-wait": "patience",
        "maxlen": "callers at most",
        "maxwait": "patience",
        "member": "members",
        "moh": "music",
        "overflow": "full",
        "penalty": "then members",
        "position": "announce position",
        "ringall": "ring-all",
        "round": "round-robin",
        "roundrobin": "round-robin",
        "rrmemory": "round-robin",
        "rrordered": "round-robin",
        "wait": "patience",
        "wrap": "wrap-up",
        "wrapuptime": "wrap-up",
    },
    "ring": {
        "dial": "ring",
        "no_answer": "no-answer",
        "noanswer": "no-answer",
        "offline": "unavailable",
        "rejected": "declined",
        "timeout": "no-answer",
    },
    "route": {
        "default": "otherwise",
        "else": "otherwise",
        "go": "->",
        "goto": "->",
        "hang_up": "hang-up",
        "hangup": "hang-up",
        "if": "when",
        "callerid": "label",
        "display": "label",
        "pickup": "answer",
        "prefix": "label",
        "playback": "play",
        "say": "play",
    },
    "transfer": {
        "dial": "to",
        "no_answer": "no-answer",
        "noanswer": "no-answer",
        "number": "to",
        "offline": "unavailable",
        "phone": "to",
        "rejected": "declined",
        "ring": "to",
        "timeout": "no-answer",
    },
    "trunk": {"callerid": "show", "number": "show"},
}
"""What an administrator may call things that are called otherwise here, by block; by nothing outside of blocks."""

LOST = {
    "hours": ("nobody could tell a caller when `{}` is open", "no caller would find it open"),
    "prompt": ("no caller would hear `{}`", "no caller would hear it"),
    "site": ("no call would be let in",) * 2,
    "line": ("nobody could call this line",) * 2,
}
"""What it means for callers that a block cannot be read, with its name and without; no step is reached, otherwise."""
