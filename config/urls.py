from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.conf import settings
from django.urls import include, path, re_path
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

from config import pages, search, views
from initiatives.views import agreement, alerts, booklet, edition, files, printing, synonyms
from training.views import attesting

# The QR code of a second factor is an image written in its page.
with_qr_code = csp_override({**settings.SECURE_CSP, "img-src": [CSP.SELF, "data:"]})

# allauth's own pages under our French addresses, with the names it expects.
account_patterns = [
    path("connexion/", account.login, name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("inscription/", account.signup, name="account_signup"),
    path("desactive/", account.account_inactive, name="account_inactive"),
    path("adresses/", account.email, name="account_email"),
    path("confirmation/", account.email_verification_sent, name="account_email_verification_sent"),
    path("confirmation/<str:key>/", account.confirm_email, name="account_confirm_email"),
    path("confirmer-identite/", account.reauthenticate, name="account_reauthenticate"),
    path("mot-de-passe/changer/", account.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "mot-de-passe/oublie/fait/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(  # a key has hyphens of its own: the first one ends the person's number
        r"^mot-de-passe/oublie/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("second-facteur/", mfa.index, name="mfa_index"),
    path("second-facteur/verifier/", mfa.authenticate, name="mfa_authenticate"),
    path("second-facteur/confirmer/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-facteur/activer/", with_qr_code(totp.activate_totp), name="mfa_activate_totp"),
    path("second-facteur/desactiver/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-facteur/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-facteur/codes/nouveaux/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-facteur/codes/texte/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]

handler500 = "config.views.failure"
handler429 = "accounts.views.too_many_requests"  # allauth's rate limits call it

urlpatterns = [
    path("", views.home, name="home"),
    path("recherche/", search.search, name="search"),
    path("recherche/suggestions/", search.suggestions, name="suggestions"),
    path("initiatives/", include("initiatives.urls")),
    path("accord/<str:token>/", agreement.agreement, name="agreement"),
    path("recueil/", booklet.booklet, name="booklet"),
    path("recueil/fiches/<int:number>/", booklet.collect_fiche, name="collect_fiche"),
    path("recueil/fixer/", edition.fix_booklet, name="fix_booklet"),
    path("recueil/argumentaire/", edition.make_case, name="make_case"),
    # One address for both: who has a link reads what it leads to, whether it still moves or is fixed.
    path("recueils/<str:token>/", edition.shared, name="shared_booklet"),
    path("recueils/<str:token>/", edition.shared, name="edition"),
    path("recueils/<str:token>/pdf/", edition.edition_file, {"format": "pdf"}, name="edition_pdf"),
    path("recueils/<str:token>/epub/", edition.edition_file, {"format": "epub"}, name="edition_epub"),
    path("recueils/<str:token>/hors-ligne/", edition.edition_file, {"format": "zip"}, name="edition_pages"),
    path("recueils/<str:token>/supprimer/", edition.delete_edition, name="delete_edition"),
    path("alertes/", alerts.alerts, name="alerts"),
    path("alertes/<str:token>/", alerts.alert, name="alert"),
    path("alertes/<str:token>/arreter/", alerts.alert_stop, name="alert_stop"),
    path("fichiers/<str:token>/<str:name>", files.file, name="file"),
    path("guide/synonymes/", synonyms.synonyms, name="synonyms"),
    path("guide/synonymes/nouveau/", synonyms.edit_synonyms, name="synonyms_new"),
    path("guide/synonymes/remettre/", synonyms.restore_synonyms, name="synonyms_restore"),
    path("guide/synonymes/<int:pk>/", synonyms.edit_synonyms, name="synonyms_edit"),
    path("guide/synonymes/<int:pk>/retirer/", synonyms.remove_synonyms, name="synonyms_remove"),
    path("guide/telecharger/", printing.guide_files, name="guide_files"),
    path("guide/telecharger/pdf/", printing.guide_file, {"format": "pdf"}, name="guide_pdf"),
    path("guide/telecharger/epub/", printing.guide_file, {"format": "epub"}, name="guide_epub"),
    path("guide/telecharger/hors-ligne/", printing.guide_file, {"format": "zip"}, name="guide_pages"),
    path("guide/", include("guide.urls")),
    path("", include("levers.urls")),
    path("formation/", include("training.urls")),
    path("attestations/", attesting.attestations, name="attestations"),
    path("attestations/<str:number>/", attesting.attestation, name="attestation"),
    path("lti/", include("training.lti.urls")),
    path("compte/", include(account_patterns)),
    path("compte/", include("accounts.urls")),
    path("aide/", pages.help, name="help"),
    path("mentions-legales/", pages.legal_notice, name="legal_notice"),
    path("donnees-personnelles/", pages.privacy, name="privacy"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("securite/", pages.security, name="security"),
    path("statistiques/", pages.statistics, name="statistics"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

if settings.DEMO:
    from config import letters

    urlpatterns += [
        path("demo/courrier/", letters.mailbox, name="demo_mailbox"),
        path("demo/courrier/<int:pk>/", letters.letter, name="demo_letter"),
    ]
if settings.DEBUG:
    from config import components

    urlpatterns += [path("aide/composants/", components.components, name="components")]
