"""Stub, being written."""
from django.http import HttpResponse


def coverage(request, **kw):
    return HttpResponse("à venir")


def framework_lever(request, **kw):
    return HttpResponse("à venir")


def frameworks(request, **kw):
    return HttpResponse("à venir")


def lever(request, **kw):
    return HttpResponse("à venir")


def obstacle(request, **kw):
    return HttpResponse("à venir")


def proposal(request, **kw):
    return HttpResponse("à venir")
