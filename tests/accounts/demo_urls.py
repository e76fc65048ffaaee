"""The site's addresses as the demo has them."""

from django.urls import path

from config import letters
from config.urls import handler429
from config.urls import urlpatterns as ordinary

__all__ = ["handler429", "urlpatterns"]
urlpatterns = [
    *ordinary,
    path("demo/courrier/", letters.mailbox, name="demo_mailbox"),
    path("demo/courrier/<int:pk>/", letters.letter, name="demo_letter"),
]
