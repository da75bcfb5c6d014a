"""The steps after a project is written: install its dependencies, make the first commit."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from frameworkpick import process
from frameworkpick.core.plan import Step, StepOutcome, StepStatus
from frameworkpick.git import callers_environment

if TYPE_CHECKING:
    import threading

    from frameworkpick.process import Completed

#: Seconds an install may take before it is ended; a first one downloads every dependency.
_INSTALL_TIMEOUT = 600.0
#: Seconds uv may take to say where a project belongs; it reads files only.
_ASK_TIMEOUT = 30.0
#: Seconds a call of git may take before it is ended.
_GIT_TIMEOUT = 120.0
#: As many lines of what a program said at its end are shown.
_LAST_LINES = 12
_CANCELLED = "Cancelled."
_SYNC, _LOCK = "uv sync", "uv.lock"
_NO_UV = f"No uv of {'.'.join(map(str, process.OLDEST_UV))} or newer was found."
_NOBODY = (
    "git does not know who you are: set user.name and user.email with `git config --global` first."
)
#: The branch of a new repository whose owner has not set another, and the one that is in ci.yml.
_BRANCH = "main"
_WORKFLOW = ".github/workflows/ci.yml"
#: As many files are named in one sentence.
_NAMED = 5


def install(
    step: Step, project: Path, minimum_python: str, cancel: threading.Event | None = None
) -> StepOutcome:
    """Lock and install the project's dependencies with uv; leave nothing half-made.

    ``cancel`` ends it when set.
    """
    uv, env = process.find_uv(), _environment(minimum_python)
    if uv is None:
        return undone(step, _NO_UV, _SYNC)
    if root := _workspace_of(uv, project, env):
        return undone(step, _member(root, project), _SYNC)
    if cancel and cancel.is_set():
        return cancelled(step, _SYNC)
    lock_file = project / _LOCK
    before = lock_file.read_bytes() if lock_file.is_file() else None
    done = process.run(
        [uv, "sync", "--quiet"], cwd=project, env=env, timeout=_INSTALL_TIMEOUT, cancel=cancel
    )
    if done.ok:
        fault = _missing(project)
        if fault:
            return undone(step, fault, _SYNC, done.seconds)
        return StepOutcome(step, "done", _to_know(), "", done.seconds)
    shutil.rmtree(project / ".venv", ignore_errors=True)
    if done.ended_early:  # what it was writing may be half there
        lock_file.unlink(missing_ok=True)
        if before is not None:
            lock_file.write_bytes(before)
    return _failed(step, done, _why(done), _SYNC, done.seconds)


def lock(project: Path, minimum_python: str | None, *, inherited: int | None = None) -> str:
    """Lock the project's dependencies anew with uv; return why that was not possible.

    ``inherited`` is a handle that stays open as long as uv runs.
    """
    uv = process.find_uv()
    if uv is None:
        return _NO_UV
    env = _environment(minimum_python)
    if root := _workspace_of(uv, project, env):
        return _member(root, project)
    done = process.run(
        [uv, "lock", "--quiet"], cwd=project, env=env, timeout=_INSTALL_TIMEOUT, inherited=inherited
    )
    if not done.ok:
        return _why(done, "uv lock failed.")
    return "" if (project / _LOCK).is_file() else f"uv wrote no {_LOCK} into the project."


def python_for(minimum: str) -> str | None:
    """Return this process's base interpreter when it is new enough for a project, else ``None``.

    uv would look on PATH, where a version manager's shim can stand that starts nothing.
    """
    lowest = tuple(int(part) for part in minimum.split("."))
    # The base, so that the project does not hang on the environment this tool is installed in.
    base: str | None = getattr(sys, "_base_executable", None)
    return base if sys.version_info[: len(lowest)] >= lowest else None


def _environment(minimum_python: str | None) -> dict[str, str]:
    env = {key: value for key, value in os.environ.items() if not process.foreign_to_uv(key)}
    base = python_for(minimum_python) if minimum_python else None
    return env | {"UV_PYTHON": base} if base and "UV_PYTHON" not in env else env


def _missing(project: Path) -> str:
    """Say what uv did not leave in the project although it says that all is done."""
    missing = [name for name in (_LOCK, ".venv") if not (project / name).exists()]
    if not missing:
        return ""
    return f"uv left no {' and no '.join(missing)} in the project; is a uv workspace around it?"


def _workspace_of(uv: str, project: Path, env: dict[str, str]) -> Path | None:
    """Return the folder of the uv workspace that takes a project in, if one does."""
    words = [uv, "workspace", "dir", "--color", "never"]
    done = process.capture(words, cwd=project, env=env, timeout=_ASK_TIMEOUT)
    said = os.fsdecode(done.stdout).strip()
    if done.returncode or not said:  # one older than 0.10 cannot say
        return None
    root = Path(said).resolve()
    return root if root in project.resolve().parents else None


def _member(root: Path, project: Path) -> str:
    inside = project.resolve().relative_to(root).as_posix()
    return (
        f"The uv workspace {root} takes the folder in, so that the project would get no {_LOCK} "
        "of its own, which its image and pipelines need.\n"
        f'First leave it out there, by exclude = ["{inside}"] under [tool.uv.workspace] of '
        f"{root / 'pyproject.toml'}."
    )


def _to_know() -> str:
    """Say what of the caller's variables misleads a person's own uv, or another's."""
    aside = sorted(
        name
        for name in os.environ
        if name.startswith("UV_") and process.foreign_to_uv(name) and os.environ[name]
    )
    lines = [
        f"{name} is set and was left aside; unset it before you run uv here." for name in aside
    ]
    if newest := os.environ.get("UV_EXCLUDE_NEWER"):
        lines.append(
            f"{_LOCK} holds UV_EXCLUDE_NEWER, and --locked refuses it where that is not set: write "
            f'exclude-newer = "{newest}" under [tool.uv] in pyproject.toml.'
        )
    return "\n".join(lines)


def commit(
    step: Step, project: Path, message: str, cancel: threading.Event | None = None
) -> StepOutcome:
    """Create a git repository, unless there is one, and make the first commit.

    A project inside another repository gets none of its own, unless the step was asked for by name.

    ``cancel`` ends it when set; a repository that this made is gone then.
    """
    found = shutil.which("git")
    if found is None:
        return undone(step, "git was not found.", _by_hand(message))
    git = _Git(found, project, cancel)
    begins = not (project / ".git").exists()
    if begins and not step.required and (outer := git.top()):
        return _inside(step, git, outer)
    if cancel and cancel.is_set():
        return cancelled(step, _by_hand(message))
    words = [["add", "--all"], ["commit", "--quiet", "-m", message]]
    for each in [git.beginning(), *words] if begins else words:
        done = git(*each)
        if done.ok:
            continue
        if begins and done.ended_early:
            shutil.rmtree(project / ".git", ignore_errors=True)
        said = _why(done) if done.ended_early or git.knows_who() else _NOBODY
        return _failed(step, done, said, _by_hand(message), git.seconds)
    if ignored := git.ignored_elsewhere():
        add = shlex.join(["git", "add", "--force", *ignored])
        return undone(
            step,
            f"The commit is made, but {_and(ignored)} not in it: {git.rule(ignored[0])} says so.",
            f"{add} && git commit --amend --no-edit",
            git.seconds,
        )
    return StepOutcome(step, "done", git.to_know(), "", git.seconds)


def _by_hand(message: str) -> str:
    return f'git init && git add --all && git commit -m "{message}"'


def _inside(step: Step, git: _Git, outer: str) -> StepOutcome:
    """Leave a project to the repository it lies in, and say what that would leave out."""
    detail, command = f"The folder lies in the repository {outer}.", "git add ."
    ignored = git.ignored_elsewhere()
    if ignored == ["."]:
        detail += f"\nIt is ignored there: {git.rule('pyproject.toml')} says so. Change that first."
    elif ignored:
        detail += f"\n{_and(ignored)} ignored there: {git.rule(ignored[0])} says so."
        command += " && " + shlex.join(["git", "add", "--force", *ignored])
    return StepOutcome(step, "not_done", detail, command, git.seconds)


def _and(names: list[str]) -> str:
    """Name files as the beginning of a sentence on them."""
    if len(names) == 1:
        return f"{names[0]} is"
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more} are"


class _Git:
    """git in a project's folder."""

    def __init__(self, git: str, project: Path, cancel: threading.Event | None = None) -> None:
        self._git, self._project, self._cancel = git, project, cancel
        self._env = callers_environment()
        self.seconds = 0.0

    def __call__(self, *words: str) -> Completed:
        done = process.run(
            [self._git, *words],
            cwd=self._project, env=self._env, timeout=_GIT_TIMEOUT, cancel=self._cancel,
        )  # fmt: skip
        self.seconds += done.seconds
        return done

    def _said(self, *words: str) -> str:
        """Return what git says on standard output; nothing where it fails."""
        done = process.capture(
            [self._git, *words], cwd=self._project, env=self._env, timeout=_GIT_TIMEOUT
        )
        return "" if done.returncode else os.fsdecode(done.stdout)

    def top(self) -> str:
        """Return the folder of the repository that the project lies in, if it does."""
        return self._said("rev-parse", "--show-toplevel").strip()

    def beginning(self) -> list[str]:
        """Return the words that begin a repository, on the branch that its owner begins with."""
        chosen = self._said("config", "init.defaultBranch").strip()
        return [*([] if chosen else ["-c", f"init.defaultBranch={_BRANCH}"]), "init", "--quiet"]

    def knows_who(self) -> bool:
        """Whether git has a name and address to commit with; its own words differ by language."""
        return all(self._said("var", f"GIT_{who}_IDENT") for who in ("AUTHOR", "COMMITTER"))

    def ignored_elsewhere(self) -> list[str]:
        """List what is ignored by a rule that does not stand in the project; "." is all of it."""
        listed = self._said(
            "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"
        )
        names = [name for name in listed.split("\0") if name]
        if names == ["./"]:
            return ["."]
        inside = self._said("rev-parse", "--show-prefix").strip()
        return [name for name in names if not self._is_own(self._ignoring(name)[0], inside)]

    def rule(self, name: str) -> str:
        """Say where the rule stands that ignores a file."""
        source, line, pattern = self._ignoring(name)
        return f"line {line} of {source} ({pattern})"

    def _ignoring(self, name: str) -> tuple[str, str, str]:
        said = self._said("check-ignore", "--verbose", name).partition("\t")[0]
        found = re.fullmatch(r"(.*?):(\d+):(.*)", said)
        return (found[1], found[2], found[3]) if found else ("", "", "")

    @staticmethod
    def _is_own(source: str, inside: str) -> bool:
        """Whether a rule stands in the project, which is a folder in its repository."""
        alien = PurePath(source).is_absolute() or source.startswith(".git/")
        return source.startswith(inside) and not alien

    def to_know(self) -> str:
        """Say what the commit lacks, and where the pipeline waits for another branch."""
        lines = []
        if not (self._project / "uv.lock").exists() and (self._project / "pyproject.toml").exists():
            lines.append("uv.lock is not in it: commit it after `uv sync`.")
        branch = self._said("symbolic-ref", "--short", "HEAD").strip()
        workflow = self._project / _WORKFLOW
        if branch != _BRANCH and workflow.is_file():
            waits = f"branches: [{_BRANCH}]" in workflow.read_text("utf-8", "replace")
            if waits:
                lines.append(f"{_WORKFLOW} runs for {_BRANCH}: name {branch} there.")
        return "\n".join(lines)


def undone(step: Step, detail: str, command: str, seconds: float = 0.0) -> StepOutcome:
    """Return the outcome of a step that was not done: a failure if it was asked for by name."""
    status: StepStatus = "failed" if step.required else "not_done"
    return StepOutcome(step, status, detail, command, seconds)


def cancelled(step: Step, command: str, seconds: float = 0.0) -> StepOutcome:
    """Return the outcome of a step that a request to end kept from being done."""
    return StepOutcome(step, "not_done", _CANCELLED, command, seconds, cancelled=True)


def _failed(step: Step, done: Completed, detail: str, command: str, seconds: float) -> StepOutcome:
    if done.cancelled:
        return cancelled(step, command, seconds)
    return undone(step, detail, command, seconds)


def _why(done: Completed, otherwise: str = "") -> str:
    """Return what a program that failed said at its end."""
    if done.cancelled:
        return _CANCELLED
    return "\n".join(done.output.strip().splitlines()[-_LAST_LINES:]) or otherwise
