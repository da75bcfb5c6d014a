"""``add`` and ``remove``: one option answered anew, at the version the project has."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
import yaml

from .small import commit, content, git, make_project, run, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Path:
    return make_project(template, tmp_path / "shop", docker=False)


def answers(project: Path) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load((project / ".copier-answers.yml").read_text())
    return found


def test_a_feature_comes_and_goes(project: Path, template: Path) -> None:
    before = content(project)
    trust = ("--template-url", template)
    done = run("add", "docker", project, *trust, "--dry-run", cwd=project, code=0)
    assert "Dockerfile" in done.stdout
    assert content(project) == before
    done = run("add", "docker", project, *trust, cwd=project)
    assert (project / "Dockerfile").is_file()
    assert answers(project)["docker"] is True
    assert answers(project)["_commit"] == "0.1.0"
    assert "frameworkpick verify" in done.stdout
    assert (project / ".git" / "MERGE_MSG").read_text().startswith("Add docker\n")
    [entry] = tomllib.loads((project / ".frameworkpick.toml").read_text())["updates"]
    assert entry["answers"] == {"docker": True}
    commit(project)
    run("remove", "docker", *trust, cwd=project)
    assert not (project / "Dockerfile").exists()
    after = content(project)
    after.pop(".frameworkpick.toml")
    before.pop(".frameworkpick.toml")
    assert after == before


@pytest.mark.matrix
def test_a_choice_takes_a_value(project: Path, template: Path) -> None:
    trust = ("--template-url", template)
    run("add", "database=postgresql", *trust, cwd=project)
    assert (project / "database.txt").read_text() == "database: postgresql\n"
    commit(project)
    run("remove", "ci", *trust, cwd=project)
    assert answers(project)["ci"] == "none"
    assert not (project / ".github").exists()


@pytest.mark.matrix
def test_what_a_person_changed_is_not_removed(project: Path, template: Path) -> None:
    write(project, {".github/ci.yml": "mine\n", ".github/other.yml": "mine\n"})
    commit(project)
    done = run("remove", "ci", "--template-url", template, cwd=project)
    assert (project / ".github" / "ci.yml").read_text() == "mine\n"
    assert (project / ".github" / "other.yml").read_text() == "mine\n"
    assert "yours stay" in done.stdout
    assert "ci.yml" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "dcker"], "Did you mean 'docker'?"),
        (["add", "database"], "`frameworkpick add database=sqlite` or `frameworkpick add"),
        (["add", "database=mysql"], "cannot be 'mysql'"),
        (["remove", "database"], "add database=postgresql`"),
        (["add", "package_name=other"], "no feature 'package_name'"),
    ],
)
@pytest.mark.matrix
def test_wrong_features_are_refused(
    project: Path, template: Path, words: list[str], said: str
) -> None:
    done = run(*words, "--template-url", template, cwd=project, code=2)
    assert said in done.stderr
    assert not git(project, "status", "--porcelain")


@pytest.mark.matrix
def test_what_is_there_already_changes_nothing(project: Path, template: Path) -> None:
    done = run("remove", "docker", "--template-url", template, cwd=project)
    assert "Nothing to do" in done.stdout
    assert not git(project, "status", "--porcelain")


@pytest.mark.matrix
def test_the_templates_of_this_installation(tmp_path: Path) -> None:
    run("new", "shop", "--yes", "--no-install", "--git", cwd=tmp_path)
    project = tmp_path / "shop"
    run("check", project, cwd=tmp_path)
    assert "Nothing to do" in run("update", project, cwd=tmp_path).stdout
    run("add", "ci=gitlab", project, cwd=tmp_path)
    assert (project / ".gitlab-ci.yml").is_file()
    assert not (project / ".github").exists()
    assert (project / "docs" / "adr" / "0001-web-framework.md").is_file()
    commit(project)
    run("check", project, cwd=tmp_path)
    assert not git(project, "status", "--porcelain")
