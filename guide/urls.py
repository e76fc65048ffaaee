from django.urls import path

from guide import views

app_name = "guide"
urlpatterns = [
    path("", views.contents, name="contents"),
    path("fiches/<int:number>/", views.fiche, name="fiche"),
    path("fiches/<int:number>/versions/<int:version>/", views.fiche_version, name="fiche_version"),
    path("original/", views.original, name="original"),
    path("methodes/", views.methods, name="methods"),
    path("methodes/<slug:slug>/", views.method, name="method"),
    path("glossaire/", views.glossary, name="glossary"),
]
