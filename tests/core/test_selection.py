from __future__ import annotations

from frameworkpick.core.decision.answers import Answer, Origin
from frameworkpick.core.options import Effect, ProjectOption
from frameworkpick.core.selection import Choice, Question, complete_options, option_defaults

WHEELS = "pydantic-core is compiled."
AUTH = (
    Effect("auth_style", "none", "none", "auth = none, because nobody has to sign in."),
    Effect("auth_style", "browser_sessions", None, "Sign-in uses bearer tokens."),
)
DATABASE = (
    Effect("app_size", "many_services", "postgresql", "database = postgresql, for several."),
)
DOCKER = (
    Effect("hosting", "no_native_wheels", value=False, note="docker = no, because it is small."),
    Effect("hosting", "no_native_wheels", None, WHEELS),
)
QUESTIONS = (
    Question("framework", "Framework", "text", ""),
    Question("project_name", "Name", "text", ""),
    Question("package_name", "Package", "text", ""),
    Question("description", "Description", "text", "An API"),
    Question(
        "auth", "Auth", "choice", "tokens",
        (Choice("tokens", "Tokens"), Choice("none", "None")), option=ProjectOption(effects=AUTH),
    ),
    Question(
        "database", "Database", "choice", "sqlite",
        (Choice("sqlite", "SQLite"), Choice("postgresql", "PostgreSQL")),
        option=ProjectOption(effects=DATABASE, refused=(("mysql", "nobody tried"),)),
    ),
    Question("docker", "Docker", "flag", default=True, option=ProjectOption(effects=DOCKER)),
)  # fmt: skip


def said(**answers: str) -> dict[str, Answer]:
    return {key: Answer(value, Origin.ASKED) for key, value in answers.items()}


def test_without_answers_the_defaults_are_the_questionnaires() -> None:
    values, notes = option_defaults(QUESTIONS, {})
    assert values == {"auth": "tokens", "database": "sqlite", "docker": True}
    assert notes == ()


def test_an_answer_moves_a_default_and_says_so() -> None:
    values, notes = option_defaults(QUESTIONS, said(auth_style="none", app_size="many_services"))
    assert values["auth"] == "none"
    assert values["database"] == "postgresql"
    assert [note.split(",")[0] for note in notes] == ["auth = none", "database = postgresql"]


def test_a_small_board_is_told_of_compiled_dependencies() -> None:
    values, notes = option_defaults(QUESTIONS, said(hosting="no_native_wheels"))
    assert values["docker"] is False
    assert any("pydantic-core" in note for note in notes)


def test_cookie_sessions_are_not_promised() -> None:
    _, notes = option_defaults(QUESTIONS, said(auth_style="browser_sessions"))
    assert any("bearer tokens" in note for note in notes)


def test_what_is_given_wins_over_the_default_and_the_package_name_is_derived() -> None:
    values, problems = complete_options(
        QUESTIONS, {"auth": "none"}, defaults={"auth": "tokens"}, project_name="My-App"
    )
    assert problems == []
    assert values["auth"] == "none"
    assert values["package_name"] == "my_app"
    assert values["docker"] is True


def test_every_problem_is_reported_at_once_with_a_suggestion() -> None:
    _, problems = complete_options(
        QUESTIONS,
        {"auht": "none", "database": "postgres", "docker": "nope", "package_name": "class"},
        defaults={},
        project_name="a/b",
    )
    assert len(problems) == 5
    text = "\n".join(problems)
    assert "'auht'. Did you mean 'auth'?" in text
    assert "it is one of sqlite, postgresql. Did you mean 'postgresql'?" in text
    assert "docker must be true or false" in text
    assert "'a/b'" in text
    assert "'class'" in text
