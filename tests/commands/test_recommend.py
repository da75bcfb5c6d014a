"""``recommend`` as a function: real knowledge, a made-up person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from frameworkpick.commands.recommend import RecommendRequest, run
from frameworkpick.core.answers import Answer, Origin, Situation
from frameworkpick.errors import Cancelled, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from frameworkpick.core.knowledge import Knowledge


def test_nothing_answered_is_too_close_to_call() -> None:
    result = run(RecommendRequest())
    assert result.recommendation.strength == "too_close"
    assert result.answers == {}


def test_the_command_line_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text('[answers]\nhosting = "wsgi_only"\napp_size = "medium"\n')
    result = run(RecommendRequest(["hosting=any"], file))
    assert result.answers == {
        "hosting": Answer("any", Origin.FLAG),
        "app_size": Answer("medium", Origin.FILE),
    }


def test_not_sure_on_the_command_line_clears_the_file(tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text('hosting = "wsgi_only"\n')
    result = run(RecommendRequest(["hosting=unknown"], file))
    assert result.answers["hosting"].value is None
    assert result.recommendation.strength == "too_close"


def test_options_in_an_answers_file_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text('[answers]\nhosting = "any"\n[options]\ndocker = false\n')
    assert list(run(RecommendRequest(answers_file=file)).answers) == ["hosting"]


def test_the_problems_of_file_and_command_line_are_named_together(tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text('hostin = "any"\n')
    with pytest.raises(InputError) as failure:
        run(RecommendRequest(["app_size=smal", "nonsense"], file))
    assert len(failure.value.problems) == 3


def test_a_person_is_asked_with_what_is_known_and_their_answers_count() -> None:
    seen: list[Mapping[str, Answer]] = []

    def ask(knowledge: Knowledge, so_far: Situation) -> Situation:
        seen.append(so_far.answers)
        assert knowledge.use_cases
        hosting = Answer("wsgi_only", Origin.ASKED)
        return replace(so_far, answers={**so_far.answers, "hosting": hosting})

    result = run(RecommendRequest(["app_size=medium"]), ask=ask)
    assert seen == [{"app_size": Answer("medium", Origin.FLAG)}]
    assert (result.recommendation.verdict, result.recommendation.strength) == (
        "flask",
        "constraint",
    )


def test_when_the_person_stops_nothing_is_saved(tmp_path: Path) -> None:
    def stop(_knowledge: Knowledge, _so_far: Situation) -> Situation:
        raise Cancelled

    with pytest.raises(Cancelled):
        run(RecommendRequest(save_answers=tmp_path / "saved.toml"), ask=stop)
    assert list(tmp_path.iterdir()) == []


def test_it_never_prints(capsys: pytest.CaptureFixture[str]) -> None:
    run(RecommendRequest(["long_lived=core"]))
    assert capsys.readouterr() == ("", "")
