"""The entry point of web servers, such as `manage.py run_server`."""

import os
import sys
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from core.server.threads import RequestThreads
from core.server.transfers import TransferLimits
from core.startup import require_static_files

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

try:
    require_static_files()
    django = RequestThreads(get_wsgi_application(), settings.WEB_THREADS)
    application: WSGIApplication = TransferLimits(django)
    if settings.PAGE_CACHE:
        from core.page_cache.wsgi import PageCache  # needs the apps

        application = PageCache(application)
except ImproperlyConfigured as error:
    sys.exit(f"Tradepost cannot start: {error}")
