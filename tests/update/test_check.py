"""``check``: what it finds, and that it runs nothing of the projects it looks at."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from .small import (
    COMMAND,
    commit,
    content,
    git,
    lines,
    make_project,
    make_template,
    run,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Path:
    made = make_project(template, tmp_path / "shop")
    write(
        made,
        {
            "both_same_line.txt": lines("same").replace("same 6", "mine 6"),
            "both_other_lines.txt": lines("other") + "mine\n",
            "windows.txt": lines("windows").replace("\n", "\r\n"),
            "own.txt": "not the template's\n",
        },
    )
    (made / "Dockerfile").unlink()
    return made


def check(template: Path, *words: str | Path, code: int = 3) -> dict[str, Any]:
    done = run("check", "--template-url", template, "--json", *words, cwd=template, code=code)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_file_has_its_status(project: Path, template: Path) -> None:
    before = content(project)
    [found] = check(template, project)["projects"]
    status = {file["path"]: file["status"] for file in found["files"]}
    assert (found["version"], found["newest"], found["behind"]) == ("0.1.0", "0.3.0", True)
    assert status["both_same_line.txt"] == "conflicting"
    assert status["both_other_lines.txt"] == "customised"
    assert status["Dockerfile"] == "missing"
    assert status["windows.txt"] == "unchanged"
    assert status["added.txt"] == "added by the template"
    assert status["template_drops.txt"] == "removed by the template"
    assert "own.txt" not in status
    assert found["counts"]["missing"] == 1
    assert content(project) == before


def test_a_project_as_its_template_made_it_is_fine(template: Path, tmp_path: Path) -> None:
    project = make_project(template, tmp_path / "shop", version="0.3.0")
    found = check(template, project, code=0)
    assert found["ok"] is True
    quiet = run("check", project, "--template-url", template, "-q", cwd=tmp_path)
    assert (quiet.stdout, quiet.stderr) == ("", "")


@pytest.mark.matrix
def test_ignored_files_do_not_count(template: Path, tmp_path: Path) -> None:
    project = make_project(template, tmp_path / "shop", version="0.3.0")
    write(project, {"both_same_line.txt": "mine\n", "src/shop/app.py": "mine\n"})
    check(template, project, "--ignore", "src", code=3)
    [found] = check(template, project, "--ignore", "src", "--ignore", "both_*", code=0)["projects"]
    assert {"both_same_line.txt", "src/shop/app.py"} <= set(found["ignored"])
    with (project / ".frameworkpick.toml").open("a") as record:
        record.write('\n[check]\nignore = ["src/", "both_same_line.txt"]\n')
    check(template, project, code=0)


@pytest.mark.parametrize("version", ["0.3.0", pytest.param("0.1.0", marks=pytest.mark.matrix)])
def test_what_the_template_itself_keeps_out_of_git_is_no_drift(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    project = make_project(template, tmp_path / "shop", version=version)
    write(
        project, {".env": "APP_SECRET_KEY=mine\n", ".gitignore": "*\n", "binary_user.bin": "mine"}
    )
    shutil.rmtree(project / "local", ignore_errors=True)  # as in a fresh clone
    write(tmp_path, {"settings/git/ignore": "windows.txt\n"})
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    [found] = check(template, project)["projects"]
    assert set(found["ignored"]) == {".env", "local/settings.txt"}
    status = {file["path"]: file["status"] for file in found["files"]}
    assert (
        status[".gitignore"] == status["binary_user.bin"] == "customised"
    )  # the project has no say here
    assert status["windows.txt"] == "unchanged"  # nor has who asks


def test_many_projects_are_one_table(project: Path, template: Path, tmp_path: Path) -> None:
    fine = make_project(template, tmp_path / "fine", version="0.3.0")
    strange = make_project(template, tmp_path / "strange")
    record = strange / ".copier-answers.yml"
    record.write_text(record.read_text().replace(str(template), "https://example.com/t.git"))
    empty = tmp_path / "empty"
    empty.mkdir()
    folders = [project, fine, strange, empty]
    done = run("check", *folders, "--template-url", template, cwd=tmp_path, code=3)
    rows = {line.split()[0]: line for line in done.stdout.splitlines() if line.startswith("/")}
    assert "behind 0.3.0" in rows[str(project)]
    assert "unchanged" in rows[str(fine)]
    assert "of https://example.com/t.git, to follow 0.3.0 of" in rows[str(strange)]
    assert "holds no .copier-answers.yml" in rows[str(empty)]
    assert "1 of 4 projects" in done.stdout
    assert "Reading 4 records" in done.stderr
    assert "Checking 1 to 3 of 3" in done.stderr


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        (None, "no_project"),
        (("_commit: 0.1.0", "_commit: ["), "unreadable"),
        (("_src_path: ", "_src_path: https://example.com/t.git\nold: "), "unknown_template"),
        (("_commit: 0.1.0", "_commit: 0.1.7"), "unknown_version"),
        ("extends = 'nothing.toml'", "preset"),
    ],
)
def test_a_project_that_cannot_be_compared_is_told_to_programs_too(
    template: Path, tmp_path: Path, edit: object, kind: str
) -> None:
    project = make_project(template, tmp_path / "shop")
    record = project / ".copier-answers.yml"
    if isinstance(edit, str):
        (project / "frameworkpick-preset.toml").write_text(edit)
    elif isinstance(edit, tuple):
        assert edit[0] in record.read_text()
        record.write_text(record.read_text().replace(*edit))
    else:
        record.unlink()
    code = 2 if kind == "preset" else 1
    words = ["--template-url", str(template)] if kind != "unknown_template" else []
    done = run("check", *words, "--json", cwd=project, code=code)
    [found] = json.loads(done.stdout)["projects"]
    assert found["kind"] == kind
    assert found["problem"]
    assert done.stderr.count("Error: ") == 1
    done = run("check", *words, "--format", "github", cwd=project, code=code)
    assert done.stdout.startswith("::error file=.copier-answers.yml,")
    assert done.stdout.count("\n") == 1
    assert run("check", *words, cwd=project, code=code).stdout == ""
    several = run("check", ".", ".", *words, "--json", cwd=project, code=3)
    assert [each["kind"] for each in json.loads(several.stdout)["projects"]] == [kind, kind]


def test_a_version_that_cannot_be_rendered_is_told_to_programs_too(tmp_path: Path) -> None:
    template = make_template(tmp_path / "team.git")
    project = make_project(template, tmp_path / "shop", version="0.3.0")
    write(template, {"project/broken.txt.jinja": "{{ nothing.at.all }}"})
    commit(template)
    git(template, "tag", "0.4.0")
    [found] = check(template, project, code=1)["projects"]
    assert (found["kind"], found["version"]) == ("not_rendered", "0.3.0")
    assert "could not be rendered" in found["problem"]


def test_a_template_that_cannot_be_reached_is_no_green_answer(tmp_path: Path) -> None:
    template = make_template(tmp_path / "team.git")
    project = make_project(template, tmp_path / "shop", version="0.3.0")
    check(template, project, code=0)
    template.rename(tmp_path / "away")
    words = ("check", "--template-url", template, project)
    done = run(*words, "--json", cwd=tmp_path, code=3)
    [found] = json.loads(done.stdout)["projects"]
    assert (found["behind"], found["drifted"], found["problem"]) == (False, False, None)
    assert "cannot be read" in found["stale"]
    assert done.stderr.count("There may be newer versions") == 1
    several = run(*words, project, "--json", cwd=tmp_path, code=3)
    assert several.stderr.count("There may be newer versions") == 1
    told = run(*words, "--format", "github", cwd=tmp_path, code=3).stdout
    assert "title=frameworkpick check::There may be newer versions" in told
    assert "there may be newer" in " ".join(run(*words, cwd=tmp_path, code=3).stdout.split())


def test_an_annotation_names_a_command_that_works(template: Path, tmp_path: Path) -> None:
    project = make_project(template, tmp_path / "a shop")
    words = ("check", project, "--template-url", template, "--format", "github")
    first = run(*words, cwd=tmp_path, code=3).stdout.splitlines()[0]
    command = first.rpartition(": run ")[2].removesuffix(".")
    assert command == f"frameworkpick update 'a shop' --template-url {template}"
    run(*shlex.split(command)[1:], "--dry-run", cwd=tmp_path)


def test_one_annotation_sums_the_files_up_before_them(template: Path, tmp_path: Path) -> None:
    project = make_project(template, tmp_path / "shop", version="0.3.0")
    write(project, {"run.sh": "mine\n", "third.txt": None, "added.txt": "mine\n"})
    words = ("check", project, "--template-url", template, "--format", "github")
    said = run(*words, cwd=project, code=3).stdout.splitlines()
    assert said[0].endswith("::Files are not as the template has them: 2 customised, 1 missing.")
    assert len(said) == 4


def test_two_forms_of_a_result_at_once_are_refused(project: Path) -> None:
    done = run("check", "--json", "--format", "github", cwd=project, code=2)
    assert "two forms of one result" in done.stderr


def test_a_key_of_the_record_that_means_nothing_is_refused(project: Path, template: Path) -> None:
    with (project / ".frameworkpick.toml").open("a") as record:
        record.write("\n[check]\nignores = ['src']\n")
    done = run("check", "--template-url", template, cwd=project, code=1)
    assert "there is no key 'ignores' in [check]. Did you mean 'ignore'?" in done.stderr


def test_annotations_for_github(project: Path, template: Path) -> None:
    odd = project / "100%, a:b"
    shutil.copytree(project, odd, ignore=shutil.ignore_patterns("100*", ".git"))
    words = ("check", odd, "--template-url", template, "--format", "github")
    done = run(*words, cwd=project, code=3)
    start = "::warning file=100%25%2C a%3Ab/"
    assert f"{start}both_same_line.txt,title=frameworkpick check::conflicting" in done.stdout
    assert (
        f"{start}.copier-answers.yml,title=frameworkpick check::0.1.0, behind 0.3.0" in done.stdout
    )
    assert all(line.startswith("::warning file=") for line in done.stdout.splitlines())


HOSTILE = (
    "core.fsmonitor", "core.hooksPath", "filter.x.clean", "filter.x.smudge", "filter.x.process",
    "diff.x.textconv", "diff.external", "diff.x.command", "merge.x.driver", "core.sshCommand",
    "credential.helper", "core.pager", "core.editor", "gpg.program", "core.gitProxy",
    "core.askPass", "alias.status", "uploadpack.packObjectsHook",
)  # fmt: skip


def test_nothing_of_a_hostile_project_is_run_or_followed(
    project: Path, template: Path, tmp_path: Path
) -> None:
    commit(project)
    ran, evil = tmp_path / "ran", tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\necho $0 $@ >> {ran}\n")
    evil.chmod(0o755)
    hooks = project / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "pre-commit", "post-index-change", "reference-transaction"):
        shutil.copy(evil, hooks / name)
    for name in HOSTILE:
        value = str(hooks) if name == "core.hooksPath" else str(evil)
        git(project, "config", name, value)
    write(project, {".gitattributes": "* filter=x diff=x merge=x\n", "copier.yml": "_tasks: [x]\n"})
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "app.py").write_text(lines("app"))
    shutil.rmtree(project / "src" / "shop")
    (project / "src" / "shop").symlink_to(secret)
    (project / "run.sh").unlink()
    (project / "run.sh").symlink_to("/etc/passwd")
    (project / "added.txt").unlink(missing_ok=True)
    os.mkfifo(project / "added.txt")  # reading it would never end
    subprocess.run(["git", "status"], cwd=project, capture_output=True, check=False, timeout=60)
    assert ran.exists(), "the repository is not hostile"
    ran.unlink()
    [found] = check(template, project)["projects"]
    status = {file["path"]: file["status"] for file in found["files"]}
    assert not ran.exists(), ran.read_text()
    assert status["src/shop/app.py"] == "missing"
    assert status["run.sh"] == "conflicting"


@pytest.mark.parametrize(
    "record",
    ["[" * 100_000, "a: &a [x]\n" + "b: *a\n" * 9, "_commit: 1\n", "x" * 70_000, "\0", "- a\n"],
)
@pytest.mark.matrix
def test_a_record_that_makes_no_sense_is_refused(
    project: Path, template: Path, record: str
) -> None:
    (project / ".copier-answers.yml").write_text(record)
    done = run("check", project, "--template-url", template, cwd=project, code=1)
    assert "Hint: " in done.stderr


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (".copier-answers.yml", "a: &a [x]\nb: {<<: *a}\n", "uses the alias *a"),
        (".copier-answers.yml", "a: " + "x" * 70_000, "too large for a record"),
        (".frameworkpick.toml", "a." * 30_000 + "a = 1\n", "line 1 has more than 500 dots"),
        (".frameworkpick.toml", f"a = '{'x' * 70_000}'\n", "too large for a record"),
        (
            ".frameworkpick.toml",
            "[check]\nignore = [\n" + "'a',\n" * 1001 + "]\n",
            "1001 patterns of files to ignore",
        ),
        (
            "frameworkpick-preset.toml",
            f"description = '{'x' * 70_000}'\n",
            "too large for a preset",
        ),
    ],
)
def test_a_small_file_of_a_project_cannot_keep_it_busy(
    project: Path, template: Path, file: str, text: str, said: str
) -> None:
    (project / file).write_text(text)
    code = 2 if "preset" in file else 1
    done = run("check", "--template-url", template, cwd=project, code=code)
    assert said in done.stderr


@pytest.mark.parametrize(
    "pattern", ["./run.sh", "/run.sh", "**/run.sh", "./**/run.*", "src/shop/.."]
)
def test_a_pattern_is_for_the_path_from_the_top_however_it_is_written(
    template: Path, tmp_path: Path, pattern: str
) -> None:
    project = make_project(template, tmp_path / "shop", version="0.3.0")
    write(project, {"run.sh": "mine\n"})
    code = 3 if ".." in pattern else 0
    [found] = check(template, project, "--ignore", pattern, code=code)["projects"]
    assert ("run.sh" in found["ignored"]) == (code == 0)


@pytest.mark.parametrize("verb", ["check", "update"])
@pytest.mark.parametrize(
    "edit",
    [
        ("_commit: 0.1.0\n", '_commit: "9.9.9\\n::error::pwned"\n'),
        ("_src_path: ", '_src_path: "x\\n::error::pwned"\nold: '),
        ("_commit: ", "_commit: x\n::error::pwned: a: b\nold: "),
    ],
)
def test_a_record_gives_a_pipeline_no_command(
    project: Path, template: Path, verb: str, edit: tuple[str, str]
) -> None:
    record = project / ".copier-answers.yml"
    assert edit[0] in record.read_text()
    record.write_text(record.read_text().replace(*edit))
    commit(project)
    done = run(verb, "--template-url", template, cwd=project, code=1)
    said = (done.stdout + done.stderr).splitlines()
    assert not [line for line in said if line.strip().startswith("::")]
    assert ".copier-answers.yml" in done.stderr


@pytest.mark.matrix
@pytest.mark.parametrize("package", ["../../outside", "/outside", ".git/hooks", "a/../../b"])
def test_answers_cannot_lead_out_of_the_render(
    project: Path, template: Path, tmp_path: Path, package: str
) -> None:
    record = project / ".copier-answers.yml"
    text = record.read_text().replace("package_name: shop", f"package_name: {package}")
    record.write_text(text)
    before = content(tmp_path)
    run("check", project, "--template-url", template, cwd=project, code=None)
    assert content(tmp_path) == before


@pytest.mark.matrix
def test_it_works_without_git_in_the_project_and_says_so_without_any_git(
    project: Path, template: Path, tmp_path: Path
) -> None:
    shutil.rmtree(project / ".git")
    [found] = check(template, project)["projects"]
    assert found["problem"] is None
    empty = tmp_path / "bin"
    empty.mkdir()
    done = subprocess.run(
        [*COMMAND, "check", str(project), "--template-url", str(template)],
        env={**os.environ, "PATH": str(empty)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "git" in done.stderr
    assert "Traceback" not in done.stderr
