"""The recommendation as a picture and as a page, made by the installed command."""

from __future__ import annotations

import functools
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SVG = "{http://www.w3.org/2000/svg}"
#: A clear verdict with weights and something against it, and the ends that are no framework.
CASES = {
    "clear": [
        "-a", "long_lived=core", "-a", "team_skills=flask", "-a", "output_kind=html_pages",
        "-a", "bottleneck=waiting_upstream", "-a", "peak_concurrency=high",
        "-a", "auth_style=browser_sessions", "--weight", "long_lived=1.5",
    ],
    "constraint": ["-a", "hosting=wsgi_only", "-a", "api_contract=essential"],
    "neither": ["-a", "beyond_micro=admin_orm_cms", "-a", "output_kind=html_pages"],
    "conflict": ["-a", "hosting=wsgi_only", "-a", "must_have_component=asgi_ecosystem"],
    "suggested": ["--use-case", "real_time_dashboard"],
    "half_suggested": ["--use-case", "iot_system", "-a", "output_kind=json_api"],
    "tie": ["--use-case", "rest_api", "-a", "output_kind=json_api"],
    "nothing": [],
}  # fmt: skip


#: What Chromium asks for on its own, whatever it shows; fonts are no part of it.
BROWSERS_OWN = re.compile(r"(?<!fonts)\.(google|googleapis|gvt1)\.com")


@functools.cache
def made(form: str, case: str) -> str:
    env = {"PATH": os.environ["PATH"], "SOURCE_DATE_EPOCH": "1795305600", "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-m", "frameworkpick", "recommend", "--format", form, *CASES[case]],
        env=env, capture_output=True, encoding="utf-8", check=True,
        stdin=subprocess.DEVNULL,
    ).stdout  # fmt: skip


class Page(HTMLParser):
    """Everything in a page that could fetch, run or leave."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("case", CASES)
def test_the_page_holds_nothing_that_fetches_or_runs(case: str) -> None:
    page = Page(made("html", case))
    assert not {"script", "link", "img", "iframe", "object", "embed", "base"} & set(page.tags)
    for tag, name, value in page.attributes:
        assert not name.startswith("on"), (tag, name)
        if "://" in value or name in {"src", "srcset", "href"}:
            assert (tag, name) == ("a", "href"), (tag, name, value)
    for word in ("@import", "url("):
        assert word not in page.words
    for hint in ("preconnect", "prefetch", "prerender", "preload"):
        assert hint not in made("html", case)
    csp = "default-src 'none'; style-src 'unsafe-inline'"
    assert ("meta", "content", csp) in page.attributes


def test_the_page_says_what_the_table_says() -> None:
    words = " ".join(Page(made("html", "clear")).words.split())
    table = " ".join(made("table", "clear").split())
    for sentence in (
        "FastAPI, clearly (ahead by 5 points).",
        "6 of 15 questions that count are answered.",
        "how much this depends on our weights, not how sure you can be.",
        "Weights set for this: long_lived x 1.5.",
        "Each open connection ties up a worker, so its docs name Quart; 100 threads held",
    ):
        assert sentence in words
        assert sentence in table
    assert "from its knowledge of" in words
    assert "As of 2026-11-22" in words
    assert "from the command line" in words


def test_what_a_person_wrote_into_the_knowledge_cannot_break_out_of_the_page() -> None:
    hostile = made_from('<script>alert("x")</script> & more')
    assert "<script>" not in hostile[0] + hostile[1]
    assert "&lt;script&gt;" in hostile[0]
    assert '<script>alert("x")</script> & more' in "".join(ET.fromstring(hostile[1]).itertext())  # noqa: S314 (our own picture)


@pytest.mark.parametrize("case", CASES)
def test_the_picture_is_text_and_shapes_and_nothing_else(case: str) -> None:
    picture = ET.fromstring(made("svg", case))  # noqa: S314 (our own picture)
    tags = {element.tag.removeprefix(SVG) for element in picture.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "line", "text"}
    style = picture.findtext(f"{SVG}style", "")
    assert "@import" not in style
    assert "url(" not in style
    assert "prefers-color-scheme:dark" in style
    shown = " ".join(element.text or "" for element in picture.iter(f"{SVG}text"))
    assert picture.findtext(f"{SVG}title", "?") in shown


def test_the_strongest_point_names_the_framework_it_speaks_for() -> None:
    point = "For Flask: It carries no API machinery that nobody asked for."
    page = " ".join(Page(made("html", "suggested")).words.split())
    picture = ET.fromstring(made("svg", "suggested"))  # noqa: S314 (our own picture)
    drawn = " ".join(element.text or "" for element in picture.iter(f"{SVG}text"))
    table = " ".join(made("table", "suggested").split())
    for words in (page, drawn, table):
        assert re.search(rf"The strongest point against FastAPI.? {re.escape(point)}", words)


def words_of(form: str, case: str) -> str:
    text = made(form, case)
    if form == "svg":
        parts = ET.fromstring(text).iter(f"{SVG}text")  # noqa: S314 (our own picture)
        text = " ".join(element.text or "" for element in parts)
    if form == "html":
        text = Page(text).words
    return " ".join(text.split())


@pytest.mark.parametrize("form", ["table", "md", "svg", "html"])
def test_what_a_use_case_suggests_is_no_finding(form: str) -> None:
    words = words_of(form, "half_suggested")
    question = "Does the place where it will run restrict you?"
    mark = {"table": "hosting: ", "md": "* "}.get(form, "")
    for said in (
        "not confirmed" if form != "md" else "It alone suggests `long_lived`, `peak_concurrency`,",
        "Thousands of open sockets are one thing; a few sensors",
        f"Still to answer: {mark}{question}",
        "suggested)",
    ):
        assert said in words
    if form != "md":
        assert "1 of 15 questions that count are answered; 2 more are only suggested." in words
    # The person said this one.
    for answer in ("output_kind: json_api, suggested", "JSON for other programs (suggested)"):
        assert answer not in words
    assert "suggested" not in words_of(form, "constraint")


@pytest.mark.parametrize("form", ["table", "md", "svg", "html"])
def test_what_to_use_instead_says_when_it_was_checked(form: str) -> None:
    section = words_of(form, "neither").partition("Instead:" if form == "md" else "Django")[2]
    assert re.match(r".{1,200}checked 20[0-9]{2}-[0-9]{2}-[0-9]{2}", section)


@pytest.mark.parametrize("form", ["table", "md", "svg", "html"])
def test_a_tie_does_not_count_its_default_as_a_verdict_that_stays(form: str) -> None:
    words = words_of(form, "tie")
    assert re.search(r"It stays too close to call in [0-9]{3} of 1,000 redraws", words)
    assert re.search(r"; the lead goes to FastAPI in [0-9]+ and to Flask in [0-9]+: how", words)
    assert "verdict stays" not in words


def test_the_bar_of_a_suggestion_looks_like_one() -> None:
    assert "long_lived: core        │████████ +4 (suggested)\n" in made("table", "half_suggested")
    picture = ET.fromstring(made("svg", "half_suggested"))  # noqa: S314 (our own picture)
    looks = [rect.get("class") for rect in picture.iter(f"{SVG}rect")]
    assert (looks.count("for guess"), looks.count("for")) == (2, 1)
    assert made("html", "half_suggested").count('class="lane guess"') == 2


def test_the_picture_has_a_bar_for_each_answer_and_tells_them_in_words() -> None:
    picture = ET.fromstring(made("svg", "clear"))  # noqa: S314 (our own picture)
    looks = [rect.get("class") for rect in picture.iter(f"{SVG}rect")]
    assert (looks.count("for"), looks.count("against")) == (5, 3)
    told = picture.findtext(f"{SVG}desc", "")
    assert told.startswith("Points for FastAPI over Flask: long_lived: core +6, ")
    assert told.endswith("output_kind: html_pages -3.")


def test_the_markdown_is_the_decision_record() -> None:
    text = made("md", "clear")
    assert text.startswith("---\nstatus: ")
    assert "\ndate: 2026-11-22\n" in text
    assert "\n## Decision Outcome\n" in text
    # Without a project there is no such file.
    assert ".frameworkpick.toml" not in text


@pytest.mark.parametrize(
    ("case", "title"),
    [
        ("neither", "Use neither FastAPI nor Flask"),
        ("conflict", "Leave the web framework open: the answers contradict each other"),
    ],
)
def test_a_record_of_no_framework_is_only_proposed(case: str, title: str) -> None:
    text = made("md", case)
    assert text.startswith("---\nstatus: proposed\n")
    assert f"\n# {title}\n" in text
    assert "No option is chosen." in text
    assert "frameworkpick verify" not in text


def test_where_a_constraint_decides_no_weight_does() -> None:
    for form in ("html", "svg"):
        words = words_of(form, "constraint")
        assert "redraws" not in words
        assert "+3 for FastAPI" in words
    for form in ("table", "md", "svg", "html"):
        words = words_of(form, "constraint")
        assert (
            "No points can change that; an answer on team_skills, beyond_micro or "
            "must_have_component could." in words
        )
        assert "the lead -" not in words
        assert "lead to anything" not in words


@pytest.mark.browser
@pytest.mark.parametrize("case", ["clear", "neither"])
def test_a_browser_shows_the_page_without_the_network(tmp_path: Path, case: str) -> None:
    place = tmp_path / "page.html"
    place.write_text(made("html", case), encoding="utf-8")
    with trap() as (port, seen):
        dom = browse(place, tmp_path, "--dump-dom", port=port)
        shot = tmp_path / "page.png"
        browse(place, tmp_path, f"--screenshot={shot}", port=port)
    assert "<h1>" in dom
    assert dom.rstrip().endswith("</html>")
    assert shot.stat().st_size > 20_000
    assert [line for line in seen if not BROWSERS_OWN.search(line)] == []


@pytest.mark.browser
def test_the_trap_would_notice_a_page_that_fetches(tmp_path: Path) -> None:
    place = tmp_path / "page.html"
    place.write_text('<img src="http://pictures.test/x.png">', encoding="utf-8")
    with trap() as (port, seen):
        browse(place, tmp_path, "--dump-dom", port=port)
    assert any("pictures.test" in line for line in seen)


@pytest.mark.matrix
@pytest.mark.browser
@pytest.mark.parametrize("case", CASES)
def test_no_text_of_the_picture_leaves_the_card(tmp_path: Path, case: str) -> None:
    place = tmp_path / "picture.html"
    measure = """
    <script>
    const card = document.querySelector("svg").viewBox.baseVal;
    const out = [...document.querySelectorAll("text")].filter(text => {
      const box = text.getBBox();
      const right = box.x + box.width, bottom = box.y + box.height;
      return box.x < 8 || right > card.width - 8 || bottom > card.height - 8;
    });
    document.body.dataset.out = out.map(text => text.textContent).join("|") || "none";
    </script>"""
    place.write_text(f"<body>{made('svg', case)}{measure}</body>", encoding="utf-8")
    with trap() as (port, _):
        dom = browse(place, tmp_path, "--dump-dom", port=port)
    assert re.findall(r'data-out="([^"]*)"', dom) == ["none"]


def made_from(words: str) -> tuple[str, str]:
    """Return the page and the picture of a recommendation in which a reason says these words."""
    from dataclasses import replace  # noqa: PLC0415 (this test alone)

    from frameworkpick import catalog  # noqa: PLC0415
    from frameworkpick.core.decision import decide  # noqa: PLC0415
    from frameworkpick.core.decision.answers import Origin, Situation, parse_answers  # noqa: PLC0415
    from frameworkpick.report.document import html  # noqa: PLC0415
    from frameworkpick.report.picture import svg  # noqa: PLC0415

    knowledge = catalog.load_knowledge()
    answers = parse_answers(knowledge, ["long_lived=core"], Origin.FLAG)
    decision = decide(knowledge, Situation(answers), redraw=True)
    assert decision.advice.against
    against = replace(decision.advice.against, because=words)
    decision = replace(decision, advice=replace(decision.advice, against=against))
    page = html(decision, date="2026-11-22", signature=words)
    return page, svg(decision, signature=words)


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return found
    if os.environ.get("FRAMEWORKPICK_CI") == "1":
        pytest.fail("chromium is not installed: apt-get install chromium")
    pytest.skip("chromium is not installed")


def browse(place: Path, scratch: Path, *flags: str, port: int) -> str:
    """Open a file in Chromium with everything it wants from the network sent to a port."""
    done = subprocess.run(
        [
            chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-features=NetworkTimeServiceQuerying",
            "--no-first-run", f"--user-data-dir={scratch / 'profile'}", "--window-size=1000,1600",
            f"--proxy-server=http://127.0.0.1:{port}", *flags, place.as_uri(),
        ],
        capture_output=True, encoding="utf-8", timeout=120, check=True,
        env={"PATH": os.environ["PATH"], "HOME": str(scratch), "LANG": "C.UTF-8"},
    )  # fmt: skip
    return done.stdout


@contextmanager
def trap() -> Iterator[tuple[int, list[str]]]:
    """Listen where the browser sends its requests; note the first line of each."""
    seen: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        over = threading.Event()

        def listen() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except TimeoutError:
                    if over.is_set():  # and none is left that came before
                        return
                    continue
                # Chromium opens some ahead of need: they send nothing, and ask for nothing.
                with connection, suppress(OSError):
                    connection.settimeout(2)
                    if begin := connection.recv(4096):
                        seen.append(begin.decode("latin-1").partition("\r\n")[0])
                        connection.sendall(b"HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield listening.getsockname()[1], seen
        finally:
            over.set()
            thread.join()
