"""What programs built on Mastodon.py (https://mastodonpy.readthedocs.io) do: both residents use it, each thing is looked for in the other town."""

import threading
from pathlib import Path

from mastodon import Mastodon, MastodonAPIError, MastodonNotFoundError, StreamListener
from towns.picture import SECRET, is_picture, png
from towns.report import equal, flow_list, holds, until
from towns.web import Api, Browser

FLOWS, flow = flow_list()
SCOPES = ["read", "write", "follow", "push"]


class World:
    """Alix of the first town and Bea of the second, both with Mastodon.py."""

    def __init__(self, here, there, folder):
        self.here, self.there, self.folder = here, there, Path(folder)
        self.alix_acct, self.bea_acct = f"alix@{here.domain}", f"bea@{there.domain}"
        self.logins, self.posts = {}, {}
        self.alix = self.bea = None

    def log_in(self, town, name):
        """Registers an app, lets its user consent in a browser, and turns the code into a token."""
        client_id, secret = Mastodon.create_app("flows", scopes=SCOPES, api_base_url=town.base)
        client = Mastodon(client_id, secret, api_base_url=town.base, ratelimit_method="throw")
        url = client.auth_request_url(scopes=SCOPES, allow_http=True)
        client.log_in(code=Browser("fr").authorise(url, *self.logins[name]), scopes=SCOPES, allow_http=True)
        return client

    def seen(self, client, post):
        """A post as another town knows it, once it knows it."""

        def known():
            found = client.search_v2(post["uri"], resolve=False, result_type="statuses")["statuses"]
            return found[0] if found else None

        return until(known, f"{post['uri']} in the other town")

    def account(self, client, acct):
        return next(a for a in client.account_search(acct, resolve=True) if a["acct"] == acct)

    def relationship(self, client, acct):
        return client.account_relationships(self.account(client, acct)["id"])[0]


def ids(things):
    return [str(thing["id"]) for thing in things]


def answers(action, status):
    """Whether a call is refused with this status."""
    try:
        action()
    except MastodonAPIError as error:
        return status in error.args
    return False


@flow
def mastodon_py_logs_in_with_a_code(world):
    world.logins = {"alix": world.here.resident("alix"), "bea": world.there.resident("bea")}
    world.alix, world.bea = world.log_in(world.here, "alix"), world.log_in(world.there, "bea")
    equal([world.alix.me()["acct"], world.bea.me()["acct"]], ["alix", "bea"], "who they are")
    equal(world.alix.app_verify_credentials()["name"], "flows", "the app")


@flow
def a_code_cannot_be_used_twice_and_a_wrong_password_opens_nothing(world):
    client_id, secret = Mastodon.create_app("twice", scopes=["read"], api_base_url=world.here.base)
    client = Mastodon(client_id, secret, api_base_url=world.here.base)
    url = client.auth_request_url(scopes=["read"], allow_http=True)
    code = Browser().authorise(url, *world.logins["alix"])
    client.log_in(code=code, scopes=["read"], allow_http=True)
    try:
        client.log_in(code=code, scopes=["read"], allow_http=True)
    except Exception as error:  # the library has its own words for it
        holds(str(error).lower(), "invalid", "the second use")
    else:
        raise AssertionError("a code was taken twice")
    browser = Browser()
    try:
        browser.sign_in(browser.open(url), world.logins["alix"][0], "a wrong password")
    except AssertionError:
        return
    raise AssertionError("a wrong password was taken")


@flow
def an_app_may_only_do_what_its_scopes_say(world):
    client_id, secret = Mastodon.create_app("reader", scopes=["read"], api_base_url=world.here.base)
    reader = Mastodon(client_id, secret, api_base_url=world.here.base)
    url = reader.auth_request_url(scopes=["read"], allow_http=True)
    reader.log_in(code=Browser().authorise(url, *world.logins["alix"]), scopes=["read"], allow_http=True)
    equal(reader.me()["acct"], "alix", "reading")
    assert answers(lambda: reader.status_post("not with this scope"), 403), "an app that may only read has posted"


@flow
def mastodon_py_reads_the_instance(world):
    about = world.alix.instance_v2()
    equal((about["title"], about["domain"]), ("Clairval", world.here.domain), "instance")
    assert about["configuration"]["statuses"]["max_characters"] >= 500, "room for a post"
    equal(world.alix.instance_nodeinfo()["software"]["name"], "parvis", "nodeinfo")
    assert world.alix.instance_rules(), "rules"
    world.alix.custom_emojis()
    world.alix.preferences()


@flow
def mastodon_py_resolves_somebody_of_the_other_town_and_follows(world):
    bea = world.alix.search_v2("@" + world.bea_acct, resolve=True)["accounts"][0]
    equal(bea["acct"], world.bea_acct, "who is found")
    world.alix.account_follow(bea["id"])
    until(lambda: world.relationship(world.alix, world.bea_acct)["following"], "the follow to be accepted")
    until(lambda: world.relationship(world.bea, world.alix_acct)["followed_by"], "the follow in the other town")
    follow = world.bea.notifications(types=["follow"])[0]
    equal(follow["account"]["acct"], world.alix_acct, "the notification")
    world.bea.account_follow(follow["account"]["id"])
    until(lambda: world.relationship(world.alix, world.bea_acct)["followed_by"], "the follow back")
    equal([a["acct"] for a in world.alix.account_following(world.alix.me()["id"])], [world.bea_acct], "following")
    equal([a["acct"] for a in world.alix.account_followers(world.alix.me()["id"])], [world.bea_acct], "followers")


@flow
def a_locked_account_decides_about_its_followers(world):
    world.bea.account_update_credentials(locked=True)
    world.logins["gus"] = world.here.resident("gus")
    gus = Mastodon(access_token=world.here.token("gus"), api_base_url=world.here.base)
    until(lambda: world.account(gus, world.bea_acct)["locked"], "the lock to be known")
    gus.account_follow(world.account(gus, world.bea_acct)["id"])
    asked = until(lambda: [a for a in world.bea.follow_requests() if a["acct"].startswith("gus@")], "the follow request")
    assert world.relationship(gus, world.bea_acct)["requested"], "it is not a follow yet"
    world.bea.follow_request_authorize(asked[0]["id"])
    until(lambda: world.relationship(gus, world.bea_acct)["following"], "the request to be granted")
    world.bea.account_update_credentials(locked=False)


@flow
def mastodon_py_posts_and_the_follower_reads_it_at_home(world):
    post = world.alix.status_post(
        f"The bakery is open, @{world.bea_acct} #bread", visibility="public", language="fr", spoiler_text="Breakfast", idempotency_key="one"
    )
    again = world.alix.status_post(
        f"The bakery is open, @{world.bea_acct} #bread", visibility="public", language="fr", spoiler_text="Breakfast", idempotency_key="one"
    )
    equal(ids([again]), ids([post]), "the same idempotency key twice")
    world.posts["bread"] = post
    there = until(lambda: [p for p in world.bea.timeline_home() if p["url"] == post["url"]], "the post at home")[0]
    equal((there["spoiler_text"], there["language"], there["visibility"]), ("Breakfast", "fr", "public"), "what crosses")
    holds(there["content"], "bakery", "the text")
    mention = until(lambda: world.bea.notifications(types=["mention"]), "the mention")[0]
    equal(ids([mention["status"]]), ids([there]), "the post that mentions")
    holds(ids(world.bea.timeline_hashtag("bread")), str(there["id"]), "the hashtag over there")
    holds(ids(world.bea.timeline_public(remote=True)), str(there["id"]), "the federated timeline over there")
    holds(ids(world.alix.timeline_local()), str(post["id"]), "the local timeline")


@flow
def a_conversation_goes_back_and_forth(world):
    there = world.seen(world.bea, world.posts["bread"])
    reply = world.bea.status_reply(there, "I take two", visibility="unlisted")
    here = world.seen(world.alix, reply)
    equal(str(here["in_reply_to_id"]), str(world.posts["bread"]["id"]), "what it replies to")
    answer = world.alix.status_reply(here, "They are warm")
    world.seen(world.bea, answer)
    thread = until(
        lambda: len((found := world.bea.status_context(there["id"]))["descendants"]) == 2 and found, "the whole thread over there"
    )
    equal([p["url"] for p in thread["descendants"]], [reply["url"], answer["url"]], "its order")
    equal([p["url"] for p in world.alix.status_context(answer["id"])["ancestors"]], [world.posts["bread"]["url"], reply["url"]], "ancestors")
    world.posts["reply"], world.posts["answer"] = here, answer


@flow
def favourites_and_boosts_cross_and_are_taken_back(world):
    here = world.posts["reply"]
    own = world.seen(world.bea, here)
    counts = lambda: (world.bea.status(own["id"])["favourites_count"], world.bea.status(own["id"])["reblogs_count"])  # noqa: E731
    world.alix.status_favourite(here["id"])
    boost = world.alix.status_reblog(here["id"])
    equal(boost["reblog"]["url"], here["url"], "what is boosted")
    until(lambda: counts() == (1, 1), "favourite and boost over there")
    kinds = lambda: {n["type"] for n in world.bea.notifications() if n["status"] and str(n["status"]["id"]) == str(own["id"])}  # noqa: E731
    until(lambda: {"favourite", "reblog"} <= kinds(), "both notifications")
    equal([a["acct"] for a in world.bea.status_favourited_by(own["id"])], [world.alix_acct], "who likes it")
    equal([a["acct"] for a in world.bea.status_reblogged_by(own["id"])], [world.alix_acct], "who boosts it")
    holds(ids(world.alix.favourites()), str(here["id"]), "own favourites")
    world.alix.status_unfavourite(here["id"])
    world.alix.status_unreblog(here["id"])
    until(lambda: counts() == (0, 0), "both to go")


@flow
def a_picture_crosses_with_description_focus_and_thumbnail(world):
    data = png(300, 200, 10)
    picture = world.alix.media_post(data, "image/png", description="A loaf", focus=(0.5, -0.25))
    until(lambda: world.alix.media(picture["id"])["url"], "the picture to be processed")
    changed = world.alix.media_update(picture["id"], description="A warm loaf")
    equal(changed["description"], "A warm loaf", "the description afterwards")
    post = world.alix.status_post("Look", media_ids=[picture["id"]], sensitive=True)
    world.posts["picture"] = post
    there = world.seen(world.bea, post)
    [shown] = there["media_attachments"]
    equal((shown["type"], shown["description"], there["sensitive"]), ("image", "A warm loaf", True), "the picture over there")
    focus = shown["meta"]["focus"]
    equal((focus["x"], focus["y"]), (0.5, -0.25), "its focus")
    equal(shown["blurhash"], world.alix.status(post["id"])["media_attachments"][0]["blurhash"], "its blurhash")
    equal((shown["meta"]["original"]["width"], shown["meta"]["original"]["height"]), (300, 200), "its size")
    for client, entity in ((world.bea, shown), (world.alix, post["media_attachments"][0])):
        for address in (entity["url"], entity["preview_url"]):
            body, _ = Api(client.api_base_url).bytes(address)
            assert is_picture(body) and SECRET not in body, f"{address} is not a clean picture"
    assert answers(lambda: world.alix.media_post(b"this is no picture", "image/png"), 422), "text was taken for a picture"


@flow
def an_edit_crosses_and_keeps_its_history(world):
    post = world.alix.status_post("Closed on mondays")
    there = world.seen(world.bea, post)
    world.alix.status_update(post["id"], "Closed on Mondays, open on Sundays")
    edited = lambda: world.bea.status(there["id"])  # noqa: E731
    until(lambda: "open on Sundays" in edited()["content"], "the edit over there")
    assert edited()["edited_at"], "it says that it was edited"
    equal(world.alix.status_source(post["id"])["text"], "Closed on Mondays, open on Sundays", "its source")
    equal(len(world.alix.status_history(post["id"])), 2, "its history")
    equal(len(world.bea.status_history(there["id"])), 2, "its history over there")


@flow
def bookmarks_are_private_and_pins_are_not(world):
    own = world.posts["bread"]["id"]
    there = world.seen(world.bea, world.posts["bread"])
    world.bea.status_bookmark(there["id"])
    equal(ids(world.bea.bookmarks()), [str(there["id"])], "bookmarks")
    assert not world.alix.status(own)["bookmarked"], "somebody else's bookmark shows"
    world.bea.status_unbookmark(there["id"])
    equal(world.bea.bookmarks(), [], "bookmarks afterwards")
    world.alix.status_pin(own)
    equal(ids(world.alix.account_statuses(world.alix.me()["id"], pinned=True)), [str(own)], "pinned posts")
    assert answers(lambda: world.bea.status_pin(there["id"]), 422), "somebody else's post was pinned"
    world.alix.status_unpin(own)
    equal(world.alix.account_statuses(world.alix.me()["id"], pinned=True), [], "pinned posts afterwards")


@flow
def who_is_muted_is_not_heard(world):
    bea = world.account(world.alix, world.bea_acct)
    world.alix.account_mute(bea["id"])
    equal([a["acct"] for a in world.alix.mutes()], [world.bea_acct], "mutes")
    unheard = world.bea.status_post(f"@{world.alix_acct} can you hear me?")
    known = world.seen(world.alix, unheard)
    assert str(known["id"]) not in ids(world.alix.timeline_home()), "a muted post is at home"
    heard = [n for n in world.alix.notifications(types=["mention"]) if n["status"]["url"] == unheard["url"]]
    equal(heard, [], "notifications from somebody muted")
    world.alix.account_unmute(bea["id"])
    equal(world.alix.mutes(), [], "mutes afterwards")
    holds(ids(world.alix.timeline_home()), str(known["id"]), "home after the mute")


@flow
def who_is_blocked_loses_the_way(world):
    bea = world.account(world.alix, world.bea_acct)
    world.alix.account_block(bea["id"])
    equal([a["acct"] for a in world.alix.blocks()], [world.bea_acct], "blocks")
    until(lambda: not world.relationship(world.bea, world.alix_acct)["following"], "the follow to end over there")
    assert not world.relationship(world.alix, world.bea_acct)["followed_by"], "a blocked follower"
    world.alix.account_unblock(bea["id"])
    equal(world.alix.blocks(), [], "blocks afterwards")
    alix = world.account(world.bea, world.alix_acct)
    until(lambda: not answers(lambda: world.bea.account_follow(alix["id"]), 403), "the end of the block to be known over there")
    until(lambda: world.relationship(world.bea, world.alix_acct)["following"], "a new follow after the block")
    world.alix.account_follow(bea["id"])
    until(lambda: world.relationship(world.alix, world.bea_acct)["following"], "the follow back")


@flow
def a_profile_crosses_with_its_pictures_and_fields(world):
    avatar, header = world.folder / "avatar.png", world.folder / "header.png"
    avatar.write_bytes(png(200, 200, 200))
    header.write_bytes(png(300, 100, 50))
    world.alix.account_update_credentials(
        display_name="Alix Boulanger",
        note="Bread, twice a day. #bread",
        avatar=str(avatar),
        header=str(header),
        fields=[("Shop", "Place du Parvis"), ("Hours", "7 to 13")],
    )

    def seen():
        alix = world.account(world.bea, world.alix_acct)
        return alix if alix["display_name"] == "Alix Boulanger" and "missing" not in str(alix["avatar"]) else None

    alix = until(seen, "the profile over there")
    holds(alix["note"], "Bread, twice a day", "the bio")
    equal([(f["name"], f["value"]) for f in alix["fields"]], [("Shop", "Place du Parvis"), ("Hours", "7 to 13")], "the fields")
    for address in (alix["avatar"], alix["header"]):
        body, _ = Api(world.there.base).bytes(address)
        assert is_picture(body) and SECRET not in body, f"{address} is not a clean picture"


@flow
def followers_only_and_direct_posts_reach_only_whom_they_should(world):
    private = world.alix.status_post("Only for those who follow", visibility="private")
    direct = world.alix.status_post(f"@{world.bea_acct} only for you", visibility="direct")
    for post, visibility in ((private, "private"), (direct, "direct")):
        there = world.seen(world.bea, post)
        equal(there["visibility"], visibility, "its visibility over there")
        for base, entity in ((world.here.base, post), (world.there.base, there)):
            equal(Api(base).status_of(f"/api/v1/statuses/{entity['id']}"), 404, "what a stranger gets")
        public = ids(Api(world.there.base).get("/api/v1/timelines/public"))
        assert str(there["id"]) not in public, f"a {visibility} post is public over there"
    gus = Api(world.here.base, world.here.token("gus"))
    for post in (private, direct):
        equal(gus.status_of(f"/api/v1/statuses/{post['id']}"), 404, "what a neighbour gets")


@flow
def the_user_stream_tells_at_once(world):
    heard = {"update": threading.Event(), "notification": threading.Event(), "delete": threading.Event()}

    class Listener(StreamListener):
        def on_update(self, status):
            heard["update"].set()

        def on_notification(self, notification):
            heard["notification"].set()

        def on_delete(self, status_id):
            heard["delete"].set()

    posts = []

    def heard_after_another_post():
        """`subscribe` has no answer, so nobody knows when the town has taken it in: posts again until one is heard."""
        if heard["update"].is_set() and heard["notification"].is_set():
            return True
        posts.append(world.alix.status_post(f"@{world.bea_acct} news {len(posts)}"))
        return heard["update"].wait(3) and heard["notification"].wait(3)

    stream = world.bea.stream_open_websocket(timeout=60)
    try:
        world.bea.stream_user(Listener(), websocket_handle=stream)
        until(heard_after_another_post, "an update and a notification on the stream")
        for post in posts:
            world.alix.status_delete(post["id"])
        assert heard["delete"].wait(30), "no deletion on the stream"
    finally:
        stream.close()


@flow
def notifications_are_listed_dismissed_and_cleared(world):
    every = world.bea.notifications()
    assert len(every) >= 3, "several notifications"
    world.bea.notifications_dismiss(every[0]["id"])
    assert str(every[0]["id"]) not in ids(world.bea.notifications()), "a dismissed one"
    older = world.bea.notifications(max_id=every[0]["id"], limit=1)
    equal(ids(older), [str(every[1]["id"])], "the next page")
    world.bea.notifications_clear()
    equal(world.bea.notifications(), [], "after clearing")


@flow
def pages_follow_one_another_without_a_gap(world):
    written = [str(world.alix.status_post(f"Page {number}", visibility="unlisted")["id"]) for number in range(5)]
    me = world.alix.me()["id"]
    page, found = world.alix.account_statuses(me, limit=2), []
    while page and len(found) < 5:
        found += ids(page)
        page = world.alix.fetch_next(page)
    equal(found[:5], written[::-1], "own posts, two by two")


@flow
def a_deleted_post_is_gone_in_both_towns(world):
    there = world.seen(world.bea, world.posts["picture"])
    deleted = world.alix.status_delete(world.posts["picture"]["id"])
    equal(deleted["text"], "Look", "what a client offers to redraft")

    def gone():
        try:
            world.bea.status(there["id"])
        except MastodonNotFoundError:
            return True
        return False

    until(gone, "the post to go over there")
    equal(Api(world.here.base).status_of(f"/api/v1/statuses/{world.posts['picture']['id']}"), 404, "the post here")


@flow
def a_token_that_is_revoked_opens_nothing(world):
    revoked = world.alix.access_token
    world.alix.revoke_access_token(allow_http=True)
    token = world.here.token("alix")
    equal(Api(world.here.base, token).get("/api/v1/accounts/verify_credentials")["acct"], "alix", "a token by command")
    for bad in (revoked, "not-a-token"):
        equal(Api(world.here.base, bad).status_of("/api/v1/accounts/verify_credentials"), 401, "a token that is none")
