from django.core.exceptions import ValidationError

CONTEXT_WORDS = ("essaim", "travailsocial", "reseausocial", "motdepasse", "azerty", "assistantesociale", "initiative")


class ContextWordsValidator:
    """A password made of the site's own words and little else is the first one tried."""

    def validate(self, password: str, user: object = None) -> None:
        bare = "".join(sign for sign in password.lower() if sign.isalpha())
        for word in CONTEXT_WORDS:
            bare = bare.replace(word, "")
        if len(bare) < 6 and any(word in password.lower() for word in CONTEXT_WORDS):
            raise ValidationError("Ce mot de passe tient trop aux mots du site : ajoutez des mots à vous.")

    def get_help_text(self) -> str:
        return "Une phrase de quatre ou cinq mots est facile à retenir et difficile à deviner."
