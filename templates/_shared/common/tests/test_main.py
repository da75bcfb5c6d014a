{% block standard %}{% endblock -%}
from pathlib import Path
{%- block more %}{% endblock %}

import pytest
{%- block server %}{% endblock %}

from {{ package_name }} import __main__ as main
from {{ package_name }} import db
from {{ package_name }}.config import Settings
{%- block own %}{% endblock %}
from {{ package_name }}.services import check_ready

from .database import sessions_on

V1 = "cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"


@pytest.mark.parametrize(
    ("files", "cpus"),
    [
        ({"cpu.max": "150000 100000\n"}, 1.5),
        ({"cpu.max": "max 100000\n"}, float("inf")),
        ({V1[0]: "50000\n", V1[1]: "100000\n"}, 0.5),
        ({V1[0]: "-1\n", V1[1]: "100000\n"}, float("inf")),
        ({}, float("inf")),
    ],
)
def test_cpus_of_a_container_are_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: dict[str, str], cpus: float
) -> None:
    (tmp_path / "cpu").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(main, "CGROUP", tmp_path)
    assert main.cpu_quota() == cpus


@pytest.mark.parametrize(
    ("environment", "given", "workers"),
    [("production", "", 4), ("production", "3", 3), ("local", "", 1), ("local", "2", 2)],
)
def test_workers_are_sized(
    monkeypatch: pytest.MonkeyPatch, environment: str, given: str, workers: int
) -> None:
    served: list[tuple[str, int, int]] = []
    monkeypatch.setattr(main, "serve", lambda *where, workers: served.append((*where, workers)))
    monkeypatch.setattr(main, "usable_cpus", lambda: 4)
    monkeypatch.setenv("APP_ENVIRONMENT", environment)
    monkeypatch.setenv("APP_SECRET_KEY", "a secret for tests, of 32 bytes and more")
    monkeypatch.setenv("HOST", "localhost")
    monkeypatch.setenv("PORT", "8080")
    monkeypatch.setenv("WEB_CONCURRENCY", given)
    main.main()
    assert served == [("localhost", 8080, workers)]


def test_nobody_else_is_listened_to_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOST", raising=False)
    assert main.Server().host == "127.0.0.1"


def test_the_server_has_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    {% block limits %}{% endblock %}


def test_wrong_settings_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APP_LOG_LEVEL", "loud")
    monkeypatch.setenv("APP_DATABASE_URL", "postgresql://user:secret@host:port/name")
    with pytest.raises(SystemExit, match="1"):
        main.main()
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(": Input should be ")[0] for line in lines] == [
        "APP_DATABASE_URL",
        "APP_LOG_LEVEL",
    ]
    assert "secret" not in str(lines)


def test_a_host_of_another_machine_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOST", "x86_64-conda-linux-gnu")
    with pytest.raises(SystemExit, match="1"):
        main.main()
    assert capsys.readouterr().err.startswith("HOST: Input should be an address of this machine,")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_settings_file(tmp_path: Path, encoding: str) -> None:
    (tmp_path / ".env").write_text("APP_LOG_LEVEL=ERROR", encoding)
    if encoding == "utf-16":
        with pytest.raises(SystemExit, match="save it as UTF-8"):
            main.main()
    else:
        assert Settings().log_level == "ERROR"


def test_data_stays_with_the_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(db, "HOME", tmp_path)
    for name in ("app.db", str(tmp_path / "app.db")):
        assert db.make_engine(f"sqlite:///{name}").url.database == str(tmp_path / "app.db")


def test_the_database_is_migrated_before_there_are_workers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/own.db"
    served: list[int] = []

    def serve(*_: object, workers: int) -> None:
        with sessions_on(url) as sessions:
            check_ready(sessions)
        served.append(workers)

    monkeypatch.setattr(main, "serve", serve)
    monkeypatch.setenv("APP_DATABASE_URL", url)
    monkeypatch.setenv("WEB_CONCURRENCY", "2")
    main.main()
    assert served == [2]
