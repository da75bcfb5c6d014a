"""``new`` through the installed command: what is written, what is refused, what is left behind."""

from __future__ import annotations

import json
import os
import shlex
import signal
import stat
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
import yaml

from frameworkpick import history

COMMAND = [sys.executable, "-m", "frameworkpick"]
FAST = ["--yes", "--no-git", "--no-install"]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    kept = {key: os.environ[key] for key in ("PATH", "SSL_CERT_FILE") if key in os.environ}
    return kept | {"HOME": str(home)}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def new(
    place: Path, env: dict[str, str], *words: str, check: bool = True
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*COMMAND, "new", *words],
        cwd=place, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    if check:
        assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_project_stands_in_its_folder_with_its_records(place: Path, env: dict[str, str]) -> None:
    words = ["--framework", "flask", "-a", "auth_style=api_tokens", "--use-case", "microservice"]
    new(place, env, "my-service", *FAST, *words)
    project = place / "my-service"
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert answers["_src_path"] == "frameworkpick://templates.git"
    assert answers["_commit"] == history.current_version()
    assert answers["framework"] == "flask"
    assert answers["package_name"] == "my_service"
    record = tomllib.loads((project / ".frameworkpick.toml").read_text())
    assert "auth_style" in record["answers"]
    adr = (project / "docs/adr/0001-web-framework.md").read_text()
    assert adr.startswith(("---", "# "))
    assert "Flask" in adr
    assert "\nThe use case: Microservice (`microservice`). It alone suggests `output_kind`," in adr
    assert "of 1,000 redraws of our weights" in adr
    assert [path.name for path in place.iterdir()] == ["my-service"]


def test_the_secret_is_random_private_and_ignored(place: Path, env: dict[str, str]) -> None:
    secrets = set()
    for name in ("one", "two"):
        new(place, env, name, *FAST)
        path = place / name / ".env"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        line = next(x for x in path.read_text().splitlines() if x.startswith("APP_SECRET_KEY="))
        secret = line.removeprefix("APP_SECRET_KEY=")
        assert len(secret.encode()) >= 32
        secrets.add(secret)
        others = b"".join(data for file, data in tree(place / name).items() if file != ".env")
        assert secret.encode() not in others
        assert "APP_SECRET_KEY=\n" in (place / name / ".env.example").read_text()
        git = ["git", "-c", "init.defaultBranch=main"]
        subprocess.run([*git, "init", "-q"], cwd=place / name, check=True)
        subprocess.run([*git, "check-ignore", "-q", ".env"], cwd=place / name, check=True)
    assert len(secrets) == 2


@pytest.mark.matrix
def test_the_recorded_command_writes_the_same_bytes(place: Path, env: dict[str, str]) -> None:
    new(
        place, env, "shop", *FAST, "--framework", "fastapi", "--because", "it's \"ours\"",
        "--description", 'Says "hi", costs $5 & more', "--auth", "none", "--no-docker",
        "-a", "output_kind=html_pages", "-a", "hosting=unknown", "--date", "2025-01-02",
    )  # fmt: skip
    first = tree(place / "shop")
    command = tomllib.loads(first[".frameworkpick.toml"].decode())["command"]
    again = place / "again"
    again.mkdir()
    words = shlex.split(command)
    assert words[:2] == ["frameworkpick", "new"]
    new(again, env, *words[2:], "--no-git", "--no-install")
    second = tree(again / "shop")
    first.pop(".env")
    second.pop(".env")
    assert second == first
    assert b"2025-01-02" in first["docs/adr/0001-web-framework.md"]


def test_source_date_epoch_dates_the_project(place: Path, env: dict[str, str]) -> None:
    new(place, env | {"SOURCE_DATE_EPOCH": "86400"}, "old", *FAST)
    assert "1970-01-02" in (place / "old/docs/adr/0001-web-framework.md").read_text()


def test_a_folder_that_is_not_empty_is_refused_and_untouched(
    place: Path, env: dict[str, str]
) -> None:
    (place / "mine").mkdir()
    (place / "mine" / "work.txt").write_text("dear")
    done = new(place, env, "mine", *FAST, check=False)
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert tree(place) == {"mine/work.txt": b"dear"}


def test_an_empty_folder_and_a_fresh_clone_are_accepted(place: Path, env: dict[str, str]) -> None:
    (place / "empty").mkdir()
    new(place, env, "empty", *FAST)
    assert (place / "empty" / "pyproject.toml").is_file()
    subprocess.run(["git", "init", "-q", "-b", "trunk", "clone"], cwd=place, check=True)
    new(place, env, "clone", *FAST)
    assert (place / "clone" / ".git" / "HEAD").read_text() == "ref: refs/heads/trunk\n"
    assert (place / "clone" / "pyproject.toml").is_file()


def test_a_file_or_a_link_in_the_way_is_refused(place: Path, env: dict[str, str]) -> None:
    (place / "file").write_text("x")
    (place / "real").mkdir()
    (place / "link").symlink_to("real")
    for name in ("file", "link"):
        assert new(place, env, name, *FAST, check=False).returncode == 1
    assert not any((place / "real").iterdir())


def test_every_problem_is_named_at_once_and_nothing_is_written(
    place: Path, env: dict[str, str]
) -> None:
    done = new(
        place, env, "a b", *FAST, "-a", "output_kin=json_api", "-a", "hosting=wsgi",
        "--framework", "flaks", "--database", "postgres", "--date", "yesterday", check=False,
    )  # fmt: skip
    assert done.returncode == 2
    for part in (
        "'a b'",
        "'output_kin'",
        "output_kind",
        "wsgi_only",
        "'flask'",
        "'postgresql'",
        "--date",
    ):
        assert part in done.stderr
    assert done.stdout == ""
    assert not any(place.iterdir())


def test_a_dry_run_lists_what_a_run_writes_and_writes_nothing(
    place: Path, env: dict[str, str]
) -> None:
    done = new(place, env, "dry", *FAST, "--dry-run", "--json")
    planned = json.loads(done.stdout)
    assert "Writing" not in done.stderr
    assert not any(place.iterdir())
    new(place, env, "dry", *FAST)
    written = {name: len(data) for name, data in tree(place / "dry").items()}
    assert {file["path"]: file["size"] for file in planned["files"]} == written


@pytest.mark.matrix
def test_neither_and_conflict_write_nothing_until_a_framework_is_named(
    place: Path, env: dict[str, str]
) -> None:
    neither = ["-a", "beyond_micro=admin_orm_cms"]
    done = new(place, env, "portal", *FAST, *neither, check=False)
    assert done.returncode == 1
    assert "Django" in done.stderr
    assert "--framework fastapi" in done.stderr
    conflict = ["-a", "hosting=wsgi_only", "-a", "must_have_component=asgi_ecosystem"]
    done = new(place, env, "portal", *FAST, *conflict, check=False)
    assert done.returncode == 1
    assert "contradict" in done.stderr
    assert not any(place.iterdir())
    new(place, env, "portal", *FAST, *neither, "--framework", "flask")
    assert "Django" in (place / "portal/docs/adr/0001-web-framework.md").read_text()


def test_too_close_proceeds_with_the_tie_break(place: Path, env: dict[str, str]) -> None:
    done = json.loads(new(place, env, "even", *FAST, "--json").stdout)
    assert done["recommendation"]["strength"] == "too_close"
    assert (place / "even").is_dir()


@pytest.mark.matrix
def test_answers_move_the_defaults_and_are_saved_for_the_next_run(
    place: Path, env: dict[str, str]
) -> None:
    new(place, env, "a", *FAST, "-a", "auth_style=none", "--save-answers", "saved.toml")
    recorded = yaml.safe_load((place / "a/.copier-answers.yml").read_text())
    assert recorded["auth"] == "none"
    assert not (place / "a/src/a/auth.py").exists()
    new(place, env, "b", *FAST, "--answers", "saved.toml", "--package-name", "b")
    assert yaml.safe_load((place / "b/.copier-answers.yml").read_text())["auth"] == "none"


@pytest.mark.matrix
def test_a_missing_parent_is_made_and_an_unwritable_one_is_an_error(
    place: Path, env: dict[str, str]
) -> None:
    new(place, env, "deep", *FAST, "-o", "x/y")
    assert (place / "x/y/deep/pyproject.toml").is_file()
    (place / "plain").write_text("")
    done = new(place, env, "no", *FAST, "-o", "plain", check=False)
    assert done.returncode == 1
    assert "Error: Nothing can be written" in done.stderr


def test_a_broken_template_leaves_nothing_behind(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from frameworkpick import catalog, errors, render  # noqa: PLC0415
    from frameworkpick.commands import new as verb  # noqa: PLC0415

    def broken(_template: Path, _data: object, destination: Path, **_: object) -> None:
        (destination / "half").mkdir(parents=True)
        raise errors.RenderError("It broke.")

    assert catalog.templates_root().is_dir()
    monkeypatch.setattr(render, "render", broken)
    with pytest.raises(errors.RenderError):
        verb.run(verb.NewRequest(name="x", parent=place / "p", framework="flask"))
    assert not any(place.iterdir())


@pytest.mark.parametrize(
    "delay", [0.0, 0.5, *(pytest.param(d, marks=pytest.mark.matrix) for d in (0.2, 0.9))]
)
def test_ctrl_c_leaves_nothing_behind(place: Path, env: dict[str, str], delay: float) -> None:
    running = subprocess.Popen(
        [*COMMAND, "new", "gone", *FAST],
        cwd=place, env=env, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert running.stderr
    begun = running.stderr.readline()  # an interpreter that still starts knows no clean end
    assert b"Writing" in begun
    time.sleep(delay)
    running.send_signal(signal.SIGINT)
    _, stderr = running.communicate(timeout=60)
    left = sorted(path.name for path in place.iterdir())
    if left == ["gone"]:  # it was faster; the signal may have met an interpreter that ends
        assert (place / "gone" / ".env").is_file()
    else:
        held = sorted(path.relative_to(place).as_posix() for path in place.rglob("*"))
        assert held == [], (running.returncode, stderr)
        assert running.returncode == 130, stderr


def test_without_a_name_a_script_is_told_so(place: Path, env: dict[str, str]) -> None:
    done = new(place, env, *FAST, check=False)
    assert done.returncode == 2
    assert "name" in done.stderr


def test_install_and_first_commit_leave_a_clean_tree_with_a_lock(
    place: Path, env: dict[str, str]
) -> None:
    (Path(env["HOME"]) / ".gitconfig").write_text("[user]\nname = T\nemail = t@example.com\n")
    done = json.loads(new(place, env, "whole", "--yes", "--install", "--git", "--json").stdout)
    assert [step["status"] for step in done["steps"]] == ["done", "done"]
    project = place / "whole"

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=project, env=env, capture_output=True, text=True, check=True
        ).stdout

    assert git("status", "--porcelain") == ""
    tracked = git("ls-files").splitlines()
    assert "uv.lock" in tracked
    assert ".env" not in tracked
    assert git("rev-list", "--count", "HEAD") == "1\n"


@pytest.mark.matrix
def test_a_step_asked_for_by_name_that_fails_keeps_the_project_and_exits_4(
    place: Path, env: dict[str, str]
) -> None:
    config = "[user]\nuseConfigOnly = true\n"
    (Path(env["HOME"]) / ".gitconfig").write_text(config)
    done = new(place, env, "kept", "--yes", "--no-install", "--git", check=False)
    assert done.returncode == 4
    assert (place / "kept/pyproject.toml").is_file()
    assert "git commit" in done.stdout + done.stderr
    done = new(place, env, "kept2", "--yes", "--no-install")
    assert "git commit" in done.stdout + done.stderr
