"""``schema``: what it prints describes the files that are read and the JSON that is printed."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from frameworkpick import catalog, render
from frameworkpick.cli.schema import Of
from frameworkpick.commands import intake
from frameworkpick.commands.intake import NewRequest
from frameworkpick.core.forms import plain
from frameworkpick.core.results.schemas import RESULTS, result_schema
from frameworkpick.core.schemas import answers_schema
from frameworkpick.errors import InputError
from frameworkpick.probes.result import ProbeResult, Status, VerifyResult

from .house import DRY, FAST, HOUSE, Desk, desk

if TYPE_CHECKING:
    from pathlib import Path

KNOWLEDGE = catalog.load_knowledge()
QUESTIONS = render.load_questions(catalog.templates_root())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = desk(tmp_path_factory.mktemp("schema"))
    made.write("house.toml", HOUSE)
    return made


def schema(place: Desk, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(place.run("schema", *words).stdout)
    Draft202012Validator.check_schema(found)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    return found


def faults(form: dict[str, Any], value: object) -> list[str]:
    errors = Draft202012Validator(form).iter_errors(value)
    return sorted("/".join(map(str, error.absolute_path)) for error in errors)


def closed(form: Any) -> Any:
    """Allow no key that is not described."""
    if isinstance(form, list):
        return [closed(each) for each in form]
    if not isinstance(form, dict):
        return form
    made = {name: closed(each) for name, each in form.items()}
    return {"additionalProperties": False, **made} if "properties" in made else made


def test_an_answers_file_is_described(place: Desk) -> None:
    form = schema(place, "answers")
    saved = place.folder / "saved.toml"
    place.run("recommend", "--yes", "--preset", "house.toml", "--save-answers", str(saved))
    assert faults(form, tomllib.loads(saved.read_text())) == []
    good = {
        "$schema": "./answers.schema.json", "framework": "flask", "because": "we know it",
        "use_case": "rest_api", "hosting": None, "answers": {"output_kind": "unknown"},
        "options": {"docker": False, "database": "postgresql", "python_version": "3.12"},
        "weights": {"team_skills": 1.5},
    }  # fmt: skip
    assert faults(form, good) == []
    place.write("good.json", json.dumps(good))
    place.run("recommend", "--yes", "--answers", "good.json")
    wrong = {
        "framework": "fask", "colour": "red", "hosting": "nowhere",
        "answers": {"output_kind": "both", "speed": "high"}, "weights": {"team_skills": 4},
        "options": {"docker": "yes", "package_name": "Shop", "description": " ", "name": "x"},
    }  # fmt: skip
    assert faults(form, wrong) == [
        "", "answers", "framework", "hosting", "options", "options/description", "options/docker",
        "options/package_name", "weights/team_skills",
    ]  # fmt: skip


def test_every_question_is_told_with_what_its_answers_mean(place: Desk) -> None:
    form = schema(place, "answers")["properties"]["answers"]["properties"]
    for criterion in KNOWLEDGE.criteria:
        told = form[criterion.id]
        assert told["title"] == criterion.question
        assert len(told["enum"]) == len(told["enumDescriptions"]) == len(criterion.options) + 2
        for option in criterion.options:
            assert f"- {option.id}: {option.label}: {option.hint}" in told["description"]


def test_a_preset_is_described(place: Desk) -> None:
    form = schema(place, "preset")
    assert faults(form, tomllib.loads(HOUSE)) == []
    wrong = {"locked": {"docker": {"value": "on"}, "team": 1}, "policy": {"frameworks": []}}
    assert faults(form, wrong) == ["locked", "locked/docker", "policy/frameworks"]


@pytest.mark.parametrize("of", list(Of))
def test_there_is_a_schema_for_every_verb_that_the_flag_names(of: Of) -> None:
    assert of.value in RESULTS
    assert len(RESULTS) == len(Of)


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("recommend", ("recommend", "--json")),
        pytest.param("new", ("new", "x", *DRY), marks=pytest.mark.matrix),
    ],
)
def test_the_json_of_recommend_and_new_is_described_key_by_key(
    place: Desk, verb: str, words: tuple[str, ...]
) -> None:
    form = result_schema(verb, KNOWLEDGE)
    result = json.loads(place.run(*words, "--preset", "house.toml").stdout)
    assert faults(closed(form), result) == []
    for key in result:
        less = {name: value for name, value in result.items() if name != key}
        assert faults(form, less) == [""], key
    assert faults(form, {**result, "schema": 2}) == ["schema"]


def test_a_result_is_that_of_recommend_unless_a_verb_is_named(place: Desk) -> None:
    assert schema(place, "result") == result_schema("recommend", KNOWLEDGE)
    assert schema(place, "result", "--of", "check") == result_schema("check", KNOWLEDGE)


@pytest.mark.matrix
def test_the_json_of_the_verbs_for_projects_is_described_key_by_key(place: Desk) -> None:
    place.run("new", "shop", *FAST, "--framework", "flask", "--no-docker")
    again = json.loads(place.run("recommend", "--from", "shop", "--json").stdout)
    assert faults(closed(schema(place, "result")), again) == []
    checked = place.run("check", "shop", "--preset", "house.toml", "--json", code=3).stdout
    assert faults(closed(schema(place, "result", "--of", "check")), json.loads(checked)) == []
    added = place.run("add", "docker", "shop", "--dry-run", "--json").stdout
    assert faults(closed(schema(place, "result", "--of", "update")), json.loads(added)) == []


def test_the_json_of_verify_is_described_key_by_key() -> None:
    probes = tuple(ProbeResult("boots", "server", each, 0.1, "said so") for each in Status)
    result = plain(VerifyResult("shop", "flask", "sqlite", probes, 1.0))
    assert faults(closed(result_schema("verify", KNOWLEDGE)), result) == []


def test_of_goes_with_a_result_only(place: Desk) -> None:
    done = place.run("schema", "answers", "--of", "new", code=2)
    assert "--of goes with `schema result`, not with `schema answers`." in done.stderr


WORDS = st.sampled_from(
    ["flask", "fastapi", "none", "core", "tokens", "sqlite", "3.12", "rest_api", "unknown",
     "json_api", "shop", "a__b", "class", "", " ", "two\nlines", "gitlab"]
)  # fmt: skip
VALUES = st.one_of(WORDS, st.booleans(), st.none(), st.integers(-1, 4), st.floats(0, 4))
NAMES = st.sampled_from(
    ["hosting", "output_kind", "long_lived", "team_skills", "auth", "docker", "database", "ci",
     "python_version", "description", "package_name", "framework", "because", "use_case", "x"]
)  # fmt: skip
TABLES = st.dictionaries(NAMES, VALUES, max_size=3)
FILES = st.fixed_dictionaries(
    {}, optional={"answers": TABLES, "options": TABLES, "weights": TABLES}
).flatmap(lambda tables: TABLES.map(lambda top: {**top, **tables}))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES)
def test_whatever_the_schema_takes_is_read_but_for_names_that_are_taken(
    tmp_path: Path, content: dict[str, Any]
) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(content))
    try:
        request = NewRequest("shop", answers_file=file)
        intake.gather(request, KNOWLEDGE, QUESTIONS, can_ask=False)
        problems: tuple[str, ...] = ()
    except InputError as error:
        problems = error.problems
    if not faults(answers_schema(KNOWLEDGE, QUESTIONS), content):
        taken = (
            "word of the Python",
            "would hide a package",
            "standard library",
            "Windows",
            "looks for",
        )
        assert [each for each in problems if not any(word in each for word in taken)] == []
