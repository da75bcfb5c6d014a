"""What a preset settles, through ``new`` and ``recommend`` as they are installed."""

from __future__ import annotations

import json
import shlex
import subprocess
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from .house import DRY, FAST, HOUSE, Desk, desk, files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def house(tmp_path: Path) -> Desk:
    made = desk(tmp_path)
    made.write("house.toml", HOUSE)
    return made


def planned(house: Desk, *words: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(house.run("new", "shop", *DRY, *words).stdout)
    return data


def test_soft_values_count_until_somebody_says_otherwise(house: Desk) -> None:
    house.write("answers.toml", 'team_skills = "fastapi"\n')
    words = ("recommend", "--yes", "--json", "--preset", "house.toml")
    alone = json.loads(house.run(*words).stdout)
    filed = json.loads(house.run(*words, "--answers", "answers.toml").stdout)
    flags = ("-a", "team_skills=neutral", "--weight", "team_skills=3")
    flagged = json.loads(house.run(*words, "--answers", "answers.toml", *flags).stdout)
    assert [data["answers"]["team_skills"] for data in (alone, filed, flagged)] == [
        {"value": "flask", "origin": "preset"},
        {"value": "fastapi", "origin": "file"},
        {"value": "neutral", "origin": "flag"},
    ]
    assert (alone["use_case"], alone["weights"]) == ("rest_api", {"team_skills": 2})
    assert flagged["weights"] == {"team_skills": 3}


@pytest.mark.matrix
def test_soft_options_count_until_somebody_says_otherwise(house: Desk) -> None:
    house.write("answers.toml", '[options]\ndatabase = "sqlite"\n')
    preset, file = ("--preset", "house.toml"), ("--answers", "answers.toml")
    stores = [
        planned(house, *words)["options"]["database"]
        for words in (preset, (*preset, *file), (*preset, *file, "--database", "postgresql"))
    ]
    assert stores == ["postgresql", "sqlite", "postgresql"]


def test_everything_against_the_preset_is_refused_at_once_with_file_and_reason(
    house: Desk,
) -> None:
    house.write("mine.toml", 'framework = "flask"\n[options]\nci = "none"\n')
    done = house.run(
        "new", "shop", *FAST, "--preset", "house.toml", "--answers", "mine.toml",
        "--no-docker", "-a", "auth_style=none", "-a", "hosting=nowhere", code=2,
    )  # fmt: skip
    image = "docker is locked to true by house.toml (every service ships as an image)"
    assert f"Error: {image}; you gave false with --no-docker.\n" in done.stderr
    audit = "auth_style is locked to api_tokens by house.toml (the audit asks for it)"
    assert f"Error: {audit}; you gave none with -a auth_style=none.\n" in done.stderr
    contract = "by house.toml (one contract in the house); you gave"
    assert f"Error: ci is required {contract} none in mine.toml.\n" in done.stderr
    assert f"fastapi {contract} flask in mine.toml.\n" in done.stderr
    assert "hosting cannot be 'nowhere'" in done.stderr
    assert done.stdout == ""
    assert sorted(path.name for path in house.folder.iterdir()) == ["house.toml", "mine.toml"]


def test_a_lock_alone_is_refused_with_what_to_do(house: Desk) -> None:
    words = ("recommend", "--yes", "--preset", "house.toml", "-a")
    done = house.run(*words, "auth_style=unknown", code=2)
    assert "you gave unknown with -a auth_style=unknown" in done.stderr
    assert "Hint: Leave it out, or ask the owner of the preset." in done.stderr


@pytest.mark.matrix
def test_saying_what_is_locked_is_fine_and_it_still_comes_from_the_preset(house: Desk) -> None:
    words = ("--docker", "-a", "auth_style=api_tokens", "--framework", "fastapi", "--ci", "gitlab")
    data = planned(house, "--preset", "house.toml", *words)
    answer = {"value": "api_tokens", "origin": "preset"}
    assert data["recommendation"]["answers"]["auth_style"] == answer
    assert (data["options"]["docker"], data["options"]["ci"]) == (True, "gitlab")


@pytest.mark.matrix
def test_no_answer_moves_an_option_that_is_settled(house: Desk) -> None:
    data = planned(house, "--preset", "house.toml", "-a", "hosting=wsgi_only")
    assert data["options"]["docker"] is True
    assert not [note for note in data["notes"] if note.startswith("docker")]


@pytest.mark.matrix
def test_what_is_required_is_turned_on_and_said(house: Desk) -> None:
    house.write("on.toml", '[policy]\nrequired = ["docker", "auth"]\nbecause = "we deploy both"\n')
    words = ("-a", "hosting=wsgi_only", "-a", "auth_style=none")
    without = planned(house, *words)
    assert (without["options"]["docker"], without["options"]["auth"]) == (False, "none")
    data = planned(house, *words, "--preset", "on.toml")
    assert (data["options"]["docker"], data["options"]["auth"]) == (True, "tokens")
    why = "because on.toml requires it (we deploy both)."
    assert {f"docker = yes, {why}", f"auth = tokens, {why}"} <= set(data["notes"])


def test_the_best_allowed_framework_is_taken_and_result_adr_and_record_say_why(
    house: Desk,
) -> None:
    done = house.run("new", "shop", *FAST, "--preset", "house.toml", "-a", "output_kind=html_pages")
    why = "house.toml allows only FastAPI (one contract in the house)"
    shown = " ".join(done.stdout.split())
    assert "shop is written: FastAPI, as the preset has it." in shown
    assert f"Note: {why}; by the answers alone it would be Flask." in shown
    project = house.folder / "shop"
    record = tomllib.loads((project / ".frameworkpick.toml").read_text())
    assert (record["framework"], record["because"]) == ("fastapi", why)
    assert record["recommendation"]["verdict"] == "flask"
    assert record["answers"]["auth_style"] == {"value": "api_tokens", "origin": "preset"}
    assert record["preset"]["name"] == "house.toml"
    assert record["preset"]["locked"]["docker"]["because"] == "every service ships as an image"
    adr = " ".join((project / "docs/adr/0001-web-framework.md").read_text().split())
    assert f'Chosen option: "FastAPI", against the advice, because: {why}.' in adr
    assert "The preset `house.toml` was used; it leaves these no choice:" in adr
    assert "`docker` is locked to true by `house.toml` (every service ships as an image)" in adr


@pytest.mark.matrix
def test_a_locked_framework_is_generated_whatever_the_answers_say(house: Desk) -> None:
    house.write("lock.toml", '[locked]\nframework = { value = "flask", because = "we know it" }\n')
    data = planned(house, "--preset", "lock.toml", "-a", "long_lived=core")
    assert (data["framework"], data["followed"]) == ("flask", False)
    assert data["because"] == "lock.toml locks it (we know it)"
    done = house.run("new", "x", "--yes", "--preset", "lock.toml", "--framework", "fastapi", code=2)
    assert "framework is locked to flask by lock.toml (we know it)" in done.stderr


@pytest.mark.matrix
def test_neither_fits_is_still_said_and_only_what_is_allowed_is_offered(house: Desk) -> None:
    words = ("--preset", "house.toml", "-a", "beyond_micro=admin_orm_cms")
    done = house.run("new", "x", "--yes", *words, code=1)
    assert "--framework fastapi" in done.stderr
    assert "--framework flask" not in done.stderr


def test_the_variable_then_the_nearest_folder_then_the_persons_own_is_taken(house: Desk) -> None:
    words = ("recommend", "--yes", "--json")
    own = house.folder.parent / "home/.config/frameworkpick/preset.toml"
    own.parent.mkdir(parents=True)
    own.write_text('[answers]\nteam_skills = "flask"\n')
    mine = house.run(*words)
    assert json.loads(mine.stdout)["answers"]["team_skills"]["value"] == "flask"
    assert str(own) in mine.stderr
    house.write(
        "../frameworkpick-preset.toml",
        '[answers]\nteam_skills = "fastapi"\n[template]\nurl = "https://git.example.org/t.git"\n',
    )
    above = house.run(*words)
    assert json.loads(above.stdout)["answers"]["team_skills"]["value"] == "fastapi"
    assert "frameworkpick-preset.toml" in above.stderr
    assert "Its template https://git.example.org/t.git is left aside" in above.stderr
    house.write("var.toml", '[answers]\nteam_skills = "neutral"\n')
    named = house.run(*words, FRAMEWORKPICK_PRESET="var.toml")
    assert json.loads(named.stdout)["answers"]["team_skills"]["value"] == "neutral"
    flagged = house.run(*words, "--preset", "house.toml", FRAMEWORKPICK_PRESET="var.toml")
    facts = json.loads(flagged.stdout)
    assert facts["preset"]["name"] == "house.toml"
    assert facts["preset"]["locked"]["auth_style"]["by"] == "house.toml"
    assert flagged.stderr == ""


def test_a_broken_preset_and_broken_flags_are_named_together(house: Desk) -> None:
    house.write("bad.toml", 'colour = "red"\n[answers]\nhostng = "any"\n')
    house.write("wrong.toml", '[locked]\ndokcer = true\n[options]\nci = "travis"\n')
    done = house.run("new", "x", "--yes", "--preset", "bad.toml", "--framework", "fask", code=2)
    assert "there is no key 'colour'" in done.stderr
    assert "There is no framework 'fask'" in done.stderr
    for verb in (("new", "x"), ("recommend",)):
        done = house.run(*verb, "--yes", "--preset", "wrong.toml", "-a", "hosting=no", code=2)
        assert "wrong.toml: There is no question or project option 'dokcer' to lock" in done.stderr
        assert "Did you mean 'docker'?" in done.stderr
        assert "wrong.toml: ci cannot be 'travis'" in done.stderr
        assert "hosting cannot be 'no'" in done.stderr


@pytest.mark.matrix
def test_a_record_wins_over_what_is_soft_and_a_lock_over_the_record(house: Desk) -> None:
    said = ("-a", "auth_style=none", "-a", "team_skills=neutral", "--use-case", "iot_system")
    house.run("new", "shop", *FAST, *said)
    done = house.run("recommend", "--from", "shop", "--json", "--preset", "house.toml")
    data = json.loads(done.stdout)
    assert data["answers"]["auth_style"] == {"value": "api_tokens", "origin": "preset"}
    assert data["answers"]["team_skills"] == {"value": "neutral", "origin": "record"}
    assert data["use_case"] == "iot_system"


@pytest.mark.matrix
def test_advice_that_may_not_be_followed_is_given_with_what_new_would_take(house: Desk) -> None:
    words = ("recommend", "--yes", "--preset", "house.toml", "-a", "output_kind=html_pages")
    shown = " ".join(house.run(*words).stdout.split())
    why = "house.toml allows only FastAPI (one contract in the house)"
    assert f"{why}: `frameworkpick new` takes FastAPI then." in shown
    adr = house.run(*words, "--format", "md").stdout
    assert "* only fastapi is allowed by `house.toml` (one contract in the house)" in adr


@pytest.mark.matrix
def test_the_commit_of_a_preset_from_a_repository_is_recorded(house: Desk) -> None:
    team = house.folder.parent / "team"
    team.mkdir()
    (team / "frameworkpick-preset.toml").write_text(HOUSE)
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@localhost"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "one"], ["tag", "v1"]):
        subprocess.run([*git, *words], cwd=team, env=house.env, check=True)
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=team, text=True).strip()
    house.run("new", "shop", *FAST, "--preset", f"git+file://{team}@v1")
    record = tomllib.loads((house.folder / "shop/.frameworkpick.toml").read_text())
    assert record["preset"]["commit"] == head
    assert record["preset"]["name"] == f"git+file://{team}@v1"
    adr = (house.folder / "shop/docs/adr/0001-web-framework.md").read_text()
    assert f"(commit `{head}`) was used" in adr


@pytest.mark.matrix
def test_the_recorded_command_needs_no_file_and_repeats_all_but_where_values_came_from(
    house: Desk, tmp_path: Path
) -> None:
    words = ("--preset", "house.toml", "-a", "output_kind=html_pages", "--date", "2026-01-02")
    house.run("new", "shop", *FAST, *words)
    first = files(house.folder / "shop")
    command = shlex.split(tomllib.loads(first.pop(".frameworkpick.toml").decode())["command"])
    assert "--preset" not in command
    (house.folder / "house.toml").rename(tmp_path / "gone.toml")
    house.run(*command[1:], "--no-git", "--no-install", "-o", "again")
    second = files(house.folder / "again/shop")
    second.pop(".frameworkpick.toml")
    adr = "docs/adr/0001-web-framework.md"
    before, after = first.pop(adr).decode(), second.pop(adr).decode()
    assert second == first
    start = before.index("The preset `house.toml` was used")
    assert before[:start] + before[before.index("\n\n", before.index("\n* `ci`")) + 2 :] == after


@pytest.mark.matrix
@pytest.mark.parametrize("name", ["internal-api", "prototype", "traditional-site"])
def test_the_recorded_command_of_a_built_in_preset_writes_the_same_bytes(
    house: Desk, name: str
) -> None:
    house.run("new", "shop", *FAST, "--preset", name, "--date", "2026-01-02", "-a", "hosting=any")
    first = files(house.folder / "shop")
    command = shlex.split(tomllib.loads(first[".frameworkpick.toml"].decode())["command"])
    house.run(*command[1:], "--no-git", "--no-install", "-o", "again")
    assert files(house.folder / "again/shop") == first
