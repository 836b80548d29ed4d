"""A town seen over HTTP: its client API with a bearer token (`Api`), and its pages as a browser without script uses them (`Browser`)."""

import html.parser
import http.cookiejar
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request

from . import names  # noqa: F401  (for `*.localhost`)

SECONDS = 30


class Refused(AssertionError):
    """The town answered with an error."""

    def __init__(self, method, url, status, body):
        super().__init__(f"{method} {url} answered {status}: {body[:300]}")
        self.status, self.body = status, body


class Api:
    """The Mastodon client API of a town for one account, or for nobody."""

    def __init__(self, base, token=None, ca=None):
        self.base, self.token = base, token
        self.context = ssl.create_default_context(cafile=ca) if ca else None

    def ask(self, method, path, parameters=None):
        """The answer's JSON and its headers. Parameters go into the query of a GET, as JSON otherwise."""
        url, data, headers = urllib.parse.urljoin(self.base, path), None, {"Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if parameters is not None and method == "GET":
            url += "?" + urllib.parse.urlencode(parameters, doseq=True)
        elif parameters is not None:
            data, headers["Content-Type"] = json.dumps(parameters).encode(), "application/json"
        request = urllib.request.Request(url, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=SECONDS, context=self.context) as answer:
                return json.loads(answer.read() or "null"), answer.headers
        except urllib.error.HTTPError as error:
            raise Refused(method, url, error.code, error.read().decode(errors="replace")) from None

    def get(self, path, **parameters):
        return self.ask("GET", path, parameters)[0]

    def post(self, path, **parameters):
        return self.ask("POST", path, parameters)[0]

    def bytes(self, url):
        """What is at an address, such as a picture, and its content type."""
        with urllib.request.urlopen(urllib.parse.urljoin(self.base, url), timeout=SECONDS, context=self.context) as answer:
            return answer.read(), answer.headers.get_content_type()

    def status_of(self, path):
        """The code of an answer, error or not."""
        try:
            self.ask("GET", path)
            return 200
        except Refused as refused:
            return refused.status

    def find_post(self, uri):
        """The post with this ActivityPub id as this town knows it, or None; it is not fetched."""
        found = self.get("/api/v2/search", q=uri, type="statuses", resolve="false")["statuses"]
        return found[0] if found else None

    def find_account(self, acct):
        """The account with this address, or None; it is fetched when it is not known."""
        found = self.get("/api/v2/search", q=acct, type="accounts", resolve="true")["accounts"]
        wanted = acct.lstrip("@").lower()
        return next((account for account in found if account["acct"].lower() == wanted), None)


class _Reader(html.parser.HTMLParser):
    """Forms with their fields and buttons, and the text of a page."""

    def __init__(self):
        super().__init__()
        self.forms, self.text, self.code, self._button, self._in_code = [], [], [], None, False

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            method = (given.get("method") or "get").lower()
            self.forms.append({"action": given.get("action") or "", "method": method, "fields": {}, "types": {}, "buttons": []})
        elif tag in ("code", "output") or (tag == "input" and "readonly" in given):
            self._in_code = tag != "input"
            if tag == "input":
                self.code.append(given.get("value") or "")
        if not self.forms:
            return
        form, name = self.forms[-1], given.get("name")
        kind = given.get("type") or "text"
        if tag == "button" or (tag == "input" and kind == "submit"):
            self._button = {"name": name, "value": given.get("value") or "", "text": given.get("value") or ""}
            form["buttons"].append(self._button)
        elif tag in ("input", "textarea", "select") and name:
            form["types"][name] = kind
            if kind not in ("checkbox", "radio") or "checked" in given:
                form["fields"][name] = given.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "button":
            self._button = None
        elif tag in ("code", "output"):
            self._in_code = False

    def handle_data(self, data):
        self.text.append(data)
        if self._in_code:
            self.code.append(data)
        if self._button is not None:
            self._button["text"] += data


class Page:
    def __init__(self, url, status, body):
        self.url, self.status, self.body = url, status, body
        reader = _Reader()
        reader.feed(body)
        self.forms, self.text = reader.forms, " ".join(" ".join(reader.text).split())
        self.codes = [code.strip() for code in reader.code if code.strip()]

    def form(self, field=None, button=None):
        """The form with a field of this name or type, or with a button whose text or value holds this word."""
        for form in self.forms:
            kinds = [*form["types"], *form["types"].values()]
            words = [f"{b['name']} {b['value']} {b['text']}".lower() for b in form["buttons"]]
            if (field is None or field in kinds) and (button is None or any(button in word for word in words)):
                return form
        raise AssertionError(f"no form with {field or button} on {self.url}: {self.text[:300]}")


class Browser:
    """Cookies, redirects and forms; no script."""

    def __init__(self, language="en", ca=None):
        self.cookies = http.cookiejar.CookieJar()
        handlers = [urllib.request.HTTPCookieProcessor(self.cookies)]
        if ca:
            handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ca)))
        self.opener = urllib.request.build_opener(*handlers)
        self.language = language

    def open(self, url, data=None, origin=None):
        headers = {"Accept": "text/html", "Accept-Language": self.language}
        if origin:
            headers["Origin"] = origin
        request = urllib.request.Request(url, data, headers)
        try:
            answer = self.opener.open(request, timeout=SECONDS)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Page(answer.geturl(), answer.status, answer.read().decode(errors="replace"))

    def send(self, page, form, values=None, button=None):
        """Fills in and sends a form of a page, by the button whose text or value holds `button`, else by the first."""
        fields = form["fields"] | (values or {})
        buttons = [b for b in form["buttons"] if button is None or button in f"{b['name']} {b['value']} {b['text']}".lower()]
        if buttons and buttons[0]["name"]:
            fields[buttons[0]["name"]] = buttons[0]["value"]
        target, data = urllib.parse.urljoin(page.url, form["action"]), urllib.parse.urlencode(fields)
        if form["method"] == "get":
            return self.open(target.split("?")[0] + "?" + data)
        return self.open(target, data.encode(), "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(page.url)))

    def sign_in(self, page, address, password):
        """Fills in the sign-in form that a page shows; gives the page after it."""
        form = page.form(field="password")
        login = next(name for name, kind in form["types"].items() if kind in ("text", "email"))
        secret = next(name for name, kind in form["types"].items() if kind == "password")
        after = self.send(page, form, {login: address, secret: password})
        assert after.status == 200 and not any("password" in form["types"].values() for form in after.forms), (
            f"{address} is not signed in: {after.status} {after.text[:300]}"
        )
        return after

    def authorise(self, url, address, password):
        """Follows an authorisation address as its owner would: signs in if asked, consents, and reads the code from the page."""
        page = self.open(url)
        if any("password" in form["types"].values() for form in page.forms):
            page = self.sign_in(page, address, password)
        assert page.status == 200, f"{page.url} answered {page.status}: {page.text[:300]}"
        page = self.send(page, page.form(button="allow"), button="allow")
        assert page.status == 200 and page.codes, f"no code on {page.url}: {page.status} {page.text[:300]}"
        return page.codes[-1]
