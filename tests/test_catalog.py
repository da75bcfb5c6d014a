"""The catalog: a framework is a folder, and whatever is wrong is said at once."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from frameworkpick import catalog
from frameworkpick.core.decision.answers import Answer, Origin
from frameworkpick.core.decision.engine import recommend
from frameworkpick.errors import CatalogError

pytestmark = pytest.mark.version

TEMPLATES = catalog.templates_root()
CRITERIA = Path(catalog.__file__).parents[1] / "data" / "criteria.toml"
USE_CASES = CRITERIA.with_name("use_cases.toml")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Copy the knowledge of the frameworks to a templates folder of its own."""
    for file in TEMPLATES.glob("*/framework.toml"):
        folder = tmp_path / "templates" / file.parent.name
        folder.mkdir(parents=True)
        shutil.copy(file, folder)
    return tmp_path / "templates"


@pytest.fixture
def criteria(tmp_path: Path) -> Path:
    return Path(shutil.copy(CRITERIA, tmp_path))


@pytest.fixture
def use_cases(tmp_path: Path) -> Path:
    return Path(shutil.copy(USE_CASES, tmp_path))


def edit(path: Path, pattern: str, replacement: str) -> None:
    text, count = re.subn(
        pattern, replacement, path.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert count, pattern
    path.write_text(text, encoding="utf-8")


def faults(root: Path, criteria: Path = CRITERIA, use_cases: Path = USE_CASES) -> list[str]:
    with pytest.raises(CatalogError) as caught:
        catalog.load_knowledge(root, criteria, use_cases)
    assert caught.value.exit_code == 1
    assert caught.value.hint
    return caught.value.message.splitlines()


def add_third(root: Path) -> Path:
    """Add a framework as a folder, and nothing else: at home with open connections."""
    folder = root / "litestar"
    folder.mkdir()
    text = (root / "fastapi" / "framework.toml").read_text(encoding="utf-8")
    text = text.replace("name = 'FastAPI'", "name = 'Litestar'").replace("rank = 1", "rank = 9")
    file = folder / "framework.toml"
    file.write_text(text, encoding="utf-8")
    edit(file, r"^core = \{ score = 2,", "core = { score = 4,")
    return file


def test_the_frameworks_are_the_folders_of_the_templates() -> None:
    knowledge = catalog.load_knowledge()

    assert [framework.id for framework in knowledge.frameworks] == ["fastapi", "flask"]
    assert len(knowledge.criteria) == 16
    assert [interaction.id for interaction in knowledge.interactions] == [
        f"I{n}" for n in range(1, 11)
    ]


def test_a_third_framework_is_a_folder(root: Path) -> None:
    add_third(root)
    knowledge = catalog.load_knowledge(root)

    result = recommend(knowledge, {"long_lived": Answer("core", Origin.FLAG)})

    assert [place.framework for place in result.ranking] == ["litestar", "fastapi", "flask"]
    assert (result.verdict, result.strength, result.margin) == ("litestar", "lean", 2)
    assert recommend(knowledge, {}).verdict == "fastapi"


def test_a_folder_without_a_framework_file_is_none(root: Path) -> None:
    (root / "_shared").mkdir()

    assert len(catalog.load_knowledge(root).frameworks) == 2


def test_a_missing_verdict_is_named(root: Path) -> None:
    edit(add_third(root), r"^html_pages = .*$", "")

    assert faults(root) == [
        "templates/litestar/framework.toml has no verdict on output_kind.html_pages."
    ]


def test_all_faults_of_all_files_come_at_once(root: Path) -> None:
    flask, fastapi = root / "flask/framework.toml", root / "fastapi/framework.toml"
    edit(flask, r"^few = \{ score = 0,", "few = { score = 5,")
    edit(flask, r"^core = \{ score = -2,", "core = { score = 'much',")
    edit(flask, r"source = 'celery' \}$", "source = 'celary' }")
    edit(flask, r"^(url = 'https://gunicorn.org/design/'\nchecked = )(.*)$", r"\1'\2'")
    edit(fastapi, r"^many_services =", "many_servces =")
    edit(fastapi, r"because = 'Nothing to protect\.'", "becuase = 'Nothing to protect.'")
    edit(fastapi, r"^\[effect\.I8\]", "[effect.I88]")

    fastapi_says = [
        "has a verdict on app_size.many_servces, which is no option.",
        "has an unknown key 'becuase' in verdict.auth_style.none.",
        "has no text 'because' in verdict.auth_style.none.",
        "has no verdict on app_size.many_services.",
        "has an effect of I88, which is no interaction.",
    ]
    flask_says = [
        "has no date 'checked' in source.gunicorn_design.",
        "has a score of 5 in verdict.long_lived.few; it is from -4 to 4.",
        "has no whole number 'score' in verdict.long_lived.core.",
        "cites an unknown source 'celary' in verdict.bottleneck.cpu_or_model.",
    ]
    assert faults(root) == [
        *(f"templates/fastapi/framework.toml {fault}" for fault in fastapi_says),
        *(f"templates/flask/framework.toml {fault}" for fault in flask_says),
    ]


def test_an_effect_must_suit_its_interaction(root: Path) -> None:
    flask = root / "flask/framework.toml"
    edit(flask, r"^(\[effect\.I6\]\nscore = )0", r"\g<1>1")
    edit(flask, r"^(\[effect\.I7\]\nscore = 4)", "\\1\nveto = true")

    assert faults(root) == [
        "templates/flask/framework.toml has a score in effect.I6, which is only advice.",
        "templates/flask/framework.toml has a veto in effect.I7, which is only cap.",
    ]


@pytest.mark.parametrize(
    ("pattern", "replacement", "fault"),
    [
        (
            r"^\[serve\]\ncommand = .*$",
            "",
            "has no serve.command, a list of texts.",
        ),
        (
            r"^name = 'Flask'$",
            "name = ' '",
            "has no text 'name' in the file.",
        ),
        (
            r"^rank = 2$",
            "rank = true",
            "has no whole number 'rank' in the file.",
        ),
        (
            r"^\[verdict\.hosting\]$",
            "[verdict.hostage]",
            "has a verdict on hostage.any, which is no option.",
        ),
        (
            r"^both = .*$",
            "both = 3",
            "has something else than a table at verdict.output_kind.both.",
        ),
        (
            r"source = 'async'\n\n\[way",
            "source = 3\n\n[way",
            "cites an unknown source 3 in caveat.",
        ),
    ],
)
def test_a_fault_of_a_framework_is_said(
    root: Path, pattern: str, replacement: str, fault: str
) -> None:
    edit(root / "flask/framework.toml", pattern, replacement)

    assert f"templates/flask/framework.toml {fault}" in faults(root)


@pytest.mark.parametrize(
    ("pattern", "replacement", "fault"),
    [
        (
            r"^clear_from = 5$",
            "clear_from = 1",
            "must say 0 < lean_from <= clear_from.",
        ),
        (
            r"^version = .*$",
            "",
            "has no text 'version' in the file.",
        ),
        (
            r"^(team_skills = \['flask', ')fastapi",
            r"\1django",
            "names team_skills.django in tie_break, which is no option.",
        ),
        (
            r"peak_concurrency = \['low'\]",
            "peak_concurrency = ['lo']",
            "names peak_concurrency.lo in interaction.I2.any_of, which is no option.",
        ),
        (
            r"peak_concurrency = \['low'\]",
            "peak_concurrency = 'low'",
            "has something else than a list of options at interaction.I2.any_of.peak_concurrency.",
        ),
        (
            r"^kind = 'cap'$",
            "kind = 'hat'",
            "has an unknown kind 'hat' in interaction.I7; it is one of points, cap, advice.",
        ),
        (
            r"^(\[interaction\.I6\]\n.*\n.*\n)all_of = .*$",
            r"\1",
            "has no all_of in interaction.I6.",
        ),
        (
            r"^(\[interaction\.I7\])$",
            "\\1\nany_of = { hosting = ['any'] }",
            "has any_of in interaction.I7, which a cap cannot have.",
        ),
        (
            r"^\[\[instead\.beyond_micro\.static_only",
            "[[instead.beyond_micro.statics",
            "names beyond_micro.statics in instead, which is no option.",
        ),
        (
            r"^\[\[instead\.beyond_micro\.static_only\]\]",
            "[instead.beyond_micro.static_only]",
            "has something else than a list of tables at instead.beyond_micro.static_only.",
        ),
        (
            r"^url = 'https://github.com/expressjs/express'$",
            "",
            "has no text 'url' in instead.team_skills.not_python.",
        ),
        (
            r"^(url = 'https://github.com/expressjs/express')\nchecked = .*$",
            r"\1",
            "has no date 'checked' in instead.team_skills.not_python.",
        ),
        (
            r"^options\.mixed ",
            "options.unknown ",
            "has the option criterion.library_style.options.unknown, but 'unknown' means not sure.",
        ),
    ],
)
def test_a_fault_of_the_questions_is_said(
    root: Path, criteria: Path, pattern: str, replacement: str, fault: str
) -> None:
    edit(criteria, pattern, replacement)

    assert f"criteria.toml {fault}" in faults(root, criteria)


def test_a_file_that_is_no_toml_is_one_fault_and_hides_no_other_file(root: Path) -> None:
    (root / "flask/framework.toml").write_text("name = ", encoding="utf-8")
    edit(root / "fastapi/framework.toml", r"^rank = 1$", "")

    first, second = faults(root)

    assert first == "templates/fastapi/framework.toml has no whole number 'rank' in the file."
    assert second.startswith("templates/flask/framework.toml cannot be read: ")


def test_unreadable_questions_are_one_fault(root: Path, tmp_path: Path) -> None:
    (fault,) = faults(root, tmp_path / "nothing.toml")

    assert fault.startswith("nothing.toml cannot be read: ")


def test_a_folder_without_frameworks_is_a_fault(tmp_path: Path) -> None:
    assert faults(tmp_path) == [
        f"{tmp_path} holds no framework: none of its folders has a framework.toml."
    ]


@pytest.mark.parametrize("name", ["neither", "conflict"])
def test_a_framework_cannot_be_called_like_a_verdict(root: Path, name: str) -> None:
    (root / "flask").rename(root / name)

    (fault,) = faults(root)

    assert fault.endswith(f"stands in a folder called {name!r}, which is the name of a verdict.")


@pytest.mark.parametrize(
    ("pattern", "replacement", "fault"),
    [
        (
            r"^label = 'IoT system'$",
            "",
            "has no text 'label' in use_case.iot_system.",
        ),
        (
            r"(provisional = \{ output_kind = ')json_api(', long_lived = 'core', peak)",
            r"\1jsn\2",
            "names output_kind.jsn in use_case.iot_system, which is no option.",
        ),
        (
            r"(provisional = \{ )output_kind( = 'json_api', long_lived = 'core', peak)",
            r"\1output\2",
            "names output.json_api in use_case.iot_system, which is no option.",
        ),
        (
            r"peak_concurrency = 'high' \}",
            "hosting = 'no_native_wheels' }",
            "suggests hosting.no_native_wheels in use_case.iot_system, which would decide alone.",
        ),
        (
            r"peak_concurrency = 'high' \}",
            "beyond_micro = 'other_asgi' }",
            "suggests beyond_micro.other_asgi in use_case.iot_system, which would decide alone.",
        ),
        (
            r"asks = \['hosting', 'long_lived', 'peak_concurrency'\]",
            "asks = 'hosting'",
            "has no list of criteria 'asks' in use_case.iot_system.",
        ),
        (
            r"asks = \['hosting', 'long_lived', 'peak_concurrency'\]",
            "asks = []",
            "suggests answers in use_case.iot_system and asks nothing.",
        ),
        (
            r"asks = \['hosting', 'long_lived', 'peak_concurrency'\]",
            "asks = ['hostin']",
            "asks hostin in use_case.iot_system, which is no criterion.",
        ),
        (
            r"^(label = 'IoT system')$",
            r"\1\nlable = 'IoT'",
            "has an unknown key 'lable' in use_case.iot_system.",
        ),
        (
            r"(?s)\A.*\Z",
            "",
            "has no use case.",
        ),
    ],
)
def test_a_fault_of_the_use_cases_is_said(
    root: Path, use_cases: Path, pattern: str, replacement: str, fault: str
) -> None:
    edit(use_cases, pattern, replacement)

    assert f"use_cases.toml {fault}" in faults(root, use_cases=use_cases)


def test_the_faults_of_all_three_kinds_of_files_come_at_once(
    root: Path, criteria: Path, use_cases: Path
) -> None:
    edit(criteria, r"^clear_from = 5$", "clear_from = 1")
    edit(root / "flask/framework.toml", r"^rank = 2$", "rank = true")
    edit(use_cases, r"^label = 'IoT system'$", "")

    assert [fault.split()[0] for fault in faults(root, criteria, use_cases)] == [
        "criteria.toml", "templates/flask/framework.toml", "use_cases.toml",
    ]  # fmt: skip


def test_the_use_cases_are_read_only_when_they_are_wanted(use_cases: Path) -> None:
    use_cases.write_text("no TOML", encoding="utf-8")

    assert catalog.load_knowledge(use_cases=None).use_cases == ()
    with pytest.raises(CatalogError, match=r"use_cases\.toml cannot be read"):
        catalog.load_knowledge(use_cases=use_cases)
