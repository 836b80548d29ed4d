"""How somebody comes to have an account: signs up on the page, confirms by mail, signs in, forgets the password. Without script, as in an old browser."""

import email
import email.policy
import re
from pathlib import Path

from towns.report import equal, flow_list, holds, until
from towns.web import Browser

FLOWS, flow = flow_list()
NEWCOMER = "noor@mail.example"


class World:
    """Noor wants to join the first town."""

    def __init__(self, town):
        self.town, self.mail = town, Path(town.settings["PARVIS_DATA_DIR"]) / "mail"
        self.password = "a parvis in the morning"
        self.read = set()

    def page(self, path, language="en"):
        browser = Browser(language)
        return browser, browser.open(self.town.base + path)

    def sign_up(self, **changed):
        browser, page = self.page("/auth/sign_up")
        values = {"username": "noor", "email": NEWCOMER, "password": self.password, "agreement": "yes"} | changed
        return browser, browser.send(page, page.form(field="agreement"), {k: v for k, v in values.items() if v is not None})

    def letter_link(self, path):
        """The link to this path in a new letter to Noor."""

        def found():
            for file in sorted(self.mail.glob("*.eml")):
                letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                text = letter.get_body(("plain",)).get_content()
                link = re.search(re.escape(self.town.base + path) + r"\?\S+", text)
                if file not in self.read and link and letter["To"] and NEWCOMER in letter["To"]:
                    self.read.add(file)
                    return link[0]
            return None

        return until(found, f"a letter with a link to {path}")

    def sign_in(self, browser, password):
        page = browser.open(self.town.base + "/auth/sign_in")
        return browser.sign_in(page, NEWCOMER, password)

    def is_refused(self, password):
        try:
            self.sign_in(Browser(), password)
        except AssertionError:
            return True
        return False


@flow
def pages_speak_the_language_of_the_visitor(world):
    for language in ("fr", "en"):
        _, page = world.page("/", language)
        equal(page.status, 200, "the front page")
        holds(page.body, f'lang="{language}"', "its language")
        holds(page.body, "AGPL", "the licence on every page")


@flow
def a_sign_up_needs_the_rules_accepted_and_a_free_name(world):
    for changed in ({"agreement": None}, {"username": "admin"}, {"password": "short"}, {"email": "no address"}):
        _, page = world.sign_up(**changed)
        equal(page.status, 422, f"a sign-up with {changed}")
    assert not list(world.mail.glob("*.eml")), "a letter was sent nevertheless"


@flow
def somebody_signs_up_and_confirms_by_mail(world):
    browser, page = world.sign_up()
    equal(page.status, 200, f"the sign-up: {page.text[:200]}")
    assert world.is_refused(world.password), "one can sign in before the address is confirmed"
    page = browser.open(world.letter_link("/auth/confirm"))
    page = browser.send(page, page.form(field="token"))
    equal(page.status, 200, "the confirmation")
    holds(world.sign_in(browser, world.password).body, "noor", "the page after signing in")


@flow
def a_form_from_another_site_does_nothing(world):
    browser, page = world.page("/auth/sign_in")
    form = page.form(field="password")
    fields = {name: value for name, value in form["fields"].items() if form["types"][name] != "hidden"}
    answer = browser.send(page, form | {"fields": fields}, {"login": NEWCOMER, "password": world.password})
    assert answer.status in (400, 403, 422), f"a form without its mark was answered with {answer.status}"


@flow
def a_forgotten_password_is_replaced_by_mail(world):
    elsewhere = Browser()
    world.sign_in(elsewhere, world.password)
    browser, page = world.page("/auth/password")
    page = browser.send(page, page.form(field="email"), {"email": NEWCOMER})
    equal(page.status, 200, "asking for a letter")
    link = world.letter_link("/auth/password/edit")
    page = browser.open(link)
    old, world.password = world.password, "another parvis in the evening"
    page = browser.send(page, page.form(field="token"), {"password": world.password})
    equal(page.status, 200, f"the new password: {page.text[:200]}")
    assert world.is_refused(old), "the old password still opens the door"
    world.sign_in(browser, world.password)
    holds(elsewhere.open(world.town.base + "/settings").url, "/auth/sign_in", "where the old session ends up")
    assert browser.open(link).status >= 400, "the letter works twice"


@flow
def one_signs_out_everywhere(world):
    first, second = Browser(), Browser()
    world.sign_in(first, world.password)
    world.sign_in(second, world.password)
    page = first.open(world.town.base + "/settings")
    form = next(form for form in page.forms if form["action"].endswith("sign_out_everywhere"))
    first.send(page, form)
    for browser in (first, second):
        holds(browser.open(world.town.base + "/settings").url, "/auth/sign_in", "where the session ends up")


@flow
def what_is_not_there_is_a_page_too(world):
    _, page = world.page("/a-page-that-is-not-there", "fr")
    equal((page.status, 'lang="fr"' in page.body), (404, True), "a page that is not there")
