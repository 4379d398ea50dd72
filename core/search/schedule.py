"""The worker's part in the search."""

import logging
from datetime import timedelta

from core.search.index import index_state, rebuild_all
from core.search.models import IndexedLanguage
from core.worker.schedule import every

logger = logging.getLogger(__name__)


@every(minutes=5, limit=timedelta(hours=6))
def rebuild_for_languages() -> None:
    """Rebuild all search texts and filters if LANGUAGES or the index have changed since."""
    stored = IndexedLanguage.get_solo()
    state = index_state()
    if {name: getattr(stored, name) for name in state} != state:
        logger.info("The languages or the index have changed: rebuilding the search.")
        for model, count in rebuild_all():
            logger.info("%d rows of %s indexed.", count, model._meta.label)
