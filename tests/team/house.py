"""An installation with released templates, and a team that forks them and adds a framework."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from ..listed import list_release  # noqa: TID252 (shared by all)

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
BUILT_IN = "frameworkpick://templates.git"
#: Where the guides say that things are; git's settings lead it to a folder.
TEMPLATES = "https://git.example.org/team/templates.git"
PRESETS = "https://git.example.org/team/presets.git"
_NOT_THEIRS = shutil.ignore_patterns("__pycache__", "templates.bundle")
FAST = ("--yes", "--no-install", "--no-git")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def commit(folder: Path, message: str = "x", *tags: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    for tag in tags:
        git(folder, "tag", tag)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, f"{path} does not hold {old!r} any more"
    path.write_text(text.replace(old, new, 1))


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def make_installation(root: Path) -> Path:
    """Make a checkout of a release 1.0.0 with the templates as they are, and its programs."""
    for name in ("src", "templates"):
        shutil.copytree(ROOT / name, root / name, symlinks=True, ignore=_NOT_THEIRS)
    write(root / ".gitignore", "__pycache__/\n/bin/\n")  # git leaves the programs alone
    git(root, "init", "--quiet")
    release(root, "1.0.0", first=True)
    programs = {"frameworkpick": "cli", "git-remote-frameworkpick": "history.remote"}
    for name, module in programs.items():
        start = (
            f"from frameworkpick.{module} import main\n\nif __name__ == '__main__':\n    main()\n"
        )
        path = f"import sys\nsys.path.insert(0, {str(root / 'src')!r})\n"
        write(root / "bin" / name, f"#!{sys.executable}\n{path}{start}").chmod(0o755)
    return root


def release(root: Path, version: str, *, first: bool = False) -> None:
    list_release(root, version, first=first)
    commit(root, version)


def environment(installation: Path, home: Path) -> dict[str, str]:
    """What a person's shell has: their git settings, and the installed programs on PATH."""
    settings = (
        "[user]\n\tname = A Person\n\temail = person@localhost\n[init]\n\tdefaultBranch = main\n"
    )
    for address, name in ((TEMPLATES, "templates.git"), (PRESETS, "presets.git")):
        settings += f'[url "file://{home}/{name}"]\n\tinsteadOf = {address}\n'
    write(home / ".gitconfig", settings)
    path = f"{installation / 'bin'}{os.pathsep}{Path(sys.executable).parent}"
    kept = {name: value for name, value in os.environ.items() if name.startswith(("UV_", "SSL_"))}
    return kept | {
        "PATH": f"{path}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C.UTF-8",
    }


class Shell:
    """A person at work in a folder."""

    def __init__(self, installation: Path, home: Path) -> None:
        self.installation = installation
        self.home = home
        self.env = environment(installation, home)

    def run(
        self,
        *words: str | Path,
        cwd: Path,
        code: int | None = 0,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [*map(str, words)],
            cwd=cwd, env={**self.env, **(env or {})}, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, check=False, timeout=300,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        if code is not None:
            assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done

    def pick(
        self,
        *words: str | Path,
        cwd: Path,
        code: int | None = 0,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        program = self.installation / "bin/frameworkpick"
        return self.run(program, *words, cwd=cwd, code=code, env=env)

    def script(
        self, text: str, cwd: Path, code: int | None = 0, env: Mapping[str, str] | None = None
    ) -> str:
        """Run what a guide shows."""
        return self.run("bash", "-euo", "pipefail", "-c", text, cwd=cwd, code=code, env=env).stdout


def guide(name: str) -> Mapping[str, str]:
    """Return the commands and files of a guide, by the name that a comment gives them."""
    text = (ROOT / f"docs/guides/{name}.md").read_text(encoding="utf-8")
    found = re.findall(r"<!-- guide: (\w+) -->\n```\w+\n(.+?)\n```", text, re.DOTALL)
    assert len(dict(found)) == len(found)
    assert text.count("```sh") == len(re.findall(r"-->\n```sh", text)), "commands without a name"
    return dict(found)


def answers(project: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((project / ".copier-answers.yml").read_text())
    return found


QUESTIONS = """\
_subdirectory: "{{ framework }}/project"
_answers_file: .copier-answers.yml
framework: {type: str}
project_name: {type: str, default: shop}
package_name: {type: str, default: "{{ project_name }}"}
"""


def make_template(folder: Path, questions: str = "", *versions: str) -> Path:
    """Make a small repository of templates with one framework, and tag it."""
    known = (ROOT / "templates/flask/framework.toml").read_text()
    write(folder / "copier.yml", QUESTIONS + questions)
    write(folder / "tiny/framework.toml", known.replace("name = 'Flask'", "name = 'Tiny'"))
    record = "# Record.\n{{ _copier_answers | to_nice_yaml -}}\n"
    write(folder / "tiny/project/{{ _copier_conf.answers_file }}.jinja", record)
    write(folder / "tiny/project/README.md.jinja", "# {{ project_name }}\n")
    git(folder, "init", "--quiet")
    commit(folder, "x", *(versions or ("1.0.0",)))
    return folder
