"""What a preset leaves to choose."""

from __future__ import annotations

import pytest

from frameworkpick.core.preset import Layer, Locked, Policy, Preset, name_of, resolve
from frameworkpick.core.preset_rules import choosable, marks, new_answers, with_required
from frameworkpick.core.selection import Choice, Question


def choice(name: str, *values: str) -> Question:
    return Question(name, name, "choice", values[0], tuple(Choice(v, v) for v in values))


DOCKER = Question("docker", "Docker", "flag", default=False)
CACHE = Question("cache", "Cache", "flag", default=True)
AUTH = choice("auth", "tokens", "none")
CI = choice("ci", "none", "github", "gitlab")
TITLE = Question("title", "Title", "text", "A service")
ASKED = (DOCKER, CACHE, AUTH, CI, TITLE)


def preset(
    *, locked: dict[str, object] | None = None, required: tuple[str, ...] = (), **options: object
) -> Preset:
    locks = {name: Locked(value, None, "/srv/house.toml") for name, value in (locked or {}).items()}
    policy = Policy(None, required, "we deploy it", "/srv/house.toml")
    return resolve([Layer("/srv/house.toml", locked=locks, options=options, policies=(policy,))])


def test_without_a_preset_everything_is_free() -> None:
    assert choosable(None, ASKED) == list(ASKED)
    assert new_answers(None, ASKED) == ({}, list(ASKED))
    assert marks(None, {"docker": True}) == {}


def test_what_has_one_value_left_is_not_asked() -> None:
    house = preset(locked={"cache": False}, required=("docker", "auth", "ci"))
    free = {question.id: question for question in choosable(house, ASKED)}
    assert list(free) == ["ci", "title"]
    assert [each.value for each in free["ci"].choices] == ["github", "gitlab"]


def test_what_is_required_takes_the_first_value_that_is_on_unless_somebody_gave_one() -> None:
    house = preset(required=("docker", "ci", "auth"))
    values, notes = with_required(house, ASKED, {"docker": False, "ci": "none", "auth": "tokens"})
    assert values == {"docker": True, "ci": "github", "auth": "tokens"}
    assert notes == (
        "docker = yes, because house.toml requires it (we deploy it).",
        "ci = github, because house.toml requires it (we deploy it).",
    )
    assert with_required(house, ASKED, {"ci": "none"}, {"ci"}) == ({"ci": "none"}, ())


def test_a_newer_template_asks_what_is_free_standing_at_what_is_soft() -> None:
    house = preset(locked={"cache": False}, required=("docker",), ci="gitlab", title="An API")
    settled, free = new_answers(house, ASKED)
    assert settled == {"cache": False, "docker": True, "ci": "gitlab", "title": "An API"}
    assert [(question.id, question.default) for question in free] == [
        ("auth", "tokens"),
        ("ci", "gitlab"),
        ("title", "An API"),
    ]


def test_a_lock_is_named_before_a_policy() -> None:
    house = preset(locked={"docker": True}, required=("docker", "ci"))
    said = marks(house, {"docker": True, "ci": "github", "auth": "none"})
    assert said == {"docker": "locked by house.toml", "ci": "required by house.toml"}


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("/srv/house/base.toml", "base.toml"),
        ("team/base.toml", "base.toml"),
        ("C:\\house\\base.toml", "base.toml"),
        ("the built-in preset prototype", "the built-in preset prototype"),
        ("git+ssh://git@git.example.org/p.git@v1", "git+ssh://git@git.example.org/p.git@v1"),
        (
            "git+https://git.example.org/t/p.git@v1#a/b.toml",
            "git+https://git.example.org/t/p.git@v1#a/b.toml",
        ),
    ],
)
def test_a_project_does_not_record_the_folders_of_a_machine(label: str, name: str) -> None:
    assert name_of(label) == name
