from django.urls import path

from guide.views import edition, feedback, methods, offline, printed, reading

app_name = "guide"
urlpatterns = [
    path("", reading.contents, name="contents"),
    path("fiches/<int:number>/", reading.fiche, name="fiche"),
    path("fiches/<int:number>/versions/<int:version>/", reading.fiche_version, name="fiche_version"),
    path("fiches/<int:number>/pdf/", printed.fiche_pdf, name="fiche_pdf"),
    path("fiches/<int:number>/avis/", feedback.feedback, name="feedback"),
    path("original/", reading.original, name="original"),
    path("methodes/", methods.methods, name="methods"),
    path("methodes/comparer/", methods.compare, name="compare"),
    path("methodes/<slug:slug>/", methods.method, name="method"),
    path("choisir/", methods.choose, name="choose"),
    path("glossaire/", reading.glossary, name="glossary"),
    path("edition/", edition.edition, name="edition"),
    path("edition/avis/", feedback.edition_feedback, name="edition_feedback"),
    path("edition/fiches/<int:number>/", edition.edit_fiche, name="edit_fiche"),
    path("edition/fiches/<int:number>/apercu/", edition.preview_fiche, name="preview_fiche"),
    path("edition/fiches/<int:number>/publier/", edition.publish_fiche, name="publish_fiche"),
    path("edition/fiches/<int:number>/jeter/", edition.discard_fiche, name="discard_fiche"),
    path("edition/fiches/<int:number>/depot/", edition.proposed_fiche, name="proposed_fiche"),
    path("hors-ligne/", offline.offline, name="offline"),
    path("sw.js", offline.worker, name="worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
]
