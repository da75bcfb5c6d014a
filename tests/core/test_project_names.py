from __future__ import annotations

import keyword
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameworkpick.core import project_names


@pytest.mark.parametrize(
    ("project", "package"),
    [
        ("my-service", "my_service"),
        ("My.Service", "my_service"),
        ("a--b__c", "a_b_c"),
        ("7days", "app_7days"),
        ("x", "x"),
        ("n" * 63, "n" * 40),
        ("a" * 39 + "-b", "a" * 39),
    ],
)
def test_the_package_name_follows_from_the_project_name(project: str, package: str) -> None:
    assert project_names.package_name_for(project) == package


@pytest.mark.parametrize(
    "name", ["", "-a", "a-", ".a", "a b", "a/b", "..", "~", "é", "a\nb", "x" * 64]
)
def test_a_project_name_that_is_no_folder_and_no_distribution_is_refused(name: str) -> None:
    assert project_names.project_name_problem(name)


@pytest.mark.parametrize(
    "name", ["con", "NUL.txt", "flask", "Fast-API".replace("-", ""), "flask.cors"]
)
def test_a_project_name_that_clashes_is_refused(name: str) -> None:
    assert project_names.project_name_problem(name)


@pytest.mark.parametrize(
    "name",
    [
        "class",
        "match",
        "json",
        "flask",
        "pydantic_core",
        "A",
        "a_",
        "_a",
        "a__b",
        "1a",
        "a" * 41,
        "test",
        "com1",
        "nul",
        "conftest",
        "sitecustomize",
    ],
)
def test_a_package_name_that_cannot_be_imported_or_hides_another_is_refused(name: str) -> None:
    assert project_names.package_name_problem(name)


@pytest.mark.parametrize("text", ["", "  ", "two\nlines", "tab\there", "nul\0", "x" * 201])
def test_a_description_is_one_visible_line(text: str) -> None:
    assert project_names.description_problem(text)


@pytest.mark.parametrize("text", ["An API", 'Says "hi" and \\ {{ braces }}', "Grüße 🎉"])
def test_a_description_may_hold_any_visible_text(text: str) -> None:
    assert project_names.description_problem(text) is None


@given(
    st.from_regex(
        re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?", re.ASCII), fullmatch=True
    )
)
def test_every_derived_package_name_is_an_identifier_or_refused(project: str) -> None:
    package = project_names.package_name_for(project)
    if project_names.package_name_problem(package) is None:
        assert package.isidentifier()
        assert package == package.lower()
        assert not keyword.iskeyword(package)
        assert package not in sys.stdlib_module_names
        assert len(package) <= project_names.PACKAGE_NAME_MAX


@given(st.text(max_size=80))
def test_what_is_suggested_is_never_refused(name: str) -> None:
    project = project_names.other_project_name(name).split()[1].rstrip(",")
    assert project_names.name_problem(project) is None
    package = project_names.other_package_name(name).split()[2].rstrip(",")
    assert project_names.package_name_problem(package) is None
