"""A small template with three versions, and projects made from it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from frameworkpick import render

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "frameworkpick"]

COPIER = """\
_subdirectory: project
_answers_file: .copier-answers.yml
framework: {type: str, default: fastapi}
project_name: {type: str, default: shop}
package_name: {type: str, default: shop}
database:
  type: str
  choices: {SQLite: sqlite, PostgreSQL: postgresql, Oracle: oracle}
  default: sqlite
docker: {type: bool, default: true}
ci:
  type: str
  choices: {GitHub: github, None: none}
  default: github
_exclude:
  - "{% if not docker %}Dockerfile{% endif %}"
  - "{% if ci != 'github' %}.github{% endif %}"
"""
ANSWERS = "{{ _copier_conf.answers_file }}.jinja"
PACKAGE = "src/{{ package_name }}"


def lines(name: str, count: int = 12) -> str:
    return "".join(f"{name} {number}\n" for number in range(1, count + 1))


FIRST = {
    ANSWERS: "# Record.\n{{ _copier_answers | to_nice_yaml -}}\n",
    ".gitignore": ".env\nlocal/\n*.secret\n",
    "both_other_lines.txt": lines("other"),
    "both_same_line.txt": lines("same"),
    "user_removed_same.txt": lines("removed same"),
    "user_removed_changed.txt": lines("removed changed"),
    "template_moves.txt": lines("moves"),
    "user_moves.txt": lines("user moves"),
    "template_drops_edited.txt": lines("drops edited"),
    "template_drops.txt": lines("drops"),
    "binary_template.bin": b"\0one",
    "binary_both.bin": b"\0one",
    "binary_user.bin": b"\0one",
    "database.txt.jinja": "database: {{ database }}\n",
    "Dockerfile": "FROM python\nCOPY . .\n",
    ".github/ci.yml": lines("step", 4),
    f"{PACKAGE}/app.py": lines("app"),
    f"{PACKAGE}/db.py": lines("db"),
    f"{PACKAGE}/routes.py": lines("routes"),
    "run.sh": "#!/bin/sh\n",
    "windows.txt": lines("windows"),
}
SECOND = {
    "both_other_lines.txt": lines("other").replace("other 10", "template 10"),
    "both_same_line.txt": lines("same").replace("same 6", "template 6"),
    "user_removed_changed.txt": lines("removed changed") + "template\n",
    "template_moves.txt": None,
    "docs/template_moved.txt": lines("moves"),
    "user_moves.txt": lines("user moves").replace("user moves 10", "template 10"),
    "template_drops_edited.txt": None,
    "template_drops.txt": None,
    "added.txt": "added\n",
    "both_added.txt": "template\n",
    "both_added_same.txt": "the same\n",
    "binary_template.bin": b"\0two",
    "binary_both.bin": b"\0two",
    ".env": "APP_SECRET_KEY=template\n",
    "local/settings.txt": "template\n",
    f"{PACKAGE}/cache.py": lines("cache"),
    "run.sh": "#!/bin/sh\necho two\n",
    "windows.txt": lines("windows").replace("windows 10", "template 10"),
    "cache.txt.jinja": "cache: {{ cache }}\n",
}
#: What a person changed: one thing beside the template's change, and one against it.
MINE = {
    "both_other_lines.txt": lines("other").replace("other 2\n", "mine 2\n"),
    "both_same_line.txt": lines("same").replace("same 6", "mine 6"),
}
UPGRADES = """\
[[upgrade]]
version = "0.2.0"
kind = "manual"
summary = "Set APP_CACHE."
details = "See the README."

[[upgrade]]
version = "0.1.0"
kind = "breaking"
summary = "Of no interest any more."
"""
THIRD = {"third.txt": "third\n"}


def git(folder: Path, *words: str) -> str:
    """Run git as a person would."""
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def add_submodule(folder: Path, repository: Path, path: str) -> None:
    """Git takes none from a folder unless it is told to."""
    allowed = ("-c", "protocol.file.allow=always")
    git(folder, *allowed, "submodule", "--quiet", "add", str(repository), path)


def write(folder: Path, files: dict[str, Any]) -> None:
    for name, content in files.items():
        path = folder / name
        if content is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def make_template(folder: Path) -> Path:
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet")
    (folder / "copier.yml").write_text(COPIER)
    versions = (("0.1.0", FIRST), ("0.2.0", SECOND), ("0.3.0", THIRD))
    for version, files in versions:
        if version == "0.2.0":
            newer = COPIER.replace(", Oracle: oracle", "")
            (folder / "UPGRADES.toml").write_text(UPGRADES)
            (folder / "copier.yml").write_text(f"{newer}cache: {{type: bool, default: true}}\n")
        write(folder / "project", files)
        (folder / "project" / "run.sh").chmod(0o755)
        git(folder, "add", "--all", "--force")
        git(folder, "commit", "--quiet", "--message", version)
        git(folder, "tag", version)
    return folder


def tree_of(template: Path, version: str, into: Path) -> Path:
    into.mkdir(parents=True)
    archive = subprocess.check_output(["git", "archive", version], cwd=template)
    subprocess.run(["tar", "-x"], cwd=into, input=archive, check=True)
    return into


_RENDERED: dict[tuple[str, str, str], Path] = {}


def make_project(
    template: Path, folder: Path, *, version: str = "0.1.0", in_git: bool = True, **answers: Any
) -> Path:
    """Make a project of a version; the same one is rendered once."""
    key = (str(template), version, json.dumps(answers))
    if key not in _RENDERED:
        kept = template.parent / f"rendered-{len(_RENDERED)}"
        tree = tree_of(template, version, kept / "tree")
        render.render(tree, answers, kept / "out", version=version, address=str(template))
        _RENDERED[key] = kept / "out"
    shutil.copytree(_RENDERED[key], folder)
    (folder / ".frameworkpick.toml").write_text('schema = 1\n# mine\n\n[options]\nx = "y"\n')
    if in_git:
        git(folder, "init", "--quiet")
        commit(folder)
    return folder


def commit(folder: Path, message: str = "mine") -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)


def run(
    *words: str | Path, cwd: Path, code: int | None = 0, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*COMMAND, *map(str, words)],
        cwd=cwd, env=os.environ | (env or {}), capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False, timeout=300,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    if code is not None:
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done


def update(
    project: Path, template: Path, *words: str, code: int | None = 0
) -> subprocess.CompletedProcess[str]:
    return run("update", project, "--template-url", template, *words, cwd=project.parent, code=code)


def content(folder: Path) -> dict[str, bytes]:
    """Everything a person sees in a project."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not _is_kept_aside(path.relative_to(folder).parts)
    }


def _is_kept_aside(parts: tuple[str, ...]) -> bool:
    return ".git" in parts or parts[0].startswith(".frameworkpick-update")
