from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from benchmarks.peers.wagtail_site.search import search


def catalogue(request: HttpRequest) -> HttpResponse:
    choices = {name: request.GET.getlist(name) for name in request.GET if name not in {"q", "depuis"}}
    text, since = request.GET.get("q", ""), request.GET.get("depuis")
    total, counts, sheets = search(text, choices, int(since) if since else None)
    context = {"text": text, "total": total, "counts": counts, "sheets": sheets}
    return render(request, "wagtail.html", context)


urlpatterns = [path("initiatives/", catalogue)]
