"""Stub, being written."""
from django.http import HttpResponse


def contents(request, **kw):
    return HttpResponse("à venir")


def fiche(request, **kw):
    return HttpResponse("à venir")


def fiche_version(request, **kw):
    return HttpResponse("à venir")


def glossary(request, **kw):
    return HttpResponse("à venir")


def method(request, **kw):
    return HttpResponse("à venir")


def methods(request, **kw):
    return HttpResponse("à venir")


def original(request, **kw):
    return HttpResponse("à venir")
