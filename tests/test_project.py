"""A project's record follows an update, and every line that a person wrote stays as it is."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameworkpick.project import Update, with_update

if TYPE_CHECKING:
    from collections.abc import Sequence

RECORD = """\
# Written
framework = "fastapi"   # mine
command = "frameworkpick new shop --framework fastapi"

[options]
docker = true # on
"odd name" = 1
cache = false

# about weights
[weights]
team_skills = 1.5

# mine
[team]
owner = "shop" # since 2026
"""
FOLLOWED = """\
# Written
framework = "flask"   # mine
command = "frameworkpick new shop --framework flask --no-docker"

[options]
docker = false # on
cache = false
framework = "flask"
"more to say" = [1, "two"]

# about weights
[weights]
team_skills = 1.5

# mine
[team]
owner = "shop" # since 2026

[[updates]]
date = "2026-01-01"
from = "1.0.0"
to = "2.0.0"
tool_version = "0.2.0"
answers = { "framework" = "flask", "docker" = false, "more to say" = [1, "two"] }
"""
UPDATE = Update(
    date="2026-01-01", old="1.0.0", new="2.0.0", tool_version="0.2.0", template="a://b",
    changed={"framework": "flask", "docker": False, "more to say": [1, "two"]},
    gone=["odd name", "never there"], flags={"docker": "docker"},
)  # fmt: skip
#: What a person may have written, each of it whole.
LINES = (
    "# a comment", "", "   ", "docker = true", "docker = false # why", "framework = 'fastapi'",
    'command = """\nfrom hand"""', "[options]", "  [options] # ours", "[options.sub]", "[other]",
    "[[other]]", "a.b = 1", "options.docker = true", "options = { docker = true }", "a = [\n 1,\n]",
    '"odd name" = 1', "x = 2026-01-01", "[[updates]]", "[a.b.c]", "[a]",
)  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_options_framework_and_command_follow_and_all_else_stays(end: str) -> None:
    record = RECORD.replace("\n", end).encode()
    assert with_update(record, UPDATE).decode() == FOLLOWED.replace("\n", end)


def test_a_record_that_is_no_utf_8_stays_and_one_that_is_no_toml_is_only_added_to() -> None:
    assert with_update(b"\xff", UPDATE) == b"\xff"
    assert with_update(b"a = = 1\n", UPDATE).startswith(b"a = = 1\n\n[[updates]]\n")


@given(st.lists(st.sampled_from(LINES)))
def test_whatever_a_person_wrote_says_the_same_afterwards(lines: Sequence[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    followed = with_update(text.encode(), UPDATE).decode()
    for line in lines:
        assert not line.startswith("#") or line in followed
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert followed.startswith(text)
        return
    ours = {"framework", "command", "options", "updates"}
    mine = {name: said for name, said in before.items() if name not in ours}
    kept = followed[: followed.rindex("[[updates]]")]
    assert {k: v for k, v in tomllib.loads(kept).items() if k not in ours} == mine
