"""The worker's part in the search."""

import logging
from datetime import timedelta

from django.conf import settings

from core.search.index import rebuild_all
from core.search.models import IndexedLanguage
from core.worker.schedule import every

logger = logging.getLogger(__name__)


@every(minutes=5, limit=timedelta(hours=6))
def rebuild_for_first_language() -> None:
    """Rebuild all search texts and filters if the first of LANGUAGES has changed since."""
    if IndexedLanguage.get_solo().code != settings.LANGUAGE_CODE:
        logger.info("The first language has changed: rebuilding the search.")
        for model, count in rebuild_all():
            logger.info("%d rows of %s indexed.", count, model._meta.label)
