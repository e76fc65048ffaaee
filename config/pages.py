"""Stub, being written."""
from django.http import HttpResponse


def accessibility(request, **kw):
    return HttpResponse("à venir")


def help(request, **kw):
    return HttpResponse("à venir")


def legal_notice(request, **kw):
    return HttpResponse("à venir")


def privacy(request, **kw):
    return HttpResponse("à venir")


def security(request, **kw):
    return HttpResponse("à venir")


def statistics(request, **kw):
    return HttpResponse("à venir")
