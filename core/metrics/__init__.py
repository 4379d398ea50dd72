"""Numbers for a monitor: what the server processes count, and gauges read from the database.

The URL `/metrics` shows them in Prometheus' text format.
"""
