"""Stub, being written."""
from django.http import HttpResponse


def cancel(request, **kw):
    return HttpResponse("à venir")


def check(request, **kw):
    return HttpResponse("à venir")


def discard(request, **kw):
    return HttpResponse("à venir")


def draft(request, **kw):
    return HttpResponse("à venir")


def edit(request, **kw):
    return HttpResponse("à venir")


def follow(request, **kw):
    return HttpResponse("à venir")


def mine(request, **kw):
    return HttpResponse("à venir")


def places(request, **kw):
    return HttpResponse("à venir")


def propose(request, **kw):
    return HttpResponse("à venir")


def step(request, **kw):
    return HttpResponse("à venir")


def submit(request, **kw):
    return HttpResponse("à venir")
