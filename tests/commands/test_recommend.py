"""``recommend`` as a function: real knowledge, a made-up person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from frameworkpick.cli.output import show_recommendation, written_recommendation
from frameworkpick.commands.recommend import RecommendRequest, run
from frameworkpick.core.decision.answers import Answer, Origin, Situation
from frameworkpick.errors import Cancelled, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from frameworkpick.core.decision.knowledge import Knowledge


def test_nothing_answered_is_too_close_to_call() -> None:
    result = run(RecommendRequest())
    assert result.decision.advice.strength == "too_close"
    assert result.decision.said.answers == {}


def test_the_command_line_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text('[answers]\nhosting = "wsgi_only"\napp_size = "medium"\n')
    result = run(RecommendRequest(["hosting=any"], file))
    assert result.decision.said.answers == {
        "hosting": Answer("any", Origin.FLAG),
        "app_size": Answer("medium", Origin.FILE),
    }


def test_not_sure_on_the_command_line_clears_the_file(tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text('hosting = "wsgi_only"\n')
    result = run(RecommendRequest(["hosting=unknown"], file))
    assert result.decision.said.answers["hosting"].value is None
    assert result.decision.advice.strength == "too_close"


def test_options_in_an_answers_file_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text('[answers]\nhosting = "any"\n[options]\ndocker = false\n')
    assert list(run(RecommendRequest(answers_file=file)).decision.said.answers) == ["hosting"]


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
    assert (result.decision.advice.verdict, result.decision.advice.strength) == (
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


def test_a_use_case_suggests_and_everything_else_wins(tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text('use_case = "rest_api"\npayload_complexity = "complex"\n')

    from_file = run(RecommendRequest(answers_file=file))
    flagged = run(RecommendRequest(answers_file=file, use_case="iot_system"))

    assert from_file.decision.said.use_case == "rest_api"
    assert from_file.decision.said.answers == {
        "output_kind": Answer("json_api", Origin.USE_CASE),
        "long_lived": Answer("none", Origin.USE_CASE),
        "payload_complexity": Answer("complex", Origin.FILE),
    }
    assert flagged.decision.said.use_case == "iot_system"
    assert flagged.decision.said.answers["long_lived"] == Answer("core", Origin.USE_CASE)


def test_a_preset_yields_to_the_answers_file_and_both_to_the_command_line(tmp_path: Path) -> None:
    preset, file = tmp_path / "team.toml", tmp_path / "answers.toml"
    preset.write_text(
        '[answers]\nhosting = "wsgi_only"\napp_size = "medium"\nteam_skills = "flask"\n'
        "[weights]\nteam_skills = 2\napp_size = 0\nhosting = 0.5\n"
    )
    file.write_text('app_size = "few_endpoints"\n[weights]\napp_size = 1\n')

    result = run(
        RecommendRequest(["hosting=any"], file, preset=str(preset), weights=["team_skills=1.5"])
    )

    assert {
        name: (answer.value, answer.origin) for name, answer in result.decision.said.answers.items()
    } == {
        "hosting": ("any", Origin.FLAG),
        "app_size": ("few_endpoints", Origin.FILE),
        "team_skills": ("flask", Origin.PRESET),
    }
    assert result.decision.said.weights == {"hosting": 0.5, "app_size": 1, "team_skills": 1.5}
    assert result.decision.advice.margin == 4


def test_weights_count_in_the_verdict_and_in_the_redraws() -> None:
    said = ["output_kind=html_pages", "api_contract=essential"]

    plain = run(RecommendRequest(said))
    weighted = run(RecommendRequest(said, weights=["output_kind=3"]))

    assert plain.decision.advice.strength == "too_close"
    assert (weighted.decision.advice.verdict, weighted.decision.advice.margin) == ("flask", 6)
    assert plain.decision.sturdiness
    assert weighted.decision.sturdiness
    assert 0 < plain.decision.sturdiness.same < 1000
    assert weighted.decision.sturdiness.same > plain.decision.sturdiness.same


def test_the_problems_of_use_case_weights_and_answers_are_named_together(tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text('hostin = "any"\n[weights]\nhosting = 9\n')

    with pytest.raises(InputError) as failure:
        run(RecommendRequest(["app_size=smal"], file, use_case="rest", weights=["x=1"]))

    assert [problem.split(";")[0].split(".")[0] for problem in failure.value.problems] == [
        "There is no use case 'rest'",
        "There is no criterion 'hostin'",
        "The weight of hosting cannot be 9",
        "app_size cannot be 'smal'",
        "There is no criterion 'x'",
    ]


def test_what_is_saved_is_read_back_and_suggestions_stay_suggestions(tmp_path: Path) -> None:
    saved = tmp_path / "saved.toml"
    request = RecommendRequest(
        ["hosting=any", "app_size=unknown"],
        save_answers=saved,
        use_case="iot_system",
        weights=["hosting=2"],
    )

    first = run(request)
    again = run(RecommendRequest(answers_file=saved))

    assert again.decision.advice == first.decision.advice
    assert (again.decision.said.use_case, again.decision.said.weights) == (
        first.decision.said.use_case,
        first.decision.said.weights,
    )
    assert again.decision.said.answers["long_lived"].origin is Origin.USE_CASE
    assert again.decision.said.answers["app_size"] == Answer(None, Origin.FILE)


#: What keeps a Flask app, whichever framework is advised.
STAY = ("FastAPI with a2wsgi", "Quart", "Flask-SocketIO")


@pytest.mark.parametrize(
    ("said", "verdict", "ways"),
    [
        ({"starting_point": "flask_happy", "long_lived": "core", "hosting": "any"}, "flask", STAY),
        (
            {
                "starting_point": "flask_happy",
                "long_lived": "core",
                "library_style": "mostly_blocking",
            },
            "flask",
            STAY,
        ),
        (
            {
                "starting_point": "flask_pain",
                "bottleneck": "waiting_upstream",
                "peak_concurrency": "high",
            },
            "fastapi",
            STAY,
        ),
        ({"starting_point": "flask_happy", "api_contract": "essential"}, "flask", ("APIFlask",)),
        (
            {"starting_point": "flask_pain", "api_contract": "essential"},
            "fastapi",
            ("flask-openapi", "APIFlask", "a2wsgi"),
        ),
        (
            {
                "starting_point": "flask_pain",
                "api_contract": "essential",
                "team_skills": "flask",
                "auth_style": "browser_sessions",
                "output_kind": "html_pages",
            },
            "flask",
            ("flask-openapi", "APIFlask"),
        ),
    ],
)
def test_a_flask_app_that_wants_async_or_openapi_is_told_how_to_stay(
    said: dict[str, str], verdict: str, ways: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    result = run(RecommendRequest([f"{name}={value}" for name, value in said.items()]))
    show_recommendation(result)

    assert result.decision.advice.verdict == verdict
    shown = " ".join(capsys.readouterr().out.split())
    for text in (shown, written_recommendation(result, "md")):
        assert [way for way in ways if way not in text] == []
