from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GuideConfig(AppConfig):
    name = "guide"
    verbose_name = "Guide"

    def ready(self) -> None:
        from accounts import daily
        from guide import content, passages, retention

        passages.register("fiche", content.fiche_passages)
        passages.register("methode", content.method_passages)
        passages.register("terme", content.term_passages)
        daily.register("guide-feedback", retention.each_day)
        post_migrate.connect(content.after_migrate, sender=self)
