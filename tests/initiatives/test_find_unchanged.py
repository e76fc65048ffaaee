"""A page that hasn't changed isn't sent twice; and what someone reads signed in is kept by nobody."""

import gzip
import re

import brotli
import pytest

from tests import factories

URL = "/initiatives/"
HTMX = {"HX-Request": "true"}
BOOSTED = {"HX-Request": "true", "HX-Boosted": "true"}
BACK = {"HX-Request": "true", "HX-History-Restore-Request": "true"}


def test_a_visitor_is_told_that_nothing_changed(as_, django_assert_num_queries):
    nobody = as_(None)
    first = nobody.get(f"{URL}?q=groupe")
    assert first["Cache-Control"] == "no-cache"
    with django_assert_num_queries(1):
        again = nobody.get(f"{URL}?q=groupe", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert not again.content
    for name in ("ETag", "Vary", "Cache-Control"):
        assert again[name] == first[name]
    assert not nobody.cookies


def test_what_is_published_changes_every_page(as_, ana, max):
    nobody = as_(None)
    tag = nobody.get(URL)["ETag"]
    factories.published(ana, max, title="Toute nouvelle")
    answer = nobody.get(URL, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert "Toute nouvelle" in answer.text


def test_a_page_and_its_parts_are_not_taken_for_each_other(as_):
    nobody = as_(None)
    answers = {name: nobody.get(URL, headers=headers) for name, headers in
               {"page": {}, "part": HTMX, "link": BOOSTED}.items()}  # fmt: skip
    assert len({answer["ETag"] for answer in answers.values()}) == 3
    assert nobody.get(URL, headers={**HTMX, "If-None-Match": answers["page"]["ETag"]}).status_code == 200
    assert nobody.get(URL, headers=BACK)["ETag"] == answers["page"]["ETag"]
    for answer in answers.values():
        named = {name.strip() for name in answer["Vary"].split(",")}
        assert {"HX-Request", "HX-Boosted", "HX-History-Restore-Request", "Cookie"} <= named
    assert nobody.get(f"{URL}?theme=sante")["ETag"] != answers["page"]["ETag"]


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [("gzip, deflate, br, zstd", "br"), ("br;q=1.0", "br"), ("gzip", "gzip"), ("gzip, br;q=0", "gzip"), ("", None)],
)
def test_a_visitor_gets_it_in_what_their_browser_reads(as_, accepted, sent):
    plain = as_(None).get(URL)
    answer = as_(None).get(URL, headers={"Accept-Encoding": accepted} if accepted else {})
    assert answer.get("Content-Encoding") == sent
    assert "Accept-Encoding" in answer["Vary"]
    assert answer["ETag"] == plain["ETag"]
    read = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[sent]
    assert read(answer.content) == plain.content
    assert len(answer.content) <= 14_000 or sent != "br"


def test_what_is_someones_own_is_padded(as_, ana):
    """Brotli has no room for it, and the size of a page with a secret in it could tell the secret."""
    answer = as_(ana).get(URL, headers={"Accept-Encoding": "gzip, br"})
    assert answer["Content-Encoding"] == "gzip"


def test_signed_in_nothing_is_kept(as_, ana):
    tag = as_(None).get(URL)["ETag"]
    answer = as_(ana).get(URL, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert "ETag" not in answer
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("cookie", ["messages", "sessionid", "autre"])
def test_with_a_cookie_of_ours_nothing_is_kept(as_, cookie):
    nobody = as_(None)
    tag = nobody.get(URL)["ETag"]
    nobody.cookies[cookie] = "x"
    answer = nobody.get(URL, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert "ETag" not in answer
    assert answer["Cache-Control"] == "private, no-store"


def test_the_form_remembers_nothing_of_its_own(as_):
    """Coming back, boxes are as the address says: the browser must not put its own memory in them."""
    text = as_(None).get(URL).text
    assert re.search(r'<form class="search" id="question"[^>]* autocomplete="off"', text)


def test_only_reading(as_):
    assert as_(None).post(URL).status_code == 405
    assert as_(None).head(URL).status_code == 200


@pytest.mark.parametrize("number", [2001, 10_000])
def test_too_many_parameters_get_a_page_in_french(as_, number):
    answer = as_(None).get(f"{URL}?" + "&".join(f"p{n}={n}" for n in range(number)))
    assert answer.status_code == 400
    assert "Nous n’avons pas compris cette demande" in answer.text


def test_a_million_signs(as_):
    for name in ("q", "lieu", "theme", "page", "depuis", "tri", "epci", "n"):
        answer = as_(None).get(f"{URL}?{name}=" + "a" * 1_000_000)
        assert answer.status_code == 200
        assert len(answer.content) < 200_000
