"""Every case of one update, in one project: what the person, the template, and both did."""

from __future__ import annotations

import json
import os
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from .small import commit, content, git, lines, make_project, update, write

if TYPE_CHECKING:
    from pathlib import Path


ANSWERED = ("--to", "0.2.0", "-a", "database=postgresql")


@pytest.fixture(scope="module")
def before(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which a person did everything that people do."""
    project = make_project(template, tmp_path_factory.mktemp("cases") / "shop", database="oracle")
    (project / "user_removed_same.txt").unlink()
    (project / "user_removed_changed.txt").unlink()
    (project / "moved").mkdir()
    (project / "user_moves.txt").rename(project / "moved" / "by_user.txt")
    (project / "src" / "shop").rename(project / "src" / "store")
    write(
        project,
        {
            "both_other_lines.txt": lines("other").replace("other 2\n", "mine 2\n"),
            "both_same_line.txt": lines("same").replace("same 6", "mine 6"),
            "template_moves.txt": lines("moves").replace("moves 2\n", "mine 2\n"),
            "moved/by_user.txt": lines("user moves").replace("user moves 2\n", "mine 2\n"),
            "template_drops_edited.txt": lines("drops edited") + "mine\n",
            "binary_both.bin": b"\0mine",
            "binary_user.bin": b"\0mine",
            "both_added.txt": "mine\n",
            "both_added_same.txt": "the same\n",
            "own.txt": "mine\n",
            "windows.txt": lines("windows")
            .replace("windows 2\n", "mine 2\n")
            .replace("\n", "\r\n"),
            "src/store/own.py": "mine\n",
        },
    )
    commit(project)
    write(project, {".env": "APP_SECRET_KEY=mine\n", "local/settings.txt": "mine\n"})
    return project


@pytest.fixture(scope="module")
def foreseen(before: Path, template: Path) -> dict[str, Any]:
    kept, index = content(before), (before / ".git" / "index").read_bytes()
    refused = update(before, template, "--to", "0.2.0", code=2)
    assert "database cannot be 'oracle'; it is one of sqlite, postgresql." in refused.stderr
    assert "`frameworkpick update -a database=VALUE`" in refused.stderr
    done = update(before, template, *ANSWERED, "--dry-run", "--json", code=3)
    assert content(before) == kept
    assert (before / ".git" / "index").read_bytes() == index
    assert not git(before, "status", "--porcelain")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def said(before: Path, template: Path, foreseen: dict[str, Any]) -> dict[str, Any]:
    assert foreseen["written"] is False
    done = update(before, template, *ANSWERED, "--json", code=3)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def project(before: Path, said: dict[str, Any]) -> Path:
    assert said["written"] is True
    return before


def text(path: Path) -> str:
    return path.read_text()


def test_both_changed_other_lines(project: Path) -> None:
    wanted = lines("other").replace("other 2\n", "mine 2\n").replace("other 10", "template 10")
    assert text(project / "both_other_lines.txt") == wanted


def test_both_changed_the_same_line(project: Path) -> None:
    marked = "<<<<<<< yours\nmine 6\n=======\ntemplate 6\n>>>>>>> template-0.2.0\n"
    assert text(project / "both_same_line.txt") == lines("same").replace("same 6\n", marked)


def test_conflicts_stand_in_the_index_as_git_leaves_them(project: Path) -> None:
    entries = git(project, "ls-files", "--unmerged").splitlines()
    found = {entry.split("\t")[1]: set() for entry in entries}  # type: dict[str, set[str]]
    for entry in entries:
        found[entry.split("\t")[1]].add(entry.split()[2])
    assert found == {
        "both_same_line.txt": {"1", "2", "3"},
        "binary_both.bin": {"1", "2", "3"},
        "both_added.txt": {"2", "3"},
    }
    assert "both modified:   both_same_line.txt" in git(project, "status")


def test_everything_else_is_staged(project: Path) -> None:
    changed = {line[3:]: line[:2] for line in git(project, "status", "--porcelain").splitlines()}
    unmerged = {path for path, code in changed.items() if code in {"UU", "AA"}}
    assert unmerged == {"both_same_line.txt", "binary_both.bin", "both_added.txt"}
    assert {code[1] for path, code in changed.items() if path not in unmerged} == {" "}


def test_no_operation_is_under_way_and_the_message_is_prepared(project: Path) -> None:
    held = {path.name for path in (project / ".git").iterdir()}
    assert not held & {"CHERRY_PICK_HEAD", "MERGE_HEAD", "index.lock", "sequencer"}
    message = text(project / ".git" / "MERGE_MSG")
    assert message.startswith("Update the template from 0.1.0 to 0.2.0\n")


def test_removed_by_the_person_stays_removed(project: Path, said: dict[str, Any]) -> None:
    assert not (project / "user_removed_same.txt").exists()
    assert not (project / "user_removed_changed.txt").exists()
    assert said["kept_deleted"] == ["user_removed_changed.txt"]


def test_added_by_the_template(project: Path) -> None:
    assert text(project / "added.txt") == "added\n"


def test_added_by_both(project: Path) -> None:
    assert text(project / "both_added_same.txt") == "the same\n"
    both = text(project / "both_added.txt")
    assert both == "<<<<<<< yours\nmine\n=======\ntemplate\n>>>>>>> template-0.2.0\n"


def test_a_new_question_takes_its_default_and_is_listed(
    project: Path, said: dict[str, Any]
) -> None:
    record = yaml.safe_load(text(project / ".copier-answers.yml"))
    assert (record["cache"], record["_commit"]) == (True, "0.2.0")
    assert {"id": "cache", "from": None, "to": True} in said["answers"]
    assert text(project / "cache.txt") == "cache: True\n"


def test_a_recorded_answer_that_is_no_longer_valid_has_to_be_given_anew(
    project: Path, said: dict[str, Any]
) -> None:
    assert said["dropped"] == ["database"]
    assert text(project / "database.txt") == "database: postgresql\n"


def test_moved_by_the_template_and_edited_by_the_person(project: Path) -> None:
    assert not (project / "template_moves.txt").exists()
    moved = text(project / "docs" / "template_moved.txt")
    assert moved == lines("moves").replace("moves 2\n", "mine 2\n")


def test_moved_by_the_person_and_edited_by_the_template(project: Path) -> None:
    assert not (project / "user_moves.txt").exists()
    wanted = lines("user moves").replace("user moves 2\n", "mine 2\n")
    wanted = wanted.replace("user moves 10", "template 10")
    assert text(project / "moved" / "by_user.txt") == wanted


def test_a_new_file_lands_in_the_folder_that_the_person_renamed(project: Path) -> None:
    assert text(project / "src" / "store" / "cache.py") == lines("cache")
    assert not (project / "src" / "shop").exists()
    assert text(project / "src" / "store" / "own.py") == "mine\n"


def test_binaries(project: Path, said: dict[str, Any]) -> None:
    assert (project / "binary_template.bin").read_bytes() == b"\0two"
    assert (project / "binary_user.bin").read_bytes() == b"\0mine"
    assert (project / "binary_both.bin").read_bytes() == b"\0mine"
    why = {file["path"]: file["why"] for file in said["files"]}
    assert why["binary_both.bin"] == "binary, changed by both"


def test_dropped_by_the_template(project: Path, said: dict[str, Any]) -> None:
    assert not (project / "template_drops.txt").exists()
    assert text(project / "template_drops_edited.txt") == lines("drops edited") + "mine\n"
    assert said["kept_edited"] == ["template_drops_edited.txt"]


def test_ignored_files_are_left_alone(project: Path, said: dict[str, Any]) -> None:
    assert text(project / ".env") == "APP_SECRET_KEY=mine\n"
    assert text(project / "local" / "settings.txt") == "mine\n"
    assert said["untracked"] == [".env", "local/settings.txt"]


def test_a_file_kept_with_crlf_merges_cleanly_and_stays_so(project: Path) -> None:
    wanted = lines("windows").replace("windows 2\n", "mine 2\n")
    wanted = wanted.replace("windows 10", "template 10").replace("\n", "\r\n")
    assert (project / "windows.txt").read_bytes() == wanted.encode()


def test_the_executable_bit_stays(project: Path) -> None:
    assert text(project / "run.sh") == "#!/bin/sh\necho two\n"
    assert os.access(project / "run.sh", os.X_OK)


def test_nothing_lies_around(project: Path, before: Path) -> None:
    names = {path.name for path in project.rglob("*") if ".git" not in path.parts}
    assert not [n for n in names if n.endswith((".rej", ".orig", ".tmp")) or "frameworkpick-" in n]
    assert git(before, "for-each-ref").count("\n") == 1


def test_the_record_is_extended(project: Path) -> None:
    record = text(project / ".frameworkpick.toml")
    assert record.startswith('schema = 1\n# mine\n\n[options]\nx = "y"\n')
    [entry] = tomllib.loads(record)["updates"]
    assert (entry["from"], entry["to"]) == ("0.1.0", "0.2.0")
    assert entry["answers"] == {"cache": True, "database": "postgresql"}


def test_the_dry_run_foresaw_it(foreseen: dict[str, Any], said: dict[str, Any]) -> None:
    for key in ("files", "conflicts", "kept_deleted", "kept_edited", "untracked", "answers"):
        assert foreseen[key] == said[key]


def test_what_has_to_be_done_by_hand_is_named(said: dict[str, Any]) -> None:
    [step] = said["steps"]
    assert step == {
        "version": "0.2.0", "kind": "manual", "text": "Set APP_CACHE. See the README.",
    }  # fmt: skip
