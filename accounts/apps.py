from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Personnes et territoires"

    def ready(self) -> None:
        from accounts import content

        post_migrate.connect(content.after_migrate, sender=self)
