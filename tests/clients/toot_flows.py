"""What a new user does with `toot` (https://toot.bezdomni.net), each thing then looked for in the other town through that town's own API."""

import json
import os
import re
import subprocess
from pathlib import Path

from towns.picture import SECRET, is_picture, png
from towns.report import equal, flow_list, holds, until
from towns.web import Api, Browser

FLOWS, flow = flow_list()


class World:
    """Ana of the first town uses toot; Bruno of the second looks at what arrives, through his town's API."""

    def __init__(self, here, there, venv, folder):
        self.here, self.there, self.venv, self.folder = here, there, venv, Path(folder)
        self.ana, self.bruno = f"ana@{here.domain}", f"bruno@{there.domain}"
        self.logins, self.posts = {}, {}
        self.api_here = self.api_there = None

    def environment(self):
        return os.environ | {"XDG_CONFIG_HOME": str(self.folder / "toot"), "PYTHONUNBUFFERED": "1", "BROWSER": "true"}

    def toot(self, *words, given=None):
        """Runs a toot command; gives what it printed."""
        done = subprocess.run(
            [self.venv / "bin/toot", *words], env=self.environment(), input=given, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, f"toot {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def toot_json(self, *words):
        return json.loads(self.toot(*words, "--json"))

    def log_in(self, town, name):
        """`toot login` as its user goes through it: reads the address toot prints, opens it in a browser, types the code in."""
        command = [self.venv / "bin/toot", "login", "--instance", town.base]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        with subprocess.Popen(command, env=self.environment(), text=True, **pipes) as toot:
            try:
                said = ""
                while not (found := re.search(r"^(https?://\S+/oauth/authorize\S*)$", said, re.M)):
                    line = toot.stdout.readline()
                    assert line, f"toot login ended: {said}"
                    said += line
                code = Browser().authorise(found[1], *self.logins[name])
                rest, _ = toot.communicate(f"n\n{code}\n", timeout=60)
            finally:
                toot.kill()
        holds(rest, "Successfully logged in", "toot login")

    def post_there(self, key):
        """A post of ours as the other town knows it."""
        uri = self.posts[key]["uri"]
        return until(lambda: self.api_there.find_post(uri), f"{uri} in the other town")


@flow
def accounts_are_made_by_command(world):
    world.logins["ana"] = world.here.resident("ana")
    world.logins["bruno"] = world.there.resident("bruno")
    world.api_here = Api(world.here.base, world.here.token("ana"))
    world.api_there = Api(world.there.base, world.there.token("bruno"))
    equal(world.api_there.get("/api/v1/accounts/verify_credentials")["acct"], "bruno", "whose token it is")
    said = world.here.run("account", "create", "--username", "ana", "--email", "x@mail.example", "--password-stdin", given="x" * 20, wrong=True)
    assert said.strip(), "a second Ana is refused without a word"


@flow
def toot_logs_in_through_an_out_of_band_code(world):
    world.log_in(world.here, "ana")
    world.log_in(world.there, "bruno")
    equal(world.toot_json("--as", world.ana, "whoami")["acct"], "ana", "toot whoami")
    world.toot("activate", world.ana)
    holds(world.toot("auth"), world.bruno, "toot auth")


@flow
def toot_shows_the_instance(world):
    holds(world.toot("instance", world.here.base), "Clairval", "toot instance")


@flow
def toot_follows_somebody_of_the_other_town_and_back(world):
    world.toot("follow", f"@{world.bruno}")

    def known():
        me = world.api_there.find_account(world.ana)
        return me and world.api_there.get("/api/v1/accounts/relationships", **{"id[]": me["id"]})[0]["followed_by"]

    until(known, "the follow in the other town")
    until(lambda: any(a["acct"] == world.bruno for a in world.toot_json("following")), "toot following")
    kinds = world.api_there.get("/api/v1/notifications", **{"types[]": "follow"})
    equal([n["account"]["acct"] for n in kinds], [world.ana], "who follows Bruno")
    world.toot("--as", world.bruno, "follow", f"@{world.ana}")
    until(lambda: any(a["acct"] == world.bruno for a in world.toot_json("followers")), "toot followers")


@flow
def toot_posts_and_the_other_town_reads_it(world):
    text = "Good morning from the market #square, @" + world.bruno
    world.posts["first"] = world.toot_json("post", text, "--language", "en")
    there = world.post_there("first")
    holds(there["content"], "Good morning from the market", "the text")
    equal([m["acct"] for m in there["mentions"]], ["bruno"], "who is mentioned")
    equal([t["name"] for t in there["tags"]], ["square"], "the hashtags")
    equal((there["visibility"], there["language"]), ("public", "en"), "visibility and language")
    equal(there["account"]["acct"], world.ana, "the author")
    mention = until(
        lambda: next((n for n in world.api_there.get("/api/v1/notifications", **{"types[]": "mention"})), None), "the mention"
    )
    equal(mention["status"]["id"], there["id"], "the post that mentions")


@flow
def toot_shows_the_timelines(world):
    holds(world.toot("timeline", "--once"), "Good morning from the market", "toot timeline")
    holds(world.toot("timeline", "--public", "--local", "--once"), "Good morning", "toot timeline --public --local")
    holds(world.toot("timeline", "--tag", "square", "--once"), "Good morning", "toot timeline --tag")
    until(lambda: "Good morning" in world.toot("--as", world.bruno, "timeline", "--once"), "the post in the follower's timeline")
    holds(world.toot("timeline", "--public", "--once", "--instance", world.there.base), "Good morning", "the federated timeline over there")


@flow
def toot_replies_across_the_towns(world):
    reply = world.toot_json("--as", world.bruno, "post", f"@{world.ana} And from the river", "--reply-to", world.post_there("first")["id"])
    here = until(lambda: world.api_here.find_post(reply["uri"]), "the reply in the first town")
    equal(here["in_reply_to_id"], world.posts["first"]["id"], "what it replies to")
    thread = world.toot_json("thread", world.posts["first"]["id"])
    equal([p["id"] for p in thread["descendants"]], [here["id"]], "toot thread")
    until(lambda: world.toot_json("status", world.posts["first"]["id"])["replies_count"] == 1, "one reply counted")
    holds(world.toot("notifications"), "And from the river", "toot notifications")
    world.posts["reply"] = here


@flow
def toot_boosts_and_takes_it_back(world):
    reply = world.posts["reply"]
    world.toot("reblog", reply["id"])

    def boosts():
        own = world.api_there.find_post(reply["uri"])
        return own["reblogs_count"], [a["acct"] for a in world.api_there.get(f"/api/v1/statuses/{own['id']}/reblogged_by")]

    until(lambda: boosts() == (1, [world.ana]), "the boost in the other town")
    home = world.api_there.get("/api/v1/timelines/home")
    assert any(p["reblog"] and p["reblog"]["url"] == reply["url"] for p in home), "a boost is in the followers' home timeline"
    world.toot("unreblog", reply["id"])
    until(lambda: boosts() == (0, []), "the boost to go")


@flow
def toot_favourites_and_takes_it_back(world):
    reply = world.posts["reply"]
    world.toot("favourite", reply["id"])
    count = lambda: world.api_there.find_post(reply["uri"])["favourites_count"]  # noqa: E731
    until(lambda: count() == 1, "the favourite in the other town")
    heard = world.api_there.get("/api/v1/notifications", **{"types[]": "favourite"})
    equal([(n["account"]["acct"], n["status"]["url"]) for n in heard], [(world.ana, reply["url"])], "who likes it")
    world.toot("unfavourite", reply["id"])
    until(lambda: count() == 0, "the favourite to go")


@flow
def toot_bookmarks_and_pins(world):
    own = world.posts["first"]["id"]
    world.toot("bookmark", own)
    holds(world.toot("bookmarks", "--once"), "Good morning", "toot bookmarks")
    world.toot("unbookmark", own)
    world.toot("pin", own)
    me = world.toot_json("whoami")
    pinned = Api(world.here.base).get(f"/api/v1/accounts/{me['id']}/statuses", pinned="true")
    equal([p["id"] for p in pinned], [own], "what is pinned")
    world.toot("unpin", own)


@flow
def toot_posts_a_picture(world):
    picture = world.folder / "square.png"
    picture.write_bytes(png())
    world.posts["picture"] = world.toot_json("post", "The square at noon", "--media", str(picture), "--description", "A fountain")
    [shown] = world.post_there("picture")["media_attachments"]
    equal((shown["type"], shown["description"]), ("image", "A fountain"), "the picture over there")
    assert shown["blurhash"], "a blurhash crosses"
    for address in (shown["url"], shown["preview_url"]):
        data, _ = world.api_there.bytes(address)
        assert is_picture(data), f"{address} is no picture"
        assert SECRET not in data, f"{address} still says where it was taken"


@flow
def toot_uploads_a_picture_on_its_own(world):
    uploaded = world.toot_json("upload", str(world.folder / "square.png"), "--description", "The same fountain")
    equal((uploaded["type"], uploaded["description"]), ("image", "The same fountain"), "toot upload")


@flow
def toot_posts_behind_a_warning_to_followers_only(world):
    post = world.toot_json("post", "The end of the film is sad", "--spoiler-text", "Film", "--sensitive", "--visibility", "private")
    world.posts["private"] = post
    home = lambda: [p for p in world.api_there.get("/api/v1/timelines/home") if p["spoiler_text"] == "Film"]  # noqa: E731
    [there] = until(home, "the post in the follower's timeline")
    equal((there["visibility"], there["sensitive"]), ("private", True), "who may read it over there")
    for base, id in ((world.here.base, post["id"]), (world.there.base, there["id"])):
        equal(Api(base).status_of(f"/api/v1/statuses/{id}"), 404, "what strangers get")


@flow
def toot_deletes_and_it_is_gone_in_both_towns(world):
    world.post_there("first")
    gone = world.post_there("picture")["id"]
    world.toot("delete", world.posts["picture"]["id"])
    until(lambda: world.api_there.status_of(f"/api/v1/statuses/{gone}") == 404, "the post to go over there")
    equal(world.api_here.status_of(f"/api/v1/statuses/{world.posts['picture']['id']}"), 404, "the post here")


@flow
def toot_finds_people_and_posts(world):
    equal(world.toot_json("whois", f"@{world.bruno}")["acct"], world.bruno, "toot whois")
    found = world.toot_json("search", world.posts["reply"]["url"], "--resolve")["statuses"]
    equal([p["id"] for p in found], [world.posts["reply"]["id"]], "toot search of an address")
    found = world.toot_json("search", "square", "--type", "hashtags")["hashtags"]
    holds([t["name"] for t in found], "square", "toot search of a hashtag")


@flow
def toot_changes_the_profile_and_the_other_town_sees_it(world):
    picture = str(world.folder / "square.png")
    world.toot("update_account", "--display-name", "Ana of the market", "--note", "Bread and bicycles", "--avatar", picture)

    def seen():
        ana = world.api_there.find_account(world.ana)
        return (ana["display_name"], "Bread and bicycles" in ana["note"]) == ("Ana of the market", True) and ana

    ana = until(seen, "the new profile in the other town")
    assert is_picture(world.api_there.bytes(ana["avatar"])[0]), "the avatar over there is a picture"


@flow
def toot_mutes_blocks_and_unfollows(world):
    bruno = f"@{world.bruno}"
    world.toot("mute", bruno)
    holds(world.toot("muted"), world.bruno, "toot muted")
    world.toot("unmute", bruno)
    world.toot("block", bruno)
    holds(world.toot("blocked"), world.bruno, "toot blocked")
    following = lambda: world.api_there.get("/api/v1/accounts/relationships", **{"id[]": ana["id"]})[0]["following"]  # noqa: E731
    ana = world.api_there.find_account(world.ana)
    until(lambda: not following(), "the block to end the follow over there")
    world.toot("unblock", bruno)
    equal(json.loads(world.toot("blocked", "--json")), [], "toot blocked afterwards")
    until(lambda: world.bruno not in world.toot("following"), "toot following afterwards")


@flow
def toot_logs_out(world):
    world.toot("logout", world.bruno)
    assert world.bruno not in world.toot("auth"), "toot auth still lists Bruno"
