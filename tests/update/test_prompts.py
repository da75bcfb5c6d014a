"""What ``update`` and ``add`` ask at a real pseudo-terminal."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import pexpect
import pytest
import yaml

from ..pseudo_terminal import (  # noqa: TID252 (shared by all)
    CLEAR,
    CTRL_C,
    ENTER,
    FORKS,
    PROMPT,
    RIGHT,
    at,
    end,
)
from .releases import new
from .small import commit, content, git, make_project

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.matrix, FORKS]


@pytest.fixture(scope="module")
def original(releases: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new(releases["1.0.0"], tmp_path_factory.mktemp("asked"), "flask", "--git")


@pytest.fixture
def project(original: Path, tmp_path: Path) -> Path:
    return shutil.copytree(original, tmp_path / "shop", symlinks=True)


def start(folder: Path, *words: str, release: Path | None = None) -> pexpect.spawn[str]:
    variables = {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"}
    if release:
        variables["PYTHONPATH"] = str(release / "src")
    return pexpect.spawn(
        sys.executable, ["-m", "frameworkpick", *words],
        cwd=str(folder), env=os.environ | variables,
        dimensions=(40, 100), encoding="utf-8", timeout=60,
    )  # fmt: skip


def answers(project: Path) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load((project / ".copier-answers.yml").read_text())
    return found


def test_update_asks_what_is_new_and_shows_what_enter_would_answer(
    project: Path, releases: dict[str, Path]
) -> None:
    child = start(project, "update", release=releases["1.1.0"])
    child.expect("The newer template asks:")
    at(child, "Remember answers for a while.*< yes >")
    child.send(ENTER)
    at(child, r"Whom to write to.*shop@example\.org")
    child.send(f"{CLEAR}ops@example.com{ENTER}")
    at(child, "How many answers to remember.*100")
    child.send(f"{CLEAR}250{ENTER}")
    shown, code = end(child)
    assert code == 0, shown
    found = answers(project)
    assert (found["cache"], found["contact"], found["cache_size"]) == (True, "ops@example.com", 250)
    assert (project / "CONTACT.md").read_text() == "Write to ops@example.com.\n"
    assert (project / "docs/cache.md").read_text() == "# Cache\n\nKeeps 250 answers.\n"


def test_a_question_that_an_answer_makes_pointless_does_no_harm(
    project: Path, releases: dict[str, Path]
) -> None:
    child = start(project, "update", release=releases["1.1.0"])
    at(child, "Remember answers for a while")
    child.send(RIGHT + ENTER)
    for _ in range(2):
        child.expect(PROMPT)
        child.send(ENTER)
    shown, code = end(child)
    assert code == 0, shown
    assert answers(project)["cache"] is False
    assert "cache_size" not in answers(project)
    assert answers(project)["contact"] == "shop@example.org"


def test_what_is_given_or_not_asked_of_this_project_is_no_question(
    project: Path, releases: dict[str, Path]
) -> None:
    child = start(project, "update", "-a", "cache=no", release=releases["1.1.0"])
    at(child, "Whom to write to")
    child.send(ENTER)
    shown, code = end(child)
    assert code == 0, shown
    assert "How many" not in shown


@pytest.mark.parametrize("flag", ["--yes", "--json"])
def test_who_forbids_questions_gets_none(
    project: Path, releases: dict[str, Path], flag: str
) -> None:
    shown, code = end(start(project, "update", flag, release=releases["1.1.0"]))
    assert code == 0
    assert "Whom to write to" not in shown


@pytest.mark.parametrize("prompts", [1, 3])
def test_ctrl_c_at_a_question_changes_nothing(
    project: Path, releases: dict[str, Path], prompts: int
) -> None:
    before = content(project)
    child = start(project, "update", release=releases["1.1.0"])
    for _ in range(prompts - 1):
        child.expect(PROMPT)
        child.send(ENTER)
    child.expect(PROMPT)
    child.send(CTRL_C)
    shown, code = end(child)
    assert code == 130
    assert "Cancelled" in shown
    assert content(project) == before
    assert not git(project, "status", "--porcelain")


@pytest.mark.parametrize(
    ("key", "code", "said"),
    [
        (f"n{ENTER}", 0, ""),
        (ENTER, 0, ""),
        (f"y{ENTER}", 3, "pyproject.toml"),
        (CTRL_C, 130, "what was merged stays."),
    ],
)
def test_add_offers_to_verify(
    template: Path, tmp_path: Path, key: str, code: int, said: str
) -> None:
    project = make_project(template, tmp_path / "shop", docker=False)
    child = start(project, "add", "docker", "--template-url", str(template))
    child.expect(r"Prove the project now with `frameworkpick verify`\? \[y/N\]")
    child.send(key)
    shown, ended = end(child)
    assert (ended, said in shown) == (code, True), shown
    assert (project / "Dockerfile").is_file()


@pytest.mark.parametrize("words", [("--yes",), ("--json",), ("--dry-run",)])
def test_add_offers_nothing_to_who_wants_no_question(
    template: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    project = make_project(template, tmp_path / "shop", docker=False)
    shown, code = end(start(project, "add", "docker", "--template-url", str(template), *words))
    assert code == 0
    assert "[y/N]" not in shown


def test_add_with_a_conflict_offers_nothing(template: Path, tmp_path: Path) -> None:
    project = make_project(template, tmp_path / "shop", docker=False)
    (project / "Dockerfile").write_text("FROM mine\n")
    commit(project)
    shown, code = end(start(project, "add", "docker", "--template-url", str(template)))
    assert code == 3
    assert "[y/N]" not in shown
