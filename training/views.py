"""Stub, being written."""

from django.http import HttpResponse


def assigned_fiche(request, **kw):
    return HttpResponse("à venir")


def assignment(request, **kw):
    return HttpResponse("à venir")


def assignment_table(request, **kw):
    return HttpResponse("à venir")


def centres(request, **kw):
    return HttpResponse("à venir")


def cohort(request, **kw):
    return HttpResponse("à venir")


def declare_read(request, **kw):
    return HttpResponse("à venir")


def home(request, **kw):
    return HttpResponse("à venir")


def join(request, **kw):
    return HttpResponse("à venir")


def new_assignment(request, **kw):
    return HttpResponse("à venir")


def new_cohort(request, **kw):
    return HttpResponse("à venir")


def renew_code(request, **kw):
    return HttpResponse("à venir")


def save_note(request, **kw):
    return HttpResponse("à venir")


def send_note(request, **kw):
    return HttpResponse("à venir")


def what_my_trainer_sees(request, **kw):
    return HttpResponse("à venir")


def work(request, **kw):
    return HttpResponse("à venir")
