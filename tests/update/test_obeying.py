"""``check``, ``add``, ``remove`` and ``update`` obey the preset of a project."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from .small import content, make_project, run

if TYPE_CHECKING:
    from pathlib import Path

HOUSE = """\
[locked]
docker = {{ value = true, because = "every service ships as an image" }}
auth_style = "api_tokens"
[policy]
frameworks = ["fastapi"]
required = ["ci"]
[template]
url = "{template}"
[check]
ignore = ["both_*"]
"""
IMAGE = "docker is locked to true by {} (every service ships as an image)"


@pytest.fixture
def house(template: Path, tmp_path: Path) -> Path:
    path = tmp_path / "house.toml"
    path.write_text(HOUSE.format(template=template))
    return path


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Path:
    made = make_project(template, tmp_path / "shop", docker=False)
    (made / "both_same_line.txt").write_text("mine\n")
    with (made / ".frameworkpick.toml").open("a") as record:
        record.write('[answers]\nauth_style = { value = "none", origin = "flag" }\n')
    return made


def answers(project: Path) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load((project / ".copier-answers.yml").read_text())
    return found


def test_check_says_what_departs_and_leaves_out_what_the_preset_ignores(
    house: Path, project: Path, template: Path, tmp_path: Path
) -> None:
    make_project(template, tmp_path / "fine", version="0.3.0")
    words = ("check", "--preset", house, project.name, "fine")
    found = json.loads(run(*words, "--json", cwd=tmp_path, code=3).stdout)["projects"]
    assert [each["preset"] for each in found] == ["house.toml", "house.toml"]
    problems: list[Any] = [each["departures"] for each in found]
    locked = "auth_style is locked to api_tokens by house.toml; the project has none."
    image = f"{IMAGE.format('house.toml')}; the project has false."
    assert problems == [
        [{"id": "auth_style", "problem": locked}, {"id": "docker", "problem": image}],
        [],
    ]
    assert found[0]["drifted"] is False
    both = ["both_added.txt", "both_added_same.txt", "both_other_lines.txt", "both_same_line.txt"]
    unversioned = {".env", "local/settings.txt"}
    assert [path for path in found[0]["ignored"] if path not in unversioned] == both


@pytest.mark.matrix
def test_many_projects_are_one_table_and_one_is_told_each_departure(
    house: Path, project: Path, template: Path, tmp_path: Path
) -> None:
    make_project(template, tmp_path / "fine", version="0.3.0")
    words = ("check", "--preset", house)
    table = run(*words, "shop", "fine", cwd=tmp_path, code=3).stdout
    assert "; against house.toml: auth_style, docker" in table
    assert "1 of 2 projects are as their template and preset have them." in table
    assert "preset" not in run(*words, "fine", cwd=tmp_path).stderr
    notes = run(*words, "shop", "--format", "github", cwd=tmp_path, code=3).stdout
    where = "::error file=shop/.copier-answers.yml,title=frameworkpick check"
    assert f"{where}::{IMAGE.format('house.toml')}; the project has false.\n" in notes
    shown = " ".join(run("check", "--preset", house, cwd=project, code=3).stdout.split())
    assert "(every service ships as an image); the project has false." in shown


def test_what_a_preset_forbids_is_refused_and_nothing_changes(house: Path, project: Path) -> None:
    before = content(project)
    with_house = ("--preset", house)
    done = run("remove", "ci", *with_house, cwd=project, code=2)
    assert f"ci is required by {house}; you gave none with `remove ci`." in done.stderr
    assert "ask the owner of the preset; nothing was changed." in done.stderr
    flags = ("-a", "docker=no", "-a", "ci=none", "-a", "database=sqlite")
    done = run("update", *flags, *with_house, cwd=project, code=2)
    assert f"{IMAGE.format(house)}; you gave false with -a docker=false." in done.stderr
    assert f"ci is required by {house}; you gave none with -a ci=none." in done.stderr
    assert "database" not in done.stderr
    assert content(project) == before


@pytest.mark.matrix
def test_what_a_preset_asks_for_can_be_added_from_its_template(house: Path, template: Path) -> None:
    project = make_project(template, house.parent / "bare", docker=False)
    run("add", "docker", "--preset", house, cwd=project)
    assert answers(project)["docker"] is True


@pytest.mark.matrix
@pytest.mark.parametrize("table", ["locked", "options"])
def test_a_new_question_takes_what_the_preset_says(house: Path, template: Path, table: str) -> None:
    project = make_project(template, house.parent / "bare")
    house.write_text(f'[{table}]\ncache = false\n[template]\nurl = "{template}"\n')
    run("update", "--preset", house, "--yes", cwd=project)
    assert answers(project)["cache"] is False
    assert (project / "cache.txt").read_text() == "cache: False\n"


@pytest.mark.matrix
def test_a_preset_that_lies_around_is_obeyed_but_brings_no_template(
    house: Path, project: Path, template: Path
) -> None:
    house.rename(house.parent / "frameworkpick-preset.toml")
    done = run("remove", "ci", "--template-url", template, cwd=project, code=2)
    assert "frameworkpick-preset.toml" in done.stderr
    assert f"Its template {template} is left aside" in done.stderr
    assert "ci is required by" in done.stderr
    done = run("check", cwd=project, code=1)
    assert "is not one that you named" in done.stderr


def test_check_downloads_nothing_that_only_the_project_names(project: Path, template: Path) -> None:
    address = "git+https://preset.invalid/team.git@v1"
    (project / "frameworkpick-preset.toml").write_text(f'extends = "{address}"\n')
    words = ("check", "--template-url", template)
    done = run(*words, "shop", cwd=project.parent, code=1)
    assert "builds on git+https://preset.invalid/team.git, which nobody named" in done.stderr
    assert "--preset" in done.stderr
    several = run(*words, "shop", "shop", "--json", cwd=project.parent, code=3)
    assert "which nobody named" in json.loads(several.stdout)["projects"][1]["problem"]


@pytest.mark.parametrize(
    "extends",
    ["~/.docker/config.json", "{home}/.docker/config.json", "../config.json", "sub/a.json"],
)
def test_check_reads_no_file_of_the_person_that_only_the_project_names(
    project: Path, template: Path, tmp_path: Path, extends: str
) -> None:
    secret = tmp_path / ".docker/config.json"
    secret.parent.mkdir()
    secret.write_text('{"auths": "hush"}')
    (tmp_path / "config.json").write_text('{"auths": "hush"}')
    (project / "sub").mkdir()
    (project / "sub/a.json").symlink_to(secret)
    preset = project / "frameworkpick-preset.toml"
    preset.write_text(f'extends = "{extends.format(home=tmp_path)}"\n')
    words = ("check", "--template-url", template, "shop", "--json")
    done = run(*words, cwd=tmp_path, code=1, env={"HOME": str(tmp_path)})
    assert "hush" not in done.stdout + done.stderr
    assert "auths" not in done.stdout + done.stderr
    assert "--preset" in done.stderr


def test_check_takes_no_link_for_a_preset_and_follows_one_that_stays_inside(
    project: Path, template: Path, tmp_path: Path
) -> None:
    words = ("check", "--template-url", template, "shop", "--json")
    (tmp_path / "own.toml").write_text("hush = 1\n")
    preset = project / "frameworkpick-preset.toml"
    preset.symlink_to(tmp_path / "own.toml")
    done = run(*words, cwd=tmp_path, code=1)
    assert "is a link" in done.stderr
    assert "hush" not in done.stdout + done.stderr
    preset.unlink()
    (project / "presets").mkdir()
    (project / "presets/base.toml").write_text('extends = "internal-api"\n')
    preset.write_text('extends = "presets/base.toml"\n')
    [found] = json.loads(run(*words, cwd=tmp_path, code=3).stdout)["projects"]
    assert (found["preset"], found["problem"]) == (preset.name, None)


def test_check_says_when_a_project_is_ahead_of_its_preset(template: Path, tmp_path: Path) -> None:
    project = make_project(template, tmp_path / "shop", version="0.3.0")
    house = tmp_path / "house.toml"
    house.write_text(f'[template]\nurl = "{template}"\nversion = "0.2.0"\n')
    done = run("check", "--preset", house, project, "--json", cwd=tmp_path, code=3)
    [found] = json.loads(done.stdout)["projects"]
    held = "The template is held to 0.2.0 by house.toml; the project is ahead, at 0.3.0."
    assert found["departures"] == [{"id": "template", "problem": held}]
    assert (found["behind"], found["drifted"]) == (False, False)
