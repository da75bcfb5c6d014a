"""Every test has an application of its own, on a fresh database; never the developer's."""

import gc
import os
{% block imports %}{% endblock %}

from {{ package_name }}.__main__ import Server
from {{ package_name }}.app import create_app
from {{ package_name }}.config import Settings

from .database import fresh_database

{% block password %}{% endblock -%}
Client = httpx2.Client
Headers = dict[str, str]
MakeClient = Callable[..., Client]
{% block sign_up %}{% endblock %}
gc.freeze()  # what is imported stays, so the collector need not look through it in every test


def assert_problem(response: httpx2.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["instance"] == f"urn:request:{response.headers['x-request-id']}"
    return problem


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("APP_")]:
        monkeypatch.delenv(name)
    for settings in (Settings, Server):
        monkeypatch.setitem(settings.model_config, "env_file", tmp_path / ".env")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    with fresh_database(tmp_path) as url:
        {% block settings %}{% endblock %}


@pytest.fixture
def make_client(settings: Settings) -> Iterator[MakeClient]:
    """Start an application with some settings changed, on the test's database."""
    with ExitStack() as running:

        def make(**changes: Any) -> Client:
            app = create_app(settings.model_copy(update=changes))
            {% block client %}{% endblock %}

        yield make


{% block server %}{% endblock -%}
@pytest.fixture
def client(make_client: MakeClient) -> Client:
    return make_client()


{% block user %}{% endblock -%}
