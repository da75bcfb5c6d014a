"""Templates that cannot be used: one sentence, what to do next, and nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .house import FAST, answers, commit, git, make_template, write

if TYPE_CHECKING:
    from pathlib import Path

    from .house import Shell

WORDS = ("new", "shop", *FAST, "--framework", "tiny")


def refused(shell: Shell, place: Path, *words: str | Path, code: int = 1) -> str:
    """Return what is said; nothing is written but what was there."""
    before = sorted(place.iterdir())
    done = shell.pick(*WORDS, *words, cwd=place, code=code)
    assert sorted(place.iterdir()) == before
    assert done.stdout == ""
    error, hint = (line for line in done.stderr.splitlines() if line[:6] in ("Error:", "Hint: "))
    return f"{error} {hint}"


def test_a_version_that_is_not_there_names_the_nearest(shell: Shell, tmp_path: Path) -> None:
    many = [f"1.{minor}.0" for minor in range(20)]
    template = make_template(tmp_path / "small", "", *many)
    words = ("--template-url", template, "--template-version")
    said = refused(shell, tmp_path, *words, "1.7.5", code=2)
    assert f"The template {template} has no version 1.7.5." in said
    assert "The nearest of its 20 versions: 1.5.0, 1.6.0, 1.7.0, 1.8.0, 1.9.0." in said
    assert "1.19.0" in refused(shell, tmp_path, *words, "main", code=2)


@pytest.mark.matrix
def test_addresses_that_lead_nowhere(shell: Shell, tmp_path: Path) -> None:
    said = refused(shell, tmp_path, "--template-url", "missing")
    assert "does not appear to be a git repository" in said
    said = refused(shell, tmp_path, "--template-url", "https://127.0.0.1:1/t.git")
    assert "Check the network and the address." in said
    said = refused(shell, tmp_path, "--template-url", "ext::sh -c true", code=2)
    assert "only https, ssh and file are used" in said


@pytest.mark.matrix
def test_repositories_that_are_no_templates(shell: Shell, tmp_path: Path) -> None:
    untagged = make_template(tmp_path / "untagged")
    git(untagged, "tag", "--delete", "1.0.0")
    said = refused(shell, tmp_path, "--template-url", untagged)
    assert "has no version." in said
    assert "Tag its commits with versions" in said
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "--quiet")
    commit(empty, "x", "1.0.0")
    assert "has no copier.yml at its top" in refused(shell, tmp_path, "--template-url", empty)
    plain = tmp_path / "plain"
    write(plain / "copier.yml", "name: {default: x}\n")
    git(plain, "init", "--quiet")
    commit(plain, "x", "1.0.0")
    assert "holds no framework" in refused(shell, tmp_path, "--template-url", plain)
    nameless = make_template(tmp_path / "nameless")
    write(nameless / "copier.yml", "framework: {type: str}\nproject_name: x\n")
    commit(nameless, "x", "1.1.0")
    said = refused(shell, tmp_path, "--template-url", nameless)
    assert "does not ask package_name." in said


@pytest.mark.matrix
@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("_tasks: [touch ran]", "tasks (touch ran)"),
        ("_jinja_extensions: [os]", "Jinja extensions (os)"),
        ("_migrations: [{version: 1.0.0, before: [x]}]", "migrations"),
    ],
)
def test_a_template_that_wants_to_run_something(
    line: str, named: str, shell: Shell, tmp_path: Path
) -> None:
    template = make_template(tmp_path / "small", f"{line}\n")
    said = refused(shell, tmp_path, "--template-url", template)
    assert f"wants to run code of its own: {named}" in said
    assert "Nothing was run." in said


@pytest.mark.matrix
def test_offline_the_version_that_was_fetched_serves_and_it_is_said(
    shell: Shell, tmp_path: Path
) -> None:
    template = make_template(tmp_path / "small")
    words = ("--template-url", template)
    shell.pick(*WORDS, *words, cwd=tmp_path)
    template.rename(tmp_path / "gone")
    (tmp_path / "offline").mkdir()
    done = shell.pick(*WORDS, *words, cwd=tmp_path / "offline")
    assert "There may be newer versions of the template" in done.stderr
    assert answers(tmp_path / "offline/shop")["_commit"] == "1.0.0"


@pytest.mark.matrix
def test_a_preset_that_lies_in_a_folder_brings_no_template(shell: Shell, tmp_path: Path) -> None:
    template = make_template(tmp_path / "small")
    preset = write(tmp_path / "frameworkpick-preset.toml", f'[template]\nurl = "{template}"\n')
    done = shell.pick(*WORDS, cwd=tmp_path, code=2)
    assert f"Its template {template} is left aside" in done.stderr
    assert "There is no framework 'tiny'" in done.stderr
    shell.pick(*WORDS, "--preset", preset, cwd=tmp_path)
    assert answers(tmp_path / "shop")["_src_path"] == str(template)
    done = shell.pick("check", "shop", cwd=tmp_path, code=1)
    assert "is not one that you named" in done.stderr
    shell.pick("check", "shop", cwd=tmp_path, env={"FRAMEWORKPICK_PRESET": str(preset)})
