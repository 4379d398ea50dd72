"""The entry point of the web server: `granian --interface wsgi config.wsgi:application`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from core.startup import require_static_files

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

try:
    require_static_files()
    application = get_wsgi_application()
except ImproperlyConfigured as error:
    sys.exit(f"Tradepost cannot start: {error}")
