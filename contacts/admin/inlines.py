"""Hours, holidays and absences, as rows on the form of whom they belong to."""

from itertools import combinations
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTimeWidget
from django.db import models
from django.forms import BaseInlineFormSet, ModelForm

from contacts.models import Absence, Holiday, WorkingHours
from core.admin.translated import TranslatedInline


class SpanFormSet(BaseInlineFormSet):
    """Refuses rows that overlap, as they are after this form: several may change at once."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.instance.is_checked_by_form = True

    def clean(self) -> None:
        super().clean()
        rows = [form for form in self.forms if form.is_valid() and self._stays(form)]
        for earlier, later in combinations(rows, 2):
            one, other = earlier.instance, later.instance
            if one.owned_by == other.owned_by and one.overlaps(other):
                later.add_error(other.start, other.overlap_message)

    def _stays(self, form: ModelForm) -> bool:
        return form.instance.is_complete and form not in self.deleted_forms


class WorkingHoursInline(admin.TabularInline):
    model = WorkingHours
    formset = SpanFormSet
    formfield_overrides = {models.TimeField: {"widget": AdminTimeWidget(format="%H:%M")}}
    extra = 0


class HolidayInline(TranslatedInline):
    model = Holiday


class AbsenceInline(admin.TabularInline):
    model = Absence
    fk_name = "contact"
    formset = SpanFormSet
    autocomplete_fields = ["substitute"]
    extra = 0
