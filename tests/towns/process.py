"""A town as a process: `parvis serve` with its settings in the environment, its own folder, its log in a file, and its commands."""

import atexit
import ctypes
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from . import names  # noqa: F401  (for `*.localhost`)
from .report import until

_running = []


def free_port():
    """A port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _dies_with_us():
    """In the child: end when the parent ends, however it ends (prctl PR_SET_PDEATHSIG, Linux)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def start(command, environment, log):
    """A program with its output in `log`, stopped at the end of this one at the latest."""
    with open(log, "ab") as output:
        child = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, preexec_fn=_dies_with_us
        )
    _running.append(child)
    return child


def stop(child, signal_number=signal.SIGTERM, seconds=40):
    """Asks the process to stop, waits, and kills it if it does not. Gives its exit code."""
    if child.poll() is None:
        child.send_signal(signal_number)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if child in _running:
        _running.remove(child)
    return child.returncode


@atexit.register
def _stop_all():
    for child in list(_running):
        stop(child, seconds=10)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def system_environment():
    """What a program needs of ours, without any setting of a town."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}


class Town:
    """One instance. `settings` are the variables of its environment."""

    def __init__(self, parvis, folder, settings):
        self.parvis, self.folder, self.settings = str(parvis), Path(folder), dict(settings)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.domain = settings["PARVIS_DOMAIN"]
        self.base = f"{settings['PARVIS_SCHEME']}://{self.domain}"
        self.listen = settings["PARVIS_HTTP__LISTEN"]
        self.log = self.folder / "log"
        self.process = None

    def start(self):
        """Starts serving and returns when the town is ready."""
        self.process = start([self.parvis, "serve"], system_environment() | self.settings, self.log)
        self.wait_until_ready()
        return self

    def wait_until_ready(self):
        def ready():
            if self.process.poll() is not None:
                raise SystemExit(f"{self.domain} ended with {self.process.returncode}:\n{self.last_log()}")
            with urllib.request.urlopen(f"http://{self.listen}/readyz", timeout=5) as answer:
                return answer.status == 200

        until(ready, f"{self.domain} to be ready", 60)

    def stop(self):
        """Stops it as systemd would."""
        code = stop(self.process)
        assert code == 0, f"{self.domain} stopped with {code}:\n{self.last_log()}"

    def command(self, arguments):
        """How a command of this town is given: its words, and the variables it needs."""
        return [self.parvis, *arguments], self.settings

    def run(self, *arguments, given=None, wrong=False):
        """A command of this town, while it serves or not; gives what it printed. With `wrong` it must fail, and what it said is given."""
        words, variables = self.command(arguments)
        done = subprocess.run(
            words,
            env=system_environment() | variables,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=self.folder,
        )
        said = f"parvis {' '.join(map(str, arguments))} ended with {done.returncode}: {done.stdout}{done.stderr}"
        assert (done.returncode != 0) == wrong, said
        return done.stderr if wrong else done.stdout

    def resident(self, username, role="resident", password=None):
        """Makes an account by command. Gives (mail address, password)."""
        address, password = f"{username}@mail.example", password or f"{username} walks over the square"
        said = self.run(
            "account", "create", "--username", username, "--email", address, "--role", role, "--password-stdin", given=password + "\n"
        )
        assert "created" in said, said
        return address, password

    def token(self, username):
        return self.run("account", "token", "--username", username).strip()

    def last_log(self, lines=12):
        """What in the log may tell why: warnings and errors, then the end."""
        text = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        loud = [line for line in text if any(word in line for word in ("WARN", "ERROR", "panicked", "status=5", '"status":5'))]
        return "\n".join(line[:400] for line in [*loud[-lines:], "…", *text[-5:]])
