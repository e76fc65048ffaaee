from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from benchmarks.peers.textbook.search import search

NAMES = ("methode", "theme", "public", "levier", "region", "departement", "etiquette")


def catalogue(request: HttpRequest) -> HttpResponse:
    choices = {name: request.GET.getlist(name) for name in NAMES if name in request.GET}
    text, since = request.GET.get("q", ""), request.GET.get("depuis")
    total, counts, sheets = search(text, choices, int(since) if since else None)
    context = {"text": text, "total": total, "counts": counts, "sheets": sheets}
    return render(request, "textbook.html", context)


urlpatterns = [path("initiatives/", catalogue)]
