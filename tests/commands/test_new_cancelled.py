"""Ctrl-C after the project is in its place: it is whole, and what was not done is said."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pexpect

from ..pseudo_terminal import CTRL_C, FORKS, end  # noqa: TID252 (shared by all)

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "frameworkpick"]
NEW = ["new", "svc", "--yes", "--framework", "flask"]
SLOW = """\
#!/bin/sh
[ "$1" = sync ] || exit 2
mkdir .venv && echo half > uv.lock && touch started
while :; do sleep 0.1; done
"""
QUICK = "#!/bin/sh\nmkdir -p .venv && echo lock > uv.lock\n"
#: A hook of git that is still at work.
HOOK = "#!/bin/sh\ntouch started\nwhile :; do sleep 0.1; done\n"


def machine(folder: Path, uv: str, hook: str = "") -> dict[str, str]:
    """Set up what stands for uv, and git's settings."""
    for name, text in {"bin/uv": uv, "hooks/pre-commit": hook}.items():
        (folder / name).parent.mkdir()
        (folder / name).write_text(text)
        (folder / name).chmod(0o755 if text else 0o644)
    config = folder / "gitconfig"
    config.write_text(
        "[user]\nname = A\nemail = a@example.com\n"
        + (f"[core]\nhooksPath = {folder}/hooks\n" if hook else "")
    )
    path = f"{folder}/bin{os.pathsep}{os.environ['PATH']}"
    return os.environ | {"PATH": path, "GIT_CONFIG_GLOBAL": str(config), "COLUMNS": "100"}


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def names(project: Path) -> set[str]:
    return {path.name for path in project.iterdir()} & {".venv", "uv.lock", ".git", ".env"}


@FORKS
def test_ctrl_c_again_and_again_while_it_installs_leaves_a_whole_project(tmp_path: Path) -> None:
    env = machine(tmp_path, SLOW)
    child: pexpect.spawn[str] = pexpect.spawn(
        COMMAND[0], [*COMMAND[1:], *NEW], cwd=tmp_path, env=env, encoding="utf-8", timeout=60
    )
    project = tmp_path / "svc"
    wait_for(project / "started")
    for _ in range(3):
        child.send(CTRL_C)
        time.sleep(0.05)
    shown, code = end(child)
    assert code == 130
    assert "svc is written" in shown
    assert (
        "  not done  Lock and install the dependencies\n"
        "            Cancelled.\n"
        "            Run in the project: uv sync\n"
        "  not done  Create the repository and the first commit\n"
        "            Cancelled.\n"
        "            Run in the project: git init && git add --all && git commit -m"
    ) in shown
    assert names(project) == {".env"}


def test_sigterm_while_it_commits_leaves_no_half_made_repository(tmp_path: Path) -> None:
    env = machine(tmp_path, QUICK, HOOK)
    project = tmp_path / "svc"
    with subprocess.Popen(
        [*COMMAND, *NEW, "--json"], cwd=tmp_path, env=env, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        wait_for(project / "started")
        child.terminate()
        said, _ = child.communicate(timeout=60)
    assert child.returncode == 143
    install, commit = json.loads(said)["steps"]
    assert (install["status"], commit["status"], commit["detail"]) == (
        "done",
        "not_done",
        "Cancelled.",
    )
    assert names(project) == {".env", ".venv", "uv.lock"}
    (tmp_path / "hooks/pre-commit").unlink()
    subprocess.run(["sh", "-c", commit["command"]], cwd=project, env=env, check=True)
    tracked = ["git", "ls-files", "uv.lock"]
    assert subprocess.check_output(tracked, cwd=project, text=True) == "uv.lock\n"


def test_ctrl_c_while_it_is_proven_keeps_what_was_done_before(tmp_path: Path) -> None:
    env = machine(tmp_path, SLOW.replace("touch started", f"touch {tmp_path}/started"))
    words = ["--no-install", "--no-git", "--verify", "--quiet"]
    with subprocess.Popen(
        [*COMMAND, *NEW, *words], cwd=tmp_path, env=env, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        wait_for(tmp_path / "started")
        child.send_signal(signal.SIGINT)
        said, errors = child.communicate(timeout=60)
    assert child.returncode == 130
    assert errors == "Cancelled.\n"
    assert "not done  Prove the project by running it\n            Cancelled.\n" in said
    assert "Run in the project: frameworkpick verify" in said
