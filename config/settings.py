"""Settings of the site. Production is the base; `local` and `test` mode loosen it, in one place below."""

from __future__ import annotations

import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.environment import Environment

env = Environment()
BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.text("NHASAN_MODE")
DATA_DIR = env.path("NHASAN_DATA_DIR")
LOCAL = MODE in {"local", "test"}
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    given = env.text("NHASAN_SECRET_KEY")
    if given or not LOCAL:
        return given
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text().strip()


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = env.list("NHASAN_ALLOWED_HOSTS") or (["*"] if LOCAL else [])

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "dictionary.apps.DictionaryConfig",
    "media_pipeline.apps.MediaPipelineConfig",
    "search.apps.SearchConfig",
    "jobs.apps.JobsConfig",
    "access.apps.AccessConfig",
    "modeltranslation",
    "wagtail.contrib.settings",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelsearch",
    "modelcluster",
    "taggit",
    "ninja",
    "django_filters",
    "axes",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.csp.PolicyMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.page_address",
            ],
        },
    },
]


def _database() -> dict[str, object]:
    url = env.text("NHASAN_DATABASE_URL")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "nhasan.sqlite3",
            "OPTIONS": {
                # A deferred transaction that turns to writing fails at once, whatever the timeout.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("NHASAN_DATABASE_URL must start with postgresql://, or be empty for SQLite.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database()}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
MODELTRANSLATION_DEFAULT_LANGUAGE = "vi"
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# Subset fonts are made at set-up by `build_fonts`, so they lie with the data.
STATICFILES_DIRS = [BASE_DIR / "config" / "static", ("fonts", DATA_DIR / "fonts")]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Tests serve static files as they lie; everything else serves what collectstatic hashed and compressed.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

WAGTAIL_SITE_NAME = "Nhà Sàn"
WAGTAILADMIN_BASE_URL = env.text("NHASAN_BASE_URL")

NHASAN_ENTRY_MAX_NODES = env.integer("NHASAN_ENTRY_MAX_NODES")
NHASAN_ENTRY_MAX_DEPTH = env.integer("NHASAN_ENTRY_MAX_DEPTH")
NHASAN_ENTRY_MAX_TEXT = env.integer("NHASAN_ENTRY_MAX_TEXT")
NHASAN_ENTRY_MAX_TOTAL = env.integer("NHASAN_ENTRY_MAX_TOTAL")
NHASAN_FILE_MAX_BYTES = env.integer("NHASAN_FILE_MAX_BYTES")
NHASAN_PICTURE_MAX_PIXELS = env.integer("NHASAN_PICTURE_MAX_PIXELS")
