from __future__ import annotations

from itertools import pairwise

import pytest

from frameworkpick.core import versions

ORDER = (
    "0.1.0.dev0", "0.1.0.dev12", "0.1.0a1", "0.1.0b2.dev1", "0.1.0b2", "0.1.0rc1", "0.1.0",
    "0.1.0+local.1", "0.1.0.post1.dev2", "0.1.0.post1", "0.2", "0.2.1", "0.10.0", "1.0.0",
)  # fmt: skip


def test_versions_are_ordered_as_pep_440_says() -> None:
    assert versions.in_order(frozenset(ORDER)) == ORDER
    for lower, higher in pairwise(ORDER):
        low, high = versions.version_key(lower), versions.version_key(higher)
        assert low is not None
        assert high is not None
        assert low < high


def test_the_order_agrees_with_the_reference() -> None:
    packaging = pytest.importorskip("packaging.version")
    assert tuple(sorted(ORDER, key=packaging.Version)) == ORDER


def test_what_is_no_version_has_no_place_in_the_order() -> None:
    assert versions.in_order(frozenset({"x1", "1.0-beta", "main", "", "1.0.0", "1..0"})) == (
        "1.0.0",
    )


def test_a_leading_v_counts_nothing_and_what_git_describes_comes_after_its_version() -> None:
    assert versions.version_key("v1.2.0.post1") == versions.version_key("1.2.0.post1")
    order = ("v1.2.0", "1.2.0-2-g0a1b2c3", "v1.2.0-11-g0a1b2c3", "v1.2.0.post1")
    assert versions.in_order(frozenset(order)) == order
    assert not versions.is_release("v1.2.0-2-g0a1b2c3")
    assert versions.described_commit("v1.2.0-2-g0a1b2c3") == "0a1b2c3"


@pytest.mark.parametrize(
    ("after", "taken", "name"),
    [
        ("0.1.0.dev354", (), "0.1.0.post1"),
        ("v1.2.0.post2", ("1.2.0.post3",), "1.2.0.post4"),
        ("1.2.0rc1", (), "1.2.0.post1"),
    ],
)
def test_a_version_is_advised_that_comes_next(
    after: str, taken: tuple[str, ...], name: str
) -> None:
    assert versions.free_version(after, taken) == name


def test_a_release_has_no_development_and_no_local_part() -> None:
    released = {each for each in ORDER if versions.is_release(each)}
    assert released == {each for each in ORDER if "dev" not in each and "+" not in each}
    assert not versions.is_release("main")


def test_the_latest_is_the_highest_final_release_or_what_there_is() -> None:
    assert versions.latest_of(("0.1.0", "0.2.0", "0.3.0rc1", "0.3.0.dev4")) == "0.2.0"
    assert versions.latest_of(("0.1.0.dev4",)) == "0.1.0.dev4"


@pytest.mark.parametrize(
    ("after", "name"), [("0.1.0", "0.1.1.dev0"), ("1.9.9", "1.9.10.dev0"), ("2.0", "2.1.dev0")]
)
def test_edited_templates_are_named_after_the_release_they_come_from(after: str, name: str) -> None:
    assert versions.unreleased(after) == name
    assert not versions.is_release(name)
