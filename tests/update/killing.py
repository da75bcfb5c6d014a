"""Kills a run of the command right before one of its writes: SIGKILL, no way out."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING

from .small import COMMAND

if TYPE_CHECKING:
    from pathlib import Path

#: Loaded by Python at its start; counts what is about to be written in a place.
_HOOK = """\
import os, signal, sys
root, at, log = os.environ["KILL_ROOT"], int(os.environ["KILL_AT"]), os.environ["KILL_LOG"]
CHANGES = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.symlink", "os.chmod"}
CHANGES |= {"shutil.rmtree"}
count = 0
def hook(event, args):
    global count
    if event == "open":
        told = args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and str(args[0])
    elif event == "subprocess.Popen":
        words = [str(word) for word in args[1]]
        told = {"update-index", "unpack-objects", "commit", "add"}.intersection(words) and root
    else:
        told = event in CHANGES and " ".join(map(str, args))
    if told and root in told and os.path.realpath(log) not in told:
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
        if at == 0:
            os.write(2, b"#")
sys.addaudithook(hook)
"""


def writes(folder: Path, root: Path, *words: str | Path) -> int:
    """Count the writes of a run that is let live."""
    done = _run(folder, root, 0, words)
    assert done.returncode in {0, 3}, done.stderr
    return done.stderr.count("#")


def killed(folder: Path, root: Path, at: int, *words: str | Path) -> None:
    """Run the command, and kill it right before its write of that number."""
    done = _run(folder, root, at, words)
    assert done.returncode == -signal.SIGKILL, (at, done.returncode, done.stderr)


def _run(
    folder: Path, root: Path, at: int, words: tuple[str | Path, ...]
) -> subprocess.CompletedProcess[str]:
    hook = folder / "hook"
    hook.mkdir(exist_ok=True)
    (hook / "sitecustomize.py").write_text(_HOOK)
    env = {"PYTHONPATH": str(hook), "KILL_ROOT": str(root), "KILL_AT": str(at)}
    env["KILL_LOG"] = str(folder / "log")
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        env=os.environ | env, cwd=folder, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False, timeout=300,
    )  # fmt: skip
