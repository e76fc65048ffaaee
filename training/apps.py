from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "Formation"

    def ready(self) -> None:
        from accounts import arrivals, daily, post
        from initiatives import completeness
        from initiatives.models import Initiative
        from training import announcing, arriving, content, emails, imports, reminders, retention
        from training.lti import grades, keeping, keys
        from training.models import offers

        post_migrate.connect(content.after_migrate, sender=self)
        arrivals.register(arriving.arrive)
        arrivals.register_confirmation(arriving.confirmed)
        post.register_teller(imports.each_turn)
        post.register_teller(announcing.each_turn)
        daily.register("student-imports", imports.forget)
        daily.register("reminders-of-works", reminders.each_day)
        post.register_stopper(emails.REMINDED, emails.stop_reminders)
        daily.register("lti-keys", keys.each_day)
        daily.register("lti-keeping", keeping.each_day)
        daily.register("training-retention", retention.each_day)
        post.register_teller(grades.each_turn)
        completeness.register(Initiative.Origin.TRAINING, offers.lacking)
