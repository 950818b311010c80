"""Slips with languages: several where one stands, their names in place of their codes, words in another order.

In: a slip. Out: a finding with how it is written here, if it is one of these.
"""

import re

from dialc.findings import Finding
from dialc.parse.slips.stop import Slip

_CODES = {
    "croatian": "hr",
    "czech": "cs",
    "deutsch": "de",
    "dutch": "nl",
    "english": "en",
    "french": "fr",
    "german": "de",
    "hungarian": "hu",
    "italian": "it",
    "latvian": "lv",
    "lithuanian": "lt",
    "polish": "pl",
    "polski": "pl",
    "portuguese": "pt",
    "romanian": "ro",
    "russian": "ru",
    "slovak": "sk",
    "spanish": "es",
    "telugu": "te",
    "turkish": "tr",
    "ukrainian": "uk",
}
"""Languages whose names are likelier to be written than their codes, in small letters."""

_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def several(slip: Slip) -> Finding | None:
    """`language pl, en`, `languages pl en`."""
    word = slip.before[0].text
    if word not in ("language", "languages") or not slip.found or slip.found.text == "}":
        return None
    codes = re.findall(r"[\w-]+", slip.rest)
    if not codes or not all(_CODE.fullmatch(code) for code in codes):
        return None
    listed = ", ".join([w.text for w in slip.before[1:] if _CODE.fullmatch(w.text)] + codes)
    if word == "languages":
        return slip.finding("D101", f"expected `,` after {slip.after}", help=f"write `languages {listed}`")
    message = "one language stands here, the one that callers hear first"
    first = slip.before[1].text if len(slip.before) > 1 else codes[0]
    return slip.finding("D101", message, help=f"write `language {first}` and `languages {listed}`")


def name_of_language(slip: Slip) -> Finding | None:
    """`speaks English`."""
    if "LANGUAGE" not in slip.accepts or slip.missing or slip.may_begin:
        return None
    code = _CODES.get(slip.word.strip('"').lower())
    if code is None:
        return None
    return slip.finding("D108", "a language is written as its code", help=slip.write(code, instead=len(slip.word)))


def key_without_speaks(slip: Slip) -> Finding | None:
    """`key 1 en -> main`, `key 1 language en -> main`, `key 1 -> main speaks en`."""
    if "speaks" in slip.accepts and not slip.missing and not slip.may_begin:
        found = re.match(r"(?:lang|language|speak|in|sets?)?\s*([a-z]{2,3}(?:-[A-Za-z0-9]+)?)\s*(?==|-+>|→)", slip.rest)
        if found:
            help = slip.write("speaks", found[1], instead=found.end())
            return slip.finding("D101", f"expected `speaks` or `->` after {slip.after}", help=help)
    if slip.word == "speaks" and slip.back(2) == "->":
        return slip.finding("D101", "the language stands before the arrow", help="write `speaks` before `->`")
    return None


def length_in_language(slip: Slip) -> Finding | None:
    """`lasts 9s en 11s`, `lasts 11s en`."""
    if slip.accepts != {"STRING"} or slip.back(3) != "lasts" or not _CODE.fullmatch(slip.back()):
        return None
    help = f"write `lasts {slip.back()}` and how long, as in `lasts {slip.back()} 11s`"
    return slip.finding("D101", f"how long it lasts in `{slip.back()}` has a line of its own", help=help)
