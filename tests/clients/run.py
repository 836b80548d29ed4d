#!/usr/bin/env python3
"""Two towns and two real client programs from PyPI, `toot` and `Mastodon.py`, as a new user would use them.

    python3 tests/clients/run.py --parvis target/debug/parvis --venv target/clients-venv

The programs are installed into the virtual environment when they are missing. The first town keeps its data in SQLite; so does the second, unless
PARVIS_TEST_POSTGRES names a PostgreSQL. The flows are in `page_flows.py` (sign-up in a
browser), `toot_flows.py` and `mastodon_flows.py`. The last line is `N passed, N failed`.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"


def enter_venv(venv):
    """Makes the virtual environment, installs what is pinned, and runs this script again inside it."""
    python, note = venv / "bin/python", venv / "installed"
    if not (note.is_file() and note.read_bytes() == REQUIREMENTS.read_bytes()):
        if not python.is_file():
            subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS]
        subprocess.run(install, check=True)
        note.write_bytes(REQUIREMENTS.read_bytes())
    if Path(sys.prefix).resolve() != venv:
        # The client programs must find `*.localhost` too.
        loopback = str(HERE.parent / "towns/loopback")
        os.execve(python, [str(python), *sys.argv], os.environ | {"PYTHONPATH": loopback, "PYTHONDONTWRITEBYTECODE": "1"})


def town(parvis, folder, name, database=None):
    """A town in development mode on a free port, with the rate limits of a real one."""
    from towns.process import Town, free_port

    port = free_port()
    settings = {
        "PARVIS_DOMAIN": f"{name}.localhost:{port}",
        "PARVIS_SCHEME": "http",
        "PARVIS_DEVELOPMENT": "true",
        "PARVIS_DATA_DIR": str(folder / name),
        "PARVIS_HTTP__LISTEN": f"127.0.0.1:{port}",
        "PARVIS_LIMITS__RATE_LIMITS": "true",
        "PARVIS_FEDERATION__FIRST_RETRY_SECONDS": "1",
        "PARVIS_TOWN__NAME": name.capitalize(),
    }
    if database:
        settings["PARVIS_DATABASE__URL"] = database
    return Town(parvis, folder / name, settings)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--parvis", type=Path, required=True, help="the built program")
    arguments.add_argument("--venv", type=Path, required=True, help="where the client programs are, or are to be installed")
    arguments.add_argument("--keep", type=Path, help="keep the towns' folders and logs here")
    given = arguments.parse_args()
    enter_venv(given.venv.resolve())

    sys.path.insert(0, str(HERE.parent))
    import mastodon_flows
    import page_flows
    import toot_flows
    from towns import postgres
    from towns.report import Suite

    with tempfile.TemporaryDirectory(prefix="parvis-clients-") as temporary:
        folder = given.keep.resolve() if given.keep else Path(temporary)
        database = postgres.create_database("clients") if postgres.given() else None
        here = town(given.parvis.resolve(), folder, "clairval")
        there = town(given.parvis.resolve(), folder, "aubepine", database)
        print(f"two towns: {here.base} (SQLite), {there.base} ({'PostgreSQL' if database else 'SQLite'})", flush=True)
        suite = Suite()
        try:
            here.start()
            there.start()
            suite.run(page_flows.FLOWS, page_flows.World(here))
            suite.run(toot_flows.FLOWS, toot_flows.World(here, there, given.venv.resolve(), folder))
            suite.run(mastodon_flows.FLOWS, mastodon_flows.World(here, there, folder))
            suite.run([both_towns_kept_their_composure, both_towns_stop_when_they_are_asked], here, there)
        finally:
            if suite.failed:
                for one in (here, there):
                    print(f"--- the end of the log of {one.domain}\n{one.last_log()}")
            for one in (here, there):
                if one.process and one.process.poll() is None:
                    one.stop()
    suite.close()


def both_towns_kept_their_composure(here, there):
    """No panic and no answer of 500 in the logs, whatever the clients asked."""
    for one in (here, there):
        lines = one.log.read_text(errors="replace").splitlines()
        bad = [line for line in lines if "panicked" in line or "status=500" in line or '"status":500' in line]
        assert not bad, f"{one.domain}: {bad[:3]}"


def both_towns_stop_when_they_are_asked(here, there):
    here.stop()
    there.stop()


if __name__ == "__main__":
    main()
