"""Stub, being written."""
from django.http import HttpResponse


def accept(request, **kw):
    return HttpResponse("à venir")


def case(request, **kw):
    return HttpResponse("à venir")


def claim(request, **kw):
    return HttpResponse("à venir")


def queue(request, **kw):
    return HttpResponse("à venir")


def refuse(request, **kw):
    return HttpResponse("à venir")


def release(request, **kw):
    return HttpResponse("à venir")


def request_changes(request, **kw):
    return HttpResponse("à venir")
