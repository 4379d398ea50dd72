"""`manage.py run_schedule`: run every scheduled job once, for cron."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.worker.schedule import jobs


class Command(BaseCommand):
    help = "Run scheduled jobs once. For cron; the worker runs them automatically."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = [job.name for job in jobs if not job.run()]
        done = len(jobs) - len(failed)
        self.stdout.write(f"{done} of {len(jobs)} jobs completed.")
        if failed:
            raise CommandError(f"Failed (see the log): {', '.join(failed)}")
