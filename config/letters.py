"""Stub, being written."""
from django.http import HttpResponse


def mailbox(request, **kw):
    return HttpResponse("à venir")


def letter(request, **kw):
    return HttpResponse("à venir")
