"""Every setting of the site, read from the environment and from `.env` (or from $ENV_FILE).

docs/settings.md explains each variable; config/env.py reads and validates them.
"""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

from config import env
from core.richtext.editor import EDITOR
from core.roles import ROLES

BASE_DIR = Path(__file__).resolve().parent.parent
env.load(Path(env.text("ENV_FILE", str(BASE_DIR / ".env"))))

# The site, its URL and HTTPS

DEBUG = env.flag("DEBUG", default=False)
# Installs the demo app. `make run` and `make dev` turn it on if there is no SITE_URL.
DEMO = env.flag("DEMO", default=DEBUG)
SECRET_KEY = env.text("SECRET_KEY", "django-insecure-for-debugging-only" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. `make secret-key` writes one to .env;"
        " for development, set DEBUG=on instead."
    )
SITE_URL = env.site_url("SITE_URL", "http://127.0.0.1:8000")
# The admin's URL is SITE_URL/ADMIN_PATH/.
ADMIN_PATH = env.path_segment("ADMIN_PATH", "admin")
ALLOWED_HOSTS = env.text_list(
    "ALLOWED_HOSTS", f"{urlsplit(SITE_URL).hostname},127.0.0.1,localhost,[::1]"
)
# The number of our own reverse proxies in front of the site; their headers are trusted.
PROXY_COUNT = env.number("PROXY_COUNT", 0)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "inquiries.views.inquiry_form.csrf_failure"

USES_HTTPS = SITE_URL.startswith("https://") and not DEBUG
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=USES_HTTPS)
SESSION_COOKIE_SECURE = env.flag("SESSION_COOKIE_SECURE", default=USES_HTTPS)
CSRF_COOKIE_SECURE = env.flag("CSRF_COOKIE_SECURE", default=USES_HTTPS)
# Browsers accept cookies of these names only over HTTPS, from this host, and for the whole site.
COOKIE_PREFIX = "__Host-" if SESSION_COOKIE_SECURE else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
MESSAGES_COOKIE_NAME = f"{COOKIE_PREFIX}messages"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
BASKET_COOKIE_NAME = f"{COOKIE_PREFIX}basket"
COMPARISON_COOKIE_NAME = f"{COOKIE_PREFIX}comparison"
SAVED_DRAFT_COOKIE_NAME = f"{COOKIE_PREFIX}saved_draft"
CSRF_COOKIE_NAME = "__Host-csrftoken" if CSRF_COOKIE_SECURE else "csrftoken"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = int(timedelta(days=7).total_seconds())
# Minutes after which a session that is not used ends, 0 for never.
SESSION_IDLE_TIME = timedelta(minutes=env.number("SESSION_IDLE_TIME", 720))
MESSAGE_STORAGE = "core.messages.MessageStorage"

# Apps, middleware and templates

INSTALLED_APPS = [
    "core.apps.CoreConfig",
    "contacts",
    "accounts",
    "news",
    "products",
    "inquiries",
    "core.backup",
    "core.menus",
    "core.operations",
    "core.page_cache",
    "core.richtext",
    "core.search",
    "core.spreadsheets",
    "core.staff_log",
    "core.unused_files",
    "core.uploads",
    "core.worker",
    *(["demo"] if DEMO else []),
    "core.apps.TranslationConfig",
    "core.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "django.contrib.redirects",
    "core.pages",
    "axes",
    "ckeditor",
    "csp",
    "django_countries",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "core.apps.ImportExportConfig",
    "post_office",
    "simple_history",
    "solo",
]
MIDDLEWARE = [
    "core.middleware.CurrentRequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # After SecurityMiddleware, whose referrer policy is then only for responses without one.
    "core.headers.HeadersMiddleware",
    "core.static_files.StaticFilesMiddleware",
    "csp.middleware.CSPMiddleware",
    "contacts.middleware.AnalyticsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.LanguageMiddleware",
    "core.page_cache.middleware.VersionMiddleware",
    "contacts.middleware.CompanyTimeZoneMiddleware",
    "django.middleware.common.CommonMiddleware",
    # After CommonMiddleware: otherwise an old path is first redirected to itself with a slash.
    "core.pages.middleware.RedirectMiddleware",
    "news.wordpress.middleware.WordPressRedirectMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Records who saved a version of an article.
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
SITE_ID = 1  # redirects belong to a site, and there is only one
WSGI_APPLICATION = "config.wsgi.application"
# `manage.py run_server`: its processes, and the requests that each handles at the same time.
WEB_WORKERS = env.number("WEB_WORKERS", max(os.cpu_count() or 1, 2))
WEB_THREADS = env.number("WEB_THREADS", 4)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["core.templatetags.constants", "core.templatetags.staff_forms"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.languages",
                "core.context_processors.site_version",
                "core.context_processors.cookie_names",
                "core.menus.context_processors.menus",
                "contacts.context_processors.company",
            ],
        },
    }
]
# So that templates/ can replace the templates of form fields, and an input needs none.
FORM_RENDERER = "core.form_renderer.FormRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Data

DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
DATABASES |= env.replica("DATABASE_REPLICA_URL", DATABASES["default"])
DATABASE_ROUTERS = ["core.replica.ReplicaRouter"]

# Pages for anonymous visitors are kept in the memory of each process, up to so many MB of them.
PAGE_CACHE = env.flag("PAGE_CACHE", default=not DEBUG)
PAGE_CACHE_SIZE = env.number("PAGE_CACHE_SIZE", 16)
# Whether a content delivery network in front of the site may keep pages for a minute.
CDN = env.flag("CDN", default=False)

CACHES = {
    "default": env.cache("CACHE_URL", "locmemcache://"),
    # Parts of pages, in the memory of each process.
    "fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "fragments",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}

MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(BASE_DIR / "media")))
MEDIA_STORAGE, MEDIA_URL = env.storage("STORAGE_URL")
# Uploads in MEDIA_ROOT are served by the site itself, unless a web server in front of it does so.
SERVE_MEDIA = env.flag("SERVE_MEDIA", default=True) and not urlsplit(MEDIA_URL).netloc
# Files that buyers attach to inquiries, and others that only some may read: never served by a web
# server. PRIVATE_STORAGE_URL replaces the folder by a bucket.
PRIVATE_ROOT = Path(env.text("PRIVATE_ROOT", str(BASE_DIR / "private")))
if PRIVATE_ROOT.resolve().is_relative_to(MEDIA_ROOT.resolve()):
    raise ImproperlyConfigured("PRIVATE_ROOT must not be inside MEDIA_ROOT, which is public.")
# Days after which an upload that nothing refers to is deleted, 0 for never.
UNUSED_FILE_RETENTION = env.number("UNUSED_FILE_RETENTION", 30)
# Backups: where they are, the keys that encrypt and decrypt them, and how many are kept. The worker
# makes one every BACKUP_EVERY hours, with 0 never.
BACKUP_STORAGE = env.backup_storage("BACKUP_URL", BASE_DIR / "backups", MEDIA_STORAGE)
for files_root in (MEDIA_ROOT, PRIVATE_ROOT):
    if env.is_inside(BACKUP_STORAGE, files_root):
        raise ImproperlyConfigured("BACKUP_URL must not be inside MEDIA_ROOT or PRIVATE_ROOT.")
BACKUP_PASSPHRASE = env.key("BACKUP_PASSPHRASE")
BACKUP_RECIPIENT = env.text("BACKUP_RECIPIENT")
BACKUP_IDENTITY = env.text("BACKUP_IDENTITY")
BACKUP_EVERY = env.number("BACKUP_EVERY", 0)
BACKUP_KEEP_DAYS = env.number("BACKUP_KEEP_DAYS", 7)
BACKUP_KEEP_WEEKS = env.number("BACKUP_KEEP_WEEKS", 4)
BACKUP_KEEP_MONTHS = env.number("BACKUP_KEEP_MONTHS", 12)
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "core.static_finders.UsedFilesFinder",
]
STORAGES = {
    "default": MEDIA_STORAGE,
    "private": env.private_storage("PRIVATE_STORAGE_URL", PRIVATE_ROOT, MEDIA_STORAGE),
    "backups": BACKUP_STORAGE,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
# CKEditor loads its plugins by their plain names, without a hash.
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# Content Security Policy: nothing from other hosts, no inline scripts or styles

MEDIA_HOSTS = env.other_origins(MEDIA_URL)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *MEDIA_HOSTS],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Languages and time. URLs in the first of LANGUAGES have no prefix.

# The tables have columns for the texts in all of these: see core/language_columns.py.
LANGUAGES_WITH_CONTENT = env.LANGUAGES
LANGUAGES_OF_INTERFACE = LANGUAGES_WITH_CONTENT[:6]
LANGUAGES = []
for code in dict.fromkeys(env.text_list("LANGUAGES", "en,zh-hans,ar")):
    if code not in LANGUAGES_WITH_CONTENT:
        known = ", ".join(LANGUAGES_WITH_CONTENT)
        raise ImproperlyConfigured(f"LANGUAGES may contain {known}, not `{code}`.")
    LANGUAGES.append((code, LANG_INFO[code]["name_local"]))
LANGUAGE_CODE = LANGUAGES[0][0]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["core.formats"]
MODELTRANSLATION_LANGUAGES = MODELTRANSLATION_FALLBACK_LANGUAGES = tuple(dict(LANGUAGES))
MODELTRANSLATION_DEFAULT_LANGUAGE = LANGUAGE_CODE

USE_TZ = True
# The zone of pages is that of the company: see contacts/middleware.py.
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")

# Log-in: after five wrong passwords a user name is locked for the network for 15 minutes;
# core/log_in_limits.py has the limits for several names or networks

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# A list of breached passwords: a service with the range protocol of Pwned Passwords, or its file.
BREACHED_PASSWORDS_URL = env.hash_list("BREACHED_PASSWORDS_URL")
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "accounts.password_validation.MaximumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
if BREACHED_PASSWORDS_URL:
    AUTH_PASSWORD_VALIDATORS.append(
        {
            "NAME": "accounts.password_validation.BreachedPasswordValidator",
            "OPTIONS": {"url": BREACHED_PASSWORDS_URL},
        }
    )
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=1).total_seconds())
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "core.http.client_network"
AXES_HANDLER = "core.log_in_limits.LogInHandler"
AXES_LOCKOUT_CALLABLE = "core.log_in_limits.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # what is refused is not counted
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code"]
# The roles that must log in with a code of an authenticator app; superusers must if any role must.
SECOND_FACTOR_REQUIRED = env.text_list(
    "SECOND_FACTOR_REQUIRED", "none" if DEMO or DEBUG else "Managers"
)
for role in SECOND_FACTOR_REQUIRED:
    if role not in {"all", "none", *ROLES}:
        raise ImproperlyConfigured(
            f"SECOND_FACTOR_REQUIRED may contain {', '.join(ROLES)}, `all` or `none`, not `{role}`."
        )
if "none" in SECOND_FACTOR_REQUIRED:
    SECOND_FACTOR_REQUIRED = []
# Days after which an entry of the staff log is deleted, 0 for never.
STAFF_LOG_RETENTION = env.number("STAFF_LOG_RETENTION", 730)
OTP_TOTP_ISSUER = urlsplit(SITE_URL).netloc  # the name of the site in authenticator apps

# E-mail: written to the outbox in the database, sent by `manage.py run_worker`

EMAIL = env.email("EMAIL_URL", "consolemail://")
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL["EMAIL_HOST"] or "localhost"
EMAIL_PORT = EMAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER = EMAIL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = EMAIL["EMAIL_FILE_PATH"] or None
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Tradepost <noreply@localhost>")
POST_OFFICE = {
    "BACKENDS": {"default": EMAIL_BACKEND},
    # Every quarter of an hour for three days, in case the mail server is down.
    "MAX_RETRIES": 288,
    "RETRY_INTERVAL": timedelta(minutes=15),
    "BATCH_SIZE": 25,  # for each of which the connections to the mail server are opened
    # E-mails sent at the same time. If the worker is killed, as many may be sent again.
    "THREADS_PER_PROCESS": 5,
    "MESSAGE_ID_ENABLED": True,
    "MESSAGE_ID_FQDN": urlsplit(SITE_URL).hostname,
    "LOG_LEVEL": 1,
    "FILE_STORAGE": "private",
}

# Requests with this key get the state of each part of the site at /readyz, and its /metrics.
HEALTH_KEY = env.key("HEALTH_KEY")

# Inquiries

INQUIRY_RATE = env.rate("INQUIRY_RATE", "20/h")
# Acknowledgements of the whole site; those above it are sent later.
ACKNOWLEDGEMENT_RATE = env.rate("ACKNOWLEDGEMENT_RATE", "200/h")
# A form is held as spam if the browser did not solve ALTCHA's challenge.
PROOF_OF_WORK = env.flag("PROOF_OF_WORK", False)
# Buyers' replies: the e-mail address that they are sent to, the mailbox that they are fetched from,
# and the key of the webhook that can receive them instead. Without REPLY_ADDRESS, replies go to the
# contact.
REPLY_ADDRESS = env.email_address("REPLY_ADDRESS")
IMAP_URL = env.imap("IMAP_URL")
REPLY_WEBHOOK_KEY = env.key("REPLY_WEBHOOK_KEY")
if (IMAP_URL or REPLY_WEBHOOK_KEY) and not REPLY_ADDRESS:
    raise ImproperlyConfigured(
        "REPLY_ADDRESS is not set. It is the e-mail address of the mailbox for replies."
    )
# The name that our mail server writes at the start of its Authentication-Results.
MAIL_SERVER_NAME = env.text("MAIL_SERVER_NAME")
# E-mails to REPLY_ADDRESS or the company's address that belong to no inquiry become new ones.
INQUIRIES_BY_EMAIL = env.flag("INQUIRIES_BY_EMAIL", True)
# ClamAV's daemon, which scans the files that buyers attach for viruses.
CLAMAV_URL = env.clamav("CLAMAV_URL")
# Days after the last event, 0 for never: erase the buyer's data of closed inquiries; delete spam.
INQUIRY_RETENTION = env.number("INQUIRY_RETENTION", 0)
SPAM_RETENTION = env.number("SPAM_RETENTION", 0)

# Rich text

CKEDITOR_CONFIGS = {"default": EDITOR}

SILENCED_SYSTEM_CHECKS = [
    # CKEditor 4.22.1 is the last free version and has known vulnerabilities.
    # tests/core/test_richtext_safety.py checks that they cannot be exploited here.
    "ckeditor.W001",
]

# Logging, to the standard error stream: as text, or a JSON object on each line

LOG_FORMAT = env.choice("LOG_FORMAT", "text", {"text", "json"})
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "class": "core.logs.TextFormatter",
            "format": "{asctime} {levelname} {name} [{request_id}]: {message}",
            "style": "{",
        },
        "json": {"class": "core.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "post_office": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # A line for each request that Django answers; as text only warnings.
        "core.middleware": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
    },
}

SENTRY_DSN = env.text("SENTRY_DSN")
if SENTRY_DSN:
    import sentry_sdk  # only if used, because it takes 8 MB of memory in every process

    from core.error_reports import OPTIONS

    try:
        sentry_sdk.init(SENTRY_DSN, **OPTIONS)
    except sentry_sdk.utils.BadDsn as error:
        raise ImproperlyConfigured("SENTRY_DSN must be the DSN that Sentry shows.") from error
