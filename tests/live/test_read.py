"""What is read from Asterisk's files is what a real Asterisk reads from them."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialc.read.asterisk import configuration
from tests.live.ami import Refused
from tests.live.asterisk import Asterisk, Install

MANY = 1000 if os.environ.get("FULL") else 60
"""How many texts are tried of each kind."""

searched = settings(
    max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def pbx(install: Install, runner: asyncio.Runner) -> Iterator[Asterisk]:
    """A server without a plan."""
    server = Asterisk(install, extensions="")
    runner.run(server.__aenter__())
    yield server
    runner.run(server.stop())


pieces = st.sampled_from(
    [
        "a",
        "b",
        "[s]",
        "[t]",
        "[",
        "]",
        "(!)",
        "(+)",
        "(s)",
        "(t,+)",
        "(+a=1)",
        "(",
        ")",
        " ",
        "\t",
        "=",
        "=>",
        "+=",
        ">",
    ]
    + [
        ";",
        ";--",
        "--;",
        "-",
        "--",
        "\\",
        "\\;",
        "1",
        "2",
        ",",
        '"',
        "é",
        "\r",
        "#include x.conf",
        "#tryinclude <y.conf>",
    ]
    + [
        "#include nothing",
        "#inc x",
        "[s](!)",
        "[t](s)",
        "[u]",
        "\n",
        "\n",
        "\n",
        "\n",
        "a = 1",
        "b => 2",
        "a += 3",
        "#",
    ]
)
texts = st.lists(pieces, max_size=30).map("".join)


async def _sections(pbx: Asterisk, name: str) -> list[tuple[str, list[str]]] | None:
    try:
        answer = await pbx.manager.action("GetConfig", Filename=name)
    except Refused:
        return None
    found: list[tuple[str, list[str]]] = []
    for header, value in answer.items():
        if header.startswith("Category-"):
            found.append((value, []))
        elif re.match(r"Line-\d", header):
            found[-1][1].append(value)
    return found


def test_configuration_files_are_read_as_asterisk_reads_them(pbx: Asterisk, runner: asyncio.Runner) -> None:
    refused = []

    @searched
    @given(texts.map("[s]\n".__add__), texts, texts)
    def check(text: str, one: str, other: str) -> None:
        files = {"read.conf": text, "x.conf": one, "y.conf": other}
        for name, content in files.items():
            pbx.write(name, content)
        expected = runner.run(_sections(pbx, "read.conf"))
        found = configuration.read(files, "read.conf")
        refused.append(found.refused)
        if expected is None:
            assert found.refused
        else:
            shown = [(each.name, [f"{s.name}={s.value}" for s in each.settings]) for each in found.sections]
            assert shown == expected
            assert not found.refused

    check()

    assert 0 < refused.count(True) < len(refused) / 2
