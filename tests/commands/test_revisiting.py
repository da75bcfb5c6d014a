"""``recommend --from DIR``: a recorded decision, seen with today's knowledge."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from frameworkpick import catalog
from frameworkpick.commands.recommend import RecommendRequest, run
from frameworkpick.core.decision import decide
from frameworkpick.core.decision.answers import Answer, Origin, Situation
from frameworkpick.core.project_file import project_record
from frameworkpick.errors import FrameworkpickError, InputError, TargetError
from frameworkpick.project import read_decided
from frameworkpick.report.record import decision_record

if TYPE_CHECKING:
    from frameworkpick.core.results.recommended import RecommendResult

KNOWLEDGE = catalog.load_knowledge()
SAID = {
    "output_kind": Answer("json_api", Origin.FLAG),
    "api_contract": Answer("essential", Origin.ASKED),
    "hosting": Answer(None, Origin.ASKED),
    "long_lived": Answer("none", Origin.USE_CASE),
}
TODAY = date(2027, 1, 31)
#: Answers with which the old decision would have been another one.
PAGES = ("output_kind=html_pages", "api_contract=none")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write the two records of a project, as ``new`` does."""
    return recorded(tmp_path / "shop")


def recorded(folder: Path, chosen: str = "fastapi", because: str | None = None) -> Path:
    decision = decide(KNOWLEDGE, Situation(SAID, "rest_api", {"app_size": 2}))
    about: Any = {
        "chosen": chosen,
        "because": because,
        "date": "2026-11-22",
        "tool_version": "0.1.0",
    }
    adr = folder / "docs" / "adr"
    adr.mkdir(parents=True)
    (adr / "0001-web-framework.md").write_text(decision_record(decision, **about))
    (folder / ".frameworkpick.toml").write_text(
        project_record(
            decision, options={"docker": True}, command="frameworkpick new shop", **about
        )
    )
    return folder


def edit(project: Path, pattern: str, replacement: str) -> None:
    path = project / ".frameworkpick.toml"
    text, count = re.subn(pattern, replacement, path.read_text(), flags=re.MULTILINE)
    assert count, pattern
    path.write_text(text)


def written(result: RecommendResult) -> Path:
    """Return the decision record that was written."""
    assert result.changed
    assert result.changed.written
    return Path(result.changed.written)


def statuses(project: Path) -> dict[str, str]:
    return {
        path.name: re.findall(r"^status: (.*)$", path.read_text(), re.MULTILINE)[0]
        for path in sorted((project / "docs" / "adr").iterdir())
    }


def test_with_the_same_knowledge_nothing_changed(project: Path) -> None:
    result = run(RecommendRequest(from_dir=project))

    assert result.changed
    assert not any((result.changed.verdict, result.changed.strength, result.changed.margin))
    assert (result.changed.gone, result.changed.answers) == ((), ())
    assert (result.decision.said.use_case, result.decision.said.weights) == (
        "rest_api",
        {"app_size": 2},
    )
    assert result.decision.said.answers == {
        "output_kind": Answer("json_api", Origin.RECORD),
        "api_contract": Answer("essential", Origin.RECORD),
        "hosting": Answer(None, Origin.RECORD),
        "long_lived": Answer("none", Origin.USE_CASE),
    }


def test_what_is_not_known_any_more_is_left_out_and_named(project: Path) -> None:
    edit(project, r"^api_contract = \{ value = .essential.", 'api_contract = { value = "gold"')
    edit(project, r"^hosting = ", "fax_machine = ")
    edit(project, r"^app_size = 2$", "fax_machine = 2")
    edit(project, r"^use_case = .rest_api.$", 'use_case = "fax"')

    result = run(RecommendRequest(from_dir=project))

    assert result.changed
    assert result.changed.gone == (
        "api_contract=gold", "fax_machine=unknown", "weights.fax_machine=2", "use_case=fax",
    )  # fmt: skip
    assert set(result.decision.said.answers) == {"output_kind", "long_lived"}
    assert (result.changed.verdict, result.changed.strength, result.changed.margin) == (
        False, True, -3,
    )  # fmt: skip


def test_answers_given_now_win_and_are_listed(project: Path) -> None:
    result = run(RecommendRequest(PAGES, from_dir=project))

    assert result.changed
    assert result.decision.advice.verdict == "flask"
    assert result.changed.verdict
    assert result.changed.answers == (
        ("output_kind", "json_api", "html_pages"),
        ("api_contract", "essential", "none"),
    )


def test_another_use_case_takes_the_old_suggestions_back(project: Path) -> None:
    result = run(RecommendRequest(from_dir=project, use_case="prototype_mvp"))

    assert result.decision.said.use_case == "prototype_mvp"
    assert "long_lived" not in result.decision.said.answers
    assert result.decision.said.answers["project_stage"] == Answer("mvp", Origin.USE_CASE)


def test_nothing_is_written_unless_it_is_asked_for(project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}

    run(RecommendRequest(PAGES, from_dir=project))

    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_a_changed_decision_supersedes_the_old_one(project: Path) -> None:
    adr = project / "docs" / "adr"
    (adr / "0007-use-postgresql.md").write_text("---\nstatus: accepted\n---\n")
    old = (adr / "0001-web-framework.md").read_text()

    result = run(RecommendRequest(PAGES, from_dir=project, write=True, today=TODAY))

    assert written(result) == adr / "0008-web-framework.md"
    new = written(result).read_text()
    assert new.startswith("---\nstatus: proposed\ndate: 2027-01-31\n---\n\n# Use Flask as the web")
    assert "This supersedes [0001-web-framework.md](0001-web-framework.md)." in new
    assert "The code is built on FastAPI, and nobody has ported it: this is proposed." in new
    assert "### Confirmation" not in new
    assert (adr / "0001-web-framework.md").read_text() == old.replace(
        "status: accepted", "status: superseded by ADR-0008", 1
    )
    assert statuses(project)["0007-use-postgresql.md"] == "accepted"


def test_a_changed_decision_is_added_to_the_record_of_the_project(project: Path) -> None:
    edit(project, r"\Z", '\n# ours\n[check]\nignore = ["docs/**"]\n')
    edit(project, r"origin = .asked.", 'origin = "preset"')
    before = (project / ".frameworkpick.toml").read_text()
    said = (*PAGES, "hosting=wsgi_only")

    run(RecommendRequest(said, from_dir=project, weights=("app_size=3",), write=True, today=TODAY))

    after = (project / ".frameworkpick.toml").read_text()
    assert after.startswith(before)
    (decision,) = tomllib.loads(after)["decisions"]
    assert decision["date"] == "2027-01-31"
    assert decision["record"] == "docs/adr/0002-web-framework.md"
    assert decision["knowledge_version"] == KNOWLEDGE.version
    assert decision["recommendation"]["verdict"] == "flask"
    assert decision["answers"] == {
        "output_kind": {"value": "html_pages", "origin": "flag"},
        "api_contract": {"value": "none", "origin": "flag"},
        "hosting": {"value": "wsgi_only", "origin": "flag"},
        "long_lived": {"value": "none", "origin": "use_case"},
    }
    assert decision["weights"] == {"app_size": 3}
    record = (project / "docs/adr/0002-web-framework.md").read_text()
    assert "`.frameworkpick.toml` holds the answers and the verdict." in record


def test_what_was_recorded_last_is_what_counts_from_then_on(project: Path) -> None:
    run(RecommendRequest(PAGES, from_dir=project, weights=("app_size=3",), write=True, today=TODAY))

    again = run(RecommendRequest(from_dir=project))

    assert again.decision.advice.verdict == "flask"
    assert again.decision.said.weights == {"app_size": 3}
    assert again.changed
    assert (again.changed.verdict, again.changed.margin, again.changed.answers) == (False, 0, ())
    assert (again.changed.record.framework, again.changed.record.date) == ("fastapi", "2027-01-31")
    assert read_decided(project)["output_kind"] == "html_pages"


def test_line_ends_and_modes_stay(project: Path) -> None:
    paths = (project / ".frameworkpick.toml", project / "docs/adr/0001-web-framework.md")
    for path in paths:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        path.chmod(0o600)

    run(RecommendRequest(PAGES, from_dir=project, write=True))

    for path in paths:
        content = path.read_bytes()
        assert content.count(b"\n") == content.count(b"\r\n")
        assert path.stat().st_mode & 0o777 == 0o600
    assert statuses(project)["0001-web-framework.md"] == "superseded by ADR-0002"
    assert len(tomllib.loads(paths[0].read_text())["decisions"]) == 1


def test_writing_twice_writes_once_and_going_back_supersedes_again(project: Path) -> None:
    there = RecommendRequest(PAGES, from_dir=project, write=True)
    back = ("output_kind=json_api", "api_contract=essential")

    new = written(run(there)).read_text()
    assert "\nThe use case: REST API (`rest_api`)." in new
    assert "redraws of our weights" in new
    assert run(there).stands
    assert run(RecommendRequest(from_dir=project, write=True)).stands
    written(run(RecommendRequest(back, from_dir=project, write=True)))
    assert statuses(project) == {
        "0001-web-framework.md": "superseded by ADR-0002",
        "0002-web-framework.md": "superseded by ADR-0003",
        "0003-web-framework.md": "accepted",
    }


@pytest.mark.parametrize("said", [(), ("app_size=medium",)], ids=["the same", "another margin"])
def test_an_advice_that_is_the_same_writes_nothing_and_says_so(
    project: Path, said: tuple[str, ...]
) -> None:
    before = (project / ".frameworkpick.toml").read_bytes()

    result = run(RecommendRequest(said, from_dir=project, write=True))

    assert result.changed
    assert (result.changed.written, result.stands) == (None, True)
    assert statuses(project) == {"0001-web-framework.md": "accepted"}
    assert (project / ".frameworkpick.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("said", "title"),
    [
        (("beyond_micro=static_only",), "# Use neither FastAPI nor Flask"),
        (
            ("hosting=wsgi_only", "must_have_component=asgi_ecosystem"),
            "# Leave the web framework open: the answers contradict each other",
        ),
    ],
    ids=["neither", "conflict"],
)
def test_a_verdict_that_is_no_framework_is_recorded_as_a_proposal(
    project: Path, said: tuple[str, ...], title: str
) -> None:
    result = run(RecommendRequest(said, from_dir=project, write=True))

    assert f"\n{title}\n" in written(result).read_text()
    assert statuses(project) == {
        "0001-web-framework.md": "superseded by ADR-0002", "0002-web-framework.md": "proposed",
    }  # fmt: skip
    assert run(RecommendRequest(from_dir=project)).decision.advice == result.decision.advice


def test_the_lead_is_compared_with_that_of_the_same_framework(project: Path) -> None:
    ruled_out = run(RecommendRequest(("hosting=wsgi_only",), from_dir=project)).changed
    less = run(RecommendRequest(("api_contract=nice",), from_dir=project)).changed

    # FastAPI is ruled out, and still ahead by as many points as it was.
    assert ruled_out
    assert (ruled_out.verdict, ruled_out.margin) == (True, 0)
    assert less
    assert less.margin == -2


def test_where_an_old_record_leaves_open_who_led_nothing_is_said_of_the_lead(
    project: Path,
) -> None:
    edit(project, "^leader = .*$", "")
    known = run(RecommendRequest(("api_contract=nice",), from_dir=project)).changed
    edit(project, "^strength = .*$", 'strength = "too_close"')
    open_ = run(RecommendRequest(("api_contract=nice",), from_dir=project)).changed

    assert known
    assert open_
    assert (known.margin, open_.margin) == (-2, None)


def test_when_one_file_cannot_be_written_all_are_as_they_were(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if Path(target).name == "0001-web-framework.md":  # the last of the three
            raise OSError("No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(TargetError, match="No space left"):
        run(RecommendRequest(PAGES, from_dir=project, write=True))

    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_a_name_that_the_record_needs_is_asked_for(project: Path) -> None:
    edit(project, r"\A", 'decisions = "ours"\n')

    with pytest.raises(FrameworkpickError, match="A decision cannot be added"):
        run(RecommendRequest(PAGES, from_dir=project, write=True))

    assert statuses(project) == {"0001-web-framework.md": "accepted"}


def test_an_override_that_the_advice_still_opposes_writes_nothing(tmp_path: Path) -> None:
    project = recorded(tmp_path / "shop", chosen="flask", because="We know it.")

    result = run(RecommendRequest(from_dir=project, write=True))

    assert result.changed
    assert result.changed.written is None
    assert (result.changed.record.framework, result.changed.record.because) == (
        "flask", "We know it.",
    )  # fmt: skip


def test_a_project_without_decision_records_gets_the_first(project: Path) -> None:
    (project / "docs/adr/0001-web-framework.md").unlink()

    result = run(RecommendRequest(PAGES, from_dir=project, write=True))

    assert written(result) == project / "docs/adr/0001-web-framework.md"
    assert "supersedes" not in written(result).read_text()


def test_a_folder_without_a_record_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(FrameworkpickError, match=r"holds no \.frameworkpick\.toml"):
        run(RecommendRequest(from_dir=tmp_path))


def test_a_damaged_record_is_refused_with_everything_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / ".frameworkpick.toml").write_text(
        'framework = "flask"\ndate = 2026\n[answers]\nhosting = "any"\n'
    )

    with pytest.raises(InputError) as failure:
        run(RecommendRequest(from_dir=tmp_path))

    assert set(failure.value.problems) == {
        "The record has no text date.",
        "The record has no text knowledge_version.",
        "The record has no text recommendation.verdict.",
        "The record has no text recommendation.strength.",
        "The record has no number recommendation.margin.",
        "The record has no text answers.hosting.value.",
        "The record has no text answers.hosting.origin.",
    }


def test_a_record_that_cannot_be_written_is_a_target_that_is_refused(project: Path) -> None:
    adr = project / "docs" / "adr"
    (adr / "0001-web-framework.md").unlink()
    adr.rmdir()
    adr.write_text("a file")

    with pytest.raises(TargetError, match="could not be written"):
        run(RecommendRequest(PAGES, from_dir=project, write=True))


def test_writing_needs_a_project() -> None:
    with pytest.raises(InputError, match="--write needs --from"):
        run(RecommendRequest(write=True))
