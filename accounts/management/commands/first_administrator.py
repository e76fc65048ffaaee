"""Opens a new house: nobody gives themselves a role on the site, so the first one is given from the server."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import emails
from accounts.models import Person, Role
from accounts.models.roles import RoleKind


class Command(BaseCommand):
    help = "Donne le rôle d’administration à un compte, tant que personne ne l’a."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="l’adresse d’un compte déjà ouvert sur le site")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        if Role.objects.current().of_kind(RoleKind.ADMINISTRATOR).filter(person__is_active=True).exists():
            raise CommandError("Quelqu’un administre déjà les comptes : demandez-lui de donner le rôle sur le site.")
        person = Person.objects.filter(email__iexact=email, is_active=True, erased_at=None).first()
        if person is None:
            raise CommandError("Aucun compte n’a cette adresse : inscrivez-vous d’abord sur le site.")
        with transaction.atomic():
            emails.role_granted(Role.objects.create(person=person, kind=RoleKind.ADMINISTRATOR))
        self.stdout.write(f"{person} administre maintenant les comptes.")
