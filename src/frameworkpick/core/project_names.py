"""Names of projects and packages: what is allowed, and which package name follows."""

from __future__ import annotations

import keyword
import re
import sys

#: Longest package name; generated lines that hold the name fit the line length up to here.
PACKAGE_NAME_MAX = 40
#: Longest project name; folder names and container tags stay manageable.
PROJECT_NAME_MAX = 63
#: Longest description; it stands on one line of pyproject.toml and of the API document.
DESCRIPTION_MAX = 200

_PROJECT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?", re.ASCII)
_PACKAGE = re.compile(r"[a-z](?:[a-z0-9_]*[a-z0-9])?", re.ASCII)
_WINDOWS_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")

#: What the generated projects install, by the names of the packages and of what they hold: a
#: project of the same name could not install it, a package of the same name would hide it.
DEPENDENCY_PACKAGES = frozenset(
    {
        "a2wsgi", "alembic", "annotated_doc", "annotated_types", "anyio", "argon2",
        "argon2_cffi", "argon2_cffi_bindings", "ast_serialize", "blinker", "certifi",
        "cffi", "click", "colorama", "coverage", "deprecated", "dns", "dnspython", "dotenv",
        "email_validator", "fastapi", "flask", "flask_cors", "flask_openapi", "greenlet",
        "gunicorn", "h11", "httpcore", "httpcore2", "httptools", "httpx", "httpx2",
        "httpx2_jsfetch", "idna", "iniconfig", "itsdangerous", "jinja2", "jwt", "librt",
        "limits", "mako", "markupsafe", "migrations", "multipart", "mypy",
        "mypy_extensions", "mypyc", "opentelemetry", "opentelemetry_api", "packaging",
        "pathspec", "pip", "pluggy", "psycopg", "psycopg_binary", "pwdlib", "py",
        "pycparser", "pydantic", "pydantic_core", "pydantic_settings", "pygments", "pyjwt",
        "pytest", "python_dotenv", "python_multipart", "pyyaml", "ruff", "setuptools",
        "sqlalchemy", "starlette", "tests", "truststore", "typing_extensions",
        "typing_inspection", "tzdata", "uv", "uvicorn", "uvloop", "watchfiles",
        "websockets", "werkzeug", "wheel", "wrapt", "yaml",
    }
)  # fmt: skip

#: Modules that only some supported Pythons have; the answer must not depend on the one that runs.
_STDLIB_OF_SOME = frozenset(
    {
        "asynchat", "asyncore", "distutils", "imp", "smtpd",  # until 3.11
        "aifc", "audioop", "cgi", "cgitb", "chunk", "crypt", "imghdr", "lib2to3", "mailcap",
        "msilib", "nis", "nntplib", "ossaudiodev", "pipes", "sndhdr", "spwd", "sunau",
        "telnetlib", "uu", "xdrlib",  # until 3.12
        "annotationlib", "compression",  # from 3.14
    }
)  # fmt: skip
#: What `sys.stdlib_module_names` does not list although Python has it; from 3.15 on, the last.
_STDLIB_UNLISTED = frozenset({"test", "xxlimited", "xxlimited_35", "xxsubtype", "profiling"})
#: Modules that are run because they bear these names; the first is that of the migrations.
_LOOKED_FOR = frozenset({"env", "conftest", "sitecustomize", "usercustomize"})
#: A word of the language from 3.12 on.
_WORDS_OF_SOME = frozenset({"type"})


def package_name_for(project_name: str) -> str:
    """Derive an import name from a project name: ``My-Service`` gives ``my_service``.

    The result may still be refused by :func:`package_name_problem`: a keyword, for instance.
    """
    name = re.sub(r"[^a-z0-9]+", "_", project_name.lower()).strip("_")
    if name and not name[0].isalpha():
        name = f"app_{name}"
    return name[:PACKAGE_NAME_MAX].rstrip("_")


def project_name_problem(name: str) -> str | None:
    """Say in one sentence why a project cannot have this name; ``None`` when it can."""
    if not _PROJECT.fullmatch(name):
        return (
            f"The project name {name!r} is not valid: use letters, digits, '-', '_', '.', "
            "beginning and ending with a letter or digit."
        )
    if len(name) > PROJECT_NAME_MAX:
        return f"The project name has {len(name)} characters; at most {PROJECT_NAME_MAX} fit."
    if _WINDOWS_DEVICE.fullmatch(name):
        return (
            f"The project name {name!r} is a device name on Windows, where no folder can have it."
        )
    if re.sub(r"[-_.]+", "_", name).lower() in DEPENDENCY_PACKAGES:
        return f"The project name {name!r} is taken by a package that the project itself installs."
    return None


def name_problem(name: str) -> str | None:
    """Say why this cannot name a project whose package name follows from it; ``None`` if it can."""
    problem = project_name_problem(name) or package_name_problem(package_name_for(name))
    return f"{problem}{other_project_name(name)}" if problem else None


def other_project_name(name: str) -> str:
    """Suggest a name like one that is refused, in a sentence; empty when there is none."""
    base = re.sub(r"[^A-Za-z0-9]+", "-", name)[: PACKAGE_NAME_MAX - len("-service")].strip("-")
    for other in (base, f"{base}-service", "my-service"):
        if not (project_name_problem(other) or package_name_problem(package_name_for(other))):
            return f" Take {other}, for example."
    return ""


def other_package_name(name: str) -> str:
    """Suggest a name like one that is refused, as the flag that gives it."""
    base = package_name_for(name)[: PACKAGE_NAME_MAX - len("_app")].rstrip("_")
    others = (base, f"{base}_app", "my_app")
    other = next(each for each in others if package_name_problem(each) is None)
    return f" Add --package-name {other}, for example."


def package_name_problem(name: str) -> str | None:
    """Say in one sentence why a package cannot have this name; ``None`` when it can."""
    if not _PACKAGE.fullmatch(name) or "__" in name:
        return (
            f"The package name {name!r} is not valid: use lower-case letters, digits, single '_', "
            "beginning with a letter and not ending with '_'."
        )
    if len(name) > PACKAGE_NAME_MAX:
        return f"The package name has {len(name)} characters; at most {PACKAGE_NAME_MAX} fit."
    word = keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in _WORDS_OF_SOME
    stdlib = name in sys.stdlib_module_names | _STDLIB_OF_SOME | _STDLIB_UNLISTED
    taken = {
        "is a word of the Python language": word,
        "is a device name on Windows, where no folder can have it": _WINDOWS_DEVICE.fullmatch(name),
        "is that of a module of the standard library": stdlib,
        "is one that Python, pytest or Alembic looks for": name in _LOOKED_FOR,
        "would hide a package that the project uses": name in DEPENDENCY_PACKAGES,
    }
    return next(
        (f"The package name {name!r} {why}." for why, holds in taken.items() if holds), None
    )


def description_problem(text: str) -> str | None:
    """Say in one sentence why this cannot be a description; ``None`` when it can."""
    if not text.strip():
        return "The description is empty."
    if len(text) > DESCRIPTION_MAX:
        return f"The description has {len(text)} characters; at most {DESCRIPTION_MAX} fit."
    if not text.isprintable():
        return "The description must be one line without control characters."
    return None
