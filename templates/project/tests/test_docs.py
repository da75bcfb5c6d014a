import re
from urllib.parse import urljoin

from .conftest import Client, Headers, MakeClient, assert_problem


def test_docs_need_no_other_host(client: Client) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert not re.search(r"<script>|https?://", page.text)
    assets = re.findall(r'(?:src|href)="(docs/[^"]+)"', page.text)
    assert len(assets) == 3
    for asset in assets:
        assert client.get(urljoin("/docs", asset)).status_code == 200


def test_docs_serve_nothing_else(client: Client) -> None:
    for path in ("/docs/", "/docs/nothing.js", "/docs/../app.py", "/docs/%2e%2e/app.py"):
        assert_problem(client.get(path), 404)


def test_openapi_names_every_operation_and_its_problem(client: Client) -> None:
    document = client.get("/openapi.json").json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    names = {operation["operationId"] for operation in operations}
    assert names >= {"health", "ready", "list_items", "create_item", "get_item", "update_item"}
    assert len(names) == len(operations)
    for operation in operations:
        assert "application/problem+json" in operation["responses"]["default"]["content"]


def test_links_have_what_a_proxy_takes_off(make_client: MakeClient, user: Headers) -> None:
    client = make_client(root_path="/shop")
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/shop"}]
    created = client.post("/api/v1/items", json={"title": "a"}, headers=user)
    assert created.headers["location"].startswith("/shop/api/v1/items/")


def test_docs_can_be_turned_off(make_client: MakeClient) -> None:
    client = make_client(docs=False)
    for path in ("/docs", "/docs/init.js", "/openapi.json"):
        assert_problem(client.get(path), 404)
