"""``preset init``, ``show``, ``check`` and ``list``, through the installed command."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from frameworkpick import presets
from frameworkpick.errors import InputError
from frameworkpick.presets import AnswersFile
from frameworkpick.presets.writer import own_file, pinned, starter

if TYPE_CHECKING:
    from pathlib import Path

    from .command import Place

BASE = """\
description = "Every service"
[locked]
docker = { value = true, because = "every service ships as an image" }
[policy]
frameworks = ["fastapi"]
"""


def test_a_new_preset_explains_itself_is_valid_and_overwrites_nothing(place: Place) -> None:
    done = place.run("preset", "init")
    assert done.returncode == 0, done.stderr
    file = place.folder / "frameworkpick-preset.toml"
    assert f"frameworkpick preset check {file.name}" in done.stdout
    assert file.read_text().startswith("#:schema ./frameworkpick-preset.schema.json\n")
    again = place.run("preset", "init")
    assert again.returncode == 1
    assert "exists already; nothing was written" in again.stderr
    checked = place.run("preset", "check")
    assert (checked.returncode, checked.stderr) == (0, f"The preset is {file}.\n")
    assert "frameworkpick-preset.toml is valid." in checked.stdout


def test_every_example_of_the_starter_can_be_taken_as_it_is(place: Place) -> None:
    lines = starter().splitlines()
    example = re.compile(r"# (?=\[template\]|\w+ = )")
    text = "\n".join(example.sub("", line, count=1) for line in lines)
    data = tomllib.loads(text)
    assert set(data) == {
        "description", "extends", "extends_commit", "use_case", "answers", "options", "locked",
        "weights", "policy", "template", "check",
    }  # fmt: skip
    assert all(data.values())
    del data["extends"], data["extends_commit"], data["template"]
    place.write("all.json", json.dumps(data))
    checked = place.run("preset", "check", "all.json")
    assert checked.returncode == 0, checked.stderr


@pytest.mark.matrix
def test_a_preset_takes_over_what_a_project_was_made_with(place: Place) -> None:
    made = place.run(
        "new", "shop", "--yes", "--no-git", "--no-install", "--use-case", "rest_api",
        "-a", "hosting=any", "--weight", "team_skills=2", "--framework", "flask",
        "--because", "the team knows it", "--database", "postgresql", "--description", "Sells",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    done = place.run("preset", "init", "house.toml", "--from", "shop")
    assert done.returncode == 0, done.stderr
    data = tomllib.loads((place.folder / "house.toml").read_text())
    assert data["description"] == "Projects like shop"
    assert data["use_case"] == "rest_api"
    assert data["answers"] == {"hosting": "any"}  # and no mere suggestion
    assert data["weights"] == {"team_skills": 2}
    assert data["options"]["database"] == "postgresql"
    assert not data["options"].keys() & {"description", "project_name", "package_name"}
    recorded = tomllib.loads((place.folder / "shop/.frameworkpick.toml").read_text())
    overridden = recorded["recommendation"]["verdict"] != "flask"
    assert data.get("framework") == ("flask" if overridden else None)
    assert data.get("because") == ("the team knows it" if overridden else None)
    assert place.run("preset", "check", "house.toml").returncode == 0


def test_a_folder_that_is_no_project_has_nothing_to_take_over(place: Place) -> None:
    done = place.run("preset", "init", "house.toml", "--from", ".")
    assert done.returncode == 1
    assert "holds no .frameworkpick.toml" in done.stderr
    assert not (place.folder / "house.toml").exists()


def test_what_counts_is_shown_with_who_says_so(place: Place) -> None:
    place.write("base.toml", BASE + '[answers]\nhosting = "wsgi_only"\n')
    place.write("api.toml", 'extends = "base.toml"\n[answers]\nhosting = "any"\n')
    done = place.run("preset", "show", "api.toml", "--resolved")
    assert done.returncode == 0
    assert done.stdout == (
        "api.toml: what counts\n"
        "  from api.toml\n"
        "  from base.toml\n"
        "  [answers]\n"
        "    hosting = any         api.toml\n"
        "  [locked]\n"
        "    docker = true         base.toml, every service ships as an image\n"
        "  [policy]\n"
        "    frameworks = fastapi  base.toml\n"
    )
    each = place.run("preset", "show", "api.toml").stdout
    assert each.index("hosting = any") < each.index("extends base.toml") < each.index("wsgi_only")


def test_a_fault_of_form_hides_no_other(place: Place) -> None:
    place.write("house.toml", 'framwork = "flask"\n[answers]\nhostin = "any"\n[template]\n')
    done = place.run("preset", "check", "house.toml")
    assert done.returncode == 2
    assert "there is no key 'framwork'. Did you mean 'framework'?" in done.stderr
    assert "template must name its url" in done.stderr
    assert "Did you mean 'hosting'?" in done.stderr


def test_every_problem_of_every_file_is_named_at_once(place: Place) -> None:
    place.write("base.toml", BASE)
    place.write(
        "api.toml",
        'extends = "base.toml"\nuse_case = "rest_apis"\nframework = "flask"\n'
        '[answers]\nhostin = "any"\ndocker = "yes"\n[options]\ndocker = false\nci = "jenkins"\n'
        'project_name = "x"\n[locked]\npython_versoin = "3.12"\n[weights]\nteam_skills = 7\n'
        '[policy]\nrequired = ["docer"]\n',
    )
    done = place.run("preset", "check", "api.toml")
    assert (done.returncode, done.stdout) == (2, "")
    told = [
        "There is no use case 'rest_apis'", "Did you mean 'rest_api'?",
        "docker is a project option and no question: put it under [options].",
        "There is no criterion 'hostin'. Did you mean 'hosting'?",
        "ci cannot be 'jenkins': there are pipelines for GitHub and GitLab only.",
        "project_name belongs to one project; leave it out of a preset.",
        "or project option 'python_versoin' to lock. Did you mean 'python_version'?",
        "The weight of team_skills cannot be 7",
        "There is no project option 'docer' that could be required. Did you mean 'docker'?",
        "api.toml sets docker to false, but base.toml locks it to true (every service ships as",
        "api.toml sets framework to flask, but base.toml allows only fastapi.",
    ]  # fmt: skip
    assert [sentence for sentence in told if sentence not in done.stderr] == []


def test_a_line_that_pins_goes_only_where_one_can_be_written(place: Place) -> None:
    place.write("alone.toml", 'description = "x"\n')
    before = (place.folder / "alone.toml").read_bytes()
    alone = place.run("preset", "check", "alone.toml", "--pin")
    assert alone.returncode == 0
    assert "there is nothing to pin" in alone.stdout
    assert (place.folder / "alone.toml").read_bytes() == before
    with pytest.raises(InputError, match="no file of yours"):
        own_file("prototype")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'extends = "x" # why\n[answers]\n',
            'extends = "x" # why\nextends_commit = "C"\n[answers]\n',
        ),
        ('extends_commit = "old"\nextends="x"', 'extends="x"\nextends_commit = "C"'),
        ('a = 1\r\nextends = "x"\r\n', 'a = 1\r\nextends = "x"\r\nextends_commit = "C"\r\n'),
        ('"extends" = "x"\n', None),
        ('extends = """\nx"""\n', None),
        ('[answers]\nextends = "x"\n', None),
    ],
)
def test_the_pin_is_one_line_and_the_rest_of_the_file_stays(
    text: str, expected: str | None
) -> None:
    commit = "0123456789" * 4
    assert pinned(text, commit) == (expected.replace("C", commit) if expected else None)


def test_presets_are_listed_with_where_they_are_from(place: Place, tmp_path: Path) -> None:
    place.write("frameworkpick-preset.toml", 'description = "Here"\n')
    config = tmp_path / "config"
    (config / "frameworkpick").mkdir(parents=True)
    (config / "frameworkpick/preset.toml").write_text("broken")
    done = place.run("preset", "list", "--json", XDG_CONFIG_HOME=str(config))
    listed = json.loads(done.stdout)["presets"]
    here = str(place.folder / "frameworkpick-preset.toml")
    assert listed[0] == {
        "name": here,
        "kind": "folder",
        "description": "Here",
        "used": True,
        "read": True,
    }
    broken = {key: listed[1][key] for key in ("kind", "description", "used", "read")}
    assert broken == {"kind": "user", "description": None, "used": False, "read": False}
    assert [each["name"] for each in listed[2:]] == list(presets.built_in_names())
    assert all(each["kind"] == "built-in" and each["description"] for each in listed[2:])


def test_a_preset_that_was_not_read_is_listed_as_such(place: Place) -> None:
    address = "git+https://git.example.org/presets.git@v1"
    done = place.run("preset", "list", FRAMEWORKPICK_PRESET=address)
    assert f"{address} (named by FRAMEWORKPICK_PRESET, which is used here)" in done.stdout
    assert "It was not read; `frameworkpick preset show` reads it." in done.stdout
    done = place.run("preset", "list", FRAMEWORKPICK_PRESET="prototype")
    assert "It was not read" not in done.stdout


@pytest.mark.parametrize(
    ("scheme", "who"),
    [
        pytest.param("https", "s3cret", marks=pytest.mark.matrix),
        ("git+https", "me:s3c/ret"),
    ],
)
def test_a_secret_in_an_address_is_in_no_stream_and_no_file(
    place: Place, who: str, scheme: str
) -> None:
    template = f"{scheme}://{who}@127.0.0.1:1/t.git"
    preset = f"git+https://{who}@127.0.0.1:1/p.git@v1"
    place.write("house.toml", f'[template]\nurl = "{template}"\n')
    place.write("far.toml", f'extends = "{preset}"\n')
    before = sorted(place.folder.rglob("*"))
    new = ("new", "shop", "--yes", "--no-install", "--framework", "flask")
    for words, named, code in (
        ((*new, "--template-url", template), "", 2),
        ((*new, "--preset", preset), "", 2),
        (new, preset, 2),
        ((*new, "--preset", "house.toml"), "", 2),
        ((*new, "--preset", "far.toml"), "", 2),
        (("recommend", "--yes", "--template-url", template), "", 2),
        (("check", "--template-url", template), "", None),
        (("preset", "check", "house.toml"), "", 2),
        (("preset", "show", "house.toml"), "", 0),
        (("preset", "show"), preset, 2),
        (("preset", "list"), preset, 0),
    ):
        env = {"FRAMEWORKPICK_PRESET": named} if named else {}
        done = place.run(*words, **env)
        assert code in (None, done.returncode), (words, done.stderr)
        said = done.stdout + done.stderr
        assert "s3c" not in said, (words, said)
        assert "Traceback" not in said
        assert sorted(place.folder.rglob("*")) == before


def test_without_a_preset_it_says_how_to_get_one(place: Place) -> None:
    done = place.run("preset", "show")
    assert done.returncode == 1
    assert "No preset is named" in done.stderr
    assert "frameworkpick preset init" in done.stderr


def test_a_starter_writes_every_value_as_toml() -> None:
    content = AnswersFile(
        answers={"hosting": "any"}, options={"docker": True}, framework="flask", weights={"x": 1.5},
    )  # fmt: skip
    data = tomllib.loads(starter(content, description='a "quoted" \\ name'))
    assert data["description"] == 'a "quoted" \\ name'
    assert (data["answers"], data["options"]) == ({"hosting": "any"}, {"docker": True})
    assert (data["framework"], data["weights"]) == ("flask", {"x": 1.5})
