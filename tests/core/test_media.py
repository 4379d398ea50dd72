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
def test_browsers_keep_pictures_for_ever_and_documents_for_a_day(visitor, media):
    for name in ("cover.webp", "datasheet.pdf"):
        add_file(media, name)
    picture, document = (visitor.get(f"/media/{name}") for name in ("cover.webp", "datasheet.pdf"))
    assert picture["Cache-Control"] == "public, max-age=31536000, immutable"
    assert document["Cache-Control"] == "public, max-age=86400"


@pytest.mark.django_db
@pytest.mark.parametrize("original", ["news/cover.jpg", "news/cover.png", "news/cover.webp"])
def test_a_picture_is_sent_in_place_of_a_smaller_copy_that_is_missing(
    visitor, media, caplog, original
):
    add_file(media, original)
    response = visitor.get("/media/news/cover.480.webp")
    assert response.getvalue() == b"content"
    assert response["Content-Type"] == f"image/{original[-4:].strip('.').replace('jpg', 'jpeg')}"
    assert response["Cache-Control"] == "no-cache"
    assert "news/cover.480.webp is missing" in caplog.text
    assert visitor.get("/media/news/cover.481.webp").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["", "missing.webp", "missing.480.webp", "news/", "news", "%2e%2e/secret.txt"]
)
def test_nothing_else_is_served(visitor, media, path):
    add_file(media, "news/cover.webp")
    add_file(media.parent, "secret.txt")
    assert visitor.get(f"/media/{path}").status_code in {400, 404}
