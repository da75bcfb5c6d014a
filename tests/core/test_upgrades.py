from __future__ import annotations

import tomllib

import pytest

from frameworkpick.core.upgrades import crossed, read_upgrades
from frameworkpick.errors import CatalogError

FILE = """
[[upgrade]]
version = "0.10.0"
kind = "breaking"
summary = "Later."

[[upgrade]]
version = "0.2.0"
kind = "manual"
summary = "Earlier."
details = '''
Do this.
'''
when = { database = "postgresql", docker = true }
"""


def test_what_is_known_of_the_versions_is_read_oldest_first() -> None:
    earlier, later = read_upgrades(tomllib.loads(FILE), "UPGRADES.toml")
    assert (earlier.version, earlier.kind, earlier.details) == ("0.2.0", "manual", "Do this.")
    assert earlier.when == (("database", "postgresql"), ("docker", True))
    assert (later.version, later.kind, later.details, later.when) == ("0.10.0", "breaking", "", ())
    assert read_upgrades({}, "UPGRADES.toml") == ()


def test_every_fault_is_named_at_once() -> None:
    broken = """
    other = 1
    [[upgrade]]
    version = "0.2.0.dev1"
    kind = "note"
    summary = "two\\nlines"
    [[upgrade]]
    when = { docker = 1 }
    details = 2
    colour = "red"
    """
    with pytest.raises(CatalogError) as caught:
        read_upgrades(tomllib.loads(broken), "UPGRADES.toml")
    one, two = "UPGRADES.toml: upgrade 1", "UPGRADES.toml: upgrade 2"
    assert caught.value.message.splitlines() == [
        "UPGRADES.toml: unknown key 'other'.",
        f"{one}: 'version' is '0.2.0.dev1', which is no released version such as \"1.2.0\".",
        f"{one}: 'kind' is 'note', and has to be one of manual, breaking.",
        f"{one}: 'summary' is no single line of text.",
        f"{two}: unknown key 'colour'.",
        f"{two}: 'version' is missing.",
        f"{two}: 'kind' is missing.",
        f"{two}: 'summary' is missing.",
        f"{two}: 'details' is no text.",
        f"{two}: 'when' is no table of options with a text or true or false each.",
    ]


@pytest.mark.parametrize("content", [{"upgrade": 1}, {"upgrade": [1]}, {"upgrade": {"a": 1}}])
def test_what_is_no_list_of_tables_is_said_so(content: dict[str, object]) -> None:
    with pytest.raises(CatalogError, match="no list of tables"):
        read_upgrades(content, "UPGRADES.toml")


@pytest.mark.parametrize(
    ("old", "new", "options", "seen"),
    [
        ("0.1.0", "0.10.0", {"database": "postgresql", "docker": True}, ["0.2.0", "0.10.0"]),
        ("0.1.0", "0.10.0", {"database": "sqlite", "docker": True}, ["0.10.0"]),
        ("0.1.0", "0.2.0", {"database": "postgresql", "docker": True}, ["0.2.0"]),
        ("0.2.0", "0.10.0", {"database": "postgresql", "docker": True}, ["0.10.0"]),
        ("0.10.0", "0.11.0", {}, []),
    ],
)
def test_only_what_lies_between_two_versions_and_fits_the_project_matters(
    old: str, new: str, options: dict[str, object], seen: list[str]
) -> None:
    upgrades = read_upgrades(tomllib.loads(FILE), "UPGRADES.toml")
    assert [each.version for each in crossed(upgrades, old, new, options)] == seen
