"""Whole pages kept in memory and answered before Django's handler runs.

A view names the cache tags of what it shows: `@cached_page("news", "news:article:{slug}")`. Every
save records in its own transaction that the content behind some tags has changed
(`versions.mark_changed`; each app's `page_cache.py` says which model changes which tags). A page is
shown as long as the versions of its tags are those from before it was rendered.
"""
