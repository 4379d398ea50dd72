"""Search over the news, alike on PostgreSQL and SQLite.

`index.update(ids)` writes what articles say into the index, `finding.find(query, language)` names
the articles that a reader's words are in. What differs between the databases is in `postgres.py`
and `sqlite.py`, and nowhere else.
"""
