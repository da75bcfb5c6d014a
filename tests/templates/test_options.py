"""What ``options.toml`` says is true of the questionnaire, the recommendation and the command."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import pytest

from frameworkpick import catalog, render
from frameworkpick.cli.generate import new
from frameworkpick.core.selection import complete_options
from frameworkpick.errors import CatalogError

from .projects import TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = catalog.load_options()
QUESTIONS = {each.id: each for each in render.load_questions(TEMPLATES, OPTIONS)}
KNOWLEDGE = catalog.load_knowledge()


def test_the_flags_of_new_are_those_of_the_options() -> None:
    source = inspect.getsource(new)
    handed_on = dict(re.findall(r'^        "(\w+)": (\w+),$', source, re.MULTILINE))
    assert {name: flag.replace("_", "-") for name, flag in handed_on.items()} == {
        **catalog.option_flags()
    }


def test_every_option_is_asked_and_every_question_is_known() -> None:
    assert {*OPTIONS} == {*QUESTIONS} - {"framework", "project_name"}


def test_what_moves_a_default_is_an_answer_that_can_be_given() -> None:
    for name, option in OPTIONS.items():
        for effect in option.effects:
            criterion = KNOWLEDGE.criterion(effect.criterion)
            assert criterion, effect
            assert effect.answer in {each.id for each in criterion.options}, effect
            offered: set[object] = {choice.value for choice in QUESTIONS[name].choices}
            assert effect.value in (offered or {True, False}) | {None}, effect


def test_no_value_is_both_offered_and_refused() -> None:
    for name, option in OPTIONS.items():
        offered = {choice.value for choice in QUESTIONS[name].choices}
        assert offered.isdisjoint(value for value, _ in option.refused)


def test_a_template_that_says_nothing_has_what_the_built_in_one_says(tmp_path: Path) -> None:
    assert catalog.load_options(tmp_path) == OPTIONS


def test_a_template_of_a_team_says_it_itself(tmp_path: Path) -> None:
    (tmp_path / "options.toml").write_text(
        "[team]\nmoved = [{ by = { app_size = 'many_services' }, to = 'core', note = 'Many.' }]\n"
        "[team.refused]\nnobody = 'somebody has to be called'\n"
    )
    (tmp_path / "copier.yml").write_text(
        "team: {choices: [core, shop], default: shop}\ndocker: true\n"
    )
    questions = render.load_questions(tmp_path, catalog.load_options(tmp_path))
    assert [each.option.flag for each in questions] == ["", ""]
    _, problems = complete_options(questions, {"team": "nobody"}, defaults={}, project_name="a")
    assert (
        "team cannot be 'nobody': somebody has to be called. It is one of core, shop." in problems
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("docker = 1", "has something else than a table at docker"),
        ("[docker]\nflags = 'x'", "has the unknown 'flags' in docker"),
        ("[docker]\nflag = ''", "has no text 'flag' in docker"),
        ("[docker.refused]\nno = 1", "has no text 'no' in docker.refused"),
        ("[docker]\nmoved = [{ note = 'x' }]", "has a row in docker.moved that is not"),
        ("[docker]\nmoved = 3", "has a row in docker.moved that is not"),
        ("[docker", "cannot be read: "),
    ],
)
def test_what_is_wrong_in_it_is_named(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "options.toml").write_text(text)
    with pytest.raises(CatalogError, match=re.escape(f"theirs 1.0: options.toml {fault}")):
        catalog.load_options(tmp_path, "theirs 1.0: ")
