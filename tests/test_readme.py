"""Every command the README shows is run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def shown(name: str) -> list[str]:
    block = re.search(rf"<!-- checked: {name} -->\n```sh\n(.+?)\n```", README, re.DOTALL)
    assert block
    return [shlex.join(shlex.split(line, comments=True)) for line in block[1].splitlines()]


@pytest.mark.matrix
def test_the_commands_shown_work_in_the_order_shown(tmp_path: Path) -> None:
    env = {key: os.environ[key] for key in ("SSL_CERT_FILE", "LANG") if key in os.environ}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env["HOME"] = str(tmp_path)
    work = tmp_path / "work"
    work.mkdir()
    commands = shown("commands")
    assert len(commands) >= 6
    for command in commands:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=work, env=env, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        if "api" in command.split():  # several make a project of the same name
            subprocess.run(["rm", "-rf", "api"], cwd=work, check=True)
