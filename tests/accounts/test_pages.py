"""Every page and every letter of accounts is ours: none comes from the library in another voice."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

OURS = Path(settings.BASE_DIR, "templates")


def served():
    """The library's views under our addresses."""
    for pattern in get_resolver().url_patterns:
        for one in getattr(pattern, "url_patterns", [pattern]):
            view = getattr(one.callback, "view_class", None)
            if view and view.__module__.startswith("allauth"):
                yield view


def test_each_page_has_our_template():
    names = {view.template_name for view in served() if view.template_name}
    assert len(names) > 15
    for name in names:
        assert (OURS / name).exists(), name


def test_nothing_speaks_english_nor_types_straight_apostrophes():
    files = [
        path
        for folder in ("account", "accounts", "mfa", "usersessions", "demo")
        for path in (OURS / folder).rglob("*.*")
    ]
    assert len(files) > 50
    for path in files:
        words = re.sub(r"<[^>]*>|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text())
        assert "'" not in words, path
        assert not re.search(r"\b(email|password|account|please)\b", words, re.IGNORECASE), path


@pytest.mark.parametrize("path", ["connexion", "inscription", "mot-de-passe/oublie", "lien"])
def test_entrance_costs_few_queries(client, db, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        answer = client.get(f"/compte/{path}/")
    assert answer.status_code == 200
    assert answer.text.count("<h1>") == 1


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("connexion", {"login": "username", "password": "current-password"}),
        ("inscription", {"name": "name", "email": "email", "password1": "new-password"}),
        ("mot-de-passe/oublie", {"email": "email"}),
        ("lien", {"email": "email"}),
    ],
)
def test_browsers_are_told_what_to_fill_in(client, db, path, expected):
    form = client.get(f"/compte/{path}/").context["form"]
    for name, word in expected.items():
        attrs = form.fields[name].widget.attrs
        assert attrs["autocomplete"] == word
        assert "placeholder" not in attrs
