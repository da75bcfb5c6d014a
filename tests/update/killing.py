"""Ends a run of the command right before one of its writes: by SIGKILL, or by Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from typing import TYPE_CHECKING

from .small import COMMAND

if TYPE_CHECKING:
    from pathlib import Path

#: How many seconds a whole run takes, by where its project lies.
_TAKES: dict[Path, float] = {}
#: Loaded by Python at its start; counts what is about to be written in a place.
_HOOK = """\
import os, signal, sys
root, at, log = os.environ["KILL_ROOT"], int(os.environ["KILL_AT"]), os.environ["KILL_LOG"]
number, times = int(os.environ["KILL_BY"]), int(os.environ["KILL_TIMES"])
CHANGES = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.symlink", "os.chmod"}
CHANGES |= {"shutil.rmtree"}
do, count = os.environ.pop("KILL_DO", ""), 0
def hook(event, args):
    global count, do
    if event == "open":
        told = args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and str(args[0])
    elif event == "subprocess.Popen":
        words = [str(word) for word in args[1]]
        told = {"update-index", "unpack-objects", "commit", "add"}.intersection(words) and root
    else:
        told = event in CHANGES and " ".join(map(str, args))
    if told and root in told and os.path.realpath(log) not in told:
        count += 1
        if do and count == at:
            words, do = do, ""
            import subprocess
            subprocess.run(words, shell=True)
        elif at <= count < at + times and at and number:
            os.kill(os.getpid(), number)
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


def interrupted(
    folder: Path, root: Path, at: int, times: int, *words: str | Path
) -> subprocess.CompletedProcess[str]:
    """Run the command, with Ctrl-C right before that write and before some that follow."""
    return _run(folder, root, at, words, signal.SIGINT, times)


def meanwhile(
    folder: Path, root: Path, at: int, what: str, *words: str | Path
) -> subprocess.CompletedProcess[str]:
    """Run the command, and something else in a shell right before its write of that number."""
    return _run(folder, root, at, words, None, do=what)


def ended_at(folder: Path, _: Path, percent: int, *words: str | Path) -> None:
    """Run the command, and kill it and all it started after a part of the time that it takes."""
    if folder.parent not in _TAKES:
        began = time.monotonic()
        run_whole = folder.with_name("whole")
        shutil.copytree(folder, run_whole, symlinks=True)
        _start([str(word).replace(str(folder), str(run_whole)) for word in words], folder).wait()
        _TAKES[folder.parent] = time.monotonic() - began
    child = _start([str(word) for word in words], folder)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(_TAKES[folder.parent] * percent / 100)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _start(words: list[str], folder: Path) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        [*COMMAND, *words], cwd=folder, start_new_session=True,
        stdin=quiet, stdout=quiet, stderr=quiet,
    )  # fmt: skip


def _run(
    folder: Path,
    root: Path,
    at: int,
    words: tuple[str | Path, ...],
    number: signal.Signals | None = signal.SIGKILL,
    times: int = 1,
    do: str = "",
) -> subprocess.CompletedProcess[str]:
    hook = folder / "hook"
    hook.mkdir(exist_ok=True)
    (hook / "sitecustomize.py").write_text(_HOOK)
    env = {"PYTHONPATH": str(hook), "KILL_ROOT": str(root), "KILL_AT": str(at)}
    env |= {
        "KILL_LOG": str(folder / "log"),
        "KILL_BY": str(int(number or 0)),
        "KILL_TIMES": str(times),
    }
    env |= {"KILL_DO": do} if do else {}
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        env=os.environ | env, cwd=folder, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False, timeout=300,
    )  # fmt: skip
