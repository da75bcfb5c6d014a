"""Addresses of presets in git repositories: what they mean, and which are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from frameworkpick.errors import InputError
from frameworkpick.presets.source import InRepository, read_git_reference, read_reference


@pytest.mark.parametrize(
    ("text", "url", "ref", "file"),
    [
        ("git+https://h/t/p.git@v1", "git+https://h/t/p.git", "v1", "frameworkpick-preset.toml"),
        ("git+https://h/@t/p@a/b#x/y.toml", "git+https://h/@t/p", "a/b", "x/y.toml"),
        ("git+ssh://git@h:22/p.git@v1#a.toml", "git+ssh://git@h:22/p.git", "v1", "a.toml"),
        ("git+file:///srv/p@main#./x/../a.toml", "git+file:///srv/p", "main", "a.toml"),
    ],
)
def test_an_address_in_a_repository_is_taken_apart(
    text: str, url: str, ref: str, file: str
) -> None:
    assert read_git_reference(text) == InRepository(url, ref, file)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("git+https://h/p.git", "names no version"),
        ("git+ssh://git@h/p.git", "names no version"),
        ("git+https://h/p.git@", "is no tag"),
        ("git+https://h/p.git@-x", "is no tag"),
        ("git+https://h/p.git@a..b", "is no tag"),
        ("git+https://h/p.git@a b", "is no tag"),
        ("git+http://h/p.git@v1", "not of a form"),
        ("git+https://me:hu/sh@h/p.git@v1", "not of a form"),
        ("git+ext::sh -c x@v1", "not of a form"),
        ("https://h/p.git@v1", "not of a form"),
        ("git+https://h/p.git@v1#../x.toml", "outside of its repository"),
        ("git+https://h/p.git@v1#/etc/passwd", "outside of its repository"),
        ("git+https://h/p\n.git@v1", "control characters"),
    ],
)
def test_other_addresses_are_refused(text: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read_reference(text, Path())


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(InputError) as caught:
        read_git_reference("git+https://me:hush@h/p.git")
    assert "hush" not in str(caught.value)


def test_a_user_is_for_ssh_alone_and_has_no_password_there() -> None:
    for address in ("https://t0ken@git.example.org", "ssh://git:t0ken@git.example.org"):
        with pytest.raises(InputError, match="names who you are") as caught:
            read_git_reference(f"git+{address}/p.git@v1")
        assert "t0ken" not in str(caught.value)
    by_ssh = "git+ssh://git@git.example.org/p.git@v1"
    assert read_git_reference(by_ssh).label == by_ssh
