from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from frameworkpick import history
from frameworkpick.errors import FrameworkpickError, InputError

from .repositories import commit, forget, git, write

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.version


@pytest.mark.parametrize("form", ["{}", "file://{}", "git+file://{}"])
def test_a_teams_repository_is_read_by_its_tags(form: str, team: Path, tmp_path: Path) -> None:
    address = form.format(team)
    source = history.open_source(address, allowed=True)
    assert source.address == address
    assert source.versions() == ("1.0.0", "v1.1.0", "v2.0.0rc1")
    assert source.latest() == "v1.1.0"
    folder = source.tree("1.0.0", tmp_path / "one")
    assert (folder / "copier.yml").read_text() == "name: x\n"


def test_only_an_address_that_a_person_named_is_asked(team: Path) -> None:
    with pytest.raises(FrameworkpickError, match="not one that you named"):
        history.open_source(str(team))


def test_a_version_once_fetched_is_there_offline(team: Path, tmp_path: Path) -> None:
    history.open_source(str(team), allowed=True).versions()
    forget()
    team.rename(tmp_path / "gone")
    source = history.open_source(str(team), allowed=True)
    assert (source.tree("1.0.0", tmp_path / "one") / "copier.yml").is_file()
    assert source.stale == ""
    assert source.latest() == "v1.1.0"
    assert "cannot be read" in source.stale
    with pytest.raises(FrameworkpickError, match=r"has no version 9\.0") as caught:
        source.tree("9.0", tmp_path / "nine")
    assert "cannot be read" in caught.value.hint


def test_a_repository_that_is_asked_again_shows_its_new_tags(team: Path) -> None:
    assert history.open_source(str(team), allowed=True).latest() == "v1.1.0"
    commit(team, "1.2.0")
    git(team, "tag", "-d", "1.0.0")
    forget()
    assert history.open_source(str(team), allowed=True).versions() == (
        "v1.1.0",
        "1.2.0",
        "v2.0.0rc1",
    )


def test_many_processes_may_ask_at_once(team: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from frameworkpick import history\n"
        "print(history.open_source(sys.argv[1], allowed=True).latest())"
    )
    env = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "fresh")}
    words = [sys.executable, "-c", code, str(team)]
    started = [subprocess.Popen(words, env=env, stdout=subprocess.PIPE) for _ in range(4)]
    assert [one.communicate(timeout=60)[0] for one in started] == [b"v1.1.0\n"] * 4


def test_what_is_no_repository_is_said_so(tmp_path: Path) -> None:
    for address in (tmp_path, tmp_path / "missing"):
        with pytest.raises(FrameworkpickError) as caught:
            history.open_source(str(address), allowed=True).versions()
        assert str(address) in caught.value.message
        assert "does not appear to be a git repository" in caught.value.message
        assert caught.value.hint == "Check the address, and that you may read the repository."


def test_a_host_that_does_not_answer_asks_nothing_and_is_said_so() -> None:
    with pytest.raises(FrameworkpickError, match="cannot be read") as caught:
        history.open_source("https://127.0.0.1:1/x.git", allowed=True).versions()
    assert caught.value.hint == "Check the network and the address."


def test_a_repository_without_versions_is_said_so(team: Path) -> None:
    for tag in ("1.0.0", "v1.1.0", "v2.0.0rc1"):
        git(team, "tag", "-d", tag)
    with pytest.raises(FrameworkpickError, match="has no version") as caught:
        history.open_source(str(team), allowed=True).latest()
    assert "Tag its commits" in caught.value.hint


@pytest.mark.parametrize(
    "address",
    [
        "ext::sh -c touch% /tmp/x", "git+ext::sh", "fd::17", "-uupload", "--upload-pack=x", "",
        "http://host/x.git", "git://host/x.git", "ftp://host/x", "frameworkpick://other.git",
        "https://", "ssh://-oProxyCommand=x/y", "https://host/x\n.git", " https://host/x",
        "git+-x", "javascript://x",
    ],
)  # fmt: skip
def test_other_addresses_are_refused_before_git_sees_them(address: str) -> None:
    with pytest.raises(InputError, match="The template address"):
        history.open_source(address, allowed=True)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://me:hush@host/x.git", "holds a password"),
        ("ssh://me:hush@host/x.git", "holds a password"),
        ("https://hush@host/x.git", "names a user"),
        ("git+https://hush@host/x.git", "names a user"),
        ("https://me:hu/sh@host/x.git", "is not a valid URL"),
    ],
)
def test_a_secret_in_an_address_is_refused_and_not_repeated(address: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as caught:
        history.open_source(address, allowed=True)
    assert "hu" not in caught.value.message.replace("https", "")


def test_a_user_of_ssh_is_no_secret() -> None:
    for address in ("ssh://git@host/x.git", "git@host:x.git", "https://host/@team/x.git"):
        assert history.read_address(address).recorded == address


def test_settings_cannot_turn_an_address_into_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = tmp_path / "ran"
    write(tmp_path, "config", f'[url "ext::touch {ran} "]\n\tinsteadOf = https://team.example/\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "ext")
    with pytest.raises(FrameworkpickError, match="cannot be read"):
        history.open_source("https://team.example/x.git", allowed=True).versions()
    assert not ran.exists()


def test_the_users_own_settings_lead_to_a_private_repository(
    team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "config", f'[url "{team.parent}/"]\n\tinsteadOf = https://team.example/\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    assert history.open_source("https://team.example/team", allowed=True).latest() == "v1.1.0"


def test_a_hook_of_the_machine_does_not_run(
    team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = tmp_path / "hooks/reference-transaction"
    write(tmp_path, "hooks/reference-transaction", f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    write(tmp_path, "config", f"[core]\n\thooksPath = {hook.parent}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    assert history.open_source(str(team), allowed=True).latest() == "v1.1.0"
    assert not (tmp_path / "ran").exists()
