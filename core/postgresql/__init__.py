"""Django's database backend for PostgreSQL, which fails at once during an outage of the server."""
