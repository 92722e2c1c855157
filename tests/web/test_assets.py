import base64
import hashlib
import json
import re

import pytest

from bedside.web.assets import Assets, minified


def test_the_sheet_in_the_page_is_the_one_the_policy_lets_in(rested):
    answer = rested.get("/more")
    inside = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()

    assert f"style-src 'self' 'sha256-{digest}';" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_only_what_people_need_is_left_out():
    css = """/* why */
    a , b > c { color : red ; margin: 0 1rem }
    @media (min-width: 36rem) and (max-height: 2rem) { a:hover { top: calc(1px + 2px); } }
    """

    assert minified(css) == (
        "a,b > c{color :red;margin:0 1rem}"
        "@media (min-width:36rem) and (max-height:2rem){a:hover{top:calc(1px + 2px)}}"
    )


def test_the_sheet_cannot_leave_its_place():
    assert "<" not in Assets().style


@pytest.mark.parametrize("size", [180, 192, 512])
def test_icons_are_pictures_of_their_size(rested, size):
    answer = rested.get(f"/static/icon-{size}.png", Accept_Encoding="gzip")

    assert answer.mimetype == "image/png"
    assert "Content-Encoding" not in answer.headers
    assert answer.data[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(answer.data[16:20]) == int.from_bytes(answer.data[20:24]) == size


def test_the_manifest_names_icons_that_are_there(rested):
    answer = rested.get("/manifest.webmanifest")

    assert answer.mimetype == "application/manifest+json"
    told = json.loads(answer.data)
    assert told["start_url"] == told["scope"] == "/"
    assert told["display"] == "standalone"
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    assert {rested.get(icon["src"]).status_code for icon in told["icons"]} == {200}
    assert 'rel="manifest" href="/manifest.webmanifest"' in rested.get("/more").text
