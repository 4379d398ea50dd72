"""One search index for the whole site, the same on PostgreSQL and SQLite.

An app registers each searchable model as a `Kind` (`index.register`) and calls `index.update_index`
when an object changes; `ranking.find` returns the results of a query. Only `postgres.py` and
`sqlite.py` depend on the database.
"""
