"""A Wagtail site with the same articles, set up as `wagtail start` does for production."""
