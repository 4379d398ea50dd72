"""Opening hours, holidays and absences as rows on the form of the company or the contact."""

from itertools import combinations

from django.contrib import admin
from django.contrib.admin.widgets import AdminTimeWidget
from django.db import models
from django.forms import BaseInlineFormSet, ModelForm

from contacts.models import Absence, Holiday, WorkingHours
from core.admin.translated import TranslatedInline


class PeriodForm(ModelForm):
    """The form of a row, which `PeriodFormSet` checks for overlaps."""

    def validate_unique(self) -> None:
        """Skip the comparison with stored rows, since other rows of the form may change as well."""


class PeriodFormSet(BaseInlineFormSet):
    """Rejects rows that would overlap once the whole form is saved."""

    def clean(self) -> None:
        super().clean()
        rows = [form for form in self.forms if form.is_valid() and form not in self.deleted_forms]
        for earlier, later in combinations(rows, 2):
            if earlier.instance.overlaps(later.instance):
                later.add_error(None, later.instance.overlap_error())


class WorkingHoursInline(admin.TabularInline):
    model = WorkingHours
    form = PeriodForm
    formset = PeriodFormSet
    formfield_overrides = {models.TimeField: {"widget": AdminTimeWidget(format="%H:%M")}}
    extra = 0


class HolidayInline(TranslatedInline):
    model = Holiday


class AbsenceInline(admin.TabularInline):
    model = Absence
    fk_name = "contact"
    form = PeriodForm
    formset = PeriodFormSet
    autocomplete_fields = ["substitute"]
    extra = 0
