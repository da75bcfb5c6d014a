from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from frameworkpick import process
from frameworkpick.process import signals

pytestmark = pytest.mark.version

#: Starts a child that outlives SIGTERM, says its id, and outlives SIGTERM itself.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def ended(pid: int, within: float = 5.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        # Without an init process a dead grandchild stays as a zombie.
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_output_is_collected_as_it_came_whatever_the_exit_code(tmp_path: Path) -> None:
    done = process.run(
        ["sh", "-c", "echo one; echo two >&2; echo three; exit 7"], cwd=tmp_path, timeout=20
    )
    assert (done.returncode, done.output, done.ok) == (7, "one\ntwo\nthree\n", False)
    assert 0 < done.seconds < 20


def test_a_missing_program_is_a_result(tmp_path: Path) -> None:
    done = process.run(["no-such-program-anywhere"], cwd=tmp_path, timeout=5)
    assert done.returncode == 127
    assert "no-such-program-anywhere" in done.output


def test_arguments_never_meet_a_shell(tmp_path: Path) -> None:
    done = process.run(["echo", "$HOME; touch x", "*"], cwd=tmp_path, timeout=5)
    assert done.output == "$HOME; touch x *\n"
    assert list(tmp_path.iterdir()) == []


def test_the_environment_is_exactly_the_one_given(tmp_path: Path) -> None:
    code = "import os; print(os.environ.get('GIVEN'), 'HOME' in os.environ)"
    done = process.run(python(code), cwd=tmp_path, env={"GIVEN": "yes"}, timeout=20)
    assert done.output == "yes False\n"


def test_nobody_waits_for_the_keyboard(tmp_path: Path) -> None:
    done = process.run(python("print(repr(input()))"), cwd=tmp_path, timeout=20)
    assert "EOFError" in done.output


def test_captured_output_is_whole_bytes_apart_from_messages(tmp_path: Path) -> None:
    code = (
        "import sys; sys.stderr.write('r\\u00e4t\\n')\n"
        "sys.stdout.buffer.write(b'\\xff\\0' * 2000000); sys.exit(7)"
    )
    done = process.capture(python(code), cwd=tmp_path, timeout=60)
    assert (done.returncode, done.stderr) == (7, "rät\n")
    assert done.stdout == b"\xff\0" * 2000000


def test_a_captured_program_reads_what_it_is_given_however_long(tmp_path: Path) -> None:
    data = b"line\n" * 200000
    assert process.capture(["cat"], cwd=tmp_path, timeout=60, stdin=data).stdout == data
    unread = process.capture(["true"], cwd=tmp_path, timeout=60, stdin=data)
    assert (unread.returncode, unread.stdout, unread.stderr) == (0, b"", "")
    assert process.capture(["cat"], cwd=tmp_path, timeout=60).stdout == b""


def test_capturing_a_missing_program_is_a_result(tmp_path: Path) -> None:
    done = process.capture(["no-such-program-anywhere"], cwd=tmp_path, timeout=5, stdin=b"x")
    assert (done.returncode, done.stdout) == (process.NOT_FOUND, b"")
    assert "no-such-program-anywhere" in done.stderr


def test_a_captured_program_gets_exactly_the_environment_given(tmp_path: Path) -> None:
    done = process.capture(["/usr/bin/env"], cwd=tmp_path, env={"GIVEN": "yes"}, timeout=20)
    assert done.stdout == b"GIVEN=yes\n"


def test_a_captured_program_ends_at_its_deadline_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "GRACE", 0.3)
    done = process.capture(python(STUBBORN), cwd=tmp_path, timeout=2)
    assert done.returncode == process.TIMED_OUT
    assert done.stderr == "ended after 2 seconds\n"
    assert ended(int(done.stdout))


def test_a_grandchild_that_keeps_the_pipes_open_does_not_hold_a_capture(tmp_path: Path) -> None:
    began = time.monotonic()
    done = process.capture(["sh", "-c", "sleep 30 & echo $!"], cwd=tmp_path, timeout=20)
    os.kill(int(done.stdout), signal.SIGKILL)
    assert done.returncode == 0
    assert time.monotonic() - began < 15


def test_a_timeout_ends_the_whole_process_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "GRACE", 0.3)
    done = process.run(python(STUBBORN), cwd=tmp_path, timeout=2)
    assert done.returncode == process.TIMED_OUT
    assert "ended at its deadline" in done.output
    assert ended(int(done.output.split()[0]))


def test_a_caller_can_cancel_from_another_thread(tmp_path: Path) -> None:
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    done = process.run(["sleep", "60"], cwd=tmp_path, timeout=60, cancel=cancel)
    assert done.returncode == process.CANCELLED
    assert done.seconds < 10


@pytest.mark.parametrize("how", ["run", "capture"])
def test_ctrl_c_ends_the_program_and_is_raised_again(how: str, tmp_path: Path) -> None:
    marker = tmp_path / "pid"
    child = f"import os, time; open({str(marker)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    code = (
        "import sys; from pathlib import Path; from frameworkpick import process\n"
        f"process.{how}([sys.executable, '-c', {child!r}], cwd=Path('.'), timeout=60)"
    )
    caller = subprocess.Popen(python(code), cwd=tmp_path, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 30
    while not (marker.exists() and marker.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    caller.send_signal(signal.SIGINT)
    _, errors = caller.communicate(timeout=30)
    assert b"KeyboardInterrupt" in errors
    assert ended(int(marker.read_text()))


def test_endless_output_keeps_its_beginning_and_its_end(tmp_path: Path) -> None:
    code = "print('first'); [print('x' * 99) for _ in range(20000)]; print('last')"
    done = process.run(python(code), cwd=tmp_path, timeout=60)
    assert done.output.startswith("first\n")
    assert done.output.endswith("last\n")
    assert "bytes left out" in done.output
    assert len(done.output) < process.OUTPUT_LIMIT + 100


def test_a_grandchild_that_keeps_the_pipe_open_does_not_hold_us(tmp_path: Path) -> None:
    done = process.run(["sh", "-c", "sleep 30 & echo $!"], cwd=tmp_path, timeout=20)
    os.kill(int(done.output), signal.SIGKILL)
    assert done.ok
    assert done.seconds < 10


def test_a_server_ends_on_sigterm_with_its_own_exit_code(tmp_path: Path) -> None:
    code = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(5));"
        "print('up', flush=True); time.sleep(60)"
    )
    log = tmp_path / "log"
    server = process.start(python(code), cwd=tmp_path, log=log)
    deadline = time.monotonic() + 20
    while "up" not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.poll() is None
    assert server.stop(grace=10) == 5
    assert server.poll() == 5


def test_a_server_that_ignores_sigterm_is_killed_with_its_children(tmp_path: Path) -> None:
    log = tmp_path / "log"
    server = process.start(python(STUBBORN), cwd=tmp_path, log=log)
    deadline = time.monotonic() + 20
    while "\n" not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.stop(grace=0.3) == -signal.SIGKILL
    assert ended(int(log.read_text()))


#: Starts a program and tells its id, with a signal coming while it is being started.
SIGNALLED = """
import os, signal, subprocess, sys, time
from pathlib import Path
from frameworkpick import process
number, real = int(sys.argv[1]), subprocess.Popen
def popen(*args, **kwargs):
    os.kill(os.getpid(), number)
    made = real(*args, **kwargs)
    print(made.pid, flush=True)
    return made
subprocess.Popen = popen
with process.tidy_end(), process.no_survivors():
    process.start(["sleep", "60"], cwd=Path("."), log=Path("log"))
    print("not reached", flush=True)
"""


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, -signal.SIGINT)],
)
def test_a_program_that_starts_while_we_are_told_to_end_does_not_survive(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    done = subprocess.run(
        [*python(SIGNALLED), str(number.value)],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert ended(int(done.stdout))


def test_what_the_caller_ignores_stays_ignored(tmp_path: Path) -> None:
    code = (
        "import os, signal; from frameworkpick import process\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "with process.tidy_end(): os.kill(os.getpid(), signal.SIGHUP)\n"
        "print('alive')"
    )
    assert process.run(python(code), cwd=tmp_path, timeout=30).output == "alive\n"


def test_uv_is_found_on_path_first_and_else_in_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "uv"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert process.find_uv() == str(own)
    own.unlink()
    packaged = process.find_uv()
    assert packaged is not None
    assert process.run([packaged, "--version"], cwd=tmp_path, timeout=30).output.startswith("uv ")
