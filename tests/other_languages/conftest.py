"""Tests of a site whose LANGUAGES are not those of the other tests, in a process of its own."""

import os

# `tests/core/test_other_languages.py` runs them with these languages.
collect_ignore_glob = [] if os.environ.get("TEST_LANGUAGES") else ["test_*.py"]
