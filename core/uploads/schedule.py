"""Regular work on stored uploads."""

from core.uploads.services import delete_expired_uploads
from core.worker.schedule import every

every(minutes=10)(delete_expired_uploads)
