"""The address of a sheet: made from its title, and never one of the site's own pages."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from initiatives.models import Initiative
from initiatives.models.sheet import RESERVED_SLUGS
from initiatives.urls import urlpatterns
from tests import factories


def test_every_page_beside_the_sheets_is_reserved():
    first = {str(pattern.pattern).split("/")[0] for pattern in urlpatterns}
    own = {word for word in first if word and "<" not in word and "." not in word}
    assert own <= RESERVED_SLUGS


@pytest.mark.parametrize("word", sorted(RESERVED_SLUGS))
def test_a_title_that_is_one_of_them_gets_another_address(ana, max, word):
    initiative = factories.published(ana, max, title=word.replace("-", " "))
    assert initiative.slug == f"initiative-{word}"


def test_the_database_refuses_one_whatever_wrote_it(ana, max):
    initiative = factories.published(ana, max)
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.filter(pk=initiative.pk).update(slug="mes-reprises")
