from __future__ import annotations

import pytest

from frameworkpick.core.paths import fault_of


@pytest.mark.parametrize(
    "path",
    [
        "README.md", ".github/workflows/ci.yml", ".gitignore", ".gitattributes", "a/.gitkeep",
        "src/{{ package_name }}/app.py", "{{ _copier_conf.answers_file }}.jinja", "ä b/…", "git",
        "...", "..a",
    ],
)  # fmt: skip
def test_ordinary_names_are_welcome(path: str) -> None:
    assert fault_of(path) is None


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "a//b", "./a", "..", "", "a/"])
def test_no_name_leaves_the_folder(path: str) -> None:
    assert fault_of(path) == "leaves the folder"


@pytest.mark.parametrize(
    "path",
    [
        ".git/hooks/pre-commit", ".GIT/config", "sub/.Git/x", ".git", ".git. /x", "GIT~1/config",
        ".g\u200cit/config", ".git::$INDEX_ALLOCATION/x",
    ],
)  # fmt: skip
def test_what_some_file_system_takes_for_gits_own_folder_is_refused(path: str) -> None:
    assert fault_of(path) == "belongs to git itself"


def test_control_characters_are_refused() -> None:
    assert fault_of("a\x1b[2Jb") == fault_of("a\nb") == "has control characters in its name"
