from django.apps import AppConfig
from django.db.models.signals import post_migrate


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = "Initiatives"

    def ready(self) -> None:
        from accounts import arrivals, daily, digest, post, rights
        from initiatives import (
            abandoned,
            alerts,
            booklets,
            content,
            deadlines,
            emails,
            forms,
            freshness,
            rescan,
            retention,
            reuses,
            steps,
        )
        from initiatives.emails import alerts as alert_letters
        from initiatives.emails import week
        from initiatives.forms import files
        from initiatives.search import nightly

        post_migrate.connect(content.after_migrate, sender=self)
        steps.register(*forms.STEPS, files.STEP)
        rights.on_role_ended.register(deadlines.release_claims)
        post.register_teller(deadlines.each_minute)
        post.register_teller(emails.tell_moves)
        daily.register("retention", retention.each_day)
        daily.register("rescan", rescan.each_day)
        daily.register("freshness", freshness.run)
        daily.register("reuses", reuses.run)
        daily.register("abandoned", abandoned.run)
        daily.register("catalogue", nightly.nightly)
        daily.register("alerts", alerts.run)
        post.register_stopper(alert_letters.NEWS, alert_letters.stop_url)
        arrivals.register(booklets.arrive)
        digest.register(week.queue)
