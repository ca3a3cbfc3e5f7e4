"""Settings of the site. Production is the base; what `local` and `test` mode loosen is written where it stands.

Everything that a person may change comes from `config.environment`; what is unsafe in production is refused at start
by `config.checks`.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from config.databases import database
from config.environment import Environment

env = Environment()
BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.choice("NHASAN_MODE", "production", "local", "test")
DATA_DIR = env.path("NHASAN_DATA_DIR")
LOCAL = MODE in {"local", "test"}
HTTPS = env.boolean("NHASAN_HTTPS") and not LOCAL
BASE_URL = env.text("NHASAN_BASE_URL").rstrip("/")
# How many of our own proxies stand before the site: so many addresses of X-Forwarded-For are believed.
PROXIES = env.integer("NHASAN_PROXIES")
DATA_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)


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
DEBUG = env.boolean("NHASAN_DEBUG")
ALLOWED_HOSTS = env.list("NHASAN_ALLOWED_HOSTS") or (["*"] if LOCAL else [])

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "library.apps.LibraryConfig",
    "library.festivals.apps.FestivalsConfig",
    "library.requests.apps.RequestsConfig",
    "library.imports.apps.ImportsConfig",
    "library.pages.apps.PagesConfig",
    "library.ingest.apps.IngestConfig",
    "library.demo.apps.DemoConfig",
    "dictionary.apps.DictionaryConfig",
    "ime.apps.ImeConfig",
    "media_pipeline.apps.MediaPipelineConfig",
    "search.apps.SearchConfig",
    "jobs.apps.JobsConfig",
    "access.apps.AccessConfig",
    "modeltranslation",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
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
    "config.compression.Compression",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.slashes.Slashes",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.csp.PolicyMiddleware",
    "config.rates.RateMiddleware",
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


DATABASES = {"default": database(env.text("NHASAN_DATABASE_URL"), DATA_DIR)}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
MODELTRANSLATION_DEFAULT_LANGUAGE = "vi"
# A label that is given in one language alone is shown in that one.
MODELTRANSLATION_FALLBACK_LANGUAGES = ("vi", "en")
# The second folder fills what Wagtail's own Vietnamese leaves in English.
LOCALE_PATHS = [BASE_DIR / "config" / "locale", BASE_DIR / "config" / "wagtail_locale"]
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# Subset fonts are made at set-up by `build_fonts`, so they lie with the data.
(DATA_DIR / "fonts").mkdir(mode=0o750, exist_ok=True)
FONTS_BUILT = DATA_DIR / "fonts"
FONT_FOLDERS = [Path(folder) for folder in env.list("NHASAN_FONT_FOLDERS")]
STATICFILES_DIRS = [BASE_DIR / "config" / "static", ("fonts", FONTS_BUILT)]
# Scripts of others, which npm brings at set-up; without them pages that use one work without it.
VENDORED = BASE_DIR / ".venv" / "frontend" / "static"
if VENDORED.is_dir():
    STATICFILES_DIRS.append(("vendor", VENDORED))
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Tests serve static files as they lie; everything else serves what collectstatic hashed and compressed.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "config.storage.StaticFiles"
    },
}

WAGTAIL_SITE_NAME = "Nhà Sàn"
WAGTAILADMIN_BASE_URL = BASE_URL
# The site asks nobody else: no look for a newer Wagtail, no pictures of faces from a foreign service.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Pages that are not for everybody ask for the login that there is.
WAGTAIL_FRONTEND_LOGIN_URL = "/admin/login/"

# --- visitors and sessions ---

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.integer("NHASAN_HSTS_DAYS") * 86400 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = env.integer("NHASAN_SESSION_DAYS") * 86400
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []
LOGIN_URL = "wagtailadmin_login"

# A school has one address for all: wrong passwords shut out one account from there, never the whole school.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = env.integer("NHASAN_LOGIN_FAILURES")
AXES_COOLOFF_TIME = timedelta(minutes=env.integer("NHASAN_LOGIN_LOCK_MINUTES"))
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_CLIENT_IP_CALLABLE = "config.visitors.address"
AXES_ENABLED = MODE != "test"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

# --- what is written: all of it under the data folder ---

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache" / "django",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o750, exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o640
# What a form may hold apart from files: a long entry is one JSON text.
DATA_UPLOAD_MAX_MEMORY_SIZE = env.integer("NHASAN_FORM_MAX_BYTES")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
WAGTAILDOCS_MAX_UPLOAD_SIZE = WAGTAILIMAGES_MAX_UPLOAD_SIZE = env.integer("NHASAN_FILE_MAX_BYTES")
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = env.integer("NHASAN_PICTURE_MAX_PIXELS")

WEB_PROCESSES = env.integer("NHASAN_WEB_PROCESSES")
WEB_THREADS = env.integer("NHASAN_WEB_THREADS")

# Plain lines to the standard error, where systemd or a container collects them; the standard output is for what a
# command answers. Nobody is mailed a stack trace.
LOG_LEVEL = env.choice("NHASAN_LOG_LEVEL", "DEBUG", "INFO", "WARNING", "ERROR")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["lines"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django_tasks": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "elastic_transport": {"level": "ERROR"},
    },
}

NHASAN_ENTRY_MAX_NODES = env.integer("NHASAN_ENTRY_MAX_NODES")
NHASAN_ENTRY_MAX_DEPTH = env.integer("NHASAN_ENTRY_MAX_DEPTH")
NHASAN_ENTRY_MAX_TEXT = env.integer("NHASAN_ENTRY_MAX_TEXT")
NHASAN_ENTRY_MAX_TOTAL = env.integer("NHASAN_ENTRY_MAX_TOTAL")
NHASAN_RECORD_MAX_VALUES = env.integer("NHASAN_RECORD_MAX_VALUES")
NHASAN_RECORD_MAX_TEXT = env.integer("NHASAN_RECORD_MAX_TEXT")
NHASAN_ARK_NAAN = env.text("NHASAN_ARK_NAAN")
NHASAN_FILE_MAX_BYTES = env.integer("NHASAN_FILE_MAX_BYTES")
NHASAN_PICTURE_MAX_PIXELS = env.integer("NHASAN_PICTURE_MAX_PIXELS")
NHASAN_MEDIA_MAX_BYTES = env.integer("NHASAN_MEDIA_MAX_BYTES")
NHASAN_SUBTITLES_MAX_BYTES = env.integer("NHASAN_SUBTITLES_MAX_BYTES")
NHASAN_SUBTITLES_MAX_CUES = env.integer("NHASAN_SUBTITLES_MAX_CUES")
NHASAN_SCAN_MAX_PIXELS = env.integer("NHASAN_SCAN_MAX_PIXELS")
NHASAN_SCAN_MAX_PAGES = env.integer("NHASAN_SCAN_MAX_PAGES")
NHASAN_MEDIA_MAX_SECONDS = env.integer("NHASAN_MEDIA_MAX_SECONDS")
NHASAN_TOOL_SECONDS = env.integer("NHASAN_TOOL_SECONDS")
NHASAN_TOOL_STALL_SECONDS = env.integer("NHASAN_TOOL_STALL_SECONDS")
NHASAN_TOOL_MEMORY = env.integer("NHASAN_TOOL_MEMORY")
NHASAN_TOOL_FILE_BYTES = env.integer("NHASAN_TOOL_FILE_BYTES")
NHASAN_SEND_FILES_BY = env.choice("NHASAN_SEND_FILES_BY", "", "x-accel-redirect", "x-sendfile")
NHASAN_SEND_FILES_PREFIX = env.text("NHASAN_SEND_FILES_PREFIX")
NHASAN_SCAN_SIGNATURES = env.text("NHASAN_SCAN_SIGNATURES")
NHASAN_SPEECH_ENGINE = env.text("NHASAN_SPEECH_ENGINE")
NHASAN_SPEECH_MODEL = env.text("NHASAN_SPEECH_MODEL")
NHASAN_SPEECH_MODEL_SHA256 = env.text("NHASAN_SPEECH_MODEL_SHA256")
NHASAN_IMPORT_MAX_BYTES = env.integer("NHASAN_IMPORT_MAX_BYTES")
NHASAN_IMPORT_MAX_UNPACKED = env.integer("NHASAN_IMPORT_MAX_UNPACKED")
NHASAN_IMPORT_MAX_ENTRY = env.integer("NHASAN_IMPORT_MAX_ENTRY")
NHASAN_IMPORT_MAX_FILES = env.integer("NHASAN_IMPORT_MAX_FILES")
NHASAN_KEYBOARDS_EVERY = env.integer("NHASAN_KEYBOARDS_EVERY")
KEYBOARD_TOOLS = Path(env.text("NHASAN_KEYBOARD_TOOLS") or BASE_DIR / ".venv" / "keyman")
NHASAN_LEGACY_MAX_BYTES = env.integer("NHASAN_LEGACY_MAX_BYTES")
NHASAN_LEGACY_MAX_UNPACKED = env.integer("NHASAN_LEGACY_MAX_UNPACKED")
NHASAN_SEARCH_QUERY_LENGTH = env.integer("NHASAN_SEARCH_QUERY_LENGTH")
NHASAN_SEARCH_PAGE = env.integer("NHASAN_SEARCH_PAGE")
SEARCH_NODES = env.list("NHASAN_SEARCH_URL")
NHASAN_SEARCH_API_KEY = env.text("NHASAN_SEARCH_API_KEY")
NHASAN_SEARCH_CA_FILE = env.text("NHASAN_SEARCH_CA_FILE")
NHASAN_SEARCH_PREFIX = env.text("NHASAN_SEARCH_PREFIX")
NHASAN_SEARCH_TIMEOUT_MS = env.integer("NHASAN_SEARCH_TIMEOUT_MS")
NHASAN_SEARCH_WRITE_TIMEOUT = env.integer("NHASAN_SEARCH_WRITE_TIMEOUT")
NHASAN_SEARCH_PAUSE = env.integer("NHASAN_SEARCH_PAUSE")
NHASAN_SEARCH_SHARDS = env.integer("NHASAN_SEARCH_SHARDS")
NHASAN_SEARCH_REPLICAS = env.integer("NHASAN_SEARCH_REPLICAS")
NHASAN_API_RATE = env.integer("NHASAN_API_RATE")
NHASAN_LEGACY_RATE = env.integer("NHASAN_LEGACY_RATE")
NHASAN_REPORT_RATE = env.integer("NHASAN_REPORT_RATE")
NHASAN_TAKEDOWN_DAYS = env.integer("NHASAN_TAKEDOWN_DAYS")
NHASAN_CORRECTION_DAYS = env.integer("NHASAN_CORRECTION_DAYS")
NHASAN_REQUESTS_KEEP_DAYS = env.integer("NHASAN_REQUESTS_KEEP_DAYS")
NHASAN_FILES_KEEP_DAYS = env.integer("NHASAN_FILES_KEEP_DAYS")
NHASAN_FIXITY_DAYS = env.integer("NHASAN_FIXITY_DAYS")
NHASAN_JOBS_KEEP_DAYS = env.integer("NHASAN_JOBS_KEEP_DAYS")
