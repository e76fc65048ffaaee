from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LeversConfig(AppConfig):
    name = "levers"
    verbose_name = "Leviers"

    def ready(self) -> None:
        from guide import passages
        from initiatives import sections, settling, steps
        from initiatives.search import facets, terms
        from levers import content, forms, sheet
        from levers.models import lever_terms

        post_migrate.connect(content.after_migrate, sender=self)
        passages.register("proposition", content.proposal_passages)
        terms.register(lever_terms)
        facets.register(sheet.LEVER_FACET)
        facets.register(sheet.PROPOSAL_FACET)
        sections.register(sheet.supports)
        settling.register(forms.SETTLING)
        steps.register(forms.STEP)
