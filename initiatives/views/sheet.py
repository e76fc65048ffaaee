"""Stub, being written."""
from django.http import HttpResponse


def sheet(request, **kw):
    return HttpResponse("à venir")
