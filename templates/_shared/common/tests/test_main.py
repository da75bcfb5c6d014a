from pathlib import Path

import pytest

from {{ package_name }} import __main__ as main

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
    monkeypatch.setenv("HOST", "127.0.0.2")
    monkeypatch.setenv("PORT", "8080")
    monkeypatch.setenv("WEB_CONCURRENCY", given)
    main.main()
    assert served == [("127.0.0.2", 8080, workers)]


def test_wrong_settings_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APP_LOG_LEVEL", "loud")
    with pytest.raises(SystemExit, match="1"):
        main.main()
    assert capsys.readouterr().err.startswith("APP_LOG_LEVEL: Input should be ")
