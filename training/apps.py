from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "Formation"

    def ready(self) -> None:
        from accounts import daily, post
        from training.lti import grades, keeping, keys

        daily.register("lti-keys", keys.each_day)
        daily.register("lti-keeping", keeping.each_day)
        post.register_teller(grades.each_turn)
