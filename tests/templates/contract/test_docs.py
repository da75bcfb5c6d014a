"""The OpenAPI document, and the interactive page that works with no other host."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest

from .deployment import GIVEN, PASSWORD, V1, assert_problem, bearer, tokens_only

if TYPE_CHECKING:
    from .conftest import Servers
    from .deployment import Deployment
    from .targets import Target

ITEMS = {
    ("get", f"{V1}/items", "list_items"),
    ("post", f"{V1}/items", "create_item"),
    ("get", f"{V1}/items/{{item_id}}", "get_item"),
    ("patch", f"{V1}/items/{{item_id}}", "update_item"),
    ("delete", f"{V1}/items/{{item_id}}", "delete_item"),
}
META = {("get", "/health", "health"), ("get", "/ready", "ready")}
USERS = {
    ("post", f"{V1}/auth/register", "register"),
    ("post", f"{V1}/auth/login", "login"),
    ("post", f"{V1}/auth/refresh", "refresh"),
    ("post", f"{V1}/auth/logout", "logout"),
    ("get", f"{V1}/users/me", "get_me"),
}
PROBLEM = "application/problem+json"


@pytest.fixture(scope="session")
def document(deployment: Deployment) -> dict[str, Any]:
    answer = deployment.client.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, Any] = answer.json()
    return found


def operations(document: dict[str, Any]) -> dict[str, Any]:
    return {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for operation in path.values()
    }


def test_document_lists_the_contract(deployment: Deployment, document: dict[str, Any]) -> None:
    version = tuple(int(part) for part in document["openapi"].split("."))
    assert version >= (3, 1)
    listed = {
        (method, path, operation["operationId"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert listed == ITEMS | META | (USERS if deployment.auth == "tokens" else set())


def test_documented_errors_are_problems(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        errors = {k: v for k, v in operation["responses"].items() if k not in {"200", "201", "204"}}
        for status, response in errors.items():
            assert set(response["content"]) == {PROBLEM}, f"{name} {status}"
            errors = response["content"][PROBLEM]["schema"]["properties"]["errors"]
            each = errors["anyOf"][0]["items"]["properties"]
            assert set(each) == {"detail", "pointer", "location", "type"}, f"{name} {status}"


def test_document_says_what_one_line_may_hold(
    deployment: Deployment, document: dict[str, Any], headers: dict[str, str]
) -> None:
    title = document["components"]["schemas"]["ItemCreate"]["properties"]["title"]
    for odd in ("\x1f", "\x0b", "\x0c", "\x7f", "\x85", "\u2028", "\u2029", "\u00a0", "\u200d"):
        for text in (f"{odd}x", f"x{odd}", f"x{odd}x"):
            documented = re.search(title["pattern"], text) is not None
            answer = deployment.client.post(f"{V1}/items", json={"title": text}, headers=headers)
            assert answer.status_code == (201 if documented else 422), ascii(text)
    assert (title["minLength"], title["maxLength"]) == (1, 200)


@tokens_only
def test_document_says_how_long_a_password_is(document: dict[str, Any]) -> None:
    password = document["components"]["schemas"]["UserCreate"]["properties"]["password"]
    assert (password["minLength"], password["maxLength"]) == (12, 128)


@tokens_only
def test_document_says_which_operations_need_a_token(document: dict[str, Any]) -> None:
    guarded = {name for name, op in operations(document).items() if op.get("security")}
    assert guarded == {name for _, _, name in ITEMS} | {"get_me"}
    (scheme,) = document["components"]["securitySchemes"].values()
    assert scheme["flows"]["password"]["tokenUrl"].endswith("api/v1/auth/login")


def test_every_reference_leads_to_a_schema(document: dict[str, Any]) -> None:
    used = set(re.findall(r"'#/components/schemas/([^']+)'", str(document)))
    assert used
    assert used <= set(document["components"]["schemas"])


def test_docs_page_needs_no_other_host(deployment: Deployment) -> None:
    page = deployment.client.get("/docs")
    assert page.status_code == 200
    assert page.headers["content-type"].split(";")[0] == "text/html"
    assert "//" not in page.text.replace("<!--", "").replace("</", "")
    policy = page.headers["content-security-policy"]
    assert re.search(r"script-src 'self'(;|$)", policy)
    assert "unsafe-eval" not in policy
    assert not re.search(r"<script(?![^>]*\ssrc=)", page.text), "an inline script is blocked"
    assets = re.findall(r"""(?:src|href)=["']([^"']+)["']""", page.text)
    assert [name for name in assets if name.endswith(".css")]
    assert [name for name in assets if name.endswith(".js")]
    kinds = {"css": "text/css", "js": "javascript", "png": "image/png", "svg": "image/svg"}
    for name in assets:
        if name.startswith("data:"):
            continue
        asset = deployment.client.get(urljoin("/docs", name))
        assert asset.status_code == 200, name
        assert kinds[name.rpartition(".")[2]] in asset.headers["content-type"]
        assert asset.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["../config.py", "..%2fconfig.py", "%2e%2e/config.py", "nothing"])
def test_docs_give_only_their_own_files(deployment: Deployment, path: str) -> None:
    page = deployment.client.get("/docs").text
    assets = re.findall(r"""(?:src|href)=["']([^"']+\.js)["']""", page)
    folder = urljoin("/docs", assets[0]).rpartition("/")[0]
    answer = deployment.client.get(f"{folder}/{path}")
    assert_problem(answer, 404)


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
def test_docs_can_be_off(restricted: Deployment, path: str) -> None:
    assert_problem(restricted.client.get(path), 404)


class StrippingProxy(httpx2.HTTPTransport):
    """What stands in front of many services: it takes a path's first part off."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.raw_path
        assert path.startswith(b"/shop/"), f"the proxy has nothing at {path!r}"
        request.url = request.url.copy_with(raw_path=path.removeprefix(b"/shop"))
        return super().handle_request(request)


@pytest.mark.skipif(bool(GIVEN), reason="needs a server with its own settings")
def test_links_lead_through_a_proxy_that_takes_a_root_path_off(
    target: Target, servers: Servers
) -> None:
    server = servers.other("rooted", replace(target, workers=1), APP_ROOT_PATH="/shop")
    with httpx2.Client(base_url=server.url, transport=StrippingProxy()) as client:
        page = client.get("/shop/docs").raise_for_status()
        for name in re.findall(r"""(?:src|href)=["'](docs/[^"']+)["']""", page.text):
            client.get(urljoin("/shop/docs", name)).raise_for_status()
        where = urljoin("/shop/docs", "openapi.json")
        document = client.get(where).raise_for_status().json()
        [api] = [urljoin(where, server["url"]) for server in document["servers"]]
        headers = {}
        if target.auth == "tokens":
            user = {"email": "a@example.com", "password": PASSWORD, "name": "Ann"}
            client.post(f"{api}{V1}/auth/register", json=user).raise_for_status()
            [scheme] = document["components"]["securitySchemes"].values()
            # Swagger UI takes this URL from where the document is
            login = urljoin(where, scheme["flows"]["password"]["tokenUrl"])
            form = {"username": user["email"], "password": PASSWORD}
            tokens = client.post(login, data=form).raise_for_status().json()
            headers = bearer(tokens["access_token"])
        created = client.post(f"{api}{V1}/items", json={"title": "a"}, headers=headers)
        assert urlsplit(created.headers["location"]).path == created.headers["location"]
        item = client.get(created.headers["location"], headers=headers)
        assert item.raise_for_status().json() == created.json()
