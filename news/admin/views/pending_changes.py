"""Discarding the pending changes of a published article."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from core.admin.staff_views import StaffRequest, staff_view
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action
from news.models import Article
from news.services.pending_changes import discard_pending_changes


@require_POST
@staff_view(permission="news.change_article", model=Article)
def discard(request: StaffRequest, article: Article) -> HttpResponse:
    discard_pending_changes(article)
    text = _("Unpublished changes discarded.")
    log_action(StaffAction.Kind.CHANGED, article, by=request.user, message=text)
    messages.info(request, text)
    return redirect("admin:news_article_change", article.pk)
