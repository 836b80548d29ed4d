#!/usr/bin/env python3
"""The pages of two towns with life in them (`parvis demo`) in a real Chromium: `check.mjs` looks at each in French and English, light and dark, narrow
and wide, and keeps screenshots.

    python3 tests/browser/run.py --parvis target/debug/parvis [--shots target/screenshots]

The last line is `N passed, N failed`; one language of one way to look (signed in or not) counts as one.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.dont_write_bytecode = True

from towns.process import start, stop, system_environment  # noqa: E402
from towns.report import Suite, until  # noqa: E402
from towns.web import Api  # noqa: E402

NOWHERE = "404:/a-page-that-is-not-there"


class Demo:
    """`parvis demo` in a folder that goes away."""

    def __init__(self, parvis, folder):
        self.said, self.folder = folder / "said", folder
        self.process = start([str(parvis), "demo", "--dir", str(folder / "towns")], system_environment(), self.said)

    def announced(self):
        """What the demo says when its towns are ready: [(name, address, [login])]."""

        def ready():
            if self.process.poll() is not None:
                raise SystemExit(f"parvis demo ended:\n{self.said.read_text(errors='replace')}")
            text = self.said.read_text(errors="replace")
            return text if "Ctrl-C" in text else None

        towns = []
        for line in until(ready, "the demo to be seeded", 180).splitlines():
            if found := re.match(r"(\S.*): (http\S+)$", line):
                towns.append((found[1], found[2], []))
            elif towns and (found := re.match(r"\s+(\S+@\S+) / (\S+)", line)):
                towns[-1][2].append(f"{found[1]}:{found[2]}")
        assert towns and all(logins for _, _, logins in towns), f"the demo announced {towns}"
        return towns


def paths(api):
    """The pages of a town as a visitor finds them, and those that need somebody signed in."""
    # Of everybody, since public timelines show no answers, and an answer may be the only post that was answered.
    people = api.get("/api/v1/directory", local="true", limit=40)
    posts = [post for one in people for post in api.get(f"/api/v1/accounts/{one['id']}/statuses", exclude_reblogs="true")]
    post = max(posts, key=lambda post: post["replies_count"])
    assert post["replies_count"] > 0, "nobody has answered anything in the demo"
    name = post["account"]["username"]
    wanted = {"client_name": "Pocket square", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": "read write", "website": "https://app.example"}
    app = api.post("/api/v1/apps", **wanted)
    asked = {"client_id": app["client_id"], "response_type": "code", "redirect_uri": wanted["redirect_uris"], "scope": "read write"}
    consent = "/oauth/authorize?" + urllib.parse.urlencode(asked)
    open_to_all = [
        "/",
        f"/@{name}",
        f"/@{name}/{post['id']}",
        "/public",
        "/auth/sign_up",
        "/auth/sign_in",
        "/auth/password",
        "/about",
        "/about/rules",
        "/about/legal",
        NOWHERE,
    ]
    return open_to_all, ["+/", f"+{consent}"]


def look(base, login, language, wanted, shots):
    """One run of check.mjs."""
    command = [shutil.which("node"), str(HERE / "check.mjs"), base, "--locale", language, "--shots", str(shots)]
    done = subprocess.run([*command, "--login", login, *wanted], capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}".strip()
    print(f"         {done.stdout.strip().splitlines()[-1]}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--parvis", type=Path, required=True, help="the built program")
    arguments.add_argument("--shots", type=Path, default=HERE.parents[1] / "target/screenshots", help="where screenshots go")
    given = arguments.parse_args()
    suite = Suite()
    with tempfile.TemporaryDirectory(prefix="parvis-browser-") as folder:
        demo = Demo(given.parvis.resolve(), Path(folder))
        try:
            for (name, base, logins), language in zip(demo.announced(), ("fr-FR", "en-GB"), strict=False):
                open_to_all, signed_in = paths(Api(base))
                shots = given.shots.resolve() / language
                for title, wanted in (("everybody sees", open_to_all), ("residents see", signed_in)):

                    def flow(wanted=wanted, base=base, logins=logins, language=language, shots=shots):
                        look(base, logins[0], language, wanted, shots)

                    flow.__name__ = f"what_{title.replace(' ', '_')}_of_{name}_is_sound_in_{language}"
                    suite.run([flow])
        finally:
            stop(demo.process)
    suite.close()


if __name__ == "__main__":
    main()
