"""Buyers' time zones."""

import pytest

from inquiries.form_stamp import new_stamp
from inquiries.models import Inquiry
from inquiries.time_zones import known_zones
from tests.inquiries.test_inquiry_form import typed

pytestmark = pytest.mark.django_db


def zone_key(**fields: str) -> str | None:
    zone = Inquiry(**fields).buyer_zone
    return zone.key if zone else None


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Africa/Nairobi", "Asia/Calcutta", "UTC"])
def test_the_browsers_time_zone_is_saved(visitor, zone):
    visitor.post("/inquiry/", typed(time_zone=zone))
    inquiry = Inquiry.objects.get()
    assert inquiry.time_zone == zone
    assert inquiry.buyer_zone.key == zone


@pytest.mark.parametrize(
    "zone", ["", "Mars/Base", "../../etc/passwd", "\0", "GMT+2", "Asia/Shanghai\n", "a" * 10_000]
)
def test_an_unknown_time_zone_is_ignored(visitor, zone):
    assert visitor.post("/inquiry/", typed(time_zone=zone)).status_code == 302
    assert Inquiry.objects.get().time_zone == ""


def test_without_javascript_there_is_no_time_zone(visitor):
    page = visitor.get("/inquiry/").content.decode()
    assert '<input type="hidden" name="time_zone" id="id_time_zone">' in page
    visitor.post("/inquiry/", typed())
    assert Inquiry.objects.get().time_zone == ""


def test_the_time_zone_does_not_change_the_submission_key(visitor):
    stamp = new_stamp()
    for zone in ("Asia/Shanghai", ""):
        visitor.post("/inquiry/", typed(stamp=stamp, time_zone=zone))
    assert Inquiry.objects.count() == 1


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("KE", "Africa/Nairobi"),
        ("IN", "Asia/Kolkata"),
        ("DE", "Europe/Berlin"),  # Büsingen has another zone with the same time
        ("US", None),
        ("BR", None),
        ("", None),
        ("XX", None),
        ("BV", None),  # an uninhabited island without a time zone
    ],
)
def test_a_country_with_one_time_zone_determines_it(country, zone):
    assert zone_key(country=country) == zone


def test_the_browser_takes_precedence_over_the_country():
    assert zone_key(country="KE", time_zone="America/Lima") == "America/Lima"


def test_a_removed_time_zone_is_ignored():
    assert zone_key(country="KE", time_zone="Africa/Gone") == "Africa/Nairobi"


def test_every_time_zone_fits_its_column():
    max_length = Inquiry._meta.get_field("time_zone").max_length
    assert max(map(len, known_zones())) <= max_length
