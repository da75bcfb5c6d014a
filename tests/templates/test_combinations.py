"""What the documentation says can be combined is what the product accepts, and nothing else is."""

from __future__ import annotations

import json
import keyword
import string
import sys
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from frameworkpick import catalog, render
from frameworkpick.commands import intake
from frameworkpick.core import project_names
from frameworkpick.errors import InputError
from frameworkpick.process import run

from .combinations import (
    CHANGED,
    DEVICES,
    FOUND,
    PAGE,
    SUPPORTED,
    UNSUPPORTED,
    Refusal,
    every_combination,
    pairwise,
    refused,
)
from .components import interpreter
from .projects import FRAMEWORKS, TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from frameworkpick.process import Completed

    from .projects import Project, Variant

pytestmark = pytest.mark.version

KNOWLEDGE = catalog.load_knowledge()
OPTIONS = catalog.load_options()
QUESTIONS = render.load_questions(TEMPLATES, OPTIONS)
#: Which packages these are is held against installed projects, below.
TAKEN = project_names.DEPENDENCY_PACKAGES
#: Asked of nobody: names and texts have rules of their own.
NAMES = {"project_name", "package_name", "description"}


def complaints(answers: Mapping[str, Any]) -> dict[str, str]:
    """Ask the product, as ``new --dry-run`` does before it writes: its problems by option."""
    options = {
        key: value for key, value in answers.items() if key not in {"framework", "project_name"}
    }
    request = intake.NewRequest(
        name=answers.get("project_name", "my-service"),
        framework=answers.get("framework"),
        options=options,
        dry_run=True,
    )
    try:
        intake.gather(request, KNOWLEDGE, QUESTIONS, can_ask=False)
    except InputError as error:
        return {about(problem): problem for problem in error.problems}
    return {}


def about(problem: str) -> str:
    """The option that a message of the product is about."""
    beginnings = {
        "There is no framework": "framework",
        "The project name": "project_name",
        "The package name": "package_name",
        "The description": "description",
    }
    for beginning, option in beginnings.items():
        if problem.startswith(beginning):
            return option
    return problem.split(maxsplit=1)[0]


def new(folder: Path, answers: Mapping[str, Any]) -> Completed:
    """Ask the installed command, without writing anything."""
    words = [answers.get("project_name", "my-service"), "--yes", "--dry-run", "--json"]
    for option, value in answers.items():
        flag = "--" + {"python_version": "python"}.get(option, option).replace("_", "-")
        if isinstance(value, bool):
            words.append(flag if value else f"--no-{flag.removeprefix('--')}")
        elif option != "project_name":
            words += [flag, value]
    return run([sys.executable, "-m", "frameworkpick", "new", *words], cwd=folder, timeout=60)


def everything_that_may_be_asked() -> Iterator[dict[str, Any]]:
    """Every combination of the values that the page or the questionnaire names, and of others."""
    offered = {
        question.id: [choice.value for choice in question.choices]
        for question in QUESTIONS
        if question.kind == "choice"
    }
    axes: dict[str, list[Any]] = {
        option: [
            *dict.fromkeys(
                [*values, *offered.get(option, ())]
                + [each.value for each in UNSUPPORTED if each.option == option]
            )
        ]
        for option, values in SUPPORTED.items()
    }
    axes["framework"] += ["django", *FRAMEWORKS]
    axes["docker"] += ["maybe"]
    for values in product(*axes.values()):
        yield dict(zip(axes, values, strict=True))


def test_the_oracle_and_the_product_agree_on_every_combination() -> None:
    asked = list(everything_that_may_be_asked())
    assert len(asked) > 10 * len(every_combination())
    for answers in asked:
        assert set(complaints(answers)) == refused(answers, TAKEN), answers


def test_the_page_lists_exactly_the_questionnaire_and_the_templates() -> None:
    listed = {option: list(values) for option, values in SUPPORTED.items()}
    spec = yaml.safe_load((TEMPLATES / "copier.yml").read_text(encoding="utf-8"))
    asked = {
        key: each for key, each in spec.items() if not key.startswith("_") and key not in NAMES
    }
    offered: dict[str, list[Any]] = {}
    for option, each in asked.items():
        choices = each.get("choices", [True, False])
        offered[option] = list(choices.values() if isinstance(choices, dict) else choices)
    assert listed == offered | {"framework": FRAMEWORKS}


def test_the_page_counts_the_combinations() -> None:
    times = " \N{MULTIPLICATION SIGN} "
    factors = times.join(str(len(values)) for values in SUPPORTED.values())
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"all {factors} = {len(every_combination())} combinations are supported" in text


def test_the_page_gives_the_reasons_of_the_product() -> None:
    listed = [(each.option, each.value, each.because) for each in UNSUPPORTED]
    known = [(name, *refusal) for name, each in OPTIONS.items() for refusal in each.refused]
    assert [row for row in listed if row[0] not in NAMES] == known


rows = pytest.mark.parametrize("row", UNSUPPORTED, ids=lambda row: f"{row.option}={row.value}")


@rows
def test_what_the_page_refuses_is_refused_for_its_reason(row: Refusal) -> None:
    answers = {"framework": FRAMEWORKS[0], row.option: row.value}
    assert row.option in refused(answers, TAKEN)
    assert row.because in complaints(answers)[row.option]


@pytest.mark.matrix
@rows
def test_the_installed_command_refuses_it_with_exit_code_2(tmp_path: Path, row: Refusal) -> None:
    done = new(tmp_path, {"framework": FRAMEWORKS[0], row.option: row.value})
    assert done.returncode == 2, done.output
    assert row.because in " ".join(done.output.split())
    assert not list(tmp_path.iterdir())


@pytest.mark.matrix
@pytest.mark.parametrize("variant", [each.variant for each in pairwise()], ids=lambda each: each.id)
def test_the_installed_command_accepts_what_the_page_allows(
    tmp_path: Path, variant: Variant
) -> None:
    answers = {option: getattr(variant, option) for option in SUPPORTED}
    done = new(tmp_path, answers)
    assert done.returncode == 0, done.output
    plan = json.loads(done.output[done.output.index("{") :])
    assert {option: plan["options"][option] for option in answers} == answers


WORDS = sorted(
    {
        *TAKEN,
        *DEVICES,
        *CHANGED,
        *FOUND,
        *keyword.kwlist,
        *keyword.softkwlist,
        *sys.stdlib_module_names,
    }
)
PARTS = st.lists(
    st.sampled_from(WORDS) | st.text(string.ascii_letters + string.digits, min_size=1, max_size=30),
    min_size=1,
    max_size=3,
)
SEPARATORS = st.sampled_from(["", "-", "_", ".", "__"])
JOINED = st.builds(lambda parts, separator: separator.join(parts), PARTS, SEPARATORS)
ANY_NAME = (
    JOINED
    | JOINED.map(str.upper)
    | st.text(string.ascii_letters + string.digits + "-_. /\n\0é", max_size=70)
)


def test_the_oracle_and_the_product_agree_on_every_name_that_is_taken() -> None:
    for word in WORDS:
        for answers in ({"project_name": word}, {"package_name": word}):
            assert set(complaints(answers)) == refused(answers, TAKEN), answers


@given(project=ANY_NAME, package=st.none() | ANY_NAME)
def test_the_oracle_and_the_product_agree_on_names(project: str, package: str | None) -> None:
    answers = {"project_name": project} | ({} if package is None else {"package_name": package})
    assert set(complaints(answers)) == refused(answers, TAKEN)


@given(description=st.text(max_size=210) | st.text("ab \t\n", min_size=195, max_size=205))
def test_the_oracle_and_the_product_agree_on_descriptions(description: str) -> None:
    answers = {"description": description}
    assert set(complaints(answers)) == refused(answers, TAKEN)


@pytest.mark.matrix
@pytest.mark.parametrize("version", SUPPORTED["python_version"])
def test_no_module_or_word_of_any_supported_python_can_be_a_package(version: str) -> None:
    script = (
        "import json, keyword, sys;"
        "print(json.dumps([*sys.stdlib_module_names, *keyword.kwlist, *keyword.softkwlist]))"
    )
    done = run([interpreter(version), "-c", script], cwd=TEMPLATES, timeout=60)
    names = {name for name in json.loads(done.output) if name[0] in string.ascii_lowercase}
    assert len(names) > 200
    assert {name for name in names if project_names.package_name_problem(name) is None} == set()


#: The modules and packages that a project's environment holds.
HELD = "import importlib.metadata as m, json; print(json.dumps([*m.packages_distributions()]))"


@pytest.mark.matrix
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_no_project_or_package_can_have_the_name_of_what_is_installed(
    installed: Callable[..., Project], framework: str
) -> None:
    project = installed(framework, "tokens", "postgresql")
    own = {project.variant.project_name, project.variant.package_name}
    held = set(json.loads(project.check("python", "-c", HELD).output)) - own
    lock = (project.folder / "uv.lock").read_text(encoding="utf-8")
    locked = {line.split('"')[1] for line in lock.splitlines() if line.startswith("name = ")} - own
    assert min(len(held), len(locked)) > 40
    free = {name for name in held if "package_name" not in complaints({"package_name": name})}
    free |= {name for name in locked if "project_name" not in complaints({"project_name": name})}
    assert free == set(), "frameworkpick.core.project_names.DEPENDENCY_PACKAGES lacks these"
