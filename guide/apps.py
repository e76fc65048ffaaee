from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GuideConfig(AppConfig):
    name = "guide"
    verbose_name = "Guide"

    def ready(self) -> None:
        from guide import content, passages

        passages.register("fiche", content.fiche_passages)
        passages.register("methode", content.method_passages)
        passages.register("terme", content.term_passages)
        post_migrate.connect(content.after_migrate, sender=self)
