"""A third framework is a folder in a fork: recommended, generated, checked, updated, added to."""

from __future__ import annotations

import json
import shlex
import subprocess
import tomllib
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from .house import FAST, TEMPLATES, answers, commit, edit, git, guide

if TYPE_CHECKING:
    from pathlib import Path

    from .house import Shell

FORK, ADD = guide("fork-the-templates"), guide("add-a-framework")
FIRST, SECOND = "1.0.0.post2", "1.0.0.post3"


@pytest.fixture(scope="module")
def fork(shell: Shell) -> Path:
    """The fork with Falcon in it, as the guides say, in two versions."""
    shell.script(f"{FORK['fork']}\n{FORK['tag']}", shell.home)
    steps = ("known", "verdict", "record", "files", "question", "release")
    shell.script("\n".join(ADD[name] for name in steps), shell.home)
    folder = shell.home / "team-templates"
    edit(folder / "falcon/project/src/{{ package_name }}/app.py", '"ok"', '"fine"')
    with (folder / "UPGRADES.toml").open("a") as notes:
        notes.write(
            f'\n[[upgrade]]\nversion = "{SECOND}"\nkind = "breaking"\nsummary = "Health is fine."\n'
        )
    commit(folder, "Fine", SECOND)
    return folder


@pytest.fixture
def project(fork: Path, shell: Shell, tmp_path: Path) -> Path:
    """A project of the first version, committed."""
    assert (fork / "falcon").is_dir()
    words = ("--framework", "falcon", "--no-docker", "--template-url", TEMPLATES)
    shell.pick("new", "chat", *FAST, *words, "--template-version", FIRST, cwd=tmp_path)
    git(tmp_path / "chat", "init", "--quiet")
    commit(tmp_path / "chat")
    return tmp_path / "chat"


@pytest.fixture
def released(fork: Path, shell: Shell) -> None:
    shell.run("git", "push", "--quiet", "origin", "HEAD:main", SECOND, cwd=fork)


@pytest.mark.matrix
@pytest.mark.usefixtures("fork")
def test_it_is_ranked_and_recommended(shell: Shell, tmp_path: Path) -> None:
    words = ("--answer", "long_lived=core", "--json", "--template-url", TEMPLATES)
    said = json.loads(shell.pick("recommend", *words, cwd=tmp_path).stdout)
    assert said["verdict"] == "falcon"
    assert {each["framework"] for each in said["ranking"]} == {"fastapi", "flask", "falcon"}
    without = json.loads(shell.pick("recommend", *words[:-2], cwd=tmp_path).stdout)
    assert without["verdict"] != "falcon"


@pytest.mark.usefixtures("fork")
@pytest.mark.parametrize("kind", ["answers", "preset"])
def test_the_schemas_know_it_when_the_template_is_named(
    shell: Shell, tmp_path: Path, kind: str
) -> None:
    file = {"framework": "falcon", "because": "x", "options": {"team": "chat"}}
    house = tmp_path / "house.toml"
    house.write_text(f'[template]\nurl = "{TEMPLATES}"\n')
    for named in (("--template-url", TEMPLATES), ("--preset", str(house))):
        form = json.loads(shell.pick("schema", kind, *named, cwd=tmp_path).stdout)
        assert not list(Draft202012Validator(form).iter_errors(file))
    built_in = json.loads(shell.pick("schema", kind, cwd=tmp_path).stdout)
    assert list(Draft202012Validator(built_in).iter_errors(file))


@pytest.mark.usefixtures("fork")
def test_the_advice_is_followed_and_recorded(shell: Shell, tmp_path: Path) -> None:
    words = ("-a", "long_lived=core", "--option", "team=chat", "--template-url", TEMPLATES)
    done = shell.pick("new", "chat", *FAST, *words, "--template-version", f"v{FIRST}", cwd=tmp_path)
    assert "Falcon" in done.stdout
    assert (
        "uv run uvicorn --factory chat.app:create_app --host 127.0.0.1 --port 8000" in done.stdout
    )
    project = tmp_path / "chat"
    assert (project / "ONCALL.md").read_text() == "Call chat at night.\n"
    kept = answers(project)
    assert (kept["_src_path"], kept["_commit"]) == (TEMPLATES, FIRST)
    assert (kept["framework"], kept["team"]) == ("falcon", "chat")
    record = tomllib.loads((project / ".frameworkpick.toml").read_text())
    assert record["options"]["team"] == "chat"
    assert "# " in (project / "docs/adr/0001-web-framework.md").read_text()
    assert f"--template-url {TEMPLATES} --template-version {FIRST}" in record["command"]
    assert "--option team=chat" in record["command"]


@pytest.mark.matrix
def test_the_recorded_command_makes_the_same_project(project: Path, shell: Shell) -> None:
    command = tomllib.loads((project / ".frameworkpick.toml").read_text())["command"]
    again = project.parent / "again"
    again.mkdir()
    shell.pick(*shlex.split(command)[1:], "--no-install", "--no-git", cwd=again)
    words = ["diff", "-r", "--exclude=.git", str(project), str(again / "chat")]
    subprocess.run(words, check=True)


@pytest.mark.matrix
@pytest.mark.usefixtures("released")
def test_check_says_how_far_it_is(project: Path, shell: Shell, tmp_path: Path) -> None:
    done = shell.pick("check", project, "--json", "--template-url", TEMPLATES, cwd=tmp_path, code=3)
    [found] = json.loads(done.stdout)["projects"]
    assert (found["version"], found["newest"], found["drifted"]) == (FIRST, SECOND, False)
    assert (found["template"], found["follow"]) == (TEMPLATES, None)
    done = shell.pick("check", project, cwd=tmp_path, code=1)
    assert f"'{TEMPLATES}' is not one that you named" in done.stderr


@pytest.mark.usefixtures("released")
def test_update_merges_the_next_version(project: Path, shell: Shell) -> None:
    edit(project / "src/chat/app.py", "app = App()", "app = App(cors_enable=True)")
    commit(project)
    done = shell.pick("update", "--yes", "--template-url", TEMPLATES, cwd=project)
    app = (project / "src/chat/app.py").read_text()
    assert '"fine"' in app
    assert "cors_enable=True" in app
    assert "Health is fine." in done.stdout
    assert answers(project)["_commit"] == SECOND


@pytest.mark.matrix
def test_an_option_comes_and_goes(project: Path, shell: Shell) -> None:
    assert not (project / "Dockerfile").exists()
    shell.pick("add", "docker", "--yes", "--template-url", TEMPLATES, cwd=project)
    assert "chat.app:create_app" in (project / "Dockerfile").read_text()
    commit(project)
    shell.pick("add", "team=chat", "--yes", "--template-url", TEMPLATES, cwd=project)
    assert (project / "ONCALL.md").read_text() == "Call chat at night.\n"
    commit(project)
    shell.pick("remove", "docker", "--yes", "--template-url", TEMPLATES, cwd=project)
    assert not (project / "Dockerfile").exists()
    assert (answers(project)["_commit"], answers(project)["docker"]) == (FIRST, False)


@pytest.mark.matrix
@pytest.mark.usefixtures("released")
def test_a_preset_alone_brings_it(shell: Shell, tmp_path: Path) -> None:
    preset = tmp_path / "house.toml"
    choice = f'[locked]\nframework = "falcon"\n[template]\nurl = "{TEMPLATES}"\nversion = '
    preset.write_text(f'{choice}"{FIRST}"\n')
    shell.pick("new", "chat", *FAST, "--preset", preset, cwd=tmp_path)
    project = tmp_path / "chat"
    assert (answers(project)["framework"], answers(project)["_commit"]) == ("falcon", FIRST)
    git(project, "init", "--quiet")
    commit(project)
    shell.pick("check", "--preset", preset, cwd=project)
    preset.write_text(f'{choice}"{SECOND}"\n')
    shell.pick("check", "--preset", preset, cwd=project, code=3)
    shell.pick("update", "--yes", "--preset", preset, cwd=project)
    assert '"fine"' in (project / "src/chat/app.py").read_text()
    commit(project)
    shell.pick("check", "--preset", preset, cwd=project)
    shell.pick("add", "docker=false", "--yes", "--preset", preset, cwd=project)
    assert not (project / "Dockerfile").exists()


@pytest.mark.matrix
@pytest.mark.usefixtures("fork")
def test_the_project_works(shell: Shell, tmp_path: Path) -> None:
    words = ("--yes", "--no-git", "--install", "--framework", "falcon", "--template-version", FIRST)
    shell.pick("new", "chat", *words, "--template-url", TEMPLATES, cwd=tmp_path)
    shell.run("uv", "run", "pytest", "--quiet", cwd=tmp_path / "chat")
    project = tmp_path / "chat"  # it has nothing to migrate or lint
    done = shell.pick("verify", "--json", "--template-url", TEMPLATES, cwd=project, code=3)
    status = {probe["name"]: probe["status"] for probe in json.loads(done.stdout)["probes"]}
    assert (status["install"], status["tests"]) == ("passed", "passed")
