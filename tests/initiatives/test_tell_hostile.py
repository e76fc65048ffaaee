"""Tell, with texts nobody would type: an answer that means something, always, and what is shown is never run."""

import json
from pathlib import Path

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guide.fields import HIDDEN
from initiatives.forms import fields
from tests import factories
from tests.initiatives.telling import address, tree

HOSTILE = json.loads((Path(__file__).parents[1] / "data" / "hostile.json").read_text())
FIELDS = {
    "quoi": ("title", "summary", "state", "start_month", "start_year", "end_year"),
    "ou": ("organisation_name", "organisation_kind", "organisation_siret", "place", "place_code", "scope"),
    "recit": ("beginning", "story", "publics", "themes", "methods", "words"),
    "droits": ("contact_mode", "contact_address", "licence", "employer_agrees", "people_agree", "anonymity"),
}
# Whole Unicode but lone surrogates, which can't reach us through a browser.
wild = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    [each["entree"] for each in HOSTILE]
)
story = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("step", list(FIELDS))
def test_wild_text_in_every_field_is_saved_or_refused_with_a_sentence(step, ana, as_):
    version = factories.draft(ana)
    browser = as_(ana)

    @story
    @given(typed=st.fixed_dictionaries(dict.fromkeys(FIELDS[step], wild)))
    def told(typed):
        version.refresh_from_db()
        answer = browser.post(address(step, version), {**typed, "edition": version.edition, "seen": ""})
        assert answer.status_code in (200, 302)
        assert browser.get(address(step, version)).status_code == 200

    told()


@story
@given(text=wild)
def test_a_saved_text_is_stable_and_hides_nothing(text):
    for field in (fields.Prose(required=False), fields.Line(required=False)):
        clean = field.to_python(text)
        assert field.to_python(clean) == clean
        assert not HIDDEN.search(clean)
        assert clean == clean.strip()


@pytest.mark.parametrize("text", ["\u200b\u200b", "\u2060", "\u00a0\u2003", "\n" * 50_000, "\u202e\u202c", "\ufeff"])
def test_signs_nobody_sees_are_nothing(text):
    assert fields.Prose(required=False).clean(text) == ""


@pytest.mark.parametrize("each", HOSTILE, ids=lambda each: each["id"])
def test_hostile_texts_are_shown_as_they_were_typed_and_never_run(each, ana, as_):
    version = factories.complete_draft(ana)
    text = each["entree"]
    browser = as_(ana)
    for step, typed in {
        "recit": {"beginning": text, "words": text.replace(",", " "), "publics": "familles"},
        "quoi": {"title": text, "summary": text},
        "ou": {"place": text, "organisation_name": text},
    }.items():
        version.refresh_from_db()
        answer = browser.post(address(step, version), {**typed, "edition": version.edition})
        assert answer.status_code in (200, 302)
    assert browser.get(reverse("initiatives:places"), {"place": text}).status_code == 200
    pages = [browser.get(address(step, version)) for step in ("quoi", "recit")]
    pages += [
        browser.get(reverse("initiatives:mine")),
        browser.get(reverse("initiatives:check", args=[version.initiative_id])),
    ]
    for page in pages:
        assert page.status_code == 200
        whole = tree(page)
        found = list(whole.iter())
        assert all("__xss" not in (each.text or "") for each in found if each.tag == "script")
        assert not [each for each in whole.find(".//main").iter() if each.tag in ("iframe", "base", "style", "script")]
        assert not [name for each in found for name in each.attrib if name.startswith("on")]
        assert not [each for each in found if "script:" in each.get("href", "").replace("\t", "").lower()]
