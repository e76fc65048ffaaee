"""What a person may write about themselves, and what gives a role. allauth's forms, in our words."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts import kept, rights
from accounts.models import Organisation, Person, Role, Territory
from accounts.models.roles import RoleKind
from accounts.models.territories import Level
from accounts.siret import clean_siret

LONG_ENOUGH = "Quinze signes au moins. Une phrase de quatre ou cinq mots est facile à retenir et difficile à deviner."
MAX_ADDRESS = 254  # RFC 5321, and the width of our columns; Django's field lets 320 signs through
CODE_HELP = "Les six chiffres que votre application affiche maintenant, ou l’un de vos codes de secours."


class Line(forms.CharField):
    """A name on one line: signs that can't be seen are dropped, spaces are single; nothing left is nothing said."""

    counter = False

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFC", str(value or ""))
        # NUL is kept: Django refuses it with a sentence.
        seen = "".join(
            sign if sign == "\0" or unicodedata.category(sign) not in {"Cc", "Cf"} else " " * sign.isspace()
            for sign in text
        )
        return super().to_python(" ".join(seen.split()))


class CodeField(forms.CharField):
    """Digits as people copy them: « 123 456 » is « 123456 »."""

    def to_python(self, value: Any) -> Any:
        return "".join(str(value or "").split())


def said(field: forms.Field, label: str, help_text: str = "", **attrs: str) -> None:
    """Our label and help; no placeholder, which would repeat the label and vanish while one types."""
    field.label, field.help_text = label, help_text
    if isinstance(field, forms.EmailField):
        field.validators = [*field.validators, MaxLengthValidator(MAX_ADDRESS)]
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


class LoginForm(account.LoginForm):
    shared = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said(
            self.fields["shared"],
            "Cet ordinateur est partagé",
            "Rien de ce que vous tapez n’y sera gardé : seulement sur le site.",
        )
        self.fields["shared"].initial = kept.is_shared(self.request)
        said(self.fields["login"], "Adresse électronique", autocomplete="username")
        said(self.fields["password"], "Mot de passe")
        said(
            self.fields["remember"],
            "Rester connecté sur cet appareil",
            "Douze heures au plus. À éviter sur un poste partagé.",
        )

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> Any:
        answer = super().login(request, redirect_url)
        shared = bool(self.cleaned_data["shared"])
        if shared or kept.SHARED_COMPUTER in request.COOKIES:
            # Of the computer, not of the person: whoever comes next finds it said. static/js/tell.js writes it too.
            answer.set_cookie(
                kept.SHARED_COMPUTER, str(int(shared)), max_age=365 * 24 * 3600, secure=request.is_secure(),
                samesite="Lax",
            )  # fmt: skip
        return answer


class SignupForm(account.SignupForm):
    name = Line(label="Nom affiché", max_length=120)
    field_order = ["name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said(
            self.fields["name"],
            "Nom affiché",
            "Il signe ce que vous racontez. Un prénom suffit.",
            autocomplete="name",
        )
        said(
            self.fields["email"],
            "Adresse électronique",
            "Elle sert à vous écrire et n’est montrée à personne. Une adresse professionnelle convient bien.",
        )
        said(self.fields["password1"], "Mot de passe", LONG_ENOUGH)

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])  # as long as making the account: the delay tells nothing
        return super().try_save(request)


class AddEmailForm(account.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said(self.fields["email"], "Nouvelle adresse", "Nous y enverrons un lien à ouvrir pour la confirmer.")


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        said(self.fields["oldpassword"], "Mot de passe actuel")
        said(self.fields["password1"], "Nouveau mot de passe", LONG_ENOUGH)


class SetPasswordForm(account.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        said(self.fields["password1"], "Mot de passe", LONG_ENOUGH)


class ResetPasswordForm(account.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said(self.fields["email"], "Adresse électronique", "Celle de votre compte.")


class ResetPasswordKeyForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        said(self.fields["password1"], "Nouveau mot de passe", LONG_ENOUGH)


class ReauthenticateForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said(self.fields["password"], "Mot de passe")


class _WithCode(forms.Form):
    code = CodeField(
        label="Code",
        max_length=12,
        help_text=CODE_HELP,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    code.small = True  # type: ignore[attr-defined]


class SecondFactorForm(_WithCode, mfa.AuthenticateForm):
    pass


class SecondFactorAgainForm(_WithCode, mfa.ReauthenticateForm):
    pass


class ActivateSecondFactorForm(_WithCode, totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "Les six chiffres que l’application affiche maintenant."


class RequestLinkForm(forms.Form):
    email = forms.EmailField(
        label="Adresse électronique",
        max_length=MAX_ADDRESS,
        help_text="Celle de votre compte.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class ProfileForm(forms.Form):
    """Name and organisation: one already known is chosen by its SIRET or its exact name, else it is made."""

    name = Line(
        label="Nom affiché",
        max_length=120,
        help_text="Il signe ce que vous racontez. Un prénom suffit.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    organisation_name = Line(
        label="Organisation",
        max_length=200,
        required=False,
        help_text="Là où vous travaillez ou étudiez, avec son nom entier.",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    organisation_siret = forms.CharField(
        label="SIRET de l’organisation",
        max_length=30,
        required=False,
        help_text="Quatorze chiffres. Il évite qu’une coordination relise la fiche de sa propre organisation.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    organisation_siret.small = True  # type: ignore[attr-defined]

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        self.person = person
        known = person.organisation
        kwargs["initial"] = {
            "name": person.name,
            "organisation_name": known.name if known else "",
            "organisation_siret": known.siret if known else "",
        }
        super().__init__(*args, **kwargs)

    def clean_organisation_siret(self) -> str:
        return clean_siret(self.cleaned_data["organisation_siret"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        siret = cleaned.get("organisation_siret")
        if siret and not cleaned.get("organisation_name") and not Organisation.objects.filter(siret=siret).exists():
            self.add_error("organisation_name", "Nommez l’organisation qui porte ce SIRET.")
        return cleaned

    def save(self) -> Person:
        self.person.name = self.cleaned_data["name"]
        self.person.organisation = organisation_called(
            self.cleaned_data["organisation_name"], self.cleaned_data["organisation_siret"]
        )
        self.person.save(update_fields=["name", "organisation"])
        return self.person


def organisation_called(name: str, siret: str = "") -> Organisation | None:
    """The organisation of this SIRET, else of this very name, else a new one; None when nothing is said."""
    if siret:
        return Organisation.objects.get_or_create(siret=siret, defaults={"name": name})[0]
    if not name:
        return None
    return Organisation.objects.filter(name__iexact=name).order_by("pk").first() or Organisation.objects.create(
        name=name
    )


class GrantRoleForm(forms.ModelForm[Role]):
    """A role given to someone who has an account, by someone who may give it."""

    email = forms.EmailField(
        label="Adresse électronique de la personne",
        help_text="Celle de son compte\u00a0: il doit déjà exister.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    new_organisation = Line(
        label="… ou une organisation qui n’est pas dans la liste",
        max_length=200,
        required=False,
        help_text="Son nom entier.",
    )

    class Meta:
        model = Role
        fields = ["email", "kind", "territory", "deputy", "organisation", "new_organisation", "from_on", "until_on"]
        field_classes = {"territory": forms.ModelChoiceField, "organisation": forms.ModelChoiceField}
        labels = {"deputy": "En suppléance", "organisation": "Organisation ou centre"}
        help_texts = {
            "territory": "Pour une coordination\u00a0: un département, une région, ou rien pour le pays entier.",
            "deputy": "La personne prend le relais quand la coordination tarde.",
            "organisation": "Le réseau pour lequel on coordonne, ou le centre où l’on forme.",
            "until_on": "Dernier jour du rôle. Vide\u00a0: sans fin prévue.",
        }
        widgets = {
            "from_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "until_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        self.by = by
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label="Rôle", choices=[("", "Choisir…"), *((kind.value, kind.label) for kind in rights.grantable_kinds(by))]
        )
        territory, organisation = self.fields["territory"], self.fields["organisation"]
        assert isinstance(territory, forms.ModelChoiceField)
        assert isinstance(organisation, forms.ModelChoiceField)
        territory.queryset = Territory.objects.filter(level__in=[Level.DEPARTEMENT, Level.REGION]).order_by(
            "level", "key"
        )
        territory.empty_label = "Le pays entier"
        # Networks and centres: the few organisations that roles are about, not every employer.
        organisation.queryset = (
            Organisation.objects.filter(Q(role__isnull=False) | Q(centre__isnull=False)).distinct().order_by("name")
        )
        organisation.empty_label = "Aucune"
        for name in ("from_on", "until_on"):
            self.fields[name].small = True  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        theirs = Q(email__iexact=email) | Q(emailaddress__email__iexact=email, emailaddress__verified=True)
        person = Person.objects.filter(theirs, is_active=True, erased_at=None).first()
        if person is None:
            raise forms.ValidationError("Aucun compte n’a cette adresse. La personne doit d’abord s’inscrire.")
        if person == self.by:
            raise forms.ValidationError("On ne se donne pas un rôle à soi-même\u00a0: demandez à une autre personne.")
        self.instance.person = person
        return email

    def clean_from_on(self) -> date:
        day: date = self.cleaned_data["from_on"]
        if day < timezone.localdate() - timedelta(days=366):
            raise forms.ValidationError("Un rôle commence au plus tôt il y a un an.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, organisation, named = cleaned.get("kind"), cleaned.get("organisation"), cleaned.get("new_organisation")
        if kind and kind not in (RoleKind.COORDINATOR, RoleKind.EXPERT) and cleaned.get("territory"):
            self.add_error(
                "territory", "Ce rôle ne dépend pas d’un territoire\u00a0: choisissez «\u00a0Le pays entier\u00a0»."
            )
        if cleaned.get("deputy") and kind and kind != RoleKind.COORDINATOR:
            self.add_error("deputy", "Seule une coordination a une suppléance.")
        if organisation and named:
            self.add_error("new_organisation", "Choisissez dans la liste ou écrivez un nom, pas les deux.")
        if kind in (RoleKind.TRAINER, RoleKind.CENTRE_HEAD) and not organisation and not named:
            self.add_error("organisation", "Indiquez le centre de formation de ce rôle.")
        if not self.errors and self._already_held(cleaned):
            self.add_error("email", "Cette personne a déjà ce rôle à ces dates.")
        return cleaned

    def _already_held(self, cleaned: dict[str, Any]) -> bool:
        held = self.instance.person.roles.filter(kind=cleaned["kind"], territory=cleaned.get("territory"))
        held = held.filter(Q(until_on=None) | Q(until_on__gte=cleaned["from_on"]))
        if cleaned.get("until_on"):
            held = held.filter(from_on__lte=cleaned["until_on"])
        if cleaned.get("new_organisation"):
            return bool(held.filter(organisation__name__iexact=cleaned["new_organisation"]).exists())
        return bool(held.filter(organisation=cleaned.get("organisation")).exists())

    def save(self, commit: bool = True) -> Role:
        role = super().save(commit=False)
        role.granted_by = self.by
        if self.cleaned_data["new_organisation"]:
            role.organisation = organisation_called(self.cleaned_data["new_organisation"])
        if commit:
            role.save()
        return role


class EndRoleForm(forms.Form):
    when = forms.ChoiceField(
        label="Quand ce rôle finit-il\u00a0?",
        choices=[
            ("now", "Tout de suite\u00a0: hier était son dernier jour"),
            ("tonight", "Ce soir\u00a0: aujourd’hui est son dernier jour"),
        ],
        initial="now",
        widget=forms.RadioSelect,
    )

    def last_day(self) -> date:
        today = timezone.localdate()
        return today if self.cleaned_data["when"] == "tonight" else today - timedelta(days=1)


class RoleFilter(forms.Form):
    """The question of the roles' page; what makes no sense is ignored, and said."""

    STATES = [("", "en cours et à venir"), ("passes", "terminés"), ("tous", "tous")]

    q = Line(label="Nom ou adresse", max_length=100, required=False)
    role = forms.ChoiceField(label="Rôle", required=False)
    etat = forms.ChoiceField(label="État", choices=STATES, required=False)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, kind.label) for kind in rights.grantable_kinds(by)]
        self.fields["role"] = forms.ChoiceField(label="Rôle", choices=[("", "tous"), *kinds], required=False)
        for field in self.fields.values():
            field.mark_optional = field.counter = False  # type: ignore[attr-defined]
