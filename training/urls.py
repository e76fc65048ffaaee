from django.urls import path

from training import views

app_name = "training"
urlpatterns = [
    path("", views.home, name="home"),
    path("centres/", views.centres, name="centres"),
    path("ce-que-voit-mon-formateur/", views.what_my_trainer_sees, name="what_my_trainer_sees"),
    path("promotions/nouvelle/", views.new_cohort, name="new_cohort"),
    path("promotions/<int:pk>/", views.cohort, name="cohort"),
    path("promotions/<int:pk>/table/", views.cohort_table, name="cohort_table"),
    path("promotions/<int:pk>/code/", views.renew_code, name="renew_code"),
    path("promotions/<int:pk>/devoirs/nouveau/", views.new_assignment, name="new_assignment"),
    path("rejoindre/", views.join, name="join"),
    path("rejoindre/<str:code>/", views.join, name="join_code"),
    path("devoirs/<int:pk>/", views.assignment, name="assignment"),
    path("devoirs/<int:pk>/table/", views.assignment_table, name="assignment_table"),
    path("devoirs/<int:pk>/fiches/<int:fiche>/", views.assigned_fiche, name="assigned_fiche"),
    path("devoirs/<int:pk>/fiches/<int:fiche>/lu/", views.declare_read, name="declare_read"),
    path("devoirs/<int:pk>/note/", views.save_note, name="save_note"),
    path("devoirs/<int:pk>/envoyer/", views.send_note, name="send_note"),
    path("travaux/<int:pk>/", views.work, name="work"),
]
