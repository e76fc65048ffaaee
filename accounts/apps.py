from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Personnes et territoires"

    def ready(self) -> None:
        from accounts import content, daily, digest, post

        daily.register("forget-letters", post.forget)
        daily.register("weekly-digest", digest.run)
        post_migrate.connect(content.after_migrate, sender=self)
