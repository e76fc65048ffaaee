from django.urls import path

from levers import feeds
from levers.views import calls, coverage, edition, notes, weigh

app_name = "levers"
urlpatterns = [
    path("leviers/", weigh.frameworks, name="frameworks"),
    path("leviers/couverture/", coverage.coverage, name="coverage"),
    path("leviers/edition/", edition.edition, name="edition"),
    path("leviers/edition/<int:number>/", edition.edit_proposal, name="edit_proposal"),
    path("leviers/propositions/<int:number>/", weigh.proposal, name="proposal"),
    path("leviers/<int:number>/", weigh.lever, name="lever"),
    path("leviers/<slug:framework>/<int:number>/", weigh.framework_lever, name="framework_lever"),
    path("freins/<int:number>/", weigh.obstacle, name="obstacle"),
    path("appels/", calls.calls, name="calls"),
    path("appels/lancer/", calls.launch, name="call_new"),
    path("appels/<slug:slug>/", calls.call, name="call"),
    path("appels/<slug:slug>/flux.atom", feeds.call_feed, name="call_feed"),
    path("appels/<slug:slug>/repondre/", calls.answer, name="call_answer"),
    path("appels/<slug:slug>/reponses/<int:pk>/retirer/", calls.withdraw_answer, name="withdraw_answer"),
    path("appels/<slug:slug>/modifier/", calls.change, name="change_call"),
    path("appels/<slug:slug>/clore/", calls.close, name="close_call"),
    path("appels/<slug:slug>/rouvrir/", calls.reopen, name="reopen_call"),
    path("notes/", notes.notes, name="notes"),
    path("notes/nouvelle/", notes.edit_note, name="note_new"),
    path("notes/<slug:slug>/", notes.note, name="note"),
    path("notes/<slug:slug>/modifier/", notes.edit_note, name="edit_note"),
    path("notes/<slug:slug>/retirer/", notes.unpublish_note, name="unpublish_note"),
]
