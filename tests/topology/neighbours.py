"""Two towns and Caddy, started with the files in `deploy/`."""

import re
import shutil
import subprocess
from pathlib import Path

from towns import postgres
from towns.process import Town, free_port, start, stop, system_environment
from towns.report import until
from towns.web import Api

ROOT = Path(__file__).resolve().parents[2]
DEPLOY, INSTALL = ROOT / "deploy", ROOT / "docs/operating/install.md"
NAMES = ("clairval", "aubepine")


def environment_file(name):
    """The `KEY=VALUE` lines of a file in `deploy/`, as systemd reads them."""
    lines = (DEPLOY / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def certificates(folder, hosts):
    """An authority and a certificate for the hosts. Gives (authority, certificate, key)."""
    authority, key, request = folder / "authority.pem", folder / "towns.key", folder / "towns.csr"
    certificate, extensions = folder / "towns.pem", folder / "extensions"

    def openssl(*words):
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, text=True)

    own = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Parvis test authority", "-addext", "keyUsage=keyCertSign,cRLSign"]
    openssl("req", "-x509", *own, "-keyout", folder / "authority.key", "-out", authority)
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=towns", "-keyout", key, "-out", request)
    names = ",".join(f"DNS:{host}" for host in hosts)
    extensions.write_text(f"subjectAltName={names}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n")
    by = ["-CA", authority, "-CAkey", folder / "authority.key", "-CAcreateserial", "-extfile", extensions, "-days", "2"]
    openssl("x509", "-req", "-in", request, "-out", certificate, *by)
    return authority, certificate, key


class InstalledTown(Town):
    """A town whose commands are given as docs/operating/install.md says: by its shell function `town`, from its file of settings."""

    def __init__(self, name, parvis, folder, settings):
        super().__init__(parvis, folder, settings)
        self.name, self.etc, self.bin = name, self.folder / "etc", self.folder / "bin"
        self.etc.mkdir()
        self.bin.mkdir()
        (self.bin / "parvis").symlink_to(parvis)

    def command(self, arguments):
        function = re.search(r"^town\(\) \{.*\}$", INSTALL.read_text(), re.M)[0]
        assert "sudo -u parvis " in function and "/etc/parvis/" in function, f"install.md gives another function: {function}"
        function = function.replace("sudo -u parvis ", "").replace("/etc/parvis/", f"{self.etc}/")
        lines = [f"{name}={value}" for name, value in self.settings.items()]
        (self.etc / f"{self.name}.env").write_text("\n".join(lines) + "\n")
        return ["sh", "-c", f'PATH="{self.bin}:$PATH"; {function}; town "$@"', "sh", self.name, *map(str, arguments)], {}


class Neighbours:
    """Both towns and their Caddy, running between `with` and its end."""

    def __init__(self, parvis, folder, embedded=()):
        self.parvis, self.folder, self.embedded = parvis, folder, embedded
        folder.mkdir(parents=True)
        self.port, self.redirects, self.admin = free_port(), free_port(), free_port()
        self.hosts = {name: f"{name}.localhost" for name in NAMES}
        self.authority, self.certificate, self.key = certificates(folder, self.hosts.values())
        self.upstreams = {name: f"127.0.0.1:{free_port()}" for name in NAMES}
        self.towns = {name: InstalledTown(name, parvis, folder / name, self.settings(name)) for name in NAMES}
        self.caddy = None

    def settings(self, name, database=None):
        """The town's environment: `deploy/NAME.env` with this machine's name, addresses and folders."""
        settings = environment_file(f"{name}.env")
        places = {
            "PARVIS_DOMAIN": f"{self.hosts[name]}:{self.port}",
            "PARVIS_DATA_DIR": str(self.folder / name / "data"),
            "PARVIS_DATABASE__URL": database or postgres.create_database(name),
            "PARVIS_HTTP__LISTEN": self.upstreams[name],
            "PARVIS_FEDERATION__ALLOWED_PRIVATE_ADDRESSES": f"127.0.0.1:{self.port}",
            "PARVIS_FEDERATION__EXTRA_CA_FILE": str(self.authority),
        }
        assert places.keys() <= settings.keys(), f"deploy/{name}.env lacks {places.keys() - settings.keys()}"
        settings |= places
        if name in self.embedded:
            del settings["PARVIS_DATABASE__URL"]
        return settings

    def __enter__(self):
        for town in self.towns.values():
            town.start()
        settings = environment_file("caddy.env")
        for name in NAMES:
            settings[f"{name.upper()}_DOMAIN"] = f"{self.hosts[name]}:{self.port}"
            settings[f"{name.upper()}_UPSTREAM"] = self.upstreams[name]
        settings |= {
            "CADDY_TLS": f"{self.certificate} {self.key}",
            "CADDY_BIND": "127.0.0.1",
            "CADDY_ADMIN": f"127.0.0.1:{self.admin}",
            "CADDY_HTTP_PORT": str(self.redirects),
            "XDG_DATA_HOME": str(self.folder / "caddy"),
            "XDG_CONFIG_HOME": str(self.folder / "caddy"),
        }
        command = [shutil.which("caddy"), "run", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"]
        self.caddy = start(command, system_environment() | settings, self.folder / "caddy.log")
        for name in NAMES:
            until(lambda name=name: self.api(name).get("/api/v2/instance")["domain"], f"{name} behind Caddy")
        return self

    def __exit__(self, *problem):
        for town in self.towns.values():
            if town.process and town.process.poll() is None:
                stop(town.process)
        if self.caddy:
            stop(self.caddy)

    def api(self, name, token=None):
        return Api(f"https://{self.hosts[name]}:{self.port}", token, str(self.authority))

    def empty_place(self, name):
        """As install.md says: the old data folder is put aside, a new one gets the secret key only; with PostgreSQL the database is a new one."""
        town = self.towns[name]
        data = Path(town.settings["PARVIS_DATA_DIR"])
        old = data.with_name("data.old")
        data.rename(old)
        data.mkdir(mode=0o700)
        shutil.copy2(old / "secret.key", data / "secret.key")
        if "PARVIS_DATABASE__URL" in town.settings:
            town.settings["PARVIS_DATABASE__URL"] = postgres.create_database(f"{name}_again")

    def show_logs(self):
        for town in self.towns.values():
            print(f"--- the end of the log of {town.domain}\n{town.last_log()}")
        caddy = (self.folder / "caddy.log").read_text(errors="replace").splitlines()
        print("--- the end of Caddy's log\n" + "\n".join(line[:300] for line in caddy[-5:]), flush=True)

