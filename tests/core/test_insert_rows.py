"""Rows are inserted as `bulk_create` would, with a statement that is compiled once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from post_office.models import Email

from core.prepared_queries import insert_rows
from inquiries.models import Inquiry, InquiryEvent, InquiryLine
from inquiries.models.search_text import InquirySearchText
from tests.factories import make_inquiry, make_product

pytestmark = pytest.mark.django_db

INSERTED: list[type[models.Model]] = [Inquiry, InquirySearchText, InquiryLine, InquiryEvent, Email]


def new_inquiry(**fields: object) -> Inquiry:
    return Inquiry(**{"name": "Peter", "due_at": timezone.now(), "reference": "A"} | fields)


@pytest.mark.parametrize("model", INSERTED)
def test_every_inserted_field_has_a_default_that_django_knows(model):
    for field in model._meta.concrete_fields:
        assert field.db_default is models.NOT_PROVIDED or field.has_default(), field
        assert not getattr(field, "generated", False), field


def test_rows_are_stored_as_they_are_and_get_their_keys():
    at = timezone.now() - timedelta(days=3)
    inquiry = new_inquiry(name="Zoë 'Drop' 100%s", country="KE", target_price="1250.5000")
    inquiry.created_at = at
    line = InquiryLine(inquiry=inquiry, product=make_product(), quantity=2)
    insert_rows([inquiry])
    insert_rows([line])
    events = [
        InquiryEvent(inquiry=inquiry, kind=kind, at=at, data={"a": [1, None]}, idempotency_key=key)
        for kind, key in (("received", uuid4()), ("assigned", None))
    ]
    insert_rows(events)
    stored = Inquiry.objects.get(pk=inquiry.pk)
    for field in Inquiry._meta.concrete_fields:
        expected = field.to_python(getattr(inquiry, field.attname))
        assert getattr(stored, field.attname) == expected, field
    assert stored.lines.get() == line
    assert list(stored.events.order_by("pk")) == events
    assert [event.data for event in stored.events.all()] == [{"a": [1, None]}] * 2


def test_a_row_can_be_changed_and_saved_after_it_was_inserted():
    inquiry = new_inquiry()
    insert_rows([inquiry])
    inquiry.name = "Paul"
    inquiry.save()
    assert Inquiry.objects.get().name == "Paul"


def test_nothing_is_inserted_without_rows(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_rows([])


def test_constraints_hold():
    insert_rows([new_inquiry(reference="SAME")])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([new_inquiry(reference="SAME")])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([new_inquiry(reference="B", status="unknown")])
    assert Inquiry.objects.count() == 1


def test_a_received_inquiry_is_found_by_its_text():
    inquiry = make_inquiry(message="A crusher for basalt")
    assert "basalt" in InquirySearchText.objects.get(inquiry=inquiry).text
