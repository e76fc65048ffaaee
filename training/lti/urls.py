from django.urls import path

from training.lti import views

app_name = "lti"
urlpatterns = [
    path("", views.home, name="home"),
    path("centres/<int:pk>/nouvelle/", views.new_platform, name="new_platform"),
    path("plateformes/<int:pk>/", views.platform, name="platform"),
    path("cours/<int:pk>/", views.course, name="course"),
    # What platforms call.
    path("inscription/<str:token>/", views.register, name="register"),
    path("cles.json", views.keys_set, name="keys"),
    path("connexion/", views.login, name="login"),
    path("lancer/", views.launch, name="launch"),
    path("choisir/", views.choose, name="choose"),
    path("choisir/<str:state>/", views.chosen, name="chosen"),
    path("arrivee/<str:state>/", views.arrival, name="arrival"),
]
