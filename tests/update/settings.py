"""Settings that could get in the way of an update: of the user, the project, the environment."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .releases import add, edit
from .small import commit

if TYPE_CHECKING:
    from pathlib import Path

HOOKS = (
    "applypatch-msg", "commit-msg", "fsmonitor-watchman", "post-checkout", "post-commit",
    "post-index-change", "post-merge", "pre-commit", "pre-merge-commit", "prepare-commit-msg",
    "reference-transaction",
)  # fmt: skip
DRIVERS = "* diff=evil merge=evil\n"


@dataclass(frozen=True, slots=True)
class Place:
    """What a hostile setting may use."""

    project: Path  #: The project, committed.
    evil: str  #: A program that leaves a trace.
    room: Path  #: A folder for more.


@dataclass(frozen=True, slots=True)
class Setting:
    """A way to get in the way."""

    user: str = ""  #: The user's git configuration.
    own: str = ""  #: The project's own, in its repository.
    attributes: str = ""  #: The project's ``.gitattributes``.
    env: str = ""  #: Variables, one a line.
    runs: bool = True  #: Whether git would run the program.


SETTINGS = {
    "hooksPath": Setting(user="[core]\nhooksPath={room}/hooks\n"),
    "hooks of the project": Setting(own="[core]\nhooksPath={room}/hooks\n"),
    "signing": Setting(user="[commit]\ngpgSign=true\n[gpg]\nprogram={evil}\n"),
    "fsmonitor": Setting(user="[core]\nfsmonitor={evil}\n"),
    "fsmonitor of the project": Setting(own="[core]\nfsmonitor={evil}\n"),
    "external diff": Setting(user="[diff]\nexternal={evil}\n"),
    "external diff by variable": Setting(env="GIT_EXTERNAL_DIFF={evil}"),
    "drivers of the user": Setting(
        user='[core]\nattributesFile={room}/attributes\n[merge "evil"]\ndriver={evil} %A\n'
        '[diff "evil"]\ntextconv={evil}\n'
    ),
    "drivers of the project": Setting(
        own='[merge "evil"]\ndriver={evil} %A\n[diff "evil"]\ncommand={evil}\n', attributes=DRIVERS
    ),
    "commit template": Setting(user="[commit]\ntemplate={room}/message\n", runs=False),
    "no renames": Setting(user="[merge]\nrenames=false\n[diff]\nrenames=false\n", runs=False),
    "untracked files hidden": Setting(user="[status]\nshowUntrackedFiles=no\n", runs=False),
    "everything ignored": Setting(user="[core]\nexcludesFile={room}/everything\n", runs=False),
    "odd output": Setting(
        user="[diff]\nnoprefix=true\n[color]\nui=always\n[status]\nshort=true\nrelativePaths=false\n"
        "[core]\nquotePath=true\nabbrev=4\n",
        runs=False,
    ),
    "another form of the index": Setting(
        user="[index]\nversion=4\n[core]\nsplitIndex=true\nuntrackedCache=true\n", runs=False
    ),
    "line ends refused": Setting(user="[core]\nsafecrlf=true\nautocrlf=input\n", runs=False),
    "another repository": Setting(
        env="GIT_DIR={room}/other/.git\nGIT_WORK_TREE={room}/other\nGIT_INDEX_FILE={room}/index\n"
        "GIT_OBJECT_DIRECTORY={room}/objects\nGIT_COMMON_DIR={room}/other/.git",
        runs=False,
    ),
    "traces": Setting(env="GIT_TRACE=1\nGIT_TRACE_SETUP=1\nGIT_CURL_VERBOSE=1", runs=False),
    "glob pathspecs": Setting(env="GIT_ICASE_PATHSPECS=1\nGIT_GLOB_PATHSPECS=1", runs=False),
    "settings of Copier": Setting(env="COPIER_SETTINGS_PATH={room}/copier.yml", runs=False),
}  # fmt: skip


def into_place(setting: Setting, place: Place) -> dict[str, str]:
    """Put a setting in place; return the variables for it."""
    names = {"evil": place.evil, "room": str(place.room)}
    if setting.attributes:
        add(place.project / ".gitattributes", setting.attributes)
        commit(place.project)
    with (place.project / ".git/config").open("a") as config:
        config.write(setting.own.format(**names))
    user = "[user]\nname = A Person\nemail = person@localhost\n" + setting.user.format(**names)
    add(place.room / "gitconfig", user)
    lines = [line.partition("=") for line in setting.env.format(**names).splitlines()]
    return {"GIT_CONFIG_GLOBAL": str(place.room / "gitconfig")} | {n: v for n, _, v in lines}


def everyday_work(project: Path, variables: dict[str, str]) -> None:
    """Do in a copy what everybody does with git, whether it works or not."""
    copy = shutil.copytree(project, project.parent / "copy", symlinks=True)
    for words in (
        "status", "checkout -b other", "commit -am theirs", "checkout -", "commit -am ours",
        "merge other", "diff HEAD~1",
    ):  # fmt: skip
        if words.startswith("commit"):
            edit(copy / "README.md", "# shop\n", f"# shop\n\n{words}\n")
        subprocess.run(
            ["git", *words.split(" ")], cwd=copy, env=os.environ | variables,
            capture_output=True, stdin=subprocess.DEVNULL, check=False, timeout=60,
        )  # fmt: skip
    shutil.rmtree(copy)
