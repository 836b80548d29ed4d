#!/usr/bin/env python3
"""The topology of docker-compose.yml without containers: PostgreSQL, two towns, Debian's Caddy in front with https.

    python3 tests/topology/run.py --parvis target/debug/parvis      (with PARVIS_TEST_POSTGRES, caddy and openssl)

Caddyfile and environment are those of `deploy/`; only names, addresses and folders are this machine's (a test in crates/config compares `deploy/` with
docker-compose.yml). Caddy listens on high ports of the loopback with a certificate of a test authority, which the towns trust by
`federation.extra_ca_file`. It all runs twice: with both towns in PostgreSQL as in docker-compose.yml, then with the second one's database embedded.
The commands are those of docs/operating/install.md. The last line is `N passed, N failed`.
"""

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import flows  # noqa: E402
import neighbours  # noqa: E402
from towns import postgres  # noqa: E402
from towns.report import Suite  # noqa: E402


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--parvis", type=Path, required=True, help="the built program")
    arguments.add_argument("--keep", type=Path, help="keep the towns' folders and logs here")
    given = arguments.parse_args()
    if not postgres.given():
        sys.exit("PARVIS_TEST_POSTGRES must name a PostgreSQL, such as postgres://postgres@127.0.0.1:5432/postgres")

    suite = Suite()
    with tempfile.TemporaryDirectory(prefix="parvis-topology-") as temporary:
        for word, embedded in (("postgresql", []), ("embedded", ["aubepine"])):
            folder = (given.keep.resolve() if given.keep else Path(temporary)) / word
            print(f"two towns behind Caddy, {'both in PostgreSQL' if not embedded else 'aubepine with the embedded database'}", flush=True)
            before = len(suite.failed)
            with neighbours.Neighbours(given.parvis.resolve(), folder, embedded) as place:
                suite.run(flows.FLOWS, flows.World(place))
                if len(suite.failed) > before:
                    place.show_logs()
    suite.close()


if __name__ == "__main__":
    main()
