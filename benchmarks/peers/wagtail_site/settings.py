"""The Wagtail peer: pages of one type, its database search, in a schema of its own beside ours."""

import os
from urllib.parse import unquote, urlsplit

_parts = urlsplit(os.environ["DATABASE_URL"])
SECRET_KEY = "benchmarks only"  # noqa: S105
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
INSTALLED_APPS = [
    "benchmarks.peers.wagtail_site",
    "wagtail.search", "wagtail.images", "wagtail.documents", "wagtail.users", "wagtail.admin", "wagtail.sites",
    "wagtail", "modelcluster", "taggit", "django_tasks",
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.postgres", "django.contrib.staticfiles",
]  # fmt: skip
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "benchmarks.peers.wagtail_site.urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _parts.path.lstrip("/"),
        "USER": unquote(_parts.username or ""),
        "PASSWORD": unquote(_parts.password or ""),
        "HOST": unquote(_parts.hostname or ""),
        "PORT": _parts.port or "",
        "OPTIONS": {"options": "-c search_path=wagtail -c statement_timeout=60000"},
    }
}
if os.environ.get("DB_POOL"):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": int(os.environ["DB_POOL"])}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "french"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
WAGTAIL_SITE_NAME = "peer"
WAGTAILADMIN_BASE_URL = "http://localhost"
STATIC_URL = "/static/"
LANGUAGE_CODE = "fr"
USE_TZ = True
