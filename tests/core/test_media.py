"""The site serves uploads: pictures with their content type, other files as downloads."""

from pathlib import Path

import pytest
from django.utils.http import http_date


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """An empty folder of uploads."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def add_file(folder: Path, name: str, content: bytes = b"content") -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("news/cover.webp", "image/webp"),
        ("news/cover.avif", "image/avif"),
        ("photo.JPG", "image/jpeg"),
        ("chart.png", "image/png"),
    ],
)
def test_a_picture_is_shown(visitor, media, name, content_type):
    add_file(media, name)
    response = visitor.get(f"/media/{name}")
    assert response.status_code == 200
    assert response.getvalue() == b"content"
    assert response["Content-Type"] == content_type
    assert not response.get("Content-Disposition", "inline").startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["datasheet.pdf", "page.html", "drawing.svg", "noextension"])
def test_anything_else_is_only_downloaded(visitor, media, name):
    add_file(media, name, b"<script>alert(1)</script>")
    response = visitor.get(f"/media/{name}")
    assert response["Content-Disposition"] == "attachment"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_an_unchanged_file_is_not_sent_again(visitor, media):
    add_file(media, "cover.webp")
    modified = (media / "cover.webp").stat().st_mtime
    response = visitor.get("/media/cover.webp", headers={"If-Modified-Since": http_date(modified)})
    assert response.status_code == 304
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "missing.webp", "news/", "news", "%2e%2e/secret.txt"])
def test_nothing_else_is_served(visitor, media, path):
    add_file(media, "news/cover.webp")
    add_file(media.parent, "secret.txt")
    assert visitor.get(f"/media/{path}").status_code in {400, 404}
