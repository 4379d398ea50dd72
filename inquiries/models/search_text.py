"""The text of an inquiry in which the staff searches."""

from typing import Any

from django.db import models

from core.prepared_queries import insert_rows
from inquiries.search_text import build_search_text, rebuild_search_texts


class InquirySearchTextManager(models.Manager["InquirySearchText"]):
    def add(self, inquiry: Any) -> None:
        """Store the text of a new inquiry, which has no events and no former references."""
        insert_rows([self.model(inquiry=inquiry, text=build_search_text(inquiry, [], []))])

    def refresh(self, inquiry: Any) -> None:
        """Store the text of `inquiry`, with its former references and what its events say."""
        references = inquiry.former_references.values_list("reference", flat=True)
        texts = inquiry.events.exclude(text="").values_list("text", flat=True)
        row = InquirySearchText(
            inquiry_id=inquiry.pk, text=build_search_text(inquiry, references, texts)
        )
        self.bulk_create(
            [row], update_conflicts=True, unique_fields=["inquiry"], update_fields=["text"]
        )

    def rebuild(self) -> int:
        """Build the texts of all inquiries, and return their number."""
        inquiries = InquirySearchText._meta.get_field("inquiry").related_model
        return rebuild_search_texts(inquiries._default_manager.all(), self)


class InquirySearchText(models.Model):
    """A table of its own, so that other queries do not read it. Migrations add its index.

    `Inquiry` and `InquiryEvent` refresh it when they are saved.
    """

    is_computed = True  # not listed where an article or an inquiry is deleted

    inquiry = models.OneToOneField(
        "inquiries.Inquiry",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="search_text",
    )
    text = models.TextField(editable=False)

    objects = InquirySearchTextManager()

    def __str__(self) -> str:
        return self.text[:100]
