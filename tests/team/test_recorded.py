"""What a project's record says is read as the questionnaire types it, or is named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pexpect
import pytest

from ..pseudo_terminal import ENTER, FORKS, at, end  # noqa: TID252 (shared by all)
from .house import FAST, answers, commit, edit, git, make_template, write

if TYPE_CHECKING:
    from pathlib import Path

    from .house import Shell

QUESTIONS = """
python_version: {type: str, choices: ["3.9", "3.10", "3.12"], default: "3.12"}
replicas: {type: int, choices: [1, 2, 3], default: 1}
country: {type: str, default: ch}
docker: {type: bool, default: true}
"""
SAID = "{{ python_version }} {{ replicas }} {{ country }} {{ docker }} {{ project_name }}\n"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """Two versions of a template that takes any name."""
    folder = make_template(tmp_path / "small", QUESTIONS, "first")
    write(folder / "tiny/project/said.txt.jinja", SAID)
    commit(folder, "x", "v1.0.0")
    return folder


def release(template: Path, version: str = "v1.1.0", questions: str = "") -> None:
    with (template / "copier.yml").open("a") as file:
        file.write(questions)
    edit(template / "tiny/project/README.md.jinja", "\n", "\nNews.\n")
    commit(template, version, version)


def copied(shell: Shell, template: Path, **data: str) -> Path:
    """Make a project with plain Copier, which takes more than we do."""
    given = [word for name, value in data.items() for word in ("--data", f"{name}={value}")]
    words = ("copier", "copy", "--defaults", "--quiet", "--data", "framework=tiny", *given)
    shell.run(*words, template, "shop", cwd=template.parent)
    git(template.parent / "shop", "init", "--quiet")
    commit(template.parent / "shop")
    return template.parent / "shop"


def test_what_copier_takes_is_kept_exactly(shell: Shell, template: Path) -> None:
    project = copied(shell, template, project_name="Shop Service", package_name="shop")
    record = project / ".copier-answers.yml"
    kept = [line for line in record.read_text().splitlines() if not line.startswith("python")]
    kept = [line for line in kept if line.split(":")[0] not in {"replicas", "country", "docker"}]
    kept += ["python_version: 3.10", "replicas: 3", "country: no", "docker: 'off'"]
    record.write_text("\n".join(kept) + "\n")
    (project / "said.txt").write_text("3.10 3 no False Shop Service\n")
    commit(project)
    named = ("--template-url", template)
    found = json.loads(shell.pick("check", "--json", *named, cwd=project, code=None).stdout)
    drifted = [f["path"] for f in found["projects"][0]["files"] if f["status"] != "unchanged"]
    assert drifted in ([], [".copier-answers.yml"])  # Copier writes quotes
    release(template)
    done = shell.pick("update", "--json", *named, cwd=project)
    assert json.loads(done.stdout)["answers"] == []
    assert "News." in (project / "README.md").read_text()
    assert (project / "said.txt").read_text() == "3.10 3 no False Shop Service\n"
    told = answers(project)
    assert (str(told["project_name"]), told["replicas"]) == ("Shop Service", 3)


def test_a_question_without_a_default_is_named_and_answered(shell: Shell, template: Path) -> None:
    project = copied(shell, template)
    more = 'owner: {type: str}\nteam: {type: str, when: "{{ docker }}"}\n'
    release(template, questions=more)
    named = ("--template-url", template)
    [found] = json.loads(shell.pick("check", "--json", *named, cwd=project, code=3).stdout)[
        "projects"
    ]
    assert (found["behind"], found["problem"]) == (True, None)
    done = shell.pick("update", "--yes", *named, cwd=project, code=2)
    assert "The newer template wants to know owner, which has no default." in done.stderr
    assert "Answer with `frameworkpick update -a owner=VALUE`" in done.stderr
    done = shell.pick("update", "--yes", *named, "-a", "owner=ops", cwd=project, code=2)
    assert "The template wants to know team, which has no default." in done.stderr
    assert "-a team=VALUE" in done.stderr
    assert not git(project, "status", "--porcelain")
    done = shell.pick("update", "--yes", *named, "-a", "owner=ops", "-a", "team=t", cwd=project)
    assert (answers(project)["owner"], answers(project)["team"]) == ("ops", "t")


@pytest.mark.matrix
def test_new_names_a_question_without_a_default_that_an_answer_opens(
    shell: Shell, template: Path
) -> None:
    release(template, questions='team: {type: str, when: "{{ docker }}"}\n')
    words = ("new", "other", *FAST, "--framework", "tiny", "--template-url", template)
    done = shell.pick(*words, cwd=template.parent, code=2)
    assert "The template wants to know team, which has no default." in done.stderr
    assert "Give --option team=VALUE" in done.stderr
    shell.pick(*words, "--option", "team=t", cwd=template.parent)
    assert answers(template.parent / "other")["team"] == "t"


@pytest.mark.matrix
def test_a_value_that_a_validator_refuses_now_is_named(shell: Shell, template: Path) -> None:
    project = copied(shell, template, country="ch")
    edit(
        template / "copier.yml",
        "country: {type: str, default: ch}",
        'country: {type: str, default: CH, validator: "{% if country != country|upper %}Use upper '
        'case{% endif %}"}',
    )
    release(template)
    named = ("--template-url", template)
    done = shell.pick("update", "--yes", *named, cwd=project, code=2)
    assert "The template does not take the answer to country: Use upper case." in done.stderr
    assert "-a country=VALUE" in done.stderr
    shell.pick("update", "--yes", *named, "-a", "country=DE", cwd=project)
    assert answers(project)["country"] == "DE"


@pytest.mark.matrix
@FORKS
def test_at_a_terminal_they_are_asked(shell: Shell, template: Path) -> None:
    project = copied(shell, template, python_version="3.10")
    edit(template / "copier.yml", '"3.9", "3.10", ', "")
    more = "owner: {type: str, help: Who owns it}\n"
    more += 'team: {type: str, help: Who is called, when: "{{ docker }}"}\n'
    release(template, questions=more + "zone: {type: str, help: Where, choices: [eu, us]}\n")
    child = pexpect.spawn(
        str(shell.installation / "bin/frameworkpick"),
        ["update", "--template-url", str(template)],
        cwd=str(project), env={**shell.env, "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"},
        dimensions=(40, 100), encoding="utf-8", timeout=60,
    )  # fmt: skip
    at(child, "Where.*< eu >")
    child.send(ENTER)
    at(child, "Who owns it")
    child.send(ENTER)
    child.expect("no default for this")
    child.send(f"ops{ENTER}")
    at(child, "Who is called")
    child.send(f"team{ENTER}")
    at(child, "python_version.*< 3.12 >")
    child.send(ENTER)
    shown, code = end(child)
    assert code == 0, shown
    told = answers(project)
    assert (told["owner"], told["team"], told["zone"]) == ("ops", "team", "eu")
    assert str(told["python_version"]) == "3.12"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", '[options]\npython_version = 3.12\ndescription = "x"\n'),
        ("a.yml", "options:\n  python_version: 3.12\n"),
        ("a.json", '{"options": {"python_version": 3.12}}'),
        ("preset", "[options]\npython_version = 3.12\n"),
        ("locked", "[locked]\npython_version = { value = 3.12, because = 'x' }\n"),
    ],
)
def test_a_version_without_quotes_is_a_text_in_files_too(
    shell: Shell, tmp_path: Path, name: str, text: str
) -> None:
    file = write(tmp_path / f"file-{name}", text)
    flag = "--answers" if name.startswith("a.") else "--preset"
    words = ("new", "shop", "--yes", "--dry-run", "--json", "--framework", "flask", flag, file)
    done = json.loads(shell.pick(*words, cwd=tmp_path).stdout)
    assert done["options"]["python_version"] == "3.12"


@pytest.mark.matrix
def test_a_number_is_read_as_it_is_written(shell: Shell, tmp_path: Path) -> None:
    template = make_template(tmp_path / "small", QUESTIONS)
    file = write(tmp_path / "answers.toml", "[options]\npython_version = 3.10\nreplicas = 2\n")
    words = ("new", "shop", *FAST, "--framework", "tiny", "--template-url", template)
    shell.pick(*words, "--answers", file, cwd=tmp_path)
    assert answers(tmp_path / "shop")["python_version"] == "3.10"
    assert answers(tmp_path / "shop")["replicas"] == 2
