"""Fixtures for tests of the news."""

import pytest

from tests.factories import make_user


@pytest.fixture
def editor(as_user):
    """The client of a logged-in editor, who may publish."""
    return as_user(make_user("Editors", username="ed"))


@pytest.fixture
def writer(as_user):
    """The client of a logged-in writer, who may not publish."""
    return as_user(make_user("Writers", username="wri"))


@pytest.fixture
def stored_files(settings, tmp_path):
    """Returns a function that lists the stored uploads of this test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return lambda: sorted(path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())
