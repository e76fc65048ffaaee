"""One's account, the link that signs in, and the roles' screens. allauth's own pages are in `templates/account/`."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts import emails, links, rights
from accounts.forms import EndRoleForm, GrantRoleForm, ProfileForm, RequestLinkForm, RoleFilter
from accounts.middleware import WANTED_PAGE
from accounts.models import Person
from accounts.models.roles import RoleKind

ROLES_A_PAGE = 50


class PersonRequest(HttpRequest):
    """What a view gets behind `login_required`."""

    user: Person


@login_required
def account(request: PersonRequest) -> HttpResponse:
    roles = request.user.roles.select_related("territory", "organisation")
    today = timezone.localdate()
    return render(
        request,
        "accounts/account.html",
        {
            "roles": roles.filter(Q(until_on=None) | Q(until_on__gte=today)),
            "past_roles": roles.filter(until_on__lt=today),
            "second_factor_asked": settings.SECOND_FACTOR_REQUIRED and rights.lacks_second_factor(request.user),
            "can_manage_roles": bool(rights.grantable_kinds(request.user)),
        },
    )


@login_required
def welcome(request: PersonRequest) -> HttpResponse:
    """Where one goes after signing in: what was asked for, else where one's work is."""
    wanted = request.session.pop(WANTED_PAGE, None) or get_next_redirect_url(request)
    if wanted:
        return redirect(wanted)
    person = request.user
    if rights.has_role(person, RoleKind.COORDINATOR):
        return redirect("initiatives:queue")
    if rights.has_role(person, RoleKind.TRAINER, RoleKind.STUDENT) or person.enrolments.filter(left_at=None).exists():
        return redirect("training:home")
    return redirect("initiatives:mine")


@login_required
def profile(request: PersonRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        person = form.save()
        messages.success(request, "Votre profil est enregistré.")
        kept = person.organisation
        if kept and form.cleaned_data["organisation_name"] not in ("", kept.name):
            messages.info(request, f"Ce SIRET est celui de «\u00a0{kept}\u00a0»\u00a0: c’est l’organisation retenue.")
        return redirect("accounts:account")
    return render(request, "accounts/profile.html", {"form": form})


# The link that signs in


@never_cache
def request_link(request: HttpRequest) -> HttpResponse:
    """The same answer, and one letter, whether the address has an account or not."""
    if request.user.is_authenticated:
        return redirect("accounts:welcome")
    form = RequestLinkForm(request.POST or None)
    wanted = get_next_redirect_url(request)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        if not ratelimit.consume(request, action="sign_in_link", key=address):
            return too_many_requests(request)
        person = links.person_at(address)
        if person:
            path = reverse("accounts:follow_link", args=[links.uid_of(person), links.tokens.make_token(person)])
            emails.sign_in_link(person, address, f"{path}?{urlencode({'next': wanted})}" if wanted else path)
        else:
            emails.no_account(address)
        return redirect(f"{request.path}?envoye=1")
    sent = request.method == "GET" and "envoye" in request.GET
    return render(request, "accounts/request_link.html", {"form": form, "sent": sent, "wanted": wanted or ""})


@never_cache
def follow_link(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """GET shows a button and POST signs in: mail scanners open links. A second factor is still asked."""
    person = links.person_behind(uid, token)
    wanted = get_next_redirect_url(request)
    if request.method == "POST" and person:
        record_authentication(request, person, method="link")
        answer: HttpResponse = perform_login(request, person, redirect_url=wanted)
        return answer
    return render(request, "accounts/follow_link.html", {"person": person, "wanted": wanted or ""})


# Roles


def _manager(request: HttpRequest) -> Person:
    """Who gives and ends roles; the page doesn't exist for others."""
    if not isinstance(request.user, Person) or not rights.grantable_kinds(request.user):
        raise Http404
    return request.user


@login_required
def roles(request: HttpRequest) -> HttpResponse:
    manager = _manager(request)
    form = RoleFilter(request.GET, by=manager)
    ignored = not form.is_valid()
    asked = form.cleaned_data
    found = rights.manageable_roles(manager).select_related("person", "territory", "organisation", "granted_by")
    today = timezone.localdate()
    if asked.get("q"):
        found = found.filter(Q(person__name__icontains=asked["q"]) | Q(person__email__icontains=asked["q"]))
    if asked.get("role"):
        found = found.filter(kind=asked["role"])
    if asked.get("etat") == "passes":
        found = found.filter(until_on__lt=today)
    elif asked.get("etat") != "tous":
        found = found.filter(Q(until_on=None) | Q(until_on__gte=today))
    pages = Paginator(found.order_by("person__name", "person__email", "-from_on", "pk"), ROLES_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "ignored": ignored,
        "page": page,
        "endable": set(rights.endable_roles(manager).values_list("pk", flat=True)) & {role.pk for role in page},
    }
    return render(request, "accounts/roles.html", context)


@login_required
@reauthentication_required(allow_get=True, app="allauth.account")
def grant_role(request: HttpRequest) -> HttpResponse:
    manager = _manager(request)
    form = GrantRoleForm(request.POST or None, by=manager)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            role = form.save()
            emails.role_granted(role)
        messages.success(
            request, f"Rôle donné à {role.person}\u00a0: {role.get_kind_display()}. Une lettre le lui annonce."
        )
        return redirect("accounts:roles")
    return render(request, "accounts/grant_role.html", {"form": form})


@login_required
@reauthentication_required(allow_get=True, app="allauth.account")
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    manager = _manager(request)
    role = get_object_or_404(
        rights.endable_roles(manager).select_related("person", "territory", "organisation"), pk=pk
    )  # fmt: skip
    form = EndRoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            rights.end_role(role, form.last_day())
            emails.role_ended(role)
        messages.success(request, f"Le rôle de {role.person} est terminé. Une lettre le lui annonce.")
        return redirect("accounts:roles")
    return render(request, "accounts/end_role.html", {"role": role, "form": form})


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """What is counted is counted over an hour; some of it is soon possible again."""
    answer = render(request, "429.html", status=429)
    answer["Retry-After"] = "600"
    return answer
