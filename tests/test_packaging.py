"""The installed package, not only the checkout, carries the templates and generates."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml

from frameworkpick.process import find_uv

ROOT = Path(__file__).parent.parent
ADDRESS = "frameworkpick://templates.git"
#: Nobody's git configuration, and a name to commit with.
GIT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


def uv(*words: str, cwd: Path, check: bool = True, env: dict[str, str] | None = None) -> str:
    program = find_uv()
    assert program
    done = subprocess.run(
        [program, *words], cwd=cwd, env=os.environ | (env or {}), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode == 0) is check, done.stderr
    return done.stderr


def run(*words: str | Path, cwd: Path, env: dict[str, str]) -> str:
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def build(source: Path, into: Path, **env: str) -> str:
    return uv("build", "--python", sys.executable, "--out-dir", str(into), cwd=source, env=env)


def install(wheel: Path, folder: Path) -> dict[str, str]:
    """Install a wheel; return the environment of a person who has nothing else."""
    uv("venv", "--quiet", "--python", sys.executable, "venv", cwd=folder)
    scripts = folder / "venv/bin"
    uv("pip", "install", "--quiet", "--python", str(scripts / "python"), str(wheel), cwd=folder)
    (folder / "home").mkdir()
    system = os.pathsep.join(
        {str(Path(found).parent) for name in ("git", "sh") if (found := shutil.which(name))}
    )
    return GIT | {"PATH": f"{scripts}{os.pathsep}{system}", "HOME": str(folder / "home")}


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".env" and ".git" not in path.parts
    }


def source_files() -> list[str]:
    """Name what a commit of everything here would hold."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [name for name in listed.split("\0") if name and os.path.lexists(ROOT / name)]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the sdist, as an installer without a wheel would build it."""
    folder = tmp_path_factory.mktemp("dist")
    said = build(ROOT, folder)
    assert said.count("frameworkpick: an unreleased build") <= 1
    return folder


@pytest.fixture(scope="module")
def person(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Somebody who installed that wheel and has nothing else."""
    (wheel,) = dist.glob("*.whl")
    return install(wheel, tmp_path_factory.mktemp("person"))


def test_the_wheel_carries_templates_knowledge_and_licences(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    packaged = {name for name in names if name.startswith("frameworkpick/templates/")}
    expected = {
        f"frameworkpick/templates/{path.relative_to(ROOT / 'templates').as_posix()}"
        for path in (ROOT / "templates").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.is_symlink()
    }
    assert expected <= packaged
    assert {
        "frameworkpick/py.typed",
        "frameworkpick/data/criteria.toml",
        "frameworkpick/data/use_cases.toml",
        "frameworkpick/report/decision.html.jinja",
        "frameworkpick/templates.bundle",
    } <= names
    assert not any("uv.lock" in name or "__pycache__" in name for name in names)
    assert not any("pack_history" in name for name in names)


def test_the_installed_wheel_generates_what_the_checkout_generates(
    person: dict[str, str], tmp_path: Path
) -> None:
    words = ["new", "app", "--yes", "--no-git", "--no-install", "--framework", "fastapi"]
    words += ["--date", "2026-01-01"]
    trees: list[dict[str, bytes]] = []
    for command in (["frameworkpick"], [sys.executable, "-m", "frameworkpick"]):
        place = tmp_path / f"place{len(trees)}"
        place.mkdir()
        found = shutil.which(command[0], path=person["PATH"]) or command[0]
        run(found, *command[1:], *words, cwd=place, env=person)
        trees.append(files(place))
    assert trees[0] == trees[1]
    assert len(trees[0]) > 20
    assert "app/UPGRADES.toml" not in trees[0]


def test_git_and_plain_copier_read_the_templates_of_the_wheel(
    person: dict[str, str], tmp_path: Path
) -> None:
    run("git", "clone", "--quiet", ADDRESS, "fork", cwd=tmp_path, env=person)
    checkout = {
        name.removeprefix("templates/")
        for name in source_files()
        if name.startswith("templates/") and not name.endswith(".db")
    }
    listed = run("git", "ls-files", "-z", cwd=tmp_path / "fork", env=person)
    assert set(listed.split("\0")) - {""} == checkout
    for link in (path for path in (ROOT / "templates").rglob("*") if path.is_symlink()):
        copied = tmp_path / "fork" / link.relative_to(ROOT / "templates")
        assert copied.readlink() == link.readlink()
    version = run("git", "describe", "--tags", cwd=tmp_path / "fork", env=person).strip()
    words = ["copier", "copy", "--quiet", "--defaults", "-d", "framework=flask", ADDRESS, "app"]
    run(*_found(words, person), cwd=tmp_path, env=person)
    answers = yaml.safe_load((tmp_path / "app/.copier-answers.yml").read_text())
    assert (answers["_src_path"], answers["_commit"]) == (ADDRESS, version)
    assert (tmp_path / "app/src/my_service/static/index.html").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["clone", "frameworkpick://other.git"], "There is no repository"),
        (["push", ADDRESS, "HEAD"], "These templates can only be read."),
    ],
)
def test_the_templates_are_one_repository_that_is_only_read(
    words: list[str], said: str, person: dict[str, str], tmp_path: Path
) -> None:
    run("git", "init", "--quiet", cwd=tmp_path, env=person)
    run("git", "commit", "--quiet", "--allow-empty", "-m", "x", cwd=tmp_path, env=person)
    done = subprocess.run(
        ["git", *words], cwd=tmp_path, env=person, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def _found(words: list[str], env: dict[str, str]) -> list[str]:
    return [shutil.which(words[0], path=env["PATH"]) or words[0], *words[1:]]


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
        init = root / "src/frameworkpick/__init__.py"
        init.write_text(
            re.sub(r'__version__ = ".*"', f'__version__ = "{version}"', init.read_text())
        )
        if version == "7.1.0":
            with (root / "templates/_shared/README.md").open("a") as file:
                file.write("{% block news %}\nNews of 7.1.0.\n{% endblock %}\n")
        run("git", "add", "--all", cwd=root, env=env)
        run("git", "commit", "--quiet", "-m", version, cwd=root, env=env)
        run("git", "tag", f"v{version}", cwd=root, env=env)
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
    run(*_found(words, env), cwd=tmp_path, env=env)
    app = tmp_path / "app"
    assert "News of" not in (app / "README.md").read_text()
    for step in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "x"]):
        run("git", *step, cwd=app, env=env)
    run(*_found(["copier", "update", "--quiet", "--defaults"], env), cwd=app, env=env)
    assert "News of 7.1.0." in (app / "README.md").read_text()
    assert yaml.safe_load((app / ".copier-answers.yml").read_text())["_commit"] == "7.1.0"
    words = ["frameworkpick", "new", "own", "--yes", "--no-git", "--no-install"]
    run(*_found(words, env), cwd=tmp_path, env=env)
    own = yaml.safe_load((tmp_path / "own/.copier-answers.yml").read_text())
    assert (own["_commit"], own["_src_path"]) == ("7.1.0", ADDRESS)


GUIDE = (ROOT / "docs/guides/fork-the-templates.md").read_text(encoding="utf-8")


def shown(name: str) -> str:
    block = re.search(rf"<!-- guide: {name} -->\n```sh\n(.+?)\n```", GUIDE, re.DOTALL)
    assert block
    return block[1]


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
    run("bash", "-euc", shown("use"), cwd=tmp_path / "home", env=env)
    project = tmp_path / "shop"
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert answers["_src_path"] == "https://git.example.org/team/templates.git"
    assert answers["_commit"] == "7.1.0.post1"
    assert "the team's handbook" in (project / "AGENTS.md").read_text()
    run("git", "reset", "--quiet", "--hard", "7.0.0", cwd=tmp_path / "team-templates", env=env)
    run("bash", "-euc", shown("merge"), cwd=tmp_path, env=env)
    head = run("git", "describe", "--tags", cwd=tmp_path / "team-templates", env=env)
    assert head == "7.1.0\n"


def clone(source: Path, folder: Path, *words: str) -> Path:
    words = ("git", "clone", "--quiet", *words, f"file://{source}", str(folder))
    run(*words, cwd=folder.parent, env=dict(os.environ))
    return folder


@pytest.mark.matrix
def test_a_release_build_refuses_what_nobody_could_update_from(
    released: Path, tmp_path: Path
) -> None:
    places = {
        "The clone is shallow": clone(released, tmp_path / "shallow", "--depth=1"),
        "The tag v7.1.0 is missing": clone(released, tmp_path / "untagged", "--no-tags"),
        "The working tree differs": clone(released, tmp_path / "dirty"),
    }
    (tmp_path / "dirty/templates/new").touch()
    words = ("build", "--python", sys.executable)
    for fault, place in places.items():
        said = uv(*words, cwd=place, check=False, env={"FRAMEWORKPICK_RELEASE": "1"})
        assert f"Not a release:\n{fault}" in said


@pytest.mark.matrix
def test_any_other_build_works_anywhere(released: Path, tmp_path: Path) -> None:
    build(clone(released, tmp_path / "untagged", "--no-tags", "--depth=1"), tmp_path / "one")
    exported = clone(released, tmp_path / "exported")
    shutil.rmtree(exported / ".git")
    said = build(exported, tmp_path / "two")
    assert said.count("an unreleased build: its templates are version 7.1.0.dev0.") == 1
    (sdist,) = (tmp_path / "two").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    build(unpacked, tmp_path / "three", PATH=str(tmp_path))  # no git at all
    bundles = []
    for folder in ("two", "three"):
        (wheel,) = (tmp_path / folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            bundles.append(archive.read("frameworkpick/templates.bundle"))
    assert bundles[0] == bundles[1]
    said = build(exported, tmp_path / "four", PATH=str(tmp_path))
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
    with (checkout / "templates/_shared/README.md").open("a") as file:
        file.write("{% block more %}\nEdited.\n{% endblock %}\n")
    env = GIT | {"PATH": f"{tmp_path}/venv/bin:{os.environ['PATH']}", "HOME": str(tmp_path)}
    words = ["frameworkpick", "new", "own", "--yes", "--no-git", "--no-install"]
    run(*_found(words, env), cwd=tmp_path, env=env)
    assert "Edited." in (tmp_path / "own/README.md").read_text()
    own = yaml.safe_load((tmp_path / "own/.copier-answers.yml").read_text())
    assert own["_commit"] == "7.1.1.dev0"
    run("git", "clone", "--quiet", ADDRESS, "fork", cwd=tmp_path, env=env)
    assert "Edited." in (tmp_path / "fork/_shared/README.md").read_text()
    assert run("git", "tag", cwd=tmp_path / "fork", env=env).split() == [
        "7.0.0", "7.1.0", "7.1.1.dev0",
    ]  # fmt: skip
