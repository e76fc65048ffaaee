"""Stub, being written."""
from django.http import HttpResponse


def catalogue(request, **kw):
    return HttpResponse("à venir")


def feed(request, **kw):
    return HttpResponse("à venir")
