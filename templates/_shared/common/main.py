"""Serve in production: `python -m {{ package_name }}`."""

import math
import os
{%- block standard %}{% endblock %}
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

{% block server %}{% endblock -%}
from pydantic import AfterValidator, Field, PositiveInt, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from .config import Settings
from .db import HOME, migrate, migrate_new
{%- block own %}{% endblock %}

CGROUP = Path("/sys/fs/cgroup")


def _usable_host(host: str) -> str:
    with suppress(OSError, UnicodeError):  # no such name
        for family, kind, *_, address in socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM):
            with suppress(OSError), socket.socket(family, kind) as own:
                own.bind(address)
                return host
    raise ValueError(
        f"Input should be an address of this machine, not {host!r}."
        " conda sets HOST, too; put HOST=127.0.0.1 before the command"
    )


class Server(BaseSettings):
    """Where to listen, and with how many processes: HOST, PORT, WEB_CONCURRENCY."""

    model_config = SettingsConfigDict(
        env_file=HOME / ".env",
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
    )

    host: Annotated[str, AfterValidator(_usable_host)] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    web_concurrency: PositiveInt | None = None


def cpu_quota() -> float:
    """The CPUs a container may use: of cgroup v2, of v1, or no limit."""
    for files in (["cpu.max"], ["cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"]):
        try:
            quota, period = " ".join((CGROUP / name).read_text() for name in files).split()
        except OSError:
            continue
        if quota not in {"max", "-1"}:
            return int(quota) / int(period)
    return math.inf


def usable_cpus() -> int:
    """The CPUs that this process may use, not those that the machine has."""
    cpus = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return math.ceil(min(cpus, cpu_quota()))


def main() -> None:
    try:
        settings, server = Settings(), Server()
    except ValidationError as error:  # in a line each, and before any worker starts
        prefix = Settings.model_config["env_prefix"] if error.title == "Settings" else ""
        for problem in error.errors():
            name = "".join(f"{prefix}{field}: ".upper() for field in problem["loc"])
            print(name + problem["msg"].removeprefix("Value error, "), file=sys.stderr)
        sys.exit(1)
    except ValueError as error:  # of the file
        sys.exit(str(error))
    if sys.argv[1:] == ["migrate"]:  # without the repository, as in a wheel
        return migrate(settings.database_url)
    if settings.environment == "local":  # here, since several workers would be in each other's way
        migrate_new(settings.database_url)
    # Outside production one: each would make up a secret of its own.
    most = usable_cpus() if settings.environment == "production" else 1
    serve(server.host, server.port, workers=server.web_concurrency or most)


{% block serve %}{% endblock %}

if __name__ == "__main__":
    main()
