"""Presets in git repositories, through the installed command and real git."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest

from frameworkpick import history, presets
from frameworkpick.errors import FrameworkpickError, InputError
from frameworkpick.history import file

from .command import Repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .command import Place


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def forget() -> Callable[[], None]:
    """Do as a new process does."""
    return file._FOUND.clear  # noqa: SLF001 (nobody else has a reason to)


def house(place: Place, team: Repository, reference: str = "@v1#apis/api.toml") -> None:
    place.write("house.toml", f'extends = "{team.url}{reference}"\n[options]\nci = "gitlab"\n')


def test_a_preset_is_read_from_a_repository_with_what_it_extends_there(
    place: Place, team: Repository
) -> None:
    house(place, team)
    done = place.run("preset", "show", "house.toml", "--resolved", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    commit = team.git("rev-parse", "v1")
    assert shown["files"] == [
        {"file": "house.toml", "description": None, "commit": None, "pinned": True},
        {
            "file": f"{team.url}@v1#apis/api.toml",
            "description": None, "commit": commit, "pinned": False,
        },
        {"file": f"{team.url}@v1", "description": None, "commit": commit, "pinned": False},
    ]  # fmt: skip
    assert shown["values"][-1] == {
        "section": "locked",
        "name": "docker",
        "value": True,
        "file": f"{team.url}@v1",
        "because": "every service ships as an image",
    }


def test_pinned_a_moved_tag_is_refused_and_offline_the_pinned_commit_serves(
    place: Place, team: Repository
) -> None:
    house(place, team)
    said = place.run("preset", "check", "house.toml")
    assert said.returncode == 0, said.stderr
    assert "Not pinned" in said.stdout
    assert "preset check house.toml --pin" in " ".join(said.stdout.split())

    done = place.run("preset", "check", "house.toml", "--pin")
    old = team.git("rev-parse", "v1")
    assert (done.returncode, "Not pinned" in done.stdout) == (0, False)
    assert (place.folder / "house.toml").read_text().splitlines()[1] == f'extends_commit = "{old}"'

    away = team.folder.rename(team.folder.with_name("away"))
    offline = place.run("preset", "show", "house.toml", "--resolved")
    assert offline.returncode == 0
    assert "docker = true" in offline.stdout
    assert "The version that was pinned is used." in offline.stderr
    away.rename(team.folder)

    team.write("frameworkpick-preset.toml", "[locked]\ndocker = false\n")
    new = team.commit("v1")
    moved = place.run("preset", "show", "house.toml")
    assert (moved.returncode, moved.stdout) == (1, "")
    assert f"v1 of the preset repository {team.url} names the commit {new[:12]}" in moved.stderr
    assert f"was pinned to {old[:12]}" in moved.stderr

    again = place.run("preset", "check", "house.toml", "--pin")
    assert again.returncode == 0, again.stderr
    assert f'extends_commit = "{new}"' in (place.folder / "house.toml").read_text()
    assert old not in (place.folder / "house.toml").read_text()


def test_offline_without_a_copy_is_an_error_and_a_new_pin_is_not_met_by_an_old_copy(
    place: Place, team: Repository, forget: Callable[[], None]
) -> None:
    with pytest.raises(FrameworkpickError, match=r"The preset repository .* cannot be read"):
        presets.load(f"{team.url}-none@v1", fetch=history.read_file)
    house(place, team)
    path = place.folder / "house.toml"
    old = presets.load(str(path), fetch=history.read_file).layers[0].commit
    new = team.commit("v1")
    away = team.folder.rename(team.folder.with_name("away"))
    forget()
    said: list[str] = []
    again = presets.load(str(path), fetch=partial(history.read_file, note=said.append))
    assert again.layers[0].commit == old
    (sentence,) = said
    assert sentence.endswith("The version that was last fetched is used.")
    path.write_text(path.read_text().replace("\n", f'\nextends_commit = "{new}"\n', 1))
    forget()
    with pytest.raises(FrameworkpickError, match="cannot be read"):
        presets.load(str(path), fetch=history.read_file)
    away.rename(team.folder)
    assert presets.load(str(path), fetch=history.read_file).layers[0].commit == new


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("@v2", "has no tag, branch or commit v2."),
        ("@v1#none.toml", "has no file none.toml."),
        ("@v1#apis", "is no file but a folder or a link."),
        ("@v1#link.toml", "is no file but a folder or a link."),
    ],
)
def test_what_is_not_in_the_repository_is_named(
    reference: str, said: str, team: Repository
) -> None:
    (team.folder / "link.toml").symlink_to("/etc/passwd")
    team.commit("v1")
    with pytest.raises(FrameworkpickError) as caught:
        presets.load(team.url + reference, fetch=history.read_file)
    assert said in caught.value.message
    assert caught.value.exit_code == 1


def test_a_branch_and_a_commit_can_be_named_too(team: Repository) -> None:
    branch = presets.load(f"{team.url}@main", fetch=history.read_file)
    commit = team.git("rev-parse", "HEAD")
    team.folder.rename(team.folder.with_name("away"))
    asks_nobody = partial(history.read_file, note=pytest.fail)
    fixed = presets.load(f"{team.url}@{commit}", fetch=asks_nobody)
    assert [layer.commit for layer in (*branch.layers, *fixed.layers)] == [commit, commit]
    assert [layer.pinned for layer in (*branch.layers, *fixed.layers)] == [False, True]


@pytest.mark.parametrize("extends", ["../../house.toml", "/etc/x.toml", "~/x.toml", "a/../../b"])
def test_a_file_in_a_repository_cannot_reach_out_of_it(extends: str, team: Repository) -> None:
    team.write("frameworkpick-preset.toml", f'extends = "{extends}"\n')
    team.commit("v1")
    with pytest.raises(InputError, match=r"outside of its repository|a file of this machine"):
        presets.load(f"{team.url}@v1", fetch=history.read_file)


def test_a_circle_through_a_repository_is_named(team: Repository) -> None:
    team.write("frameworkpick-preset.toml", f'extends = "{team.url}@v1#apis/api.toml"\n')
    team.commit("v1")
    with pytest.raises(InputError, match="The presets go round in a circle"):
        presets.load(f"{team.url}@v1", fetch=history.read_file)


def test_the_users_settings_lead_to_a_private_repository_and_it_to_no_folder_of_the_machine(
    team: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.write("frameworkpick-preset.toml", f'extends = "{team.url}@v1#apis/api.toml"\n')
    team.commit("v2")
    settings = tmp_path / "settings"
    settings.write_text(f'[url "file://{team.folder}"]\n\tinsteadOf = https://git.example/p\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert presets.load("git+https://git.example/p@v1", fetch=history.read_file).locked
    with pytest.raises(InputError, match="cannot name a file of this machine"):
        presets.load("git+https://git.example/p@v2", fetch=history.read_file)


def test_it_is_fetched_over_ssh(
    team: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ssh = tmp_path / "ssh"
    ssh.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\nfor last; do :; done\neval "$last"\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    address = f"git+ssh://git@git.example:2222{team.folder}@v1#apis/api.toml"
    preset = presets.load(address, fetch=history.read_file)
    assert (tmp_path / "asked").read_text().split()[-3:-1] == ["git@git.example", "git-upload-pack"]
    assert preset.label == address
    assert preset.locked["docker"].because == "every service ships as an image"


def test_the_pin_in_a_repositorys_preset_counts_too(
    place: Place, team: Repository, forget: Callable[[], None]
) -> None:
    (team.folder.parent / "own").mkdir()
    own = Repository(team.folder.parent / "own")
    own.git("init", "--quiet")
    pinned = team.git("rev-parse", "v1")
    own.write("house.toml", f'extends = "{team.url}@v1"\nextends_commit = "{pinned}"\n')
    own.commit("v1")
    house(place, own, "@v1#house.toml")
    path = str(place.folder / "house.toml")
    layers = presets.load(path, fetch=history.read_file).layers
    assert [layer.pinned for layer in layers] == [True, False, True]
    team.commit("v1")
    forget()
    with pytest.raises(FrameworkpickError, match="and was pinned to"):
        presets.load(path, fetch=history.read_file)
