"""Files that are sent with an inquiry, a message or an answer: types, limits and names."""

from inquiries.files.types import ACCEPTED_EXTENSIONS, PICTURE_KINDS
from inquiries.files.uploads import (
    BUYER_LIMITS,
    STAFF_LIMITS,
    FileLimits,
    PreparedFile,
    check_size,
    clean_name,
    prepare_upload,
    scan_for_viruses,
)

__all__ = [
    "ACCEPTED_EXTENSIONS",
    "BUYER_LIMITS",
    "PICTURE_KINDS",
    "STAFF_LIMITS",
    "FileLimits",
    "PreparedFile",
    "check_size",
    "clean_name",
    "prepare_upload",
    "scan_for_viruses",
]
