"""One search index for the whole site, the same on PostgreSQL and SQLite.

An app describes what it has to offer with a `Kind` (`kinds.register`), calls `index.update_index`
when an object changes, and asks `ranking.find`. What differs between the databases is in
`postgres.py` and `sqlite.py` alone.
"""
