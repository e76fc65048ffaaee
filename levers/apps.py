from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LeversConfig(AppConfig):
    name = "levers"
    verbose_name = "Leviers"

    def ready(self) -> None:
        from accounts import daily, post
        from guide import passages
        from initiatives import beside, sections, settling, steps
        from initiatives.search import facets, terms
        from levers import content, emails, forms, sheet
        from levers.models import lever_terms

        post_migrate.connect(content.after_migrate, sender=self)
        passages.register("proposition", content.proposal_passages)
        passages.register("note", content.note_passages)
        passages.register("appel", content.call_passages)
        terms.register(lever_terms)
        facets.register(sheet.LEVER_FACET)
        facets.register(sheet.PROPOSAL_FACET)
        sections.register(sheet.supports, sheet.supports_of_all)
        settling.register(forms.SETTLING)
        steps.register(forms.STEP)
        beside.register(sheet.notes_beside)
        post.register_teller(emails.tell_answers)
        daily.register("calls", content.each_day)
