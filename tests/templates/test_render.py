"""Every supported combination of options renders to code that its own tools leave as it is."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from frameworkpick.core import project_names
from frameworkpick.errors import RenderError
from frameworkpick.process import run

from .combinations import SUPPORTED, UNSUPPORTED, few_combinations
from .projects import FRAMEWORKS, Variant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: What copier itself refuses: a team may use the template without the command.
REFUSED: list[tuple[str, str]] = [
    *((each.option, each.value) for each in UNSUPPORTED if each.option in SUPPORTED),
    ("package_name", "my-service"),
    ("package_name", "x" * 41),
    ("project_name", "../elsewhere"),
    ("description", "two\nlines"),
]
OPTIONAL_FILES: list[tuple[str, Any, set[str]]] = [
    ("docker", True, {"Dockerfile", ".dockerignore", "compose.yaml"}),
    ("ci", "github", {".github/workflows/ci.yml", ".github/dependabot.yml"}),
    ("ci", "gitlab", {".gitlab-ci.yml", "renovate.json"}),
    (
        "auth",
        "tokens",
        {
            "src/parts_store/auth.py",
            "src/parts_store/security.py",
            "src/parts_store/routes/auth.py",
            "src/parts_store/routes/users.py",
            "tests/test_auth.py",
            "tests/test_users.py",
            "tests/test_security.py",
        },
    ),
]
TAG = re.compile(r"(?<!\$)\{\{|\{%|\{#")
#: Files of others, copied as they are.
VENDORED = "/static/"


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """The generated files by their path in the project, without what is copied as bytes."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and VENDORED not in f"/{name}":
            yield name, path.read_text(encoding="utf-8")


def assert_sound(variant: Variant, folder: Path) -> None:
    """What holds for the files of any project."""
    names = set()
    for name, text in texts(folder):
        names.add(name)
        assert not TAG.search(text), f"{name} holds a template tag"
        assert not re.search(r"TODO|FIXME|XXX", text), name
        assert not re.search(r"[ \t]\n|\n{4,}|\t|\r", text), f"{name}: stray whitespace"
        if text:
            assert text.endswith("\n"), f"{name} has no end of line at its end"
            assert not text.endswith("\n\n"), f"{name} ends with an empty line"
        if name.endswith(".py"):
            ast.parse(text, feature_version=tuple(map(int, variant.python_version.split("."))))  # type: ignore[arg-type]
        elif name.endswith(".toml"):
            tomllib.loads(text)
        elif name.endswith((".yml", ".yaml")):
            yaml.safe_load(text)
    for option, value, files in OPTIONAL_FILES:
        wanted = {name.replace("parts_store", variant.package_name) for name in files}
        present = wanted & names
        assert present == (wanted if getattr(variant, option) == value else set()), option
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] == variant.project_name
    assert project["description"] == variant.description
    assert project["requires-python"] == f">={variant.python_version}"
    has_driver = any(each.startswith("psycopg") for each in project["dependencies"])
    assert has_driver is (variant.database == "postgresql")
    recorded = yaml.safe_load((folder / ".copier-answers.yml").read_text(encoding="utf-8"))
    for name in variant.__dataclass_fields__:
        assert recorded[name] == getattr(variant, name)


def assert_clean(folder: Path) -> None:
    """Ruff, once for all projects in the folder, each with its own settings."""
    for arguments in (["check"], ["format", "--check"]):
        done = run(
            [sys.executable, "-m", "ruff", *arguments, "--no-cache", str(folder)],
            cwd=folder,
            timeout=300,
        )
        assert done.ok, done.output


def render_all(variants: list[Variant], folder: Path) -> None:
    for number, variant in enumerate(variants):
        destination = folder / str(number)
        variant.render(destination)
        assert_sound(variant, destination)
    assert_clean(folder)


def test_a_few_combinations_of_every_two_values_render_clean(tmp_path: Path) -> None:
    render_all(few_combinations(), tmp_path)


@pytest.mark.matrix
def test_every_combination_renders_clean(everything_rendered: dict[Variant, Path]) -> None:
    for variant, folder in everything_rendered.items():
        assert_sound(variant, folder)
    # All lie in one folder.
    assert_clean(next(iter(everything_rendered.values())).parent)


@pytest.mark.parametrize(("option", "value"), REFUSED)
def test_what_is_not_supported_is_refused(tmp_path: Path, option: str, value: str) -> None:
    answers: dict[str, Any] = {"framework": FRAMEWORKS[0], option: value}
    variant = Variant(**answers)
    with pytest.raises(RenderError):
        variant.render(tmp_path / "project")


def test_names_of_any_length_render_clean(tmp_path: Path) -> None:
    longest = "w" * 19 + "_" + "i" * 20
    names = [
        ("q", "none"),
        ("a_shop_of_many_parts", "none"),
        (longest, "tokens"),
        (longest, "none"),
    ]
    assert {len(name) for name, _ in names} == {1, 20, 40}
    variants = [
        Variant(framework, auth, package_name=name, project_name=name.replace("_", "-"))
        for framework in FRAMEWORKS
        for name, auth in names
    ]
    render_all(variants, tmp_path)


DESCRIPTIONS = [
    "It's \"quoted\", 'twice'",
    'ends with a backslash \\ and """ quotes """',
    "{{ 7 * 7 }} {% raw %} {# not a comment #}",
    "${HOME} $(id) `id` %s {0} {name}",
    "Fahrräder für Zoë, 自転車 🚲",
    "<script>alert(1)</script> # no heading [link](x) | pipe",
    "x" * 200,
]


def test_descriptions_stay_text(tmp_path: Path) -> None:
    for number, description in enumerate(DESCRIPTIONS):
        variant = Variant(FRAMEWORKS[number % len(FRAMEWORKS)], description=description)
        folder = variant.render(tmp_path / str(number))
        assert_description(variant, folder)
    assert_clean(tmp_path)


def assert_description(variant: Variant, folder: Path) -> None:
    """The description arrives as it is in TOML, in YAML and in Markdown."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (project["name"], project["description"]) == (variant.project_name, variant.description)
    recorded = yaml.safe_load((folder / ".copier-answers.yml").read_text(encoding="utf-8"))
    assert recorded["description"] == variant.description
    assert variant.description in (folder / "README.md").read_text(encoding="utf-8").split("\n")
    for path in folder.rglob("*.py"):
        ast.parse(path.read_text(encoding="utf-8"))


NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,40}", fullmatch=True)
PRINTABLE = st.characters(exclude_categories=["C", "Z"]) | st.just(" ")
LINES = st.text(PRINTABLE, min_size=1, max_size=200)


@settings(max_examples=12)
@given(name=NAMES, description=LINES)
def test_any_allowed_name_and_description_arrives(
    tmp_path_factory: pytest.TempPathFactory, name: str, description: str
) -> None:
    package = project_names.package_name_for(name)
    problems = (
        project_names.project_name_problem(name),
        project_names.package_name_problem(package),
        project_names.description_problem(description),
    )
    if any(problems):
        return
    variant = Variant(
        FRAMEWORKS[0], project_name=name, package_name=package, description=description
    )
    folder = variant.render(tmp_path_factory.mktemp("any") / "project")
    assert (folder / "src" / package / "app.py").is_file()
    assert_description(variant, folder)
    assert json.dumps(name)[1:-1] in (folder / "pyproject.toml").read_text(encoding="utf-8")
