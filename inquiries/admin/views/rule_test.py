"""Testing the assignment rules."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from contacts.models import Contact
from core.admin.staff_views import StaffRequest, staff_view
from inquiries.admin.forms.rule_test import RuleTestForm
from inquiries.display.events import assignment_text
from inquiries.models import AssignmentRule, Inquiry
from inquiries.services.assignment_rules import decide_assignment, evaluate_rules


@staff_view(permission="inquiries.view_assignmentrule")
def rule_test(request: StaffRequest) -> HttpResponse:
    """Show which rule applies, and why the others do not; nothing is saved.

    `?inquiry=<pk>` tests an existing inquiry.
    """
    inquiry = None
    if pk := request.GET.get("inquiry"):
        visible = Inquiry.objects.visible_to(request.user)
        inquiry = get_object_or_404(visible, pk=pk if pk.isdecimal() else None)
    form = RuleTestForm(request.POST or None, inquiry=inquiry)
    context: dict[str, Any] = {
        "title": _("Test rules"),
        "opts": AssignmentRule._meta,
        "form": form,
        "inquiry": inquiry,
    }
    if assignment_context := form.assignment_context:
        rules = AssignmentRule.objects.select_related("contact")
        results = evaluate_rules(rules, assignment_context, Contact.objects.get_substitutes())
        decision = decide_assignment(assignment_context)
        context |= {"decision": decision, "results": list(results)}
        if decision:
            context["assignment"] = assignment_text(decision.event_data)
    return TemplateResponse(request, "admin/inquiries/assignmentrule/test.html", context)
