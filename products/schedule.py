"""The regular work of the catalogue."""

from datetime import timedelta

from core.language_indexes import LanguageIndex, update_language_indexes
from core.worker.schedule import every

LANGUAGE_INDEXES = (LanguageIndex("product_by_name", "products_product (name_{}, id)"),)


@every(hours=1, limit=timedelta(hours=1))
def index_languages() -> None:
    """Index the products by their names in each language of the site."""
    update_language_indexes(LANGUAGE_INDEXES)
