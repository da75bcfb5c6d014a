from pathlib import Path

import pytest

from {{ package_name }}.config import Settings


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_MAX_BODY_BYTES", "10")
    monkeypatch.setenv("APP_LOG_LEVEL", "warning")
    monkeypatch.setenv("APP_CORS_ORIGINS", "")
    settings = Settings()
    assert (settings.max_body_bytes, settings.log_level) == (10, "WARNING")
    assert settings.cors_origins == ()


def test_settings_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("APP_LOG_LEVEL=ERROR\n")
    assert Settings().log_level == "ERROR"


def test_what_is_not_set_is_safe() -> None:
    defaults = {"cors_origins": (), "max_body_bytes": 1024 * 1024, "log_level": "INFO"}
    assert Settings().model_dump(include=set(defaults)) == defaults


def test_wrong_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENVIRONMENT", "staging")
    with pytest.raises(ValueError, match="environment"):
        Settings()


@pytest.mark.parametrize("path", ["shop", "/", "/shop/", "/a//b", "/../a", "/a b", "//host"])
def test_wrong_root_path_is_refused(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setenv("APP_ROOT_PATH", path)
    with pytest.raises(ValueError, match="like /shop"):
        Settings()


def test_password_of_the_database_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_DATABASE_URL", "sqlite:///hunter2.db")
    assert "hunter2" not in repr(Settings())
