"""What a template from elsewhere cannot do to the machine that renders it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
import yaml

from frameworkpick import render
from frameworkpick.errors import RenderError

if TYPE_CHECKING:
    from pathlib import Path

# Copier leaves its listing of a folder open when a render fails.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

QUESTIONS = "_subdirectory: project\nname: {type: str, default: shop}\n"
ANSWERS = "# Kept\n{{ _copier_answers|to_nice_yaml -}}\n"
ADDRESS = "https://git.example/templates.git"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A harmless template; each test adds its harm."""
    folder = tmp_path / "template"
    (folder / "project").mkdir(parents=True)
    (folder / "copier.yml").write_text(QUESTIONS)
    (folder / "project" / "{{ _copier_conf.answers_file }}.jinja").write_text(ANSWERS)
    (folder / "project/README.md.jinja").write_text("{{ name }}\n")
    return folder


def rendered(template: Path, *, address: str = ADDRESS) -> Path:
    into = template.parent / "out"
    render.render(template, {"name": "shop"}, into, version="1.2", address=address)
    return into


def refusal(template: Path) -> RenderError:
    with pytest.raises(RenderError) as caught:
        rendered(template)
    return caught.value


def add(template: Path, line: str) -> None:
    path = template / "copier.yml"
    path.write_text(path.read_text() + line)


@pytest.mark.parametrize("address", [ADDRESS, "git@host:a/b.git", "/a path: with # marks/é.git"])
def test_a_harmless_one_renders_and_its_record_names_where_it_came_from(
    template: Path, address: str
) -> None:
    project = rendered(template, address=address)
    assert (project / "README.md").read_text() == "shop\n"
    record = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert record == {"_commit": "1.2", "_src_path": address, "name": "shop"}


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("_tasks: [touch ran]\n", "tasks (touch ran)"),
        ("_tasks: [{command: [touch, ran]}]\n", "tasks (['touch', 'ran'])"),
        ("_migrations: [{version: v1, command: touch ran}]\n", "migrations (touch ran)"),
        ("_jinja_extensions: [os.path]\n", "Jinja extensions (os.path)"),
        ("---\n_tasks: [touch ran]\n", "tasks (touch ran)"),
    ],
)
def test_code_of_its_own_is_refused_and_named_before_anything_runs(
    template: Path, line: str, named: str
) -> None:
    add(template, line)
    error = refusal(template)
    assert error.message == f"The template {ADDRESS} wants to run code of its own: {named}."
    assert "Nothing was run" in error.hint
    assert not (template.parent / "out").exists()


def test_code_that_an_included_file_asks_for_is_refused_too(template: Path) -> None:
    (template / "more.yml").write_text("_tasks: [touch ran]\n")
    add(template, "---\n!include more.yml\n")
    assert "tasks (touch ran)" in refusal(template).message


def test_an_escape_sequence_in_a_task_does_not_reach_the_terminal(template: Path) -> None:
    add(template, '_tasks: ["echo \\e[2J\\nhidden"]\n')
    assert r"tasks (echo \x1b[2J hidden)" in refusal(template).message


def test_two_questionnaires_are_refused_in_our_own_words(
    template: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (template / "copier.yaml").write_text(QUESTIONS)
    assert "two questionnaires: copier.yml and copier.yaml" in refusal(template).message
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "bomb",
    [
        "x0: &x0 [a, a]\n" + "".join(f"x{n}: &x{n} [*x{n - 1}, *x{n - 1}]\n" for n in range(1, 60)),
        "x0: &x0 {a: 1}\n"
        + "".join(f"x{n}: &x{n} {{<<: [*x{n - 1}, *x{n - 1}]}}\n" for n in range(1, 60)),
        "x: &x [*x]\n",
    ],
)
def test_aliases_without_an_end_are_refused(template: Path, bomb: str) -> None:
    add(template, bomb)
    assert "aliases stand for too many values" in refusal(template).message


def test_a_few_aliases_are_read(template: Path) -> None:
    add(template, "_anchor: &text {type: str, default: x}\nother: {<<: *text, help: Which}\n")
    assert [question.id for question in render.load_questions(template)] == ["name", "other"]


@pytest.mark.parametrize(
    "name",
    ["{{ '.git' }}/hooks", "{{ '.GIT' }}/hooks", "sub/{{ '.Git' }}/hooks", "{{ '.g\u200cit' }}"],
)
def test_nothing_is_written_to_git(template: Path, name: str) -> None:
    hook = template / "project" / name / "pre-commit"
    hook.parent.mkdir(parents=True)
    hook.write_text("#!/bin/sh\n")
    try:
        project = rendered(template)
    except RenderError as error:
        assert "belongs to git itself" in error.message  # noqa: PT017 (either way is fine)
    else:
        assert not list(project.rglob("pre-commit"))


def test_files_that_only_look_like_gits_are_kept(template: Path) -> None:
    for name in (".gitignore", ".github/workflows/ci.yml", ".gitattributes"):
        (template / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        (template / "project" / name).write_text("x\n")
    project = rendered(template)
    assert (project / ".gitignore").is_file()
    assert (project / ".github/workflows/ci.yml").is_file()


@pytest.mark.parametrize(
    "name",
    [
        r"{{ '..' }}/x",
        r"{{ '..\x2fx' }}",
        r"{{ '\x2f' ~ outside }}x",
        r"a{{ '\x2f..\x2f..\x2fx' }}",
    ],
)
def test_no_name_leaves_the_folder(template: Path, name: str) -> None:
    add(template, f"outside: {{type: str, default: '{str(template.parent)[1:]}/'}}\n")
    path = template / "project" / f"{name}.jinja"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    with contextlib.suppress(RenderError):
        rendered(template)
    assert {path.name for path in template.parent.iterdir()} <= {"template", "out"}
    assert not list(template.rglob("x"))


@pytest.mark.parametrize("target", ["{{ '/etc' }}", "{{ '../..' }}", "{{ 'link' }}"])
def test_no_link_leaves_the_folder(template: Path, target: str) -> None:
    add(template, "_preserve_symlinks: true\n")
    (template / "project/link.jinja").symlink_to(target)
    assert "link" in refusal(template).message


def test_a_link_to_a_file_of_the_machine_is_not_read(template: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush")
    (template / "project/copy").symlink_to(tmp_path / "secret")
    refusal(template)
    assert not (tmp_path / "out/copy").exists()


@pytest.mark.parametrize(
    "text",
    [
        "{{ '$HUSH' | expandvars }}",
        "{{ ['$HUSH'] | map('expand' ~ 'vars') | join }}",
        "{{ '/*' | fileglob }}",
        "{{ '~' | expanduser }}",
        "{% include '/etc/hostname' %}",
        "{% include '../secret' %}",
    ],
)
def test_the_machine_is_not_read(
    template: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUSH", "secret")
    (template.parent / "secret").write_text("secret")
    (template / "project/leak.jinja").write_text(text)
    assert "could not be rendered" in refusal(template).message


def test_the_users_copier_settings_are_not_leaked(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings.yml"
    settings.write_text(f"defaults: {{name: hush, other: hush}}\ntrust: ['{template}']\n")
    monkeypatch.setenv("COPIER_SETTINGS_PATH", str(settings))
    add(template, "other: {type: str, default: own}\n")
    (template / "project/leak.jinja").write_text("{{ _copier_conf.settings }} {{ other }}")
    assert "hush" not in (rendered(template) / "leak").read_text()
    add(template, "_tasks: [touch ran]\n")
    (tmp_path / "out").rename(tmp_path / "first")
    refusal(template)


def test_messages_of_the_template_stay_unsaid(
    template: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    add(template, '_message_before_copy: "\\e[2Jboo"\n_message_after_copy: boo\n')
    rendered(template)
    assert capfd.readouterr() == ("", "")


def test_one_that_keeps_no_answers_is_refused(template: Path) -> None:
    add(template, "_answers_file: other.yml\n")
    assert "keeps no answers" in refusal(template).message


@pytest.mark.parametrize(
    "text", ["[", "- a\n- b\n", "just text", "!include ../*.yml", "!include /etc/*", "a: !evil x"]
)
def test_a_questionnaire_that_is_none_is_said_so(template: Path, text: str) -> None:
    (template.parent / "outside.yml").write_text("name: x\n")
    (template / "copier.yml").write_text(text)
    with pytest.raises(RenderError, match="questionnaire"):
        render.load_questions(template)
