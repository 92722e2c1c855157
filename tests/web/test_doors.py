"""The doors, as phones on the network find them."""

import logging
from urllib.parse import quote

import pytest

from bedside.errors import AccessError
from bedside.web import WebSettings
from bedside.web.visitors import OPEN

WORDS = "correct horse battery"
EVIL = [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example",
    "\\\\evil.example", "/\t/evil.example", "/%09/evil.example\n", "http:evil.example",
    "javascript:alert(1)", "evil.example", "", " /", "/\u2028/evil", "x" * 600, "/" + "x" * 600,
]  # fmt: skip


@pytest.fixture
def access(bedroom):
    return bedroom.access


@pytest.fixture
def owner(bedroom, phone):
    """A phone that was let in."""
    made = phone()
    assert made.follow(bedroom.access.invite()).status_code == 303
    return made


# ── what is open ────────────────────────────────────────────────────────────────────────────


def addresses(app):
    """Give every rule with an address that fits it."""
    for rule in app.url_map.iter_rules():
        numbers = {part.rpartition(":")[2][:-1] for part in rule.rule.split("/") if "int:" in part}
        given = {name: 1 if name in numbers else "2026-11-20" for name in rule.arguments}
        with app.test_request_context():
            built = app.url_map.bind("bedside.local").build(rule.endpoint, given)
        yield rule, built.removeprefix("http://bedside.local")


def test_a_stranger_gets_nowhere_but_to_the_doors(bedroom, phone):
    stranger, reached = phone(), set()
    for rule, address in addresses(bedroom.app):
        for method in sorted(rule.methods & {"GET", "POST", "PUT", "DELETE"}):
            answer = stranger.client.open(address, method=method, base_url=stranger.base)
            if address.startswith("/api/"):
                shut = answer.status_code == 401
            else:
                shut = answer.status_code == 303
                shut = shut and answer.headers["Location"].partition("?")[0] == "/login"
            if not shut:
                reached.add(rule.endpoint)

    assert reached == OPEN


@pytest.mark.parametrize("path", ["/nothing", "/.git/config", "/night/", "/metrics", "/%2e%2e/"])
def test_a_stranger_does_not_learn_what_there_is(phone, path):
    answer = phone().get(path)

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login?next=")


def test_nothing_of_the_nights_is_told_to_a_stranger(moved, phone):
    app = moved(WebSettings()).app
    for path in ("/", "/login", "/pair/x", "/api/health", "/night/2026-11-20", "/nothing"):
        text = phone(app=app).get(path).text

        assert "twitch" not in text
        assert "mpu6050" not in text
        assert "night of" not in text.lower()


def test_a_program_is_told_in_json(phone):
    answer = phone().get("/api/nights")

    assert answer.status_code == 401
    assert answer.json["error"].startswith("This needs a login.")


def test_the_device_itself_needs_no_login(bedroom):
    assert bedroom.get("/").status_code == 200
    assert bedroom.get("/", host="127.0.0.1:8080").status_code == 200
    assert bedroom.get("/login").headers["Location"] == "/"


@pytest.mark.parametrize("host", ["bedside.local", "192.168.1.20:8080"])
def test_a_proxy_without_a_trace_still_names_another_host(bedroom, host):
    assert bedroom.get("/", host=host).status_code == 303


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "Tailscale-User-Login"])
def test_through_a_proxy_nobody_is_the_device(bedroom, header):
    answer = bedroom.get("/", **{header: "127.0.0.1"})

    assert answer.status_code == 303


def test_behind_a_proxy_the_device_needs_a_login_too(moved):
    assert moved(WebSettings(proxy="127.0.0.1")).get("/").status_code == 303


def test_claiming_to_be_the_device_is_no_use(phone):
    for header in ("X_Forwarded_For", "X_Real_IP", "Forwarded", "Client_IP"):
        assert phone().get("/", **{header: "127.0.0.1"}).status_code == 303
    assert phone(base="http://localhost").get("/").status_code == 303


# ── by a link ───────────────────────────────────────────────────────────────────────────────


def test_a_link_lets_a_phone_in_for_good(bedroom, phone):
    made = phone()
    answer = made.follow(bedroom.access.invite())

    assert answer.headers["Location"] == "/"
    assert made.get("/").status_code == 200
    assert made.get("/api/nights").status_code == 200
    assert phone().get("/").status_code == 303


def test_the_cookie_is_kept_from_scripts_and_other_sites(bedroom, phone):
    cookie = phone().follow(bedroom.access.invite()).headers["Set-Cookie"]

    assert cookie.startswith("bedside=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert "Secure" not in cookie
    assert int(cookie.partition("Max-Age=")[2].partition(";")[0]) == 400 * 86_400


def test_under_tls_it_goes_nowhere_else(bedroom, phone):
    made = phone(base="https://bedside.local:8080")
    cookie = made.follow(bedroom.access.invite()).headers["Set-Cookie"]

    assert cookie.startswith("__Host-bedside=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert made.get("/").status_code == 200


def test_a_cookie_that_could_be_set_without_tls_is_not_taken_under_it(bedroom, phone):
    token = bedroom.access.accept(bedroom.access.invite(), "phone")
    made = phone(base="https://bedside.local:8080")
    made.client.set_cookie("bedside", token, domain="bedside.local")

    assert made.get("/").status_code == 303


def test_opening_a_link_does_not_use_it_up(bedroom, phone):
    link = bedroom.access.invite()
    for _ in range(3):  # a messenger, a preview, a person who hesitates
        answer = phone("10.0.0.3").get(f"/pair/{link}")
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        phone().client.head(f"/pair/{link}", base_url="http://bedside.local")

    assert phone().follow(link).status_code == 303


def test_a_link_from_elsewhere_can_be_followed(bedroom, phone):
    """A scanner hands the address over; some browsers call that cross-site."""
    link = bedroom.access.invite()

    assert phone().get(f"/pair/{link}", Sec_Fetch_Site="cross-site").status_code == 200


def test_a_used_link_is_no_good(bedroom, phone):
    link, late = bedroom.access.invite(), phone("192.168.1.8")
    page = late.get(f"/pair/{link}").text
    token = page.partition('name="csrf" value="')[2].partition('"')[0]
    phone().follow(link)

    answer = late.post(f"/pair/{link}", csrf=token)

    assert answer.status_code == 410
    assert "Set-Cookie" not in answer.headers
    assert late.get(f"/pair/{link}").status_code == 410
    assert "bedside pair" in answer.text


def test_an_old_link_is_no_good(bedroom, phone):
    link = bedroom.access.invite()
    bedroom.clock.advance(600.0)

    assert phone().get(f"/pair/{link}").status_code == 410


@pytest.mark.parametrize("guess", ["x", "A" * 22, "A" * 3000, "%00", "<script>", "%F0%9F%98%80"])
def test_a_guessed_link_is_no_good(bedroom, phone, guess):
    bedroom.access.invite()

    answer = phone().get(f"/pair/{guess}")

    assert answer.status_code == 410
    assert "<script>" not in answer.text.partition("<main")[2]


def test_a_link_needs_the_button(bedroom, phone):
    link = bedroom.access.invite()

    assert phone().post(f"/pair/{link}").status_code == 403
    assert phone().follow(link).status_code == 303


def test_who_is_in_uses_up_no_link(bedroom, owner, phone):
    link = bedroom.access.invite()

    assert "let in already" in owner.get(f"/pair/{link}").text
    assert phone("192.168.1.8").follow(link).status_code == 303


def test_the_phone_is_named_by_its_browser(bedroom, phone):
    link, made = bedroom.access.invite(), phone()
    agent = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
    page = made.get(f"/pair/{link}", User_Agent=agent).text
    token = page.partition('name="csrf" value="')[2].partition('"')[0]
    made.post(f"/pair/{link}", csrf=token, headers={"User-Agent": agent})

    assert "Firefox on Android" in page
    assert bedroom.access.sessions()[0].label == "Firefox on Android"


# ── by the password ─────────────────────────────────────────────────────────────────────────


def test_without_a_password_the_door_says_how(phone):
    page = phone().get("/login")

    assert page.status_code == 200
    assert "bedside pair" in page.text
    assert 'type="password"' not in page.text


def test_the_password_opens_and_leads_back(bedroom, phone):
    bedroom.access.set_password(WORDS)
    made = phone()
    to = made.get("/night/2026-11-20?hour=3&x=%26").headers["Location"]
    assert to == "/login?next=%2Fnight%2F2026-11-20%3Fhour%3D3%26x%3D%2526"

    page = made.get(to).text
    back = page.partition('name="next" value="')[2].partition('"')[0].replace("&amp;", "&")
    answer = made.post("/login", shown_on=to, next=back, password=WORDS)

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/night/2026-11-20?hour=3&x=%26"
    assert made.get("/").status_code == 200


def test_a_wrong_password_opens_nothing(bedroom, phone):
    bedroom.access.set_password(WORDS)
    made = phone()

    answer = made.post("/login", shown_on="/login", password="correct horse")

    assert answer.status_code == 403
    assert "not the password" in answer.text
    assert "correct horse" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert made.get("/").status_code == 303


def test_too_many_tries_have_to_wait_and_the_wait_ends(bedroom, phone):
    bedroom.access.set_password(WORDS)
    made = phone()
    for _ in range(5):
        answer = made.post("/login", shown_on="/login", password="wrong password")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"
    assert "Wait 1 second" in answer.text
    assert made.post("/login", shown_on="/login", password=WORDS).status_code == 429
    bedroom.clock.advance(1.0)
    assert made.post("/login", shown_on="/login", password=WORDS).status_code == 303


def test_another_address_need_not_wait_and_none_can_be_claimed(bedroom, phone):
    bedroom.access.set_password(WORDS)
    made = phone()
    for n in range(5):
        claim = {"X-Forwarded-For": f"10.0.0.{n}", "Forwarded": f"for=10.0.0.{n}"}
        answer = made.post("/login", shown_on="/login", password="wrong one", headers=claim)

    assert answer.status_code == 429
    assert phone("192.168.1.8").post("/login", shown_on="/login", password=WORDS).status_code == 303


def test_behind_a_trusted_proxy_each_phone_counts_for_itself(moved, access, phone):
    access.set_password(WORDS)
    app = moved(WebSettings(proxy="127.0.0.1")).app
    made = phone("127.0.0.1", app=app)

    def login(client, password):
        claim = {"X-Forwarded-For": f"127.0.0.1, {client}"}
        return made.post("/login", shown_on="/login", password=password, headers=claim)

    statuses = [login("203.0.113.9", "wrong password").status_code for _ in range(5)]

    assert statuses == [403] * 4 + [429]
    assert login("203.0.113.10", WORDS).status_code == 303


@pytest.mark.parametrize("target", EVIL[:2])
def test_nobody_is_led_elsewhere(bedroom, phone, target):
    bedroom.access.set_password(WORDS)

    answer = phone().post("/login", shown_on="/login", password=WORDS, next=target)

    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("target", EVIL)
def test_nobody_who_is_in_is_led_elsewhere(owner, target):
    assert owner.get(f"/login?next={quote(target)}").headers["Location"] == "/"


def test_the_door_leads_back_to_no_door(owner):
    for target in ("/login", "/logout", "/login?next=/login"):
        assert owner.get(f"/login?next={quote(target)}").headers["Location"] == "/"


def test_a_login_from_elsewhere_is_refused(bedroom, phone):
    bedroom.access.set_password(WORDS)
    made = phone()

    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = made.post("/login", shown_on="/login", password=WORDS, headers=headers)
        assert answer.status_code == 403
    assert made.post("/login", password=WORDS).status_code == 403


@pytest.mark.parametrize("password", ["", "\0", "x" * 5000, "\udcff", "' OR 1=1 --"])
def test_odd_passwords_are_just_wrong(bedroom, phone, password):
    bedroom.access.set_password(WORDS)
    encoded = password.encode("utf-8", "surrogatepass")

    assert phone().post("/login", shown_on="/login", password=encoded).status_code == 403


def test_a_form_that_is_too_large_is_not_read(bedroom, phone):
    bedroom.access.set_password(WORDS)

    assert phone().post("/login", shown_on="/login", password="x" * 20_000).status_code == 413


# ── who is in, and out again ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "A" * 4000, "\N{SNOWMAN}", "1; admin=1"])
def test_a_forged_cookie_is_a_stranger(owner, phone, cookie):
    made = phone("192.168.1.8")

    assert made.get("/", Cookie=f"bedside={cookie}").status_code == 303


def test_a_phone_is_known_after_a_restart(owner, moved, phone):
    later = phone(app=moved(WebSettings()).app)
    later.client._cookies = owner.client._cookies

    assert later.get("/").status_code == 200


def test_one_goes_out(bedroom, owner):
    answer = owner.post("/logout", shown_on="/phones")

    assert answer.headers["Location"] == "/login"
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert owner.get("/").status_code == 303
    assert bedroom.access.sessions() == []


def test_nobody_is_put_out_from_elsewhere(bedroom, owner):
    assert owner.get("/logout").status_code == 405
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert owner.post("/logout", shown_on="/phones", headers=headers).status_code == 403
    assert owner.post("/logout").status_code == 403
    assert owner.get("/").status_code == 200


def test_the_form_of_another_phone_is_not_ones_own(bedroom, owner, phone):
    other = phone("192.168.1.8")
    other.follow(bedroom.access.invite())
    page = other.get("/phones").text
    token = page.partition('name="csrf" value="')[2].partition('"')[0]

    assert owner.post("/logout", csrf=token).status_code == 403


def test_a_phone_that_comes_again_keeps_its_cookie_longer(bedroom, owner):
    assert "Set-Cookie" not in owner.get("/").headers
    bedroom.clock.advance(86_400.0)

    cookie = owner.get("/api/health").headers["Set-Cookie"]

    assert "Max-Age=34560000" in cookie
    assert "HttpOnly" in cookie
    assert owner.get("/").status_code == 200
    assert "Set-Cookie" not in owner.get("/").headers


@pytest.mark.parametrize("path", ["/", "/night/2026-11-20", "/api/nights", "/phones", "/login"])
def test_no_cache_in_between_mixes_people_up(owner, phone, path):
    for who in (owner, phone()):
        headers = who.get(path).headers
        assert "Cookie" in headers["Vary"]
        assert headers["Cache-Control"] in ("no-store", "private, no-cache")


def test_what_everybody_may_see_is_kept_by_all(phone):
    answer = phone().get("/static/icon.svg")

    assert answer.status_code == 200
    assert "Cookie" not in answer.headers["Vary"]


def test_a_page_that_is_known_already_is_not_told_to_a_stranger(moved, access, phone):
    app = moved(WebSettings()).app
    owner = phone(app=app)
    owner.follow(access.invite())
    tag = owner.get("/night/2026-11-20").headers["ETag"]

    assert owner.get("/night/2026-11-20", If_None_Match=tag).status_code == 304
    assert phone(app=app).get("/night/2026-11-20", If_None_Match=tag).status_code == 303


@pytest.mark.parametrize("host", ["evil.example", "bedside.local.evil.example", ""])
def test_a_forged_host_is_refused_before_anything_else(owner, host):
    answer = owner.get("/", Host=host)

    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


def test_while_nobody_can_be_known_the_device_still_is(bedroom, owner, monkeypatch, caplog):
    def fail(*_args):
        raise AccessError("/var/lib/bedside/access.db: disk I/O error")

    for name in ("session", "has_password"):
        monkeypatch.setattr(type(bedroom.access), name, fail)

    with caplog.at_level(logging.WARNING):
        assert owner.get("/").status_code == 303
        door = owner.get("/login")

    assert door.status_code == 503
    assert "/var/lib" not in door.text
    assert bedroom.get("/").status_code == 200
