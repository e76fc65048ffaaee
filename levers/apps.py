from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LeversConfig(AppConfig):
    name = "levers"
    verbose_name = "Leviers"

    def ready(self) -> None:
        from initiatives.search import terms
        from levers import content
        from levers.models import lever_terms

        post_migrate.connect(content.after_migrate, sender=self)
        terms.register(lever_terms)
