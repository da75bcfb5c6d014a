"""What a compose file says, and the same services set apart from everything else of the engine.

Works on the model that ``docker compose config`` prints: every variable filled in, every short
form written out.
"""

from __future__ import annotations

import copy
import ipaddress
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Model = dict[str, Any]

#: Where a service may get the namespaces of others.
_NAMESPACES = ("network_mode", "pid", "ipc")
#: Whoever can open it can do everything with the engine, read-only or not.
_SOCKET = "docker.sock"


def services(model: Mapping[str, Any]) -> dict[str, Model]:
    """Return the services by name."""
    found: dict[str, Model] = model.get("services") or {}
    return found


def own(model: Mapping[str, Any]) -> list[str]:
    """Return the names of the services that are built from the project."""
    return [name for name, service in services(model).items() if service.get("build")]


def web(model: Mapping[str, Any]) -> tuple[str, int] | None:
    """Return the service to ask and its port inside: a published one, best of the project's own."""
    published = [
        (name, int(port["target"]))
        for name, service in services(model).items()
        for port in service.get("ports") or ()
        if port.get("protocol", "tcp") == "tcp"
    ]
    mine = own(model)
    return min(published, key=lambda found: found[0] not in mine, default=None)


def exposed(model: Mapping[str, Any]) -> list[str]:
    """Return one phrase for each port that is published beyond the loopback address."""
    return [
        f"{name} publishes {port['target']} on {port.get('host_ip') or '0.0.0.0'}"  # noqa: S104 (found) # nosec B104
        for name, service in services(model).items()
        for port in service.get("ports") or ()
        if not _is_loopback(port.get("host_ip", ""))
    ]


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def beyond(model: Mapping[str, Any], folder: PurePath) -> list[str]:
    """Return one phrase for each way the services could touch this machine outside the copy.

    Args:
        model: The model.
        folder: The copy of the project.
    """
    found = []
    for name, service in services(model).items():
        found += [f"{name} takes {key} from {whose}" for key, whose in _taken(service)]
        found += [f"{name} mounts {path}" for path in _mounted(service, folder)]
    for name, volume in (model.get("volumes") or {}).items():
        if device := ((volume or {}).get("driver_opts") or {}).get("device"):
            found.append(f"the volume {name} is {device}")
    return found


def _taken(service: Model) -> Iterator[tuple[str, str]]:
    for key in _NAMESPACES:
        whose = str(service.get(key) or "")
        if whose == "host" or whose.startswith("container:"):
            yield key, whose


def _mounted(service: Model, folder: PurePath) -> Iterator[str]:
    for volume in service.get("volumes") or ():
        source = PurePath(volume.get("source") or "")
        harmless = volume.get("read_only") and source.name != _SOCKET
        if volume.get("type") == "bind" and not source.is_relative_to(folder) and not harmless:
            yield str(source)


def set_apart(
    model: Mapping[str, Any],
    *,
    name: str,
    labels: Mapping[str, str],
    settings: Mapping[str, str],
) -> Model:
    """Return the same services under names, ports, images and volumes of their own.

    Args:
        model: The model; it stays as it is.
        name: The new name of the compose project.
        labels: Labels for everything that is made.
        settings: More variables for the services that are built from the project.
    """
    apart = copy.deepcopy(dict(model)) | {"name": name}
    for service in services(apart).values():
        service.pop("container_name", None)
        service["labels"] = {**(service.get("labels") or {}), **labels}
        for port in service.get("ports") or ():
            port["host_ip"] = "127.0.0.1"
            port.pop("published", None)  # The engine chooses one that is free.
        if build := service.get("build"):
            service.pop("image", None)  # Else the owner's image of that name would be replaced.
            build.pop("tags", None)
            build["labels"] = {**(build.get("labels") or {}), **labels}
            service["environment"] = {**(service.get("environment") or {}), **settings}
    for kind in ("networks", "volumes"):
        apart[kind] = {
            key: _own_thing(thing or {}, f"{name}_{key}", labels)
            for key, thing in (apart.get(kind) or {}).items()
        }
    return apart


def _own_thing(thing: Model, name: str, labels: Mapping[str, str]) -> Model:
    kept = {key: value for key, value in thing.items() if key != "external"}
    return {**kept, "name": name, "labels": {**(kept.get("labels") or {}), **labels}}
