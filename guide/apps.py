from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GuideConfig(AppConfig):
    name = "guide"
    verbose_name = "Guide"

    def ready(self) -> None:
        from guide import content

        post_migrate.connect(content.after_migrate, sender=self)
