"""The installed command: exit codes, streams and messages. No person is at a terminal here."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from frameworkpick import __version__, process

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.version

COMMAND = [sys.executable, "-m", "frameworkpick"]
ANSI = re.compile(r"\x1b\[")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "COLUMNS": "80"}


def run(tmp_path: Path, env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_the_version_is_one_line(tmp_path: Path, env: dict[str, str], flag: str) -> None:
    done = run(tmp_path, env, flag)
    assert (done.returncode, done.stdout) == (0, f"frameworkpick {__version__}\n")


def test_the_console_script_is_the_same_program(tmp_path: Path, env: dict[str, str]) -> None:
    script = os.path.join(os.path.dirname(sys.executable), "frameworkpick")  # noqa: PTH118, PTH120
    done = subprocess.run(
        [script, "--version"], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"frameworkpick {__version__}\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")  # noqa: PTH110
@pytest.mark.parametrize(
    "words", [["recommend", "-y"], ["recommend", "--json"], ["recommend", "--format", "md"], ["-h"]]
)
def test_an_output_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, env: dict[str, str], words: list[str]
) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [*COMMAND, *words], cwd=tmp_path, env=env, stdout=full, stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == (
        "Error: Nothing more could be written: No space left on device.\n"
        "Hint: Make room, and run the command again.\n"
    )


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path, env: dict[str, str]) -> None:
    with subprocess.Popen(
        [*COMMAND, "compare"], cwd=tmp_path, env=env, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
    ) as child:  # fmt: skip
        assert child.stdout
        assert child.stderr
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == ""


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("<&-", 0),
        pytest.param(">&-", 0, marks=pytest.mark.matrix),
        pytest.param("2>&-", 0, marks=pytest.mark.matrix),
        ("2>&1 | true", 0),  # nobody reads any of it
        ("--framework neither <&-", 2),
    ],
)
def test_a_stream_that_is_closed_does_not_change_what_is_done(
    tmp_path: Path, env: dict[str, str], ending: str, code: int
) -> None:
    words = "new shop --framework flask --no-git --no-install"
    command = f"set -o pipefail; {shlex.join(COMMAND)} {words} {ending}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "shop/pyproject.toml").is_file() == (code == 0)


@pytest.mark.parametrize(
    ("words", "one", "other"),
    [
        ("new x --docker --no-docker", "--docker", "--no-docker"),
        ("new x --framework flask --framework=fastapi", "--framework flask", "--framework fastapi"),
        ("new x --auth none --option auth=tokens", "--auth none", "--option auth=tokens"),
        ("new x --option docker=no --docker", "--option docker=no", "--docker"),
        ("new x -yo/a -q -o /b", "-o /a", "-o /b"),
        ("recommend -a x=1 --answer x=2", "-a x=1", "--answer x=2"),
        ("check --preset a --preset b", "--preset a", "--preset b"),
    ],
)
def test_two_flags_that_contradict_each_other_are_both_named(
    tmp_path: Path, env: dict[str, str], words: str, one: str, other: str
) -> None:
    done = run(tmp_path, env, *words.split())
    assert done.returncode == 2
    assert done.stderr == (
        f"Error: {one} and {other} contradict each other.\nHint: Give one of them.\n"
    )


def test_what_is_said_twice_is_no_contradiction(tmp_path: Path, env: dict[str, str]) -> None:
    words = "new x -yq --yes --dry-run --framework flask --framework=flask --docker"
    words += " --option docker=yes --auth none -- --no-docker"
    done = run(tmp_path, env, *words.split())
    assert "contradict" not in done.stderr
    words = "new x -yq --yes --dry-run --framework flask --framework=flask --option docker=yes"
    assert run(tmp_path, env, *words.split(), "--docker", "--because", "-o").returncode == 0


def test_who_names_a_use_case_that_is_none_is_told_where_they_are_listed(
    tmp_path: Path, env: dict[str, str]
) -> None:
    done = run(tmp_path, env, "recommend", "--use-case", "rest")
    assert done.returncode == 2
    assert "with `--format md` the use cases too." in done.stderr
    listed = run(tmp_path, env, "compare", "--format", "md").stdout
    assert "| `rest_api` REST API |" in listed


def test_help_names_the_verbs(tmp_path: Path, env: dict[str, str]) -> None:
    done = run(tmp_path, env, "--help")
    assert done.returncode == 0
    assert (
        done.stdout
        == """\
Usage: frameworkpick [OPTIONS] COMMAND [ARGS]...

  Pick FastAPI or Flask with reasons, and get a proven project in a minute.

Options:
  -V, --version         Print the version and exit.
  --install-completion  Install completion for the current shell.
  --show-completion     Show completion for the current shell, to copy it or
                        customize the installation.
  -h, --help            Show this message and exit.

Commands:
  new        Ask, recommend, and write a project that runs at once.
  recommend  Say which framework fits, and why.
  compare    Put the frameworks side by side: every answer, every reason,...
  verify     Prove that a project works, on a copy of it.
  update     Merge a newer template into a project; nothing of yours is...
  check      Say how far projects are from their template, file by file.
  add        Turn an option of a project on, or to another value, and...
  remove     Turn an option of a project off, and merge the difference.
  schema     Print a JSON Schema, for an editor or a check in CI.
  preset     Write, show, check and list a team's standards.
"""
    )


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["recomend"], "recommend"),
        (["new", "shop", "--descripton", "x"], "--description"),
        (["new", "shop", "--no-dockr"], "--no-docker"),
    ],
)
def test_a_mistyped_verb_or_flag_gets_a_suggestion_and_code_2(
    tmp_path: Path, env: dict[str, str], words: list[str], meant: str
) -> None:
    done = run(tmp_path, env, *words)
    assert done.returncode == 2
    assert meant in done.stderr
    assert done.stdout == ""


def test_every_problem_of_a_command_line_is_named_at_once(
    tmp_path: Path, env: dict[str, str]
) -> None:
    done = run(
        tmp_path, env, "new", "shop", "--auth", "tokenz", "--ci", "gitlub", "-a", "hostin=any",
        "-a", "app_size=mediun", "--framework", "fastap", "--date", "tomorrow",
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert (
        done.stderr
        == """\
Error: There is no criterion 'hostin'. Did you mean 'hosting'?
Error: app_size cannot be 'mediun'; it is one of few_endpoints, medium, many_services, \
unknown. Did you mean 'medium'?
Error: There is no framework 'fastap'; it is one of fastapi, flask. Did you mean 'fastapi'?
Error: auth cannot be 'tokenz'; it is one of tokens, none. Did you mean 'tokens'?
Error: ci cannot be 'gitlub'; it is one of github, gitlab, none. Did you mean 'gitlab'?
Error: --date must look like 2026-11-22, not 'tomorrow'.
Hint: Correct it and run the command again; nothing was written.
"""
    )
    assert list(tmp_path.iterdir()) == []


def test_without_a_terminal_what_is_missing_is_named_and_nothing_is_asked(
    tmp_path: Path, env: dict[str, str]
) -> None:
    done = run(tmp_path, env, "new")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: The project's name is missing: frameworkpick new NAME.")


def test_an_expected_failure_is_one_message_with_a_hint(
    tmp_path: Path, env: dict[str, str]
) -> None:
    done = run(tmp_path, env, "verify")
    assert (done.returncode, done.stdout) == (1, "")
    assert [line.partition(" ")[0] for line in done.stderr.splitlines()] == ["Error:", "Hint:"]


def test_an_unexpected_failure_shows_its_traceback(tmp_path: Path, env: dict[str, str]) -> None:
    broken = (
        "import frameworkpick.catalog as c\n"
        "def load_knowledge(**_): raise ZeroDivisionError\n"
        "c.load_knowledge = load_knowledge\n"
        "from frameworkpick.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", broken, "recommend", "--json"],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback (most recent call last)" in done.stderr
    assert "ZeroDivisionError" in done.stderr


@pytest.mark.parametrize(
    "answers", [[], ["-a", "beyond_micro=admin_orm_cms"], ["-a", "hosting=wsgi_only"]]
)
def test_recommend_ends_with_0_for_every_verdict(
    tmp_path: Path, env: dict[str, str], answers: list[str]
) -> None:
    assert run(tmp_path, env, "recommend", *answers).returncode == 0


def test_json_is_all_that_stands_on_stdout(tmp_path: Path, env: dict[str, str]) -> None:
    done = run(tmp_path, env, "recommend", "--json", "-a", "long_lived=core")
    data = json.loads(done.stdout)
    assert data["verdict"] == "fastapi"
    assert data["answers"] == {"long_lived": {"value": "core", "origin": "flag"}}
    assert done.stderr == ""


def test_json_of_new_is_pure_while_progress_goes_to_stderr(
    tmp_path: Path, env: dict[str, str]
) -> None:
    done = run(tmp_path, env, "new", "shop", "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert list(data)[:4] == ["schema", "written", "target", "framework"]
    assert data["written"] is False
    assert {"path", "size"} == set(data["files"][0])
    assert data["command"].startswith("frameworkpick new shop --yes --framework")
    assert done.stderr != ""
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_lists_files_with_sizes_and_writes_nothing(
    tmp_path: Path, env: dict[str, str]
) -> None:
    done = run(tmp_path, env, "new", "shop", "--dry-run", "--framework", "flask", "--no-git")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Nothing is written: this is what a run would do.\n")
    assert re.search(r"^ +[\d,]+  pyproject\.toml$", done.stdout, re.MULTILINE)
    assert "Create the repository" not in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "why", "instead"),
    [
        ("flask", "taken by a package that the project itself installs", ["flask-service"]),
        ("con", "a device name on Windows", ["con-service"]),
        pytest.param("my project", "use letters, digits", ["my-project"], marks=pytest.mark.matrix),
        ("test", "a module of the standard library", ["test", "--package-name", "test_app"]),
        pytest.param(
            "class",
            "a word of the Python language",
            ["class", "--package-name", "class_app"],
            marks=pytest.mark.matrix,
        ),
    ],
)
def test_a_name_that_is_taken_is_refused_with_another_that_works(
    tmp_path: Path, env: dict[str, str], name: str, why: str, instead: list[str]
) -> None:
    words = ["--yes", "--framework", "flask", "--dry-run"]
    done = run(tmp_path, env, "new", name, *words)
    assert done.returncode == 2
    assert done.stderr.count("Error: ") == 1
    assert why in done.stderr
    assert f"{' '.join(instead[-2:])}, for example." in done.stderr
    done = run(tmp_path, env, "new", *instead, *words)
    assert done.returncode == 0, done.stderr


def test_a_written_project_ends_with_what_to_run_next(tmp_path: Path, env: dict[str, str]) -> None:
    done = run(
        tmp_path, env, "new", "shop", "--yes", "--no-git", "--no-install",
        "--framework", "flask", "--because", "we know it", "--date", "2026-11-22",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "shop is written: Flask, your choice (the answers were too close" in done.stdout
    following = done.stdout.partition("\nNext\n")[2].splitlines()[:3]
    uv = following[1].split()[0]
    assert following == ["  cd shop", f"  {uv} run pytest", f"  {uv} run python -m shop"]
    # What came along with the tool is on nobody's PATH.
    assert uv == ("uv" if shutil.which("uv", path=env["PATH"]) else process.find_uv())
    assert shutil.which(uv, path=env["PATH"])
    assert "--framework flask --because 'we know it'" in done.stdout
    assert (tmp_path / "shop" / "pyproject.toml").is_file()


def test_quiet_leaves_the_verdict_of_a_recommendation(tmp_path: Path, env: dict[str, str]) -> None:
    done = run(tmp_path, env, "recommend", "-q", "-a", "hosting=wsgi_only")
    assert done.stdout == "Flask, because a constraint rules the rest out.\n"


@pytest.mark.parametrize("form", [["--json"], []])
def test_a_stream_that_cannot_show_a_character_is_no_failure(
    tmp_path: Path, env: dict[str, str], form: list[str]
) -> None:
    words = ["--framework", "flask", "--because", "für später", "--dry-run"]
    done = run(tmp_path, {**env, "PYTHONIOENCODING": "ascii"}, "new", "shop", *words, *form)
    assert done.returncode == 0, done.stderr
    assert "f\\u00fcr" in done.stdout or "f\\xfcr" in done.stdout


def test_quiet_says_nothing_on_success(tmp_path: Path, env: dict[str, str]) -> None:
    done = run(tmp_path, env, "new", "shop", "-q", "--no-git", "--no-install")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_command_that_is_printed_makes_the_same_project(
    tmp_path: Path, env: dict[str, str]
) -> None:
    first = run(
        tmp_path, env, "new", "shop", "--dry-run", "--json", "-a", "app_size=many_services",
        "--ci", "none", "--no-docker", "--description", "A shop, for you",
    )  # fmt: skip
    command = json.loads(first.stdout)["command"]
    again = subprocess.run(
        ["sh", "-c", command.replace("frameworkpick", f"{sys.executable} -m frameworkpick", 1)
         + " --dry-run --json"],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(again.stdout)["options"] == json.loads(first.stdout)["options"]
    assert json.loads(again.stdout)["files"] == json.loads(first.stdout)["files"]


@pytest.mark.parametrize("verb", [["recommend"], ["new", "shop", "--dry-run"]])
@pytest.mark.parametrize("terminal", ["xterm-256color", "dumb"])
def test_a_pipe_gets_plain_text_of_eighty_columns(
    tmp_path: Path, env: dict[str, str], verb: list[str], terminal: str
) -> None:
    del env["COLUMNS"]
    done = run(tmp_path, {**env, "TERM": terminal}, *verb, "-a", "long_lived=core")
    assert done.returncode == 0, done.stderr
    assert not ANSI.search(done.stdout + done.stderr)
    lines = [line for line in done.stdout.splitlines() if "://" not in line]
    assert max(map(len, lines)) <= 80


def test_force_color_colours_a_pipe(tmp_path: Path, env: dict[str, str]) -> None:
    assert ANSI.search(run(tmp_path, {**env, "FORCE_COLOR": "1"}, "recommend").stdout)


@pytest.mark.parametrize("ending", ["toml", "yaml", "json"])
def test_saved_answers_can_be_read_back(tmp_path: Path, env: dict[str, str], ending: str) -> None:
    saved = f"answers.{ending}"
    words = ["-a", "long_lived=core", "-a", "hosting=unknown", "--save-answers", saved]
    run(tmp_path, env, "recommend", *words)
    again = run(tmp_path, env, "recommend", "--json", "--answers", saved)
    assert json.loads(again.stdout)["answers"] == {
        "long_lived": {"value": "core", "origin": "file"},
        "hosting": {"value": None, "origin": "file"},
    }


def test_nothing_heavy_is_loaded_for_a_recommendation_as_json(
    tmp_path: Path, env: dict[str, str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "frameworkpick", "recommend", "--json"],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert loaded & {"typer"}
    assert not loaded & {"rich", "questionary", "prompt_toolkit", "copier", "yaml", "jinja2"}


def test_compare_shows_every_framework_on_every_answer_with_its_source(
    tmp_path: Path, env: dict[str, str]
) -> None:
    done = run(tmp_path, env, "compare")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("FastAPI and Flask on every question, as of ")
    assert "\n  HTML pages for people (html_pages)\n    FastAPI 0: " in done.stdout
    assert "    Flask +3: " in done.stdout
    assert re.search(
        r"\nSources\n  \[1\]   .+ \(checked 20\d\d-\d\d-\d\d\)\n +https://", done.stdout
    )
    lines = [line for line in done.stdout.splitlines() if "://" not in line]
    assert max(map(len, lines)) <= 80


def test_compare_is_printed_as_json_and_as_markdown(tmp_path: Path, env: dict[str, str]) -> None:
    data = json.loads(run(tmp_path, env, "compare", "--json").stdout)
    assert [framework["id"] for framework in data["frameworks"]] == ["fastapi", "flask"]
    assert run(tmp_path, env, "compare", "--format", "md").stdout.startswith("# ")
    stale = json.loads(run(tmp_path, env, "compare", "--stale", "--format", "json").stdout)
    assert isinstance(stale["stale"], list)


def test_what_is_stale_is_counted_from_source_date_epoch(
    tmp_path: Path, env: dict[str, str]
) -> None:
    a_year_on = {**env, "SOURCE_DATE_EPOCH": "1829347200"}  # December 2027
    shown = run(tmp_path, a_year_on, "compare", "--stale").stdout
    assert "within the last year" not in shown
    assert "https://flask.palletsprojects.com/en/stable/design/" in shown


def test_a_use_case_and_weights_count_and_are_named(tmp_path: Path, env: dict[str, str]) -> None:
    words = ["--use-case", "real_time_dashboard", "--weight", "long_lived=2"]
    data = json.loads(run(tmp_path, env, "recommend", "--json", *words).stdout)
    assert data["use_case"] == "real_time_dashboard"
    assert data["weights"] == {"long_lived": 2}
    assert data["answers"]["long_lived"] == {"value": "core", "origin": "use_case"}
    assert data["suggested"]["answers"] == ["output_kind", "long_lived", "api_contract"]
    assert data["suggested"]["asks"] == ["long_lived", "output_kind", "peak_concurrency"]
    assert data["suggested"]["misleads"].startswith("A dashboard that asks again every minute")


@pytest.mark.parametrize("verb", [["recommend"], ["new", "shop"]])
def test_every_problem_of_use_case_and_weights_is_named_at_once(
    tmp_path: Path, env: dict[str, str], verb: list[str]
) -> None:
    done = run(tmp_path, env, *verb, "--use-case", "micoservice", "--weight", "hostin=2")
    assert done.returncode == 2
    assert "Did you mean 'microservice'?" in done.stderr
    assert "Did you mean 'hosting'?" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["recommend", "--json", "--format", "md"],
        ["recommend", "--format", "pdf"],
        ["recommend", "--write"],
        ["compare", "--json", "--format", "md"],
        ["compare", "--stale", "--format", "md"],
    ],
)
def test_forms_that_contradict_or_do_not_exist_are_a_usage_error(
    tmp_path: Path, env: dict[str, str], words: list[str]
) -> None:
    done = run(tmp_path, env, *words)
    assert (done.returncode, done.stdout) == (2, "")


def test_an_old_project_is_looked_at_again_and_its_record_superseded(
    tmp_path: Path, env: dict[str, str]
) -> None:
    made = ["new", "shop", "-q", "--yes", "--no-git", "--no-install", "--date", "2026-11-22"]
    run(tmp_path, env, *made, "-a", "long_lived=core", "--use-case", "microservice")
    same = run(tmp_path, env, "recommend", "--from", "shop")
    assert "\nSince 2026-11-22, when FastAPI was taken\n  The advice is the same.\n" in same.stdout
    other = ["--from", "shop", "-a", "long_lived=none", "-a", "output_kind=html_pages"]
    data = json.loads(run(tmp_path, env, "recommend", *other, "--json").stdout)
    assert (data["changed"]["verdict"], data["changed"]["written"]) == (True, None)
    done = run(tmp_path, env, "recommend", *other, "--write")
    assert "\n  The advice was: FastAPI, clearly. It is: Flask, only a lean.\n" in done.stdout
    assert (tmp_path / "shop" / "docs" / "adr" / "0002-web-framework.md").is_file()
    assert "It is proposed only, because the code is built on FastAPI.\n" in done.stdout
    again = run(tmp_path, env, "recommend", "--from", "shop", "--write").stdout
    assert ", when it was last decided\n  The advice is the same.\n  Nothing is written," in again


def test_a_framework_that_is_ruled_out_has_not_lost_its_lead(
    tmp_path: Path, env: dict[str, str]
) -> None:
    made = [
        "new",
        "shop",
        "-q",
        "--yes",
        "--no-git",
        "--no-install",
        "-a",
        "api_contract=essential",
    ]
    run(tmp_path, env, *made)
    ruled_out = run(tmp_path, env, "recommend", "--from", "shop", "-a", "hosting=wsgi_only").stdout
    assert "It is: Flask, decided by a constraint." in ruled_out
    assert "The lead" not in ruled_out
    less = run(tmp_path, env, "recommend", "--from", "shop", "-a", "api_contract=nice").stdout
    assert "The lead of FastAPI moved by -2.\n" in less
