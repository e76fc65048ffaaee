"""Stub, being written."""
from django.http import HttpResponse


def account(request, **kw):
    return HttpResponse("à venir")


def end_role(request, **kw):
    return HttpResponse("à venir")


def follow_link(request, **kw):
    return HttpResponse("à venir")


def grant_role(request, **kw):
    return HttpResponse("à venir")


def profile(request, **kw):
    return HttpResponse("à venir")


def request_link(request, **kw):
    return HttpResponse("à venir")


def roles(request, **kw):
    return HttpResponse("à venir")


def welcome(request, **kw):
    return HttpResponse("à venir")
