"""Makes a project's first commit."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import PurePath
from typing import TYPE_CHECKING

from frameworkpick import process
from frameworkpick.core.plan import StepOutcome

from .outcomes import CANCELLED, undone, why

if TYPE_CHECKING:
    import threading
    from pathlib import Path

    from frameworkpick.core.plan import Step
    from frameworkpick.process import Completed

#: Seconds a call of git may take before it is ended.
TIMEOUT = 120.0

_NOBODY = (
    "git does not know who you are: set user.name and user.email with `git config --global` first."
)
#: Variables of the caller that would make git work on another repository.
_FOREIGN = re.compile(
    r"GIT_(DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES"
    r"|NAMESPACE|PREFIX|SHALLOW_FILE|GRAFT_FILE|REPLACE_REF_BASE|NO_REPLACE_OBJECTS)"
)
#: The branch of a new repository whose owner has not set another, and the one that is in ci.yml.
_BRANCH = "main"
_WORKFLOW = ".github/workflows/ci.yml"
#: As many files are named in one sentence.
_NAMED = 5


def commit(
    step: Step, project: Path, message: str, cancel: threading.Event | None = None
) -> StepOutcome:
    """Create a git repository, unless there is one, and make the first commit.

    A project inside another repository gets none of its own, unless the step was asked for by name.

    Args:
        step: The step, for the outcome.
        project: The project's folder.
        message: The message of the commit.
        cancel: Ends it when set; a repository that this made is gone then.
    """
    found = shutil.which("git")
    if found is None:
        return undone(step, "git was not found.", _command(message))
    git = _Git(found, project, cancel)
    begins = not (project / ".git").exists()
    if begins and not step.required and (outer := git.top()):
        return _inside(step, git, outer)
    if cancel and cancel.is_set():
        return undone(step, CANCELLED, _command(message))
    words = [["add", "--all"], ["commit", "--quiet", "-m", message]]
    for each in [git.beginning(), *words] if begins else words:
        done = git(*each)
        if done.ok:
            continue
        if begins and done.ended_early:
            shutil.rmtree(project / ".git", ignore_errors=True)
        said = why(done) if done.ended_early or git.knows_who() else _NOBODY
        return undone(step, said, _command(message), git.seconds)
    if ignored := git.ignored_elsewhere():
        add = shlex.join(["git", "add", "--force", *ignored])
        return undone(
            step,
            f"The commit is made, but {_and(ignored)} not in it: {git.rule(ignored[0])} says so.",
            f"{add} && git commit --amend --no-edit",
            git.seconds,
        )
    return StepOutcome(step, "done", git.to_know(), "", git.seconds)


def _command(message: str) -> str:
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
        self._env = {k: v for k, v in os.environ.items() if not _FOREIGN.fullmatch(k)}
        self.seconds = 0.0

    def __call__(self, *words: str) -> Completed:
        done = process.run(
            [self._git, *words],
            cwd=self._project, env=self._env, timeout=TIMEOUT, cancel=self._cancel,
        )  # fmt: skip
        self.seconds += done.seconds
        return done

    def _said(self, *words: str) -> str:
        """Return what git says on standard output; nothing where it fails."""
        done = process.capture(
            [self._git, *words], cwd=self._project, env=self._env, timeout=TIMEOUT
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
