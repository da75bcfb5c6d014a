"""Releases, forks and every kind of build, with the real git, Copier and uv."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest
import yaml

from frameworkpick.history import release_bundle

from ..listed import list_release  # noqa: TID252 (shared by all)
from .wheels import ADDRESS, GIT, ROOT, build, clone, found, install, run, source_files, uv

if TYPE_CHECKING:
    from pathlib import Path

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs/guides/fork-the-templates.md").read_text(encoding="utf-8")


def shown(name: str) -> str:
    block = re.search(rf"<!-- guide: {name} -->\n```sh\n(.+?)\n```", GUIDE, re.DOTALL)
    assert block
    return block[1]


def add_option(templates: Path) -> None:
    """Add an option with a file of its own, as CONTRIBUTING.md says."""
    rule = re.search(r"`(\{% if cache is defined .+ %\})`", CONTRIBUTING)
    assert rule
    path = templates / "copier.yml"
    text = path.read_text().replace("_exclude:\n", f'_exclude:\n  - "{rule[1]}"\n')
    path.write_text(f"{text}\ncache:\n  type: bool\n  default: true\n")
    (templates / "project/docs").mkdir()
    (templates / "project/docs/cache.md").write_text("# Cache\n")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This source as a repository with two releases, the second of which changed a template."""
    root = tmp_path_factory.mktemp("released")
    for name in source_files():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, root / name, follow_symlinks=False)
    env = GIT | {"PATH": os.environ["PATH"], "HOME": str(root)}
    run("git", "init", "--quiet", cwd=root, env=env)
    for version in ("7.0.0", "7.1.0"):
        if version == "7.1.0":
            with (root / "templates/project/README.md.jinja").open("a") as file:
                file.write("\nNews of 7.1.0.\n")
            add_option(root / "templates")
        list_release(root, version, first=version == "7.0.0")
        run("git", "add", "--all", cwd=root, env=env)
        run("git", "commit", "--quiet", "-m", version, cwd=root, env=env)
    run("git", "tag", "v7.1.0", cwd=root, env=env)  # what is published has a tag
    return root


@pytest.mark.matrix
def test_a_release_is_updated_to_by_plain_copier_on_a_machine_without_network(
    released: Path, tmp_path: Path
) -> None:
    said = build(released, tmp_path / "dist", FRAMEWORKPICK_RELEASE="1")
    assert "unreleased" not in said
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    env = install(wheel, tmp_path) | {"https_proxy": "http://127.0.0.1:1"}
    words = ["copier", "copy", "--quiet", "--defaults", "--vcs-ref", "7.0.0"]
    words += ["-d", "framework=fastapi", ADDRESS, "app"]
    run(*found(words, env), cwd=tmp_path, env=env)
    app = tmp_path / "app"
    assert "News of" not in (app / "README.md").read_text()
    for step in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "x"]):
        run("git", *step, cwd=app, env=env)
    run(*found(["copier", "update", "--quiet", "--defaults"], env), cwd=app, env=env)
    assert "News of 7.1.0." in (app / "README.md").read_text()
    answers = yaml.safe_load((app / ".copier-answers.yml").read_text())
    assert (answers["_commit"], answers["cache"]) == ("7.1.0", True)
    assert (app / "docs/cache.md").is_file()
    words = ["frameworkpick", "new", "own", "--yes", "--no-git", "--no-install"]
    run(*found(words, env), cwd=tmp_path, env=env)
    own = yaml.safe_load((tmp_path / "own/.copier-answers.yml").read_text())
    assert (own["_commit"], own["_src_path"]) == ("7.1.0", ADDRESS)
    said = run(*found(["frameworkpick", "--version"], env), cwd=tmp_path, env=env)
    assert said == "frameworkpick 7.1.0\n"


@pytest.mark.matrix
def test_a_team_forks_the_templates_as_the_guide_says(released: Path, tmp_path: Path) -> None:
    build(released, tmp_path / "dist")
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    env = install(wheel, tmp_path)
    run(
        "git",
        "init",
        "--quiet",
        "--bare",
        "--initial-branch=main",
        "team.git",
        cwd=tmp_path,
        env=env,
    )
    (tmp_path / "home/.gitconfig").write_text(
        f'[url "file://{tmp_path}/team.git"]\n'
        "\tinsteadOf = https://git.example.org/team/templates.git\n"
    )
    for name in ("fork", "tag"):
        script = shown(name) if name == "fork" else f"cd team-templates\n{shown(name)}"
        run("bash", "-euc", script, cwd=tmp_path, env=env)
    run("bash", "-euc", shown("copier"), cwd=tmp_path, env=env)
    project = tmp_path / "shop"
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert answers["_src_path"] == "https://git.example.org/team/templates.git"
    assert answers["_commit"] == "7.1.0.post1"
    assert "the team's handbook" in (project / "AGENTS.md").read_text()


@pytest.mark.matrix
def test_a_release_build_refuses_what_nobody_could_update_from(
    released: Path, tmp_path: Path
) -> None:
    places = {
        "The clone is not whole": clone(released, tmp_path / "shallow", "--depth=1"),
        "The tag v7.1.0 is missing": clone(released, tmp_path / "untagged", "--no-tags"),
        "templates/ are not those of 7.1.0": clone(released, tmp_path / "dirty"),
    }
    (tmp_path / "dirty/templates/new").touch()
    for fault, place in places.items():
        assert f"Not a release:\n{fault}" in refused(place)


def refused(source: Path, *words: str) -> str:
    command = ("build", "--python", sys.executable, *words)
    return uv(*command, cwd=source, check=False, env={"FRAMEWORKPICK_RELEASE": "1"})


@pytest.mark.matrix
def test_a_release_build_refuses_a_history_that_is_not_that_of_its_templates(
    released: Path, tmp_path: Path
) -> None:
    build(released, tmp_path / "dist", FRAMEWORKPICK_RELEASE="1")
    (sdist,) = (tmp_path / "dist").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    (unpacked / "templates/new").touch()
    assert "holds other templates than templates/." in refused(unpacked, "--wheel")
    checkout = clone(released, tmp_path / "checkout")
    bundle = "src/frameworkpick/templates.bundle"
    shutil.copy2(unpacked / bundle, checkout / bundle)
    assert "remove it from the checkout" in refused(checkout)


def packed_in(folder: Path) -> bytes:
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read("frameworkpick/templates.bundle")


@pytest.mark.matrix
def test_any_other_build_works_anywhere(released: Path, tmp_path: Path) -> None:
    """A wheel is built from the sdist, so every build below goes through one."""
    plain = clone(released, tmp_path / "plain", "--no-tags")
    said = build(plain, tmp_path / "whole")
    assert "frameworkpick:" not in said
    assert packed_in(tmp_path / "whole") == release_bundle.pack(released).bundle
    (sdist,) = (tmp_path / "whole").glob("*-7.1.0.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    build(unpacked, tmp_path / "again", PATH=str(tmp_path))  # no git at all
    assert packed_in(tmp_path / "again") == packed_in(tmp_path / "whole")
    shallow = clone(released, tmp_path / "shallow", "--no-tags", "--depth=1")
    exported = tmp_path / "exported"
    exported.mkdir()
    run(
        "git",
        "archive",
        "--output=../exported.tar",
        "HEAD",
        cwd=plain,
        env=GIT | {"PATH": os.environ["PATH"]},
    )
    with tarfile.open(tmp_path / "exported.tar") as archive:
        archive.extractall(exported, filter="data")
    for less in (shallow, exported):
        said = build(less, tmp_path / f"{less.name}-dist")
        assert said.count("built without the templates of 7.0.0, which are not in this source") == 1
    assert packed_in(tmp_path / "shallow-dist") == packed_in(tmp_path / "exported-dist")
    said = build(exported, tmp_path / "bare", PATH=str(tmp_path))
    assert "built without the history of its templates: git is not installed" in said


@pytest.mark.matrix
def test_who_edits_templates_in_a_checkout_gets_the_edited_ones(
    released: Path, tmp_path: Path
) -> None:
    checkout = clone(released, tmp_path / "checkout")
    uv("venv", "--quiet", "--python", sys.executable, "venv", cwd=tmp_path)
    python = str(tmp_path / "venv/bin/python")
    said = uv("pip", "install", "--quiet", "--python", python, "--editable", ".", cwd=checkout)
    assert said == ""
    with (checkout / "templates/project/README.md.jinja").open("a") as file:
        file.write("\nEdited.\n")
    env = GIT | {"PATH": f"{tmp_path}/venv/bin:{os.environ['PATH']}", "HOME": str(tmp_path)}
    words = ["frameworkpick", "new", "own", "--yes", "--no-git", "--no-install"]
    run(*found(words, env), cwd=tmp_path, env=env)
    assert "Edited." in (tmp_path / "own/README.md").read_text()
    own = yaml.safe_load((tmp_path / "own/.copier-answers.yml").read_text())
    assert own["_commit"] == "7.1.1.dev0"
    run("git", "clone", "--quiet", ADDRESS, "fork", cwd=tmp_path, env=env)
    assert "Edited." in (tmp_path / "fork/project/README.md.jinja").read_text()
    assert run("git", "tag", cwd=tmp_path / "fork", env=env).split() == [
        "7.0.0", "7.1.0", "7.1.1.dev0",
    ]  # fmt: skip
