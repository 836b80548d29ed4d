"""What must hold of two towns behind Caddy: they meet over https, survive a backup under load and a restore, and still know each other."""

import json
import threading
import time
import urllib.error
import urllib.request

from towns.picture import is_picture, png
from towns.process import free_port
from towns import report
from towns.report import equal, flow_list, holds

FLOWS, flow = flow_list()


def until(look, what, seconds=180):
    """With patience: the settings are those of a real town, where a delivery that failed is tried again after a minute."""
    return report.until(look, what, seconds)


class World:
    """Ana lives in Clairval, Bruno in Aubépine."""

    def __init__(self, place):
        self.place = place
        self.clairval, self.aubepine = place.towns["clairval"], place.towns["aubepine"]
        self.tokens, self.posts = {}, {}

    def api(self, username):
        town, token = self.tokens[username]
        return self.place.api(town, token)

    def settle(self, town, username, role="resident"):
        self.place.towns[town].resident(username, role)
        self.tokens[username] = (town, self.place.towns[town].token(username))

    def acct(self, username):
        return f"{username}@{self.place.towns[self.tokens[username][0]].domain}"

    def relationship(self, who, whom):
        account = self.api(who).find_account(self.acct(whom))
        return self.api(who).get("/api/v1/accounts/relationships", **{"id[]": account["id"]})[0]

    def follow(self, who, whom):
        account = until(lambda: self.api(who).find_account(self.acct(whom)), f"{who} to find {whom}")
        self.api(who).post(f"/api/v1/accounts/{account['id']}/follow")
        until(lambda: self.relationship(who, whom)["following"], f"{whom}'s town to accept")

    def at_home(self, username, text):
        """The post with this text in somebody's home timeline, once it is there."""
        return until(
            lambda: next((p for p in self.api(username).get("/api/v1/timelines/home") if text in p["content"]), None),
            f"{text!r} in the home timeline of {username}",
        )

    def crosses(self, who, whom, text):
        """A post of one arrives at the other's home, and an answer comes back."""
        written = self.api(who).post("/api/v1/statuses", status=text)
        there = self.at_home(whom, text)
        equal(there["url"], written["url"], "the address of the post")
        answer = self.api(whom).post("/api/v1/statuses", status=f"@{self.acct(who)} answer to: {text}", in_reply_to_id=there["id"])
        back = until(lambda: self.api(who).find_post(answer["uri"]), "the answer")
        equal(back["in_reply_to_id"], written["id"], "what it answers")
        return written


@flow
def both_towns_answer_over_https(world):
    for name, town in world.place.towns.items():
        api = world.place.api(name)
        page, kind = api.bytes("/")
        equal(kind, "text/html", "the front page")
        holds(page.decode(), town.settings["PARVIS_TOWN__NAME"], "the town's name on its front page")
        about = api.get("/api/v2/instance")
        equal(about["domain"], town.domain, "its domain")
        equal(about["configuration"]["urls"]["streaming"], f"wss://{town.domain}", "where streams are")


@flow
def http_leads_to_https(world):
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    request = urllib.request.Request(f"http://127.0.0.1:{world.place.redirects}/about", headers={"Host": world.place.hosts["clairval"]})
    try:
        urllib.request.build_opener(Stay).open(request, timeout=10)
    except urllib.error.HTTPError as answer:
        assert answer.code in (301, 302, 307, 308), f"answered {answer.code}"
        holds(answer.headers["Location"], f"https://{world.place.hosts['clairval']}", "where it leads")
    else:
        raise AssertionError("plain http was answered")


@flow
def the_doctor_is_content(world):
    for town in world.place.towns.values():
        said = town.run("doctor")
        assert "FAILED" not in said, said
        holds(said, f"reachable: https://{town.domain} answers, its certificate is believed", "what the doctor says")
        holds(said, "documents: other servers can read", "what the doctor says")


@flow
def residents_follow_each_other(world):
    world.settle("clairval", "ana")
    world.settle("aubepine", "bruno")
    world.follow("ana", "bruno")
    world.follow("bruno", "ana")
    until(lambda: world.relationship("ana", "bruno")["followed_by"], "the follow in the other town")


@flow
def posts_and_answers_cross(world):
    world.crosses("ana", "bruno", "The bridge is open")
    world.crosses("bruno", "ana", "We bring the cake")


@flow
def a_picture_crosses(world):
    upload = multipart(world, "ana", png())
    post = world.api("ana").post("/api/v1/statuses", status="A picture before the backup", media_ids=[upload["id"]])
    there = world.at_home("bruno", "A picture before the backup")
    data, _ = world.api("bruno").bytes(there["media_attachments"][0]["url"])
    assert is_picture(data), "the picture over there"
    world.posts["picture"] = post


def multipart(world, username, data):
    """Uploads a picture as browsers do."""
    api, edge = world.api(username), "parvis-test-edge"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
    headers = {"Authorization": f"Bearer {api.token}", "Content-Type": f"multipart/form-data; boundary={edge}"}
    request = urllib.request.Request(f"{api.base}/api/v1/media", body, headers)
    with urllib.request.urlopen(request, timeout=30, context=api.context) as answer:
        return json.loads(answer.read())


class Load(threading.Thread):
    """Somebody who posts without a pause, and remembers what was accepted and when."""

    def __init__(self, api):
        super().__init__(daemon=True)
        self.api, self.enough, self.accepted, self.refused = api, threading.Event(), [], []

    def run(self):
        while not self.enough.is_set():
            try:
                post = self.api.post("/api/v1/statuses", status=f"During the backup, {len(self.accepted)}", visibility="unlisted")
                self.accepted.append((time.monotonic(), post["id"], post["url"]))
            except Exception as problem:  # told by the flow
                self.refused.append(problem)
                return

    def finish(self):
        self.enough.set()
        self.join(60)


def back_up_and_restore(world, name, username):
    """Backs up while posts are written, throws the town away, restores it, and looks for everything accepted before the backup began."""
    town = world.place.towns[name]
    file = world.place.folder / f"{name}.backup"
    load = Load(world.api(username))
    load.start()
    until(lambda: len(load.accepted) >= 5 or load.refused, "the first posts")
    began = time.monotonic()
    town.run("backup", str(file))
    ended = time.monotonic()
    until(lambda: load.refused or load.accepted[-1][0] > ended, "a post after the backup")
    load.finish()
    assert not load.refused, f"posting failed during the backup: {load.refused[0]}"
    assert any(began < when < ended for when, _, _ in load.accepted), "nothing was written during the backup"
    holds(town.run("backup", str(file), wrong=True), "there already", "a second backup into the same file")

    holds(town.run("restore", str(file), wrong=True), "empty", "a restore over a town that is there")
    town.stop()
    world.place.empty_place(name)
    town.run("restore", str(file))
    town.start()

    def behind_caddy():
        return world.place.api(name).get("/api/v2/instance")["domain"] == town.domain

    until(behind_caddy, f"{name} behind Caddy after the restore")
    api = world.api(username)
    before = [id for when, id, _ in load.accepted if when < began]
    missing = [id for id in before if api.status_of(f"/api/v1/statuses/{id}") != 200]
    equal(missing, [], "what was accepted before the backup and is not in it")
    known = [id for _, id, _ in load.accepted if api.status_of(f"/api/v1/statuses/{id}") == 200]
    equal(known, [id for _, id, _ in load.accepted][: len(known)], "the backup is one moment: what it holds has no gaps")


@flow
def clairval_is_backed_up_under_load_and_restored(world):
    back_up_and_restore(world, "clairval", "ana")
    picture = world.api("ana").get(f"/api/v1/statuses/{world.posts['picture']['id']}")["media_attachments"][0]
    assert is_picture(world.api("ana").bytes(picture["url"])[0]), "the picture after the restore"


@flow
def aubepine_is_backed_up_under_load_and_restored(world):
    back_up_and_restore(world, "aubepine", "bruno")


@flow
def both_federate_again(world):
    assert world.relationship("ana", "bruno")["following"] and world.relationship("bruno", "ana")["following"], "they still follow"
    world.crosses("ana", "bruno", "After the restore, from Clairval")
    world.crosses("bruno", "ana", "After the restore, from Aubepine")
    world.settle("clairval", "gus")
    world.follow("gus", "bruno")
    world.crosses("bruno", "gus", "Welcome to somebody new")


@flow
def a_backup_is_restored_only_as_the_town_it_is_of(world):
    town = world.place.towns["clairval"]
    there = dict(town.settings)
    town.settings |= {"PARVIS_DOMAIN": f"bastide.localhost:{free_port()}", "PARVIS_DATA_DIR": str(world.place.folder / "bastide")}
    try:
        said = town.run("restore", str(world.place.folder / "clairval.backup"), wrong=True)
        holds(said, there["PARVIS_DOMAIN"], "why it is refused")
    finally:
        town.settings = there


@flow
def both_stop_when_they_are_asked(world):
    for town in world.place.towns.values():
        town.stop()
