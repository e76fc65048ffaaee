from django.urls import path

from initiatives.views import alike, catalogue, follow, review, sheet, tell, typing

app_name = "initiatives"
urlpatterns = [
    path("", catalogue.catalogue, name="catalogue"),
    path("flux.atom", catalogue.feed, name="feed"),
    path("communes/", tell.places, name="places"),
    # Telling
    path("proposer/", tell.propose, name="propose"),
    path("mes-initiatives/", follow.mine, name="mine"),
    path("brouillons/<int:pk>/", tell.draft, name="draft"),
    path("brouillons/<int:pk>/relire/", tell.check, name="check"),
    path("brouillons/<int:pk>/envoyer/", tell.submit, name="submit"),
    path("brouillons/<int:pk>/ressemblance/", alike.alike, name="alike"),
    path("brouillons/<int:pk>/supprimer/", follow.discard, name="discard"),
    path("brouillons/<int:pk>/<slug:step>/", tell.step, name="step"),
    path("brouillons/<int:pk>/<slug:step>/frappe/", typing.typing, name="typing"),
    path("suivi/<int:pk>/", follow.follow, name="follow"),
    path("suivi/<int:pk>/annuler/", follow.cancel, name="cancel"),
    # Moderating
    path("moderation/", review.queue, name="queue"),
    path("moderation/<int:pk>/", review.case, name="case"),
    path("moderation/<int:pk>/prendre/", review.claim, name="claim"),
    path("moderation/<int:pk>/rendre/", review.release, name="release"),
    path("moderation/<int:pk>/completer/", review.request_changes, name="request_changes"),
    path("moderation/<int:pk>/refuser/", review.refuse, name="refuse"),
    path("moderation/<int:pk>/publier/", review.accept, name="accept"),
    # The sheet
    path("<slug:slug>/", sheet.sheet, name="sheet"),
    path("<slug:slug>/modifier/", tell.edit, name="edit"),
]
