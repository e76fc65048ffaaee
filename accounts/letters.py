"""Which letters one receives: the page where one chooses, and what the link at the foot of a letter does."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.views.decorators.csrf import csrf_exempt

from accounts import rhythms
from accounts.models import Person
from accounts.models.letters import Topic
from accounts.views import PersonRequest

# What one gives up, or doesn't, with the letters of a topic.
HELP = {
    Topic.CASES: "Une nouvelle fiche, ou un dossier qui vous revient. La file les montre toujours tous.",
    Topic.REMINDERS: "Ce qui attend depuis quelques jours une réponse de vous ; un devoir à rendre dans sept jours, "
    "puis la veille, si vous n’avez rien envoyé.",
    Topic.THREAD: "Ce que les équipes et la coordination s’écrivent à propos d’une fiche. La page de suivi garde tout.",
    Topic.CONTACT: "Ce que des lecteurs vous écrivent. Si personne de l’équipe ne veut les recevoir, ces messages vont "
    "à la coordination.",
    Topic.FRESHNESS: "Trois boutons pour dire où en est l’action. Sans nouvelles, une fiche devient « à actualiser » "
    "au bout de dix-huit mois, puis quitte le catalogue au bout de vingt-quatre.",
    Topic.REUSE: "Quand une équipe s’inspire d’une de vos fiches, une lettre par semaine au plus, et quand une fiche "
    "en naît. Six mois après que vous en avez repris une, une question : où en êtes-vous ?",
}


class RhythmsForm(forms.Form):
    """One question for each topic that can concern a person."""

    def __init__(self, data: QueryDict | None = None, *, person: Person) -> None:
        self.person = person
        super().__init__(data, initial=rhythms.rhythms_of(person))
        for topic in rhythms.topics_of(person):
            self.fields[topic] = forms.ChoiceField(
                label=capfirst(topic.label), help_text=HELP[topic], widget=forms.RadioSelect,
                choices=[(rhythm.value, capfirst(rhythm.label)) for rhythm in rhythms.offered(topic)],
                error_messages={
                    "required": "Choisissez une des réponses.", "invalid_choice": "Choisissez une des réponses.",
                },
            )  # fmt: skip

    def save(self) -> None:
        with transaction.atomic():
            for topic in self.changed_data:
                rhythms.choose(self.person, topic, self.cleaned_data[topic])


@login_required
def letters(request: PersonRequest) -> HttpResponse:
    form = RhythmsForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Vos choix sont enregistrés.")
        return redirect("accounts:letters")
    return render(request, "accounts/letters.html", {"form": form})


@csrf_exempt  # a mail program posts here for a person, without cookie or token (RFC 8058); the link alone says who
def stop_letters(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and POST stops: mail scanners open links. Nothing of the session is read or changed."""
    found = rhythms.behind(token)
    topics = found[1] if found else []
    if found and request.method == "POST":
        rhythms.stop(*found)
    context = {
        "found": found,
        "topics": topics,
        "stopped": bool(found) and (request.method == "POST" or not topics),
        "contact": settings.CONTACT_EMAIL,
    }
    answer = render(request, "accounts/stop_letters.html", context, status=200 if found else 404)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "same-origin"
    return answer
