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
    defaults = {
        "access_token_seconds": 15 * 60,
        "refresh_token_seconds": 30 * 24 * 3600,
        "login_seconds": 90 * 24 * 3600,
        "hashes_at_once": 1,
        "argon2_time_cost": 3,
        "argon2_memory_kib": 65536,
        "login_rate": "10/minute",
        "trusted_proxies": 0,
        "cors_origins": (),
        "max_body_bytes": 1024 * 1024,
        "log_level": "INFO",
    }
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


def test_production_needs_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENVIRONMENT", "production")
    with pytest.raises(ValueError, match="APP_SECRET_KEY must be set"):
        Settings()
    monkeypatch.setenv("APP_SECRET_KEY", "")
    with pytest.raises(ValueError, match="APP_SECRET_KEY must be set"):
        Settings()


@pytest.mark.parametrize("environment", ["local", "test", "production"])
@pytest.mark.parametrize(
    "secret",
    [
        "0123456789-one-byte-is-missing!",
        "a" * 64,
        "abcdefgh" * 4,
        "x7Kp2mQzR4" * 4,
        "changeme-changeme-changeme-changeme",
        "Change me: 8f1b0c7de92a4653b1f0a9c2",
        "abcdefghijklmnopqrstuvwxyz0123456789",
    ],
)
def test_weak_secret_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, environment: str, secret: str
) -> None:
    monkeypatch.setenv("APP_ENVIRONMENT", environment)
    monkeypatch.setenv("APP_SECRET_KEY", secret)
    with pytest.raises(ValueError, match="32 random bytes") as refusal:
        Settings()
    assert secret not in str(refusal.value)


def test_password_of_the_database_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_DATABASE_URL", "sqlite:///hunter2.db")
    monkeypatch.setenv("APP_RATE_STORAGE", "memory://hunter2")
    assert "hunter2" not in repr(Settings())


def test_local_secret_is_random() -> None:
    first, second = Settings().secret_key, Settings().secret_key
    assert first.get_secret_value() != second.get_secret_value()
    assert first.get_secret_value() not in repr(first)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("login_rate", "lots"),
        ("login_rate", "0/minute"),
        ("access_token_seconds", "0"),
        ("trusted_proxies", "-1"),
        ("login_rate", "10/minute;5/second"),
        ("rate_storage", "foo://hunter2"),
        ("rate_storage", "redis+sentinel://hunter2"),
        ("rate_storage", "async+memory://"),
    ],
)
def test_what_cannot_work_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"APP_{name.upper()}", value)
    with pytest.raises(ValueError, match=f"{name}\n.*should be") as refusal:
        Settings()
    assert "hunter2" not in str(refusal.value)
