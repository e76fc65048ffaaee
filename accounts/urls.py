from django.urls import path

from accounts import letters, views

app_name = "accounts"
urlpatterns = [
    path("", views.account, name="account"),
    path("bienvenue/", views.welcome, name="welcome"),
    path("profil/", views.profile, name="profile"),
    path("lettres/", letters.letters, name="letters"),
    path("lettres/arreter/<str:token>/", letters.stop_letters, name="stop_letters"),
    path("lien/", views.request_link, name="request_link"),
    path("lien/<str:uid>/<str:token>/", views.follow_link, name="follow_link"),
    path("roles/", views.roles, name="roles"),
    path("roles/ajouter/", views.grant_role, name="grant_role"),
    path("roles/<int:pk>/terminer/", views.end_role, name="end_role"),
]
