from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameworkpick.errors import FrameworkpickError, InputError
from frameworkpick.presets import (
    AnswersFile,
    read_answers_file,
    write_answers_file,
)
from frameworkpick.project import read_recorded

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.version

TOML = 'output_kind = "json_api"\n[answers]\nlong_lived = "core"\n[options]\ndocker = false\n'
YAML = "output_kind: json_api\nanswers: {long_lived: core}\noptions: {docker: false}\n"
JSON = (
    '{"output_kind": "json_api", "answers": {"long_lived": "core"}, "options": {"docker": false}}'
)


@pytest.mark.parametrize(("name", "text"), [("a.toml", TOML), ("a.yml", YAML), ("a.json", JSON)])
def test_the_three_forms_say_the_same(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    read = read_answers_file(path)
    assert read.answers == {"output_kind": "json_api", "long_lived": "core"}
    assert read.options == {"docker": False}


visible = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


@pytest.mark.parametrize("ending", ["toml", "yaml", "json"])
@given(description=visible, because=visible)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, ending: str, description: str, because: str
) -> None:
    path = tmp_path_factory.mktemp("answers") / f"a.{ending}"
    content = AnswersFile(
        answers={"hosting": "unknown"},
        options={"description": description, "docker": True},
        framework="flask",
        because=because or None,
        use_case="rest_api",
        weights={"team_skills": 1.5, "hosting": 0},
    )
    write_answers_file(path, content)
    assert read_answers_file(path) == content


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", "x = ["),
        ("a.yml", "x: [}"),
        ("a.json", "{"),
        ("a.json", "[]"),
        ("a.toml", 'answers = "x"'),
        ("a.toml", "framework = 1"),
        ("a.toml", "use_case = 1"),
        ("a.toml", "weights = [1]"),
    ],
)
def test_a_file_of_another_form_is_refused_by_name(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError, match="a\\."):
        read_answers_file(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_answers_file(tmp_path / "none.toml")


def test_a_project_is_read_from_its_record(tmp_path: Path) -> None:
    (tmp_path / ".copier-answers.yml").write_text(
        "_commit: 0.1.0\n_src_path: frameworkpick://templates.git\nframework: flask\n"
        "package_name: my_app\ndocker: true\n"
    )
    project = read_recorded(tmp_path)
    assert (project.text("framework"), project.version) == ("flask", "0.1.0")
    assert project.answers["docker"] is True


def test_a_folder_without_a_record_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(FrameworkpickError, match="holds no") as caught:
        read_recorded(tmp_path)
    assert caught.value.exit_code == 1


def test_a_record_without_an_end_is_refused(tmp_path: Path) -> None:
    lines = ["_commit: 0.1.0", "_src_path: frameworkpick://templates.git", "x0: &x0 [a, a]"]
    lines += [f"x{n}: &x{n} [*x{n - 1}, *x{n - 1}]" for n in range(1, 60)]
    (tmp_path / ".copier-answers.yml").write_text("\n".join(lines))
    with pytest.raises(FrameworkpickError, match="uses the alias"):
        read_recorded(tmp_path)
