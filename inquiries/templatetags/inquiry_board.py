"""The inquiries' part of the admin's first page."""

from typing import Any

from django import template
from django.contrib.auth.models import User

from inquiries.dashboard import charts
from inquiries.dashboard.board import Board

register = template.Library()


@register.inclusion_tag("admin/inquiries/_board.html")
def inquiry_board(user: User) -> dict[str, Any]:
    """What waits, and how it goes, of what `user` may see; for who may see inquiries."""
    board = Board(user)
    weekly = [board.by_source, board.by_country, board.by_product]
    answer_times, outcomes = board.answer_times, board.outcomes_by_month
    return {
        "board": board,
        "all_weeks": charts.all_weeks(board),
        "weekly": [(table, charts.small_charts(table)) for table in weekly],
        "answer_times": answer_times,
        "spans": charts.spans(answer_times),
        "outcomes": outcomes,
        "won_and_lost": charts.won_and_lost(outcomes),
        "outcomes_by_contact": board.outcomes_by_contact,
    }
