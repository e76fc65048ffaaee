from django.urls import path

from levers import views

app_name = "levers"
urlpatterns = [
    path("leviers/", views.frameworks, name="frameworks"),
    path("leviers/couverture/", views.coverage, name="coverage"),
    path("leviers/propositions/<int:number>/", views.proposal, name="proposal"),
    path("leviers/<int:number>/", views.lever, name="lever"),
    path("leviers/<slug:framework>/<int:number>/", views.framework_lever, name="framework_lever"),
    path("freins/<int:number>/", views.obstacle, name="obstacle"),
]
