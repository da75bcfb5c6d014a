"""Probes of what every service has: health, documentation, headers, error bodies."""

from __future__ import annotations

import re
import secrets
from html.parser import HTMLParser

from .client import ProbeFailed, Response
from .visit import API, Visit, problem

#: Oldest OpenAPI version of the contract.
OPENAPI = (3, 1)
#: Headers of every answer and what their value must look like.
SECURITY_HEADERS = {
    "X-Content-Type-Options": r"nosniff",
    "X-Frame-Options": r"DENY",
    "Referrer-Policy": r".+",
    "Content-Security-Policy": r".*default-src .+",
    "Strict-Transport-Security": r"max-age=[1-9]\d+.*",
}


def health(visit: Visit) -> str:
    """Ask whether the process lives."""
    answer = visit.client.get("/health").expect(200)
    answer.must(answer.mapping().get("status") == "ok", 'Expected {"status": "ok"}.')
    return "200 ok"


def ready(visit: Visit) -> str:
    """Ask whether the database can be reached and is migrated."""
    answer = visit.client.get("/ready").expect(200)
    answer.must(answer.mapping().get("status") == "ok", 'Expected {"status": "ok"}.')
    return "200 ok"


def openapi(visit: Visit) -> str:
    """Read the OpenAPI document: new enough, with every contract route that is in the code."""
    answer = visit.client.get("/openapi.json").expect(200)
    document = answer.mapping()
    version = str(document.get("openapi", ""))
    found = re.match(r"(\d+)\.(\d+)", version)
    new_enough = found is not None and (int(found[1]), int(found[2])) >= OPENAPI
    answer.must(new_enough, f"Expected OpenAPI 3.1 or newer, got {version or 'no version'}.")
    visit.openapi = document
    described = visit.operations() or set()
    hidden = [name for name in operations(visit.accounts) if name not in described]
    lost = [name for name in hidden if name in visit.handlers]
    if lost:
        raise ProbeFailed(
            f"In the code, but not in openapi.json: {', '.join(lost)}.\n\n"
            f"Its operationIds: {', '.join(sorted(described)) or 'none'}"
        )
    return f"OpenAPI {version}, {len(described)} operations"


def operations(accounts: bool) -> tuple[str, ...]:  # noqa: FBT001 (the one option it depends on)
    """Return the contract's operationIds, with or without accounts."""
    always = ("health", "ready")
    auth = ("register", "login", "refresh", "logout", "get_me") if accounts else ()
    return (*always, *auth, "list_items", "create_item", "get_item", "update_item", "delete_item")


class _Assets(HTMLParser):
    """Collects what a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.others: list[str] = []
        self.inline = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script":
            if "src" in given:
                self.scripts.append(given["src"])
            elif given.get("type", "") in {"", "module", "text/javascript"}:
                self.inline += 1
        elif tag == "link" and "stylesheet" in given.get("rel", ""):
            self.styles.append(given.get("href", ""))
        elif tag == "link":
            self.others.append(given.get("href", ""))
        elif "src" in given:
            self.others.append(given["src"])


def _assets(page: Response) -> _Assets:
    assets = _Assets()
    assets.feed(page.body.decode("utf-8", "replace"))
    return assets


def docs_page(visit: Visit) -> str:
    """Open the interactive page: nothing from elsewhere, under a strict policy."""
    page = visit.client.get("/docs").expect(200)
    kind = page.header("Content-Type") or ""
    page.must(kind.startswith("text/html"), f"Expected text/html, got {kind or 'no content type'}.")
    assets = _assets(page)
    all_of_it = [*assets.scripts, *assets.styles, *assets.others]
    remote = [url for url in all_of_it if re.match(r"(https?:)?//", url, re.IGNORECASE)]
    page.must(not remote, f"The page loads {', '.join(remote)} from elsewhere.")
    page.must(assets.scripts and assets.styles, "The page loads no script or no style sheet.")
    page.must(not assets.inline, "The page holds an inline script, which the policy must refuse.")
    policy = page.header("Content-Security-Policy") or ""
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";") if rule.strip())
    scripts = rules.get("script-src", rules.get("default-src", ""))
    page.must(
        scripts.split() == ["'self'"], f"Expected script-src 'self', got {scripts or 'no policy'}."
    )
    return f"{len(assets.scripts)} scripts and {len(assets.styles)} style sheets, all local"


def docs_assets(visit: Visit) -> str:
    """Fetch the page's script and style sheet files from this server."""
    assets = _assets(visit.client.get("/docs").expect(200))
    size = 0
    for kind, urls in (("javascript", assets.scripts), ("css", assets.styles)):
        for url in urls:
            answer = visit.client.get(url if url.startswith("/") else f"/{url}").expect(200)
            given = answer.header("Content-Type") or ""
            answer.must(kind in given, f"Expected {kind}, got {given or 'no content type'}.")
            answer.must(answer.body, "The file is empty.")
            size += len(answer.body)
    return f"{len(assets.scripts) + len(assets.styles)} files, {size // 1024} KiB"


def security_headers(visit: Visit) -> str:
    """Look for every security header on a good answer, an error and the documentation page."""
    for path in ("/health", "/no-such-path"):
        answer = visit.client.get(path)
        wrong = [
            f"{name}: {answer.header(name) or 'missing'}"
            for name, pattern in SECURITY_HEADERS.items()
            if not re.fullmatch(pattern, answer.header(name) or "")
        ]
        answer.must(not wrong, f"Missing or weak security headers: {'; '.join(wrong)}.")
    return f"{len(SECURITY_HEADERS)} headers on an answer and on an error"


def request_id(visit: Visit) -> str:
    """Send a request id and expect it back; send none; find it in a problem body."""
    given = f"verify-{secrets.token_hex(8)}"
    answer = visit.client.get("/health", headers={"X-Request-ID": given})
    answer.must(answer.header("X-Request-ID") == given, f"Expected X-Request-ID: {given}.")
    made = [visit.client.get("/health") for _ in range(2)]
    ids = {answer.header("X-Request-ID") for answer in made}
    made[0].must(
        None not in ids and len(ids) == len(made), "Expected a fresh X-Request-ID each time."
    )
    lost = visit.client.get("/no-such-path", headers={"X-Request-ID": given})
    instance = str(problem(lost, 404)["instance"])
    lost.must(given in instance, "Expected the request id in the problem's instance.")
    return "echoed, made, and in the problem body"


def cors_closed(visit: Visit) -> str:
    """Come from another origin, which nobody named."""
    origin = {"Origin": "https://elsewhere.example"}
    preflight = {**origin, "Access-Control-Request-Method": "POST"}
    for answer in (
        visit.client.get("/health", headers=origin),
        visit.client.request("OPTIONS", f"{API}/items", headers=preflight),
    ):
        allowed = answer.header("Access-Control-Allow-Origin")
        answer.must(allowed is None, f"Another origin is allowed: {allowed}.")
    return "no origin allowed"


def unknown_path(visit: Visit) -> str:
    """Ask for a path that does not exist."""
    problem(visit.client.get(f"{API}/no-such-path"), 404)
    return "404 problem"


def wrong_method(visit: Visit) -> str:
    """Use a method that the path does not have."""
    problem(visit.client.request("DELETE", "/health"), 405)
    return "405 problem"
