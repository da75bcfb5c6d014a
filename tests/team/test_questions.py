"""A team's questionnaire and framework files need not look like the built-in ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from .house import FAST, answers, commit, edit, make_template, write

if TYPE_CHECKING:
    from pathlib import Path

    from .house import Shell

KINDS = """
workers: {type: int, default: 4}
ratio: 0.5
zones: {type: str, multiselect: true, choices: [eu, us, asia], default: [eu]}
limits: {type: yaml, default: {cpu: 1}}
colour: {type: str, choices: {Red: red, Blue: blue}, default: "{{ ['red', 'blue'][workers // 8] }}"}
cache: true
cache_size: {type: int, default: 100, when: "{{ cache }}"}
token: {type: str, secret: true, default: hush}
slug: {type: str, default: "{{ project_name }}-{{ workers }}"}
computed: {type: str, default: "{{ slug }}!", when: false}
"""


def new(shell: Shell, template: Path, *words: str, code: int = 0) -> str:
    given = ("shop", *FAST, "--framework", "tiny", "--template-url", str(template), *words)
    done = shell.pick("new", *given, cwd=template.parent, code=code)
    return done.stderr if code else done.stdout


def test_every_kind_of_question_takes_its_default(shell: Shell, tmp_path: Path) -> None:
    template = make_template(tmp_path / "small", KINDS)
    new(shell, template)
    kept = answers(tmp_path / "shop")
    assert (kept["workers"], kept["ratio"], kept["zones"]) == (4, 0.5, ["eu"])
    assert (kept["colour"], kept["slug"], kept["limits"]) == ("red", "shop-4", {"cpu": 1})
    assert (kept["cache"], kept["cache_size"]) == (True, 100)
    assert not {"token", "computed"} & kept.keys()
    assert (kept["_src_path"], kept["_commit"]) == (str(template), "1.0.0")


def test_settings_that_the_template_brings_stay_as_they_are(shell: Shell, tmp_path: Path) -> None:
    template = make_template(tmp_path / "small")
    write(template / "tiny/project/.env", "APP_SECRET_KEY=theirs\n")
    write(template / "tiny/project/.env.example", "APP_SECRET_KEY=\n")
    commit(template, "settings", "1.1.0")
    new(shell, template)
    env = tmp_path / "shop/.env"
    assert env.read_text() == "APP_SECRET_KEY=theirs\n"
    assert env.stat().st_mode & 0o777 == 0o600


@pytest.mark.matrix
def test_every_kind_of_question_is_answered_by_option_and_by_file(
    shell: Shell, tmp_path: Path
) -> None:
    template = make_template(tmp_path / "small", KINDS)
    file = tmp_path / "answers.toml"
    file.write_text('[options]\nworkers = 8\nzones = ["us", "asia"]\nslug = "mine"\n')
    words = ("--option", "cache=no", "--option", "ratio=0.25", "--option", "colour=red")
    shown = new(shell, template, "--answers", str(file), *words)
    kept = answers(tmp_path / "shop")
    assert (kept["workers"], kept["ratio"], kept["zones"]) == (8, 0.25, ["us", "asia"])
    assert (kept["colour"], kept["slug"], kept["cache"]) == ("red", "mine", False)
    assert "cache_size" not in kept
    assert "--option cache=false" in shown
    shell.pick("check", "shop", "--template-url", template, cwd=tmp_path)


@pytest.mark.matrix
def test_wrong_options_are_named_all_at_once(shell: Shell, tmp_path: Path) -> None:
    template = make_template(tmp_path / "small", KINDS)
    words = ("colour=green", "cach=1", "cache=maybe", "framework=x", "token=x", "odd")
    said = new(shell, template, *(w for word in words for w in ("--option", word)), code=2)
    for part in (
        "colour cannot be 'green'; it is one of red, blue.",
        "no question 'cach'. Did you mean 'cache'?",
        "cache must be true or false, not 'maybe'",
        "--option cannot set framework: use --framework.",
        "no question 'token'",
        "'odd' must look like ID=VALUE",
    ):
        assert part in said
    said = new(shell, template, "--option", "cache=no", "--option", "cache_size=5", code=2)
    assert "With the other answers, cache_size is not asked." in said
    said = new(shell, template, "--option", "workers=many", code=2)
    assert "workers must be a whole number, not 'many'." in said
    assert not (tmp_path / "shop").exists()


@pytest.mark.matrix
def test_a_question_without_a_default_has_to_be_answered(shell: Shell, tmp_path: Path) -> None:
    template = make_template(tmp_path / "small", "team: {type: str}\npaged: {type: bool}\n")
    said = new(shell, template, code=2)
    assert "The template wants to know team: give --option team=VALUE." in said
    assert "The template wants to know paged" in said
    new(shell, template, "--option", "team=chat", "--option", "paged=yes")
    assert (answers(tmp_path / "shop")["team"], answers(tmp_path / "shop")["paged"]) == (
        "chat",
        True,
    )


@pytest.mark.matrix
def test_verdicts_for_other_questions_than_those_asked_here_count_nothing(
    shell: Shell, tmp_path: Path
) -> None:
    template = make_template(tmp_path / "small")
    file = template / "tiny/framework.toml"
    edit(
        file, "[verdict.output_kind]", "[verdict.gone]\nx = { score = 4 }\n\n[verdict.output_kind]"
    )
    edit(file, "json_api = ", "other_api = ")
    commit(template, "x", "1.1.0")
    words = ("recommend", "--json", "-a", "output_kind=json_api", "--template-url", template)
    done = shell.pick(*words, cwd=tmp_path)
    where = f"{template} 1.1.0: tiny/framework.toml"
    assert f"{where} has no verdict on output_kind.json_api; that counts nothing." in done.stderr
    assert f"{where} has a verdict on gone.x, which is no option; that counts" in done.stderr
    assert json.loads(done.stdout)["ranking"][0]["framework"] == "tiny"
    edit(file, "rank = 2", "rank = 'second'")
    edit(file, "'{package}'", "'{program}'")
    commit(template, "x", "1.2.0")
    said = shell.pick(*words, cwd=tmp_path, code=1).stderr
    assert f"{template} 1.2.0: tiny/framework.toml has no whole number 'rank'" in said
    assert "names more than {package}, {host} and {port} in serve: '{program}'" in said


@pytest.mark.matrix
def test_a_preset_made_from_a_project_names_its_template(shell: Shell, tmp_path: Path) -> None:
    template = make_template(tmp_path / "small", "cache: true\n")
    new(shell, template, "--option", "cache=no")
    shell.pick("preset", "init", "--from", "shop", "house.toml", cwd=tmp_path)
    shell.pick("preset", "check", "house.toml", cwd=tmp_path)
    shell.pick("new", "second", *FAST, "--preset", "house.toml", cwd=tmp_path)
    kept = answers(tmp_path / "second")
    assert (kept["cache"], kept["_src_path"]) == (False, str(template))
