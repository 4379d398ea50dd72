"""`manage.py run_schedule`: run every scheduled job once, for cron."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.worker.schedule import jobs


class Command(BaseCommand):
    help = "Do the site's regular work once. The worker does it by itself; this is for cron."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = [job.name for job in jobs if not job.run()]
        done = len(jobs) - len(failed)
        self.stdout.write(f"{done} of {len(jobs)} jobs were done.")
        if failed:
            raise CommandError(f"These failed, see the log: {', '.join(failed)}")
