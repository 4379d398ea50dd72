"""The admin site: lists are bounded, uploads survive a form with errors, a form a log-out."""

from collections.abc import Callable, Iterator
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast

from axes.handlers.proxy import AxesProxyHandler
from django.contrib import admin, messages
from django.contrib.auth.signals import user_login_failed
from django.forms import BaseForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.admin.drafts import with_saved_draft
from core.admin.lists import BoundedListAdmin
from core.admin.logging import LoggingAdmin
from core.admin.stored_files import StoredFilesAdmin
from core.csrf import (
    can_be_sent_again,
    csrf_failure_page,
    is_of_another_user,
    send_again_page,
)
from core.http import logged_in_user
from core.log_in_limits import locked_out
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action
from core.uploads.forms import restore_uploads, staff_scope, store_uploads

Kind = StaffAction.Kind
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class StaffSite(admin.AdminSite):
    """Django's admin site, for the lists and forms of all apps."""

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Bound every list, log to the staff log and store files, unless its ModelAdmin does not.

        The bases are inserted before ModelAdmin, so that they apply to other packages as well.
        """
        admin_class = admin_class or admin.ModelAdmin
        bases = (admin_class, BoundedListAdmin, LoggingAdmin, StoredFilesAdmin)
        bounded = type(admin_class.__name__, bases, {"__module__": admin_class.__module__})
        super().register(model_or_iterable, bounded, **options)

    def get_log_entries(self, request: HttpRequest) -> Any:
        kinds = (Kind.ADDED, Kind.CHANGED, Kind.DELETED)
        return StaffAction.objects.filter(kind__in=kinds).select_related("content_type", "user")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        user = logged_in_user(request)
        response = super().logout(request, extra_context)
        if request.method == "POST":
            log_action(Kind.LOGGED_OUT, user, by=user)
        return response

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Change one's own password; wrong old ones are limited and logged like failed log-ins."""
        user = logged_in_user(request)
        credentials = {"username": user.get_username()}
        if request.method == "POST" and not AxesProxyHandler.is_allowed(request, credentials):
            return locked_out(request, credentials)
        response = super().password_change(request, extra_context)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            log_action(Kind.ACCOUNT, user, by=user, message=gettext_noop("Changed the password."))
        elif request.method == "POST" and _is_wrong_password(response):
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            message = gettext_noop("Wrong password on a page that asks for it again.")
            log_action(Kind.LOG_IN_FAILED, user, by=user, message=message)
        return response

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        checked = super().admin_view(with_saved_draft(with_stored_uploads(view)), cacheable)

        @wraps(checked)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            is_logged_out = request.method == "POST" and request.user.is_anonymous
            if is_logged_out and can_be_sent_again(request):
                return send_again_page(request, is_logged_out=True)
            if request.method == "POST" and is_of_another_user(request):
                return csrf_failure_page(request)
            return checked(request, *args, **kwargs)

        return cast(View, page)


def _is_wrong_password(response: TemplateResponse) -> bool:
    """Whether the page of a new password is shown again because the old one is wrong."""
    form: BaseForm = (response.context_data or {})["form"]
    return form.has_error("old_password", "password_incorrect")


def with_stored_uploads(view: View) -> View:
    """Store the uploaded files of a form that is shown again, and add them when it is sent again.

    Views that change data are the only ones affected: those that are sent with POST.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        scope = staff_scope(logged_in_user(request), request.path)
        for name in restore_uploads(request, scope):
            text = _("“%(name)s” is no longer stored. Attach it again.")
            messages.warning(request, text % {"name": name})
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and not response.is_rendered:
            shown = list(_bound_forms(response.context_data or {}))
            if any(form.errors for form in shown):
                store_uploads(shown, scope)
        return response

    return cast(View, page)


def _bound_forms(context: dict[str, Any]) -> Iterator[BaseForm]:
    """The bound forms on an admin page: of the object, of its inline rows, of a page of its own."""
    forms = [getattr(context.get("adminform"), "form", None), context.get("form")]
    for inline in context.get("inline_admin_formsets") or []:
        forms += inline.formset.forms
    for form in forms:
        if isinstance(form, BaseForm) and form.is_bound:
            yield form
