"""Presets in files: their form, what they extend, and where a run finds them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest

from frameworkpick import presets
from frameworkpick.core.preset import Locked, Policy, Preset, Sourced
from frameworkpick.errors import InputError

pytestmark = pytest.mark.version

WHOLE = """\
description = "The house standard"
use_case = "rest_api"
framework = "flask"
because = "known"
[answers]
hosting = "any"
[options]
ci = "gitlab"
[locked]
docker = true
auth = { value = "tokens", because = "the audit asks for it" }
[weights]
team_skills = 1.5
[policy]
frameworks = ["flask"]
required = ["ci"]
because = "one stack"
[template]
url = "https://git.example.org/team/templates.git"
[check]
ignore = ["docs/**"]
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("FRAMEWORKPICK_PRESET", raising=False)


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def no_network(*asked: object) -> NoReturn:
    raise AssertionError(asked)


def load(source: str) -> Preset:
    return presets.load(source, fetch=no_network)


def problems(source: str) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        load(source)
    assert caught.value.exit_code == 2
    return caught.value.problems


def test_a_whole_file_is_read() -> None:
    write("house.toml", WHOLE)
    preset = load("house.toml")
    assert preset.use_case == Sourced("rest_api", "house.toml")
    assert preset.framework == Sourced("flask", "house.toml")
    assert preset.because == "known"
    assert preset.answers == {"hosting": Sourced("any", "house.toml")}
    assert preset.options == {"ci": Sourced("gitlab", "house.toml")}
    assert preset.locked["auth"] == Locked("tokens", "the audit asks for it", "house.toml")
    assert preset.locked["docker"].because is None
    assert preset.weights == {"team_skills": Sourced(1.5, "house.toml")}
    assert preset.policies == (Policy(("flask",), ("ci",), "one stack", "house.toml"),)
    assert preset.template is not None
    assert preset.template.version is None
    assert preset.ignore == ("docs/**",)


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.json", '{"answers": {"hosting": "any"}}'), ("a.yml", "answers: {hosting: any}\n")],
)
def test_json_and_yaml_say_the_same(name: str, text: str) -> None:
    write(name, text)
    assert load(name).answers["hosting"].value == "any"


def test_every_fault_of_the_form_in_every_file_is_named_at_once() -> None:
    write("base.toml", 'lokced = 1\n[policy]\nframework = ["flask"]\n')
    write(
        "house.toml",
        'extends = "base.toml"\nextends_commit = "abc"\nframework = 1\noptions = 2\n'
        "answers = { hosting = 1 }\nweights = { hosting = true }\ncheck = { ignore = [1] }\n"
        "[locked]\nauth = { becase = 1 }\nci = { value = [1.5], because = 2 }\n[template]\n",
    )
    assert problems("house.toml") == (
        "house.toml: framework must be text, not 1.",
        "house.toml: options must be a table: [options].",
        "house.toml: extends_commit must be the 40 characters of a commit.",
        "house.toml: extends_commit goes with an extends that begins with git+.",
        "house.toml: answers.hosting cannot be 1.",
        "house.toml: there is no key 'becase' in [locked.auth]. Did you mean 'because'?",
        "house.toml: locked.auth has no value.",
        "house.toml: locked.ci cannot be [1.5].",
        "house.toml: locked.ci.because must be text, not 2.",
        "house.toml: weights.hosting cannot be True.",
        "house.toml: template must name its url.",
        "house.toml: check.ignore must be a list of texts.",
        "base.toml: there is no key 'lokced'. Did you mean 'locked'?",
        "base.toml: there is no key 'framework' in [policy]. Did you mean 'frameworks'?",
    )


@pytest.mark.parametrize(
    "text",
    ['[locked]\nci = { value = "none", because = "x\\u001b[2J" }', '[answers]\n"a\\nb" = "c"'],
)
def test_what_a_terminal_would_obey_is_refused(text: str) -> None:
    write("house.toml", text)
    (problem,) = problems("house.toml")
    assert "control character" in problem
    assert problem.isprintable()


@pytest.mark.parametrize("text", ["x = [", "\ud800", "a = " + "[" * 5000])
def test_what_is_no_toml_is_refused_by_name(text: str) -> None:
    Path("house.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    assert problems("house.toml")[0].startswith("house.toml ")


def test_values_without_an_end_are_refused(tmp_path: Path) -> None:
    lines = ["x0: &x0 [a, a]", *(f"x{n}: &x{n} [*x{n - 1}, *x{n - 1}]" for n in range(1, 60))]
    for text in (
        "\n".join(lines),
        "a: &a [*a]",
        "[" * 900 + "]" * 900,
        "a: " + "[" * 90 + "]" * 90,
    ):
        (tmp_path / "bomb.yaml").write_text(text)
        assert problems("bomb.yaml")[0].startswith("bomb.yaml ")
    write("deep.json", '{"a":' * 900 + "1" + "}" * 900)
    assert problems("deep.json") == ("deep.json is nested too deeply.",)


def test_a_path_in_extends_starts_from_the_file_that_has_it() -> None:
    write("teams/api/api.toml", 'extends = "../house.toml"\n[answers]\nhosting = "any"\n')
    write("teams/house.toml", 'extends = "prototype"\n[answers]\nhosting = "wsgi_only"\n')
    preset = load("teams/api/api.toml")
    assert [layer.label for layer in preset.layers] == [
        "the built-in preset prototype", "teams/house.toml", "teams/api/api.toml",
    ]  # fmt: skip
    assert preset.answers["hosting"] == Sourced("any", "teams/api/api.toml")
    assert preset.answers["auth_style"] == Sourced("none", "the built-in preset prototype")


def test_a_circle_is_named() -> None:
    write("a.toml", 'extends = "b/../b.toml"\n')
    write("b.toml", 'extends = "./a.toml"\n')
    assert problems("a.toml") == (
        "The presets go round in a circle: a.toml extends b.toml extends a.toml.",
    )


def test_a_chain_has_an_end() -> None:
    for number in range(12):
        write(f"{number}.toml", f'extends = "{number + 1}.toml"\n')
    assert problems("0.toml")[0].startswith("More than 10 presets extend each other: 0.toml ext")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("none.toml", "The preset none.toml does not exist."),
        ("folder/", "The preset folder is no file."),
        ("pipe.toml", "The preset pipe.toml is no file."),
        ("big.toml", "big.toml is too large for a preset."),
        ("prototyp", "There is no preset 'prototyp'. Did you mean 'prototype'?"),
        ("~nobody-x/a.toml", "The preset '~nobody-x/a.toml' is in the home of nobody known here."),
        ("", "The name of a preset is empty or holds control characters."),
        ("http://h/x.git@v1", "The preset address 'http://h/x.git@v1' is not of a form used here."),
    ],
)
def test_what_is_no_preset_is_refused_by_name(source: str, problem: str) -> None:
    Path("folder").mkdir()
    os.mkfifo("pipe.toml")
    write("big.toml", "#" * 1024 * 1024 + "\n")
    assert problems(source) == (problem,)


def test_flag_variable_folder_and_own_preset_are_looked_for_in_this_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / "a/b"
    deep.mkdir(parents=True)
    assert presets.find(None, deep) is None
    own = write("config/frameworkpick/preset.toml", "").absolute()
    found = presets.find(None, deep)
    assert found == presets.ChosenPreset(str(own), "user", f"The preset is {own}.")
    above = write("frameworkpick-preset.toml", "").absolute()
    found = presets.find(None, deep)
    assert found == presets.ChosenPreset(str(above), "folder", f"The preset is {above}.")
    write("other/frameworkpick-preset.toml", "")
    assert presets.find(None, tmp_path / "other/../a") == found  # and not that of other
    monkeypatch.setenv("FRAMEWORKPICK_PRESET", "x.toml")
    found = presets.find(None, deep)
    assert found is not None
    assert (found.source, found.origin) == ("x.toml", "variable")
    assert presets.find("y.toml", deep) == presets.ChosenPreset("y.toml", "flag", "")
    monkeypatch.setenv("FRAMEWORKPICK_PRESET", "")
    found = presets.find(None, deep)
    assert found is not None
    assert found.origin == "folder"
