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
