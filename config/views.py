"""Stub, being written."""
from django.http import HttpResponse


def healthz(request, **kw):
    return HttpResponse("à venir")


def home(request, **kw):
    return HttpResponse("à venir")


def readyz(request, **kw):
    return HttpResponse("à venir")


def robots(request, **kw):
    return HttpResponse("à venir")


def search(request, **kw):
    return HttpResponse("à venir")


def security_txt(request, **kw):
    return HttpResponse("à venir")


def sitemap(request, **kw):
    return HttpResponse("à venir")
