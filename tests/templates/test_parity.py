"""The frameworks are twins: one document, one tree, one set of tests, one body of shared code."""

from __future__ import annotations

import ast
import json
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from .projects import FRAMEWORKS, Variant

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .projects import Project

#: Where each community's idiom rules, or the framework is named. All else is equal to the byte.
OWN = {
    ".copier-answers.yml",
    "AGENTS.md",
    "README.md",
    "pyproject.toml",
    "src/parts_store/__main__.py",
    "src/parts_store/app.py",
    "src/parts_store/auth.py",
    "src/parts_store/dependencies.py",
    "src/parts_store/errors.py",
    "src/parts_store/middleware.py",
    "src/parts_store/routes/__init__.py",
    "src/parts_store/routes/auth.py",
    "src/parts_store/routes/health.py",
    "src/parts_store/routes/items.py",
    "src/parts_store/routes/users.py",
    "src/parts_store/server.py",
    "tests/conftest.py",
    "tests/test_main.py",
}
PAIRS = list(combinations(FRAMEWORKS, 2))
AUTHS = ("tokens", "none")
METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}
#: Words about a schema that change nothing a client may send or gets.
PROSE = {"title", "description", "summary", "examples"}

#: Asks an application of either kind for its document, inside the project's environment.
READ = """
import asyncio, inspect, httpx2
from parts_store.app import create_app

app = create_app()

async def ask():
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.get("/openapi.json")

if inspect.iscoroutinefunction(type(app).__call__):
    answer = asyncio.run(ask())
else:
    transport = httpx2.WSGITransport(app)
    answer = httpx2.Client(transport=transport, base_url="http://localhost").get("/openapi.json")
print("\\n" + answer.text.replace("\\n", " "))
"""

pairs = pytest.mark.parametrize("pair", PAIRS, ids="-".join)
auths = pytest.mark.parametrize("auth", AUTHS)
#: The same for what has to be installed: the everyday run installs only projects with users.
installed_auths = pytest.mark.parametrize(
    "auth", ["tokens", pytest.param("none", marks=pytest.mark.matrix)]
)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Give the folder of a rendered project that is not installed."""
    made: dict[tuple[str, str], Path] = {}

    def get(framework: str, auth: str) -> Path:
        if (framework, auth) not in made:
            folder = tmp_path_factory.mktemp(f"{framework}-{auth}") / "parts-store"
            variant = Variant(framework, auth, "postgresql", python_version="3.12")
            made[framework, auth] = variant.render(folder)
        return made[framework, auth]

    return get


@pytest.fixture(scope="session")
def document(installed: Callable[..., Project]) -> Callable[[str, str], dict[str, Any]]:
    """Give the OpenAPI document a framework makes, with every reference resolved."""
    made: dict[tuple[str, str], dict[str, Any]] = {}

    def get(framework: str, auth: str) -> dict[str, Any]:
        if (framework, auth) not in made:
            project = installed(framework, auth)
            output = project.check("python", "-c", READ, env={"APP_ENVIRONMENT": "test"}).output
            made[framework, auth] = json.loads(output.strip().splitlines()[-1])
        return made[framework, auth]

    return get


def dereferenced(node: Any, document: dict[str, Any]) -> Any:
    """Replace references by what they mean and drop prose."""
    if isinstance(node, list):
        return [dereferenced(each, document) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return dereferenced(target, document)
    return {
        name: dereferenced(value, document)
        for name, value in node.items()
        if not (name in PROSE and isinstance(value, str | list))
        and not (name == "default" and value is None)  # some leave it out, and it says the same
    }


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (path, method): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def parameters(operation: dict[str, Any], document: dict[str, Any]) -> dict[Any, Any]:
    return {
        (each["in"], each["name"]): (
            each.get("required", False),
            dereferenced(each["schema"], document),
        )
        for each in operation.get("parameters", [])
    }


def bodies(operation: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    return {media: dereferenced(each["schema"], document) for media, each in content.items()}


def responses(operation: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    return {
        status: {
            media: dereferenced(each["schema"], document)
            for media, each in response.get("content", {}).items()
        }
        for status, response in operation["responses"].items()
    }


@pairs
@installed_auths
def test_documents_have_equal_operations(
    document: Callable[[str, str], dict[str, Any]], pair: tuple[str, str], auth: str
) -> None:
    one, other = (document(name, auth) for name in pair)
    ids = [
        {key: operation["operationId"] for key, operation in operations(each).items()}
        for each in (one, other)
    ]
    assert ids[0] == ids[1]
    tags = [
        {key: operation.get("tags") for key, operation in operations(each).items()}
        for each in (one, other)
    ]
    assert tags[0] == tags[1]
    assert one["info"] == other["info"]
    schemes = [each.get("components", {}).get("securitySchemes") for each in (one, other)]
    assert schemes[0] == schemes[1]


@pairs
@installed_auths
@pytest.mark.parametrize("part", [parameters, bodies, responses], ids=lambda part: part.__name__)
def test_documents_have_equal_schemas(
    document: Callable[[str, str], dict[str, Any]],
    pair: tuple[str, str],
    auth: str,
    part: Callable[[dict[str, Any], dict[str, Any]], dict[Any, Any]],
) -> None:
    one, other = (document(name, auth) for name in pair)
    right = operations(other)
    for key, operation in operations(one).items():
        assert part(operation, one) == part(right[key], other), key


@pairs
@auths
def test_trees_are_equal(
    rendered: Callable[[str, str], Path], pair: tuple[str, str], auth: str
) -> None:
    trees = [
        {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        for folder in (rendered(name, auth) for name in pair)
    ]
    assert trees[0] ^ trees[1] == set()


@pairs
@auths
def test_test_names_are_equal(
    rendered: Callable[[str, str], Path], pair: tuple[str, str], auth: str
) -> None:
    def names(folder: Path) -> set[str]:
        return {
            f"{path.name}::{node.name}"
            for path in (folder / "tests").rglob("test_*.py")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.name.startswith("test_")
        }

    one, other = (names(rendered(name, auth)) for name in pair)
    assert one
    assert one == other


@pairs
@auths
def test_what_names_no_framework_is_equal_to_the_byte(
    rendered: Callable[[str, str], Path], pair: tuple[str, str], auth: str
) -> None:
    one, other = (rendered(name, auth) for name in pair)
    names = {path.relative_to(one).as_posix() for path in one.rglob("*") if path.is_file()}
    different = {name for name in names if (one / name).read_bytes() != (other / name).read_bytes()}
    assert different <= OWN
    assert "src/parts_store/app.py" in different


@auths
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_what_is_shared_imports_no_framework(
    rendered: Callable[[str, str], Path], framework: str, auth: str
) -> None:
    folder = rendered(framework, auth)
    paths = [
        path for part in ("src", "migrations", "tests") for path in (folder / part).rglob("*.py")
    ]
    shared = [path for path in paths if path.relative_to(folder).as_posix() not in OWN]
    assert {path.name for path in shared} >= {
        "models.py",
        "schemas.py",
        "services.py",
        "test_items.py",
    }
    for path in shared:
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        modules = {
            alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names
        }
        modules |= {
            node.module or ""
            for node in nodes
            if isinstance(node, ast.ImportFrom) and not node.level
        }
        roots = {module.partition(".")[0] for module in modules}
        assert roots.isdisjoint({"fastapi", "starlette", "flask", "flask_openapi", "werkzeug"}), (
            path
        )
