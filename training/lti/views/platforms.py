"""The platforms of a centre: its head and the national team register them, accept their deployments, close them."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from lti_tool.models import LtiDeployment

from accounts import rights
from accounts.models import Person
from accounts.models.roles import RoleKind
from accounts.rights import Someone
from training.lti import frames, net, registering
from training.lti.forms import DeploymentForm, PlatformForm
from training.models import Centre, Platform, RegistrationLink, centres_of

NEW_LINK = "lti_new_link"  # in the session, for the next page alone: a link is said once


def centres_for(someone: Someone) -> list[Centre]:
    """The centres whose platforms one registers: one's own for a head, all of them for the national team."""
    centres = Centre.objects.select_related("organisation").order_by("organisation__name")
    if not rights.is_national_coordinator(someone):
        centres = centres.filter(pk__in=centres_of(someone, RoleKind.CENTRE_HEAD))
    return list(centres)


def keeps_platforms(someone: Someone) -> bool:
    return rights.is_national_coordinator(someone) or rights.has_role(someone, RoleKind.CENTRE_HEAD)


@login_required
@reauthentication_required(allow_get=True, app="allauth.account")
def home(request: HttpRequest) -> HttpResponse:
    """What platforms are registered, and the link that lets one more in."""
    if not keeps_platforms(request.user):
        raise Http404
    centres = centres_for(request.user)
    if request.method == "POST":
        centre = next((each for each in centres if str(each.pk) == request.POST.get("centre")), None)
        if centre is None:
            raise Http404
        token = RegistrationLink.make(centre, cast(Person, request.user))
        request.session[NEW_LINK] = {"centre": centre.pk, "token": token}
        return redirect("lti:home")
    made = request.session.pop(NEW_LINK, None)
    return render(
        request,
        "training/lti/platforms.html",
        {
            "centres": centres,
            "platforms": Platform.objects.kept_by(request.user).select_related("registration", "centre__organisation"),
            "made_for": next((each for each in centres if made and each.pk == made["centre"]), None),
            "made_url": settings.SITE_URL + reverse("lti:register", args=[made["token"]]) if made else "",
            "days": RegistrationLink.LIFE.days,
        },
    )


@login_required
@reauthentication_required(allow_get=True, app="allauth.account")
def new_platform(request: HttpRequest, pk: int) -> HttpResponse:
    """A platform registered by hand, for those that don't do it by themselves."""
    chosen = next((each for each in centres_for(request.user) if each.pk == pk), None)
    if chosen is None:
        raise Http404
    form = PlatformForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        deployment = said.pop("deployment_id")
        try:
            platform = registering.keep(chosen, cast(Person, request.user), said, deployment)
        except registering.NotRegistered as problem:
            form.add_error("client_id", str(problem))
        else:
            messages.success(request, f"La plateforme «\u00a0{platform}\u00a0» est inscrite.")
            return redirect(platform)
    return render(
        request, "training/lti/new_platform.html", {"form": form, "centre": chosen, "ours": registering.ours()}
    )  # fmt: skip


@login_required
@reauthentication_required(allow_get=True, app="allauth.account")
def platform(request: HttpRequest, pk: int) -> HttpResponse:
    """One platform: its deployments, and the door."""
    kept = Platform.objects.kept_by(request.user).select_related("registration", "centre__organisation", "opened_by")
    platform = get_object_or_404(kept, pk=pk)
    form = DeploymentForm(request.POST if request.POST.get("do") == "add" else None)
    if request.method == "POST" and change(request, platform, form):
        return redirect(platform)
    return render(
        request,
        "training/lti/platform.html",
        {
            "platform": platform,
            "registration": platform.registration,
            "deployments": platform.registration.deployments.order_by("-is_active", "deployment_id"),
            "form": form,
            "ours": registering.ours(),
        },
    )


def change(request: HttpRequest, platform: Platform, form: DeploymentForm) -> bool:
    """What a button of the page does; False when its form is to be shown again."""
    gesture, deployments = request.POST.get("do"), LtiDeployment.objects.filter(registration=platform.pk)
    if gesture in ("accept", "stop"):
        number = request.POST.get("deployment", "")
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise Http404
        get_object_or_404(deployments, pk=int(number))
        deployments.filter(pk=int(number)).update(is_active=gesture == "accept")
        messages.success(request, f"Ce déploiement est {'accepté' if gesture == 'accept' else 'arrêté'}.")
    elif gesture == "add":
        if not form.is_valid():
            return False
        deployments.update_or_create(
            registration=platform.registration,
            deployment_id=form.cleaned_data["deployment_id"],
            defaults={"is_active": True},
        )
        messages.success(request, "Ce déploiement est accepté.")
    elif gesture == "close":
        platform.close()
        messages.success(request, "La plateforme est fermée\u00a0: plus personne n’entre par elle.")
    elif gesture == "reopen":
        platform.reopen()
        messages.success(request, "La plateforme est rouverte.")
    return True


@csrf_exempt  # the platform shows this page in a frame, without our cookies: the secret link alone says who may
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, token: str) -> HttpResponse:
    """The platform opens the link; its administrator says yes, and the two register one another."""
    link = RegistrationLink.behind(token)
    address = request.GET.get("openid_configuration", "")[:1000]
    origin = net.origin_of(address)
    context: dict[str, Any] = {"centre": link.centre if link else None, "host": origin, "error": ""}
    status = 200 if link else 404
    if link and request.method == "POST" and origin:
        try:
            given = request.GET.get("registration_token", "")[:8000]
            context["platform"] = registering.register(link, address, given)
        except registering.NotRegistered as problem:
            context["error"], status = str(problem), 400
    elif link and request.method == "POST":
        context["error"], status = "Ouvrez ce lien depuis la page d’inscription des outils de votre plateforme.", 400
    answer = frames.show(
        request, "training/lti/register.html", context, by=[origin] if origin and link else [], status=status
    )  # fmt: skip
    answer["Referrer-Policy"] = "no-referrer"
    if origin and link:
        # A platform may open this page in a window of its own, which tells it when all is done.
        answer["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return answer
