"""The presets that come with the program, and the schema that every preset file keeps to."""

from __future__ import annotations

import json
import re
import subprocess
import sysconfig
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from frameworkpick import catalog, presets, render
from frameworkpick.core.decision.answers import Origin, merge, parse_answers, use_case_answers
from frameworkpick.core.decision.engine import recommend
from frameworkpick.core.preset_faults import faults
from frameworkpick.errors import InputError
from frameworkpick.presets.writer import starter

if TYPE_CHECKING:
    from .command import Place

KNOWLEDGE = catalog.load_knowledge()
QUESTIONS = render.load_questions(catalog.templates_root())
NAMES = presets.built_in_names()
FOLDER = Path(presets.__file__).parents[1] / "data" / "presets"
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "presets.md"
CHECKER = Path(sysconfig.get_path("scripts")) / "check-jsonschema"

WRONG = {
    "key": "lokced = 1",
    "answer": '[answers]\nhosting = "moon"',
    "option": "[options]\ndocker = 1",
    "name": '[options]\nproject_name = "x"',
    "lock": '[locked]\ndocker = { value = "x" }',
    "reason": "[locked]\ndocker = { because = 'x' }",
    "weight": "[weights]\nhosting = 4",
    "policy": '[policy]\nrequired = ["description"]',
    "none": "[policy]\nframeworks = []",
    "template": '[template]\nversion = "1"',
    "commit": f'extends_commit = "{"a" * 40}"',
    "short": 'extends = "x"\nextends_commit = "abc"',
}


@pytest.mark.parametrize("name", NAMES)
def test_a_built_in_preset_says_what_it_is_for_and_leaves_the_verdict_to_the_questions(
    name: str,
) -> None:
    preset = presets.load(name, fetch=lambda *_: pytest.fail("no network"))
    assert preset.layers[0].description
    assert preset.framework is None
    assert not preset.locked
    assert all(policy.frameworks is None for policy in preset.policies)
    assert preset.template is None
    assert faults(preset.layers, KNOWLEDGE, QUESTIONS) == []
    assert preset.use_case is not None
    answers = merge(
        use_case_answers(KNOWLEDGE, str(preset.use_case.value)),
        parse_answers(KNOWLEDGE, {k: v.value for k, v in preset.answers.items()}, Origin.PRESET),
    )
    assert recommend(KNOWLEDGE, answers).strength in {"lean", "clear"}  # it helps to decide


def test_built_in_presets_cover_both_frameworks() -> None:
    assert len(NAMES) >= 5
    answers = [tomllib.loads((FOLDER / f"{name}.toml").read_text())["answers"] for name in NAMES]
    assert {each.get("output_kind") for each in answers} >= {"json_api", "html_pages"}


@pytest.mark.parametrize(
    "name", [NAMES[0], *(pytest.param(n, marks=pytest.mark.matrix) for n in NAMES[1:])]
)
def test_a_built_in_preset_yields_a_project(name: str, place: Place) -> None:
    done = place.run("new", "shop", "--preset", name, "--yes", "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    text = json.loads(done.stdout)
    options = tomllib.loads((FOLDER / f"{name}.toml").read_text())["options"]
    assert {key: _options(text)[key] for key in options} == options


def _options(data: dict[str, Any]) -> dict[str, Any]:
    found = data.get("options") or data["selection"]["options"]
    assert isinstance(found, dict)
    return found


def test_the_page_on_presets_names_them_all_and_its_example_is_valid(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", page, re.MULTILINE))
    said = {
        name: tomllib.loads((FOLDER / f"{name}.toml").read_text())["description"] for name in NAMES
    }
    assert rows == {name: text[0].lower() + text[1:] for name, text in said.items()}
    example = tmp_path / "example.toml"
    example.write_text(page.partition("```toml\n")[2].partition("```")[0])
    asked: list[tuple[object, ...]] = []

    def fetch(*words: str | None) -> tuple[bytes, str]:
        asked.append(words)
        return b"", "0" * 40

    preset = presets.load(str(example), fetch=fetch)
    assert faults(preset.layers, KNOWLEDGE, QUESTIONS) == []
    url = "git+https://git.example.org/team/presets.git"
    assert asked == [(url, "v1.2", "base.toml", "0123456789abcdef0123456789abcdef01234567")]


def test_the_schema_takes_what_is_valid_and_refuses_what_is_not(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(presets.schema(KNOWLEDGE, QUESTIONS)))
    start = tmp_path / "starter.toml"
    start.write_text(starter())
    wrong = {name: tmp_path / f"{name}.toml" for name in WRONG}
    for name, path in wrong.items():
        path.write_text(WRONG[name])
    every = [start, *sorted(FOLDER.glob("*.toml")), *wrong.values()]
    words = [str(CHECKER), "--schemafile", str(schema), "--output-format", "json", *map(str, every)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    said = json.loads(done.stdout)
    assert not said.get("parse_errors")
    assert {Path(each["filename"]).stem for each in said["errors"]} == set(WRONG)


@pytest.mark.matrix
def test_the_schema_is_one(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(presets.schema(KNOWLEDGE, QUESTIONS)))
    words = [str(CHECKER), "--check-metaschema", str(schema)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", WRONG)
def test_what_the_schema_refuses_the_check_refuses_too(name: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(WRONG[name])
    try:
        preset = presets.load(str(file), fetch=lambda *_: pytest.fail("no network"))
    except InputError:
        return
    assert faults(preset.layers, KNOWLEDGE, QUESTIONS)
