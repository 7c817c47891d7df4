"""Settings: one file, everything that differs between machines comes from the environment.

The defaults are those of production; `make up` and the tests switch off what needs HTTPS.
"""

from pathlib import Path
from urllib.parse import unquote

import environ
from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from django.utils.translation import to_locale

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- who and where -------------------------------------------------------------------------------
SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
OMS_DATA = Path(env("OMS_DATA", default=str(BASE_DIR / ".local")))

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "config.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "pgtrigger",
    "rest_framework",
    "oms",
    "inventory",
    "orders",
    "returns",
    "upsell",
    "config.apps.WiringConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "oms.api.shortcut.ApiShortcut",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "oms.portal.bodies.LimitBodies",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "oms.User"
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("oms.folding.Loader", ["django.template.loaders.app_directories.Loader"])],
            "builtins": ["oms.templatetags.addresses"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oms.portal.context.describe_shop",
            ],
        },
    },
]

# --- database, broker ----------------------------------------------------------------------------
# The statements of oms/sql.py are planned once, for any number of rows: planning one anew costs more than running it.
_PLANNING = ("plan_cache_mode=force_generic_plan", "random_page_cost=1.1", "jit=off")
_PREPARED = {"prepare_threshold": 3, "options": " ".join(f"-c {setting}" for setting in _PLANNING)}
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"] |= {
    "HOST": unquote(DATABASES["default"].get("HOST") or ""),  # a socket's folder arrives percent-encoded
    "CONN_MAX_AGE": None,  # a scram login costs 8 ms
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": DATABASES["default"].get("OPTIONS", {})  # a socket's folder may stand here, as ?host=
    | (_PREPARED if env.bool("PREPARE_STATEMENTS", default=True) else {}),
    "ATOMIC_REQUESTS": False,  # each action says where its transaction begins
    "DISABLE_SERVER_SIDE_CURSORS": env.bool("DISABLE_SERVER_SIDE_CURSORS", default=False),
}

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="")

# --- what people see -----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
_SPOKEN = {
    "en": _("English"),
    "zh-hans": _("Simplified Chinese"),
    "de": _("German"),
    "fr": _("French"),
    "es": _("Spanish"),
    "ja": _("Japanese"),
    "ar": _("Arabic"),
}
# A language is offered once its catalogue is there: half a translation is worse than none.
LANGUAGES = [
    (code, name)
    for code, name in _SPOKEN.items()
    if code == "en" or (LOCALE_PATHS[0] / to_locale(code) / "LC_MESSAGES" / "django.mo").exists()
]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = env("TIME_ZONE", default="UTC")
USE_TZ = True
DESK_HOURS = env("DESK_HOURS", default="09:00-17:00")  # when staff work, by TIME_ZONE: deadlines count these hours
DESK_DAYS = env.list("DESK_DAYS", cast=int, default=[1, 2, 3, 4, 5])  # 1 is Monday
SHOP_NAME = env("SHOP_NAME", default="Order management")
SHOP_ACCENT = env("SHOP_ACCENT", default="#0f6b62")  # the portal shades it until it can be read
SHOP_LOGO = env("SHOP_LOGO", default="oms/logo.svg")  # a static file; empty: the name alone
SHOP_MAIL_LOGO = env("SHOP_MAIL_LOGO", default="")  # a static file that mail programs can show: PNG, JPEG or GIF
SHOP_CURRENCY = env("SHOP_CURRENCY", default="EUR")  # rate tables and routing compare in it
SHOP_CONTACT = env("SHOP_CONTACT", default="")  # an e-mail address, where customers ask what pages do not answer
SHOP_POSTAL_ADDRESS = env("SHOP_POSTAL_ADDRESS", default="")  # in one line; stands on mails about offers
# The checkout tells buyers of mails about similar goods, and lets them object (Directive 2002/58/EC, article 13(2)).
OFFERS_SIMILAR_GOODS = env.bool("OFFERS_SIMILAR_GOODS", default=False)
PUBLIC_URL = env("PUBLIC_URL", default="http://localhost:8000").rstrip("/")  # what links in mails begin with

STATIC_URL = "static/"
STATIC_ROOT = OMS_DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env("STATICFILES_STORAGE", default="whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
MEDIA_ROOT = OMS_DATA / "media"

# --- payment gateways ----------------------------------------------------------------------------
STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env("STRIPE_WEBHOOK_SECRET", default="")  # of the endpoint /api/v1/gateways/stripe/webhooks
STRIPE_API_BASE = env("STRIPE_API_BASE", default="")  # another server than Stripe's own, for tests

# --- mail ----------------------------------------------------------------------------------------
MAIL_SERVER = bool(env("EMAIL_URL", default=""))  # without one, mails to customers are kept in the message log
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 20
# A provider instead of a server, by django-anymail: postmark, mailgun, amazon_ses …; ANYMAIL is JSON with its keys.
MAIL_PROVIDER = env("MAIL_PROVIDER", default="")
if MAIL_PROVIDER:
    MAIL_SERVER = True
    EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
    ANYMAIL = env.json("ANYMAIL", default={})  # with WEBHOOK_SECRET, bounces are taken at /mail-provider/…
    INSTALLED_APPS.append("anymail")
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="shop@localhost")
OPERATIONS_EMAILS = env.list("OPERATIONS_EMAILS", default=[])

# --- papers for customs --------------------------------------------------------------------------
CUSTOMS_EORI = env("CUSTOMS_EORI", default="")  # who exports, as the EU or the UK have registered them
CUSTOMS_VAT_NUMBER = env("CUSTOMS_VAT_NUMBER", default="")
CUSTOMS_IOSS = env("CUSTOMS_IOSS", default="")  # small parcels into the EU whose VAT was paid at the sale
CUSTOMS_INCOTERM = env("CUSTOMS_INCOTERM", default="DAP")  # where no duty was charged; an order with duty goes DDP
CUSTOMS_SIGNATORY = env("CUSTOMS_SIGNATORY", default=SHOP_NAME)

# --- security ------------------------------------------------------------------------------------
HTTPS = env.bool("HTTPS", default=True)  # off for `make up` on this machine and for the tests
SANDBOX_GATEWAY = env.bool("SANDBOX_GATEWAY", default=not HTTPS)  # takes money that nobody has
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # a load balancer asks from inside
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "oms.sessions"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "oms_session"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
PORTAL_UPLOAD_MAX_SIZE = 64 * 2**20  # a customer's form, with its photos
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
# The admin's theme evaluates Alpine expressions and writes inline styles; nothing else may.
ADMIN_CONTENT_SECURITY_POLICY = {
    "script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
}

# --- the admin's looks ---------------------------------------------------------------------------
UNFOLD = {
    "SITE_TITLE": SHOP_NAME,
    "SITE_HEADER": SHOP_NAME,
    "SITE_URL": None,
    "SITE_ICON": lambda request: static("oms/logo.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("oms/logo.svg")}],
    "STYLES": [lambda request: static("oms/admin.css")],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "8px",
    "SIDEBAR": {"navigation": "config.admin_menu.show_menu"},
    "COLORS": {
        "base": {
            "50": "oklch(98.4% .003 165)",
            "100": "oklch(96.4% .005 165)",
            "200": "oklch(92.2% .007 165)",
            "300": "oklch(86.5% .010 168)",
            "400": "oklch(70.5% .016 170)",
            "500": "oklch(53.5% .018 172)",
            "600": "oklch(44% .018 174)",
            "700": "oklch(36.6% .018 176)",
            "800": "oklch(27.6% .015 178)",
            "900": "oklch(21% .012 180)",
            "950": "oklch(14.5% .010 180)",
        },
        "primary": {
            "50": "oklch(97.6% .016 180)",
            "100": "oklch(94.2% .034 180)",
            "200": "oklch(88.6% .058 180)",
            "300": "oklch(81.5% .084 180)",
            "400": "oklch(72.5% .100 181)",
            "500": "oklch(60.5% .098 182)",
            "600": "oklch(48.5% .084 183)",
            "700": "oklch(43% .074 184)",
            "800": "oklch(37% .062 185)",
            "900": "oklch(31.5% .050 186)",
            "950": "oklch(23.5% .036 187)",
        },
    },
}

IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True  # a spreadsheet must not run what somebody typed as a title

# --- API -----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["oms.api.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["oms.api.permissions.ScopePermission"],
    "DEFAULT_RENDERER_CLASSES": ["oms.api.rendering.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["oms.api.parsing.OrjsonParser"],
    "DEFAULT_SCHEMA_CLASS": "oms.api.schema.Schema",
    "EXCEPTION_HANDLER": "oms.api.problems.answer_problem",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Order management API",
    "VERSION": "1",
    "DESCRIPTION": (
        "JSON in UTF-8. Moments are RFC 3339, money is a decimal string with its currency. Keys are made with"
        " `manage.py create_api_key` and sent as `Authorization: Bearer oms_…`; what a key may not see is 404.\n\n"
        "Errors are `application/problem+json` (RFC 9457) with a stable `code`, explained at `/problems/`, and"
        " `errors` with JSON pointers.\n\n"
        "A write with an `Idempotency-Key` is done once: the same key and body is answered again for 24 hours with"
        " `Idempotent-Replayed: true`, refusals with 409 and 422 included.\n\n"
        "Lists take `limit` (250 at most) and the opaque `cursor` of the page before."
    ),
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "OrderLineKindEnum": ["PRODUCT", "CUSTOM", "GIFT_CARD", "FEE"],
        "ReturnKindEnum": ["RETURN", "WITHDRAWAL", "CLAIM"],
        "ReturnConditionEnum": [
            *("UNWORN", "UNWASHED", "TAGS_ATTACHED", "ORIGINAL_PACKAGING", "ALL_ACCESSORIES", "SEAL_UNBROKEN"),
        ],
        "ReturnResolutionEnum": ["REFUND", "STORE_CREDIT", "EXCHANGE", "REPLACEMENT"],
        "OrderStatusEnum": ["HELD", "RELEASED", "CLOSED", "CANCELLED"],
        "FulfillmentWorkStatusEnum": [
            *("OPEN", "SCHEDULED", "ON_HOLD", "IN_PROGRESS", "INCOMPLETE", "CLOSED", "CANCELLED"),
        ],
        "FulfillmentHoldReasonEnum": [
            *("AWAITING_PAYMENT", "AWAITING_RETURN_ITEMS", "HIGH_RISK_OF_FRAUD", "INCORRECT_ADDRESS"),
            *("INVENTORY_OUT_OF_STOCK", "UNKNOWN_DELIVERY_DATE", "OTHER"),
        ],
        "ParcelStatusEnum": [
            *("CONFIRMED", "IN_TRANSIT", "OUT_FOR_DELIVERY", "ATTEMPTED_DELIVERY", "READY_FOR_PICKUP", "DELAYED"),
            *("DELIVERED", "FAILURE", "RETURNED"),
        ],
    },
}
IDEMPOTENCY_HOURS = 24
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", default=1)  # processes that share one rate limit

# --- other systems -------------------------------------------------------------------------------
# For development, or a shop in the same network: webhooks and shops may then have private addresses and plain http.
CALL_PRIVATE_ADDRESSES = env.bool("CALL_PRIVATE_ADDRESSES", default=False)

# --- routing -------------------------------------------------------------------------------------
ROUTING_WAVE_SECONDS = env.float("ROUTING_WAVE_SECONDS", default=5.0)  # how often released orders are routed
ROUTING_WAVE_ORDERS = env.int("ROUTING_WAVE_ORDERS", default=1000)  # of so many together at most
ROUTING_SOLVER_SECONDS = env.float("ROUTING_SOLVER_SECONDS", default=10.0)  # the time box of the exact solver
INTERCEPTS = env.bool("INTERCEPTS", default=True)  # a parcel that has left may be sent elsewhere, if its carrier can
ROUTING_MOST_PARCELS = env.int("ROUTING_MOST_PARCELS", default=3)  # of one order
ROUTING_PARCEL_COST = env("ROUTING_PARCEL_COST", default="1.50")  # in SHOP_CURRENCY: to pick and pack one parcel
ROUTING_DAY_COST = env("ROUTING_DAY_COST", default="0.20")  # in SHOP_CURRENCY: what one day sooner is worth

# --- returns -------------------------------------------------------------------------------------
# From how many points of abuse on (0 to 100) money waits for the goods, a person decides, fees of the terms stand.
ABUSE_NO_ADVANCE_POINTS = env.int("ABUSE_NO_ADVANCE_POINTS", default=25)
ABUSE_REVIEW_POINTS = env.int("ABUSE_REVIEW_POINTS", default=40)
ABUSE_FEE_POINTS = env.int("ABUSE_FEE_POINTS", default=60)

# --- returns -------------------------------------------------------------------------------------
RETURN_OPEN_DAYS = env.int("RETURN_OPEN_DAYS", default=30)  # an approved return that nobody sends closes after so many
RETURN_CLAIM_YEARS = env.int("RETURN_CLAIM_YEARS", default=2)  # so long may be claimed what is damaged; longer by law
RETURN_ADVANCE_LIMITS = env.json("RETURN_ADVANCE_LIMITS", default={})  # {"EUR": ["150.00", "5000.00"]}: one, all
RETURN_ADVANCE_DAYS = env.int("RETURN_ADVANCE_DAYS", default=21)  # then what was given in advance is overdue
RETURN_EXCHANGE_GOES = env.str("RETURN_EXCHANGE_GOES", default="RECEIPT")  # or AT_ONCE, SCAN, ACCEPTANCE
RETURN_LOST_DAYS = env.int("RETURN_LOST_DAYS", default=21)  # so long after its first scan a parcel counts as lost
RETURN_REMINDER_DAYS = env.int("RETURN_REMINDER_DAYS", default=5)  # so many days before that the customer is told

# --- logs ----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "httpx": {"level": "WARNING"},  # it would write whole addresses, and some hold secrets
        **{name: {"level": "WARNING"} for name in ("weasyprint", "fontTools")},  # each step, each table
    },
}
