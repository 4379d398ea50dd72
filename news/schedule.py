"""The newsroom's regular work."""

from core.worker.schedule import every
from news.models import DailyViews


@every(minutes=1)
def book_readings() -> None:
    """Book the readings of the last minute under today."""
    DailyViews.objects.record()


@every(days=1)
def forget_old_readings() -> None:
    """Delete the days that are no longer kept."""
    DailyViews.objects.forget()
