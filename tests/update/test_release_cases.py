"""Both frameworks' real templates through three releases, with a person's work in between.

Named after the cases that an update has to get right: what both changed, removed, added and moved,
binaries, ignored files, answers, modes. What depends on how a project is kept stands in
``test_circumstances.py``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest
import yaml

from .people import OWN_ADR, OWN_CLOCK, OWN_README, OWN_RECORD
from .releases import CLOCK, EDITORCONFIG, FRAMEWORKS, markers
from .small import git
from .story import Story, tell

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.matrix


@pytest.fixture(scope="module", params=FRAMEWORKS)
def story(
    request: pytest.FixtureRequest,
    releases: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Story:
    return tell(releases, tmp_path_factory.mktemp(request.param), request.param)


def test_both_changed_other_lines(story: Story) -> None:
    http = (story.first / "src/shop/http.py").read_text()
    wanted = (story.made / "src/shop/http.py").read_text()
    assert http == wanted.replace("31536000", "63072000")
    assert 'f"shop-{uuid4().hex}"' in http


def test_both_changed_the_same_line(story: Story) -> None:
    readme = (story.first / "README.md").read_text()
    assert markers("## Test it\n", "## Prove it\n", "1.1.0") in readme
    assert OWN_README in readme


def test_conflicts_stand_in_the_index_as_git_leaves_them(story: Story) -> None:
    unmerged = git(story.first, "diff", "--name-only", "--diff-filter=U").split()
    assert unmerged == ["README.md", "tests/test_clock.py"]
    assert set(story.said["first"]["conflicts"]) == set(unmerged)
    clean = set(git(story.first, "diff", "--name-only").split()) - set(unmerged)
    assert not clean
    assert "both added:      tests/test_clock.py" in git(story.first, "status")


def test_removed_by_the_person_and_the_same_in_the_template(story: Story) -> None:
    assert not (story.first / "tests/test_users.py").exists()


def test_removed_by_the_person_and_changed_by_the_template(story: Story) -> None:
    assert not (story.first / "AGENTS.md").exists()
    assert story.said["first"]["kept_deleted"] == ["AGENTS.md"]


def test_added_by_the_template(story: Story) -> None:
    assert (story.first / "src/shop/clock.py").read_text() == CLOCK


def test_added_by_both_and_different(story: Story) -> None:
    both = (story.first / "tests/test_clock.py").read_text()
    assert "    assert 12 < 24\n" in both
    assert "    assert True\n" in both
    assert "<<<<<<< yours\n" in both


def test_added_by_both_and_the_same(story: Story) -> None:
    assert (story.first / ".editorconfig").read_text() == EDITORCONFIG


def test_new_questions_take_their_defaults_and_are_listed(story: Story) -> None:
    record = yaml.safe_load((story.first / ".copier-answers.yml").read_text())
    found = {name: record[name] for name in ("cache", "cache_size", "contact")}
    assert found == {"cache": True, "cache_size": 100, "contact": "shop@example.org"}
    listed = {each["id"]: each["to"] for each in story.said["first"]["answers"]}
    assert listed == found | {"python_version": "3.12"}
    assert (story.first / "CONTACT.md").read_text() == "Write to shop@example.org.\n"


def test_a_recorded_answer_that_is_no_longer_a_choice(story: Story) -> None:
    assert story.said["first"]["dropped"] == ["python_version"]
    settings = tomllib.loads((story.first / "pyproject.toml").read_text())
    assert settings["project"]["requires-python"] == ">=3.12"
    assert "polyfactory>=3,<4" in settings["dependency-groups"]["dev"]


def test_moved_by_the_template_and_edited_by_the_person(story: Story) -> None:
    assert not (story.first / "src/shop/problems.py").exists()
    assert "MOST_ERRORS = 50" in (story.first / "src/shop/problem_details.py").read_text()
    services = (story.first / "src/shop/services.py").read_text()
    assert "from .problem_details import ApiError" in services


def test_moved_by_the_person_and_edited_by_the_template(story: Story) -> None:
    assert not (story.first / "compose.yaml").exists()
    moved = (story.first / "deploy/compose.yaml").read_text()
    assert "  build: ..\n" in moved
    assert "tmpfs: [/tmp, /run]" in moved


def test_deleted_by_the_template_and_edited_by_the_person(story: Story) -> None:
    assert (story.first / "tests/test_main.py").read_text().endswith("\n# ours\n")
    assert story.said["first"]["kept_edited"] == ["tests/test_main.py"]


def test_deleted_by_the_template_alone(story: Story) -> None:
    assert (story.made / "tests/test_docs.py").is_file()
    assert not (story.first / "tests/test_docs.py").exists()


def test_the_ignored_env_with_its_secret(story: Story) -> None:
    kept = (story.made / ".env").read_bytes()
    assert kept.endswith(b"OWN_TOKEN=hush\n")
    for place in (story.first, story.second, story.bare):
        assert (place / ".env").read_bytes() == kept


def test_an_ignored_file_where_the_template_adds_one(story: Story) -> None:
    assert (story.first / "dist/notes.txt").read_text() == "mine\n"
    assert story.said["first"]["untracked"] == [".env", "dist/notes.txt"]


def test_a_file_kept_with_crlf(story: Story) -> None:
    pipeline = (story.first / ".github/workflows/ci.yml").read_bytes()
    assert pipeline.count(b"\n") == pipeline.count(b"\r\n") > 0
    assert b"# ours\r\n" in pipeline
    assert pipeline != (story.made / ".github/workflows/ci.yml").read_bytes()


def test_executable_bits(story: Story) -> None:
    assert os.access(story.first / "migrations/env.py", os.X_OK)
    assert os.access(story.first / "scripts/check.sh", os.X_OK)


def test_own_files_stay(story: Story) -> None:
    for place in (story.first, story.second, story.bare):
        assert (place / "src/shop/billing.py").read_text() == "PRICE = 5\n"


def test_nothing_lies_around(story: Story) -> None:
    for place in (story.first, story.second, story.bare):
        names = [path.name for path in place.rglob("*") if ".git" not in path.parts]
        assert not [n for n in names if n.endswith((".rej", ".orig", ".tmp"))]
        assert git(place, "for-each-ref").count("\n") == 1


def test_the_dry_run_foresaw_it(story: Story) -> None:
    foreseen, said = story.said["foreseen"], story.said["first"]
    assert (foreseen.pop("written"), said["written"]) == (False, True)
    assert (foreseen.pop("undo"), bool(said["undo"])) == (None, True)
    assert foreseen == {key: said[key] for key in foreseen}


def test_what_has_to_be_done_and_what_breaks_is_told_if_it_concerns_the_project(
    story: Story,
) -> None:
    told = [(step["version"], step["kind"]) for step in story.said["first"]["steps"]]
    assert told == [("1.1.0", "manual"), ("1.1.0", "breaking")]
    [later] = story.said["second"]["steps"]
    assert (later["version"], later["kind"]) == ("2.0.0", "breaking")


def test_what_is_merged_is_still_python_that_knows_its_names(story: Story) -> None:
    for place in (story.worked, story.second, story.bare):
        words = ("ruff", "check", "--isolated", "--quiet", "--select=E9,F", ".")
        done = subprocess.run([sys.executable, "-m", *words], cwd=place, check=False)
        assert done.returncode == 0
        for path in place.rglob("src/shop/*.py"):
            for module in re.findall(r"^from \.(\w+) import", path.read_text(), re.MULTILINE):
                assert (path.parent / f"{module}.py").exists() or (path.parent / module).is_dir()


def test_check_sees_what_is_behind_and_what_is_ones_own(story: Story) -> None:
    [found] = story.said["checked"]["projects"]
    status = {file["path"]: file["status"] for file in found["files"]}
    assert (found["version"], found["newest"], found["behind"]) == ("1.1.0", "2.0.0", True)
    assert status["README.md"] == "customised"
    assert status["tests/test_users.py"] == "missing"
    assert status["src/shop/db.py"] == "unchanged"
    assert "src/shop/billing.py" not in status


def test_binaries_of_the_template_of_the_person_and_of_both(story: Story) -> None:
    static = story.second / "src/shop/static"
    assert (static / "logo.png").read_bytes() == b"\0two"
    assert (static / "favicon.ico").read_bytes() == b"\0mine"
    assert (static / "icon.png").read_bytes() == b"\0mine"
    assert story.said["second"]["conflicts"] == ["src/shop/static/icon.png"]
    stages = git(story.second, "ls-files", "--unmerged").splitlines()
    assert [line.split()[2] for line in stages] == ["1", "2", "3"]


def test_what_was_merged_before_is_merged_again(story: Story) -> None:
    http = (story.second / "src/shop/http.py").read_text()
    assert 'f"shop-{uuid4().hex}"' in http
    assert "max-age=94608000" in http
    readme = (story.second / "README.md").read_text()
    assert "## Test and prove it\n" in readme
    assert "## Where is what\n" in readme
    assert OWN_README in readme
    assert not (story.second / "AGENTS.md").exists()
    assert (story.second / "tests/test_clock.py").read_text() == OWN_CLOCK


def test_a_script_that_the_person_renamed_stays_executable(story: Story) -> None:
    script = story.second / "scripts/prove.sh"
    assert "--quiet" in script.read_text()
    assert os.access(script, os.X_OK)
    assert not (story.second / "scripts/check.sh").exists()


def test_deleted_by_the_next_template_and_edited_by_the_person(story: Story) -> None:
    assert (story.second / "CONTACT.md").read_text().startswith("Never write to")
    assert story.said["second"]["kept_edited"] == ["CONTACT.md"]


def test_another_pipeline_takes_the_place_of_one(story: Story) -> None:
    assert (story.gitlab / ".gitlab-ci.yml").is_file()
    assert not (story.gitlab / ".github/dependabot.yml").exists()
    pipeline = ".github/workflows/ci.yml"  # a person changed that one
    assert story.said["gitlab"]["kept_edited"] == [pipeline]
    assert (story.gitlab / pipeline).is_file()


def test_what_is_removed_leaves_a_persons_own_version(story: Story) -> None:
    assert not (story.bare / "Dockerfile").exists()
    assert (story.bare / "deploy/compose.yaml").is_file()
    assert story.said["bare"]["kept_edited"] == ["deploy/compose.yaml"]


def test_what_comes_back_is_as_it_was(story: Story) -> None:
    assert "Dockerfile" in {file["path"] for file in story.said["again"]["files"]}
    assert story.said["nothing"]["files"] == []
    [found] = story.said["finally"]["projects"]
    assert (found["version"], found["behind"]) == ("2.0.0", False)


def test_the_decision_record_survives(story: Story) -> None:
    made = (story.made / "docs/adr/0001-web-framework.md").read_bytes()
    assert made.endswith(OWN_ADR.encode())
    for place in (story.first, story.second, story.gitlab, story.bare):
        assert (place / "docs/adr/0001-web-framework.md").read_bytes() == made


def test_the_record_survives_and_is_extended(story: Story) -> None:
    made = (story.made / ".frameworkpick.toml").read_text()
    assert made.endswith(OWN_RECORD)
    ours = ("command", "framework", "options", "updates")
    kept = {name: value for name, value in tomllib.loads(made).items() if name not in ours}
    for place in (story.first, story.second, story.gitlab, story.bare):
        text = (place / ".frameworkpick.toml").read_text()
        assert OWN_RECORD in text
        assert kept.items() <= tomllib.loads(text).items()
    assert (
        tomllib.loads((story.bare / ".frameworkpick.toml").read_text())["options"]["docker"]
        is False
    )
    record = tomllib.loads((story.bare / ".frameworkpick.toml").read_text())
    steps = [(entry["from"], entry["to"]) for entry in record["updates"]]
    assert steps == [
        ("1.0.0", "1.1.0"), ("1.1.0", "2.0.0"), ("2.0.0", "2.0.0"), ("2.0.0", "2.0.0"),
    ]  # fmt: skip
    assert record["updates"][2]["answers"] == {"ci": "gitlab"}
    assert record["updates"][3]["answers"] == {"docker": False}
    assert record["check"]["ignore"] == ["docs/**"]
