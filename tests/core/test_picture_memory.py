"""Memory that large pictures take: photos of 200 megapixels are decoded at a smaller size."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

# Runs in a process of its own, whose peak of memory it prints; in MB, above the start.
PROGRAM = """
import resource, sys
import django
django.setup()
from django.core.exceptions import ValidationError
from django.core.files import File
from core.images import prepare_picture
from core.images.previews import make_preview
from inquiries.files import prepare_upload

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

work = {"attach": prepare_upload, "preview": make_preview, "prepare": prepare_picture}[sys.argv[1]]
before = peak()
with open(sys.argv[2], "rb") as file:
    try:
        result = "made" if work(File(file, name="photo")) else "nothing"
    except ValidationError as error:
        result = error.messages[0]
print(peak() - before)
print(result)
"""
DECODED_MEGABYTES = 200 * 3  # what the photo takes in full, in RGB


def run(work: str, path: Path) -> tuple[int, str]:
    """The MB of memory that `work` took on this picture, and its result."""
    process = subprocess.run(
        [sys.executable, "-c", PROGRAM, work, path],
        cwd=settings.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "DEBUG": "on"},
        capture_output=True,
        text=True,
        check=True,
    )
    megabytes, result = process.stdout.splitlines()
    return int(megabytes), result


@pytest.fixture(scope="module")
def photos(tmp_path_factory) -> dict[str, Path]:
    """A picture of 200 megapixels in several formats."""
    folder = tmp_path_factory.mktemp("photos")
    picture = Image.linear_gradient("L").resize((16_320, 12_240)).convert("RGB")
    paths = {name: folder / name for name in ("photo.jpg", "progressive.jpg", "photo.png")}
    picture.save(paths["photo.jpg"], quality=50)
    picture.save(paths["progressive.jpg"], quality=50, progressive=True)
    picture.save(paths["photo.png"], compress_level=1)
    return paths


@pytest.mark.parametrize(
    ("work", "name", "result"),
    [
        ("attach", "photo.jpg", "made"),
        ("attach", "progressive.jpg", "made"),
        ("attach", "photo.png", "made"),
        ("preview", "photo.jpg", "made"),
        ("preview", "progressive.jpg", "nothing"),
        ("preview", "photo.png", "nothing"),
        ("prepare", "photo.jpg", "made"),
        (
            "prepare",
            "progressive.jpg",
            "This image is larger than 40 megapixels. Scale it down and upload it again.",
        ),
        (
            "prepare",
            "photo.png",
            "This image is larger than 40 megapixels. Scale it down and upload it again.",
        ),
    ],
)
def test_a_photo_of_200_megapixels_takes_a_fraction_of_its_decoded_size(photos, work, name, result):
    megabytes, done = run(work, photos[name])
    assert done == result
    assert megabytes < DECODED_MEGABYTES / 4
