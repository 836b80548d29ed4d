"""A database of its own for a town, beside the one that `PARVIS_TEST_POSTGRES` names; dropped at the end."""

import atexit
import os
import shutil
import subprocess
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit


def given():
    """The address of the maintenance database, or None."""
    return os.environ.get("PARVIS_TEST_POSTGRES")


def program(name):
    """One of PostgreSQL's client programs, from the path or from Debian's folders."""
    found = shutil.which(name)
    if not found:
        folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        found = next((str(folder / name) for folder in reversed(folders) if (folder / name).is_file()), None)
    assert found, f"{name} is not here (Debian: postgresql-client)"
    return found


def _say(sql):
    subprocess.run([program("psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-c", sql, given()], check=True, capture_output=True, text=True)


def create_database(word):
    """Makes an empty database and gives its address."""
    name = f"parvis_{word}_{uuid.uuid4().hex[:12]}"
    _say(f'CREATE DATABASE "{name}"')
    atexit.register(_drop, name)
    return urlunsplit(urlsplit(given())._replace(path=f"/{name}"))


def _drop(name):
    try:
        _say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    except (subprocess.CalledProcessError, OSError):
        pass  # the throw-away server went first
