"""URLs of the staff pages; InquiryAdmin and AssignmentRuleAdmin put them before their own.

They contain an inquiry's primary key and no e-mail address, since URLs are logged.
"""

from django.urls import path

from inquiries.admin.views.adding import add_inquiry
from inquiries.admin.views.answer_files import store_answer_file
from inquiries.admin.views.buyer import buyer
from inquiries.admin.views.by_reference import by_reference
from inquiries.admin.views.downloads import attachment, preview, statistics_table
from inquiries.admin.views.merging import merge
from inquiries.admin.views.personal_data import erase_personal_data, export_personal_data
from inquiries.admin.views.rule_test import rule_test
from inquiries.admin.views.splitting import split

inquiry_urls = [
    path("add/", add_inquiry, name="inquiries_inquiry_add"),
    path("reference/<slug:reference>/", by_reference, name="inquiries_inquiry_reference"),
    path("statistics/<slug:name>.csv", statistics_table, name="inquiries_inquiry_statistics"),
    path("<int:pk>/buyer/", buyer, name="inquiries_inquiry_buyer"),
    path("<int:pk>/answer-files/", store_answer_file, name="inquiries_inquiry_store_answer_file"),
    path("<int:pk>/merge/", merge, name="inquiries_inquiry_merge"),
    path("<int:pk>/split/", split, name="inquiries_inquiry_split"),
    path(
        "<int:pk>/attachment/<int:attachment_pk>/",
        attachment,
        name="inquiries_inquiry_attachment",
    ),
    path(
        "<int:pk>/attachment/<int:attachment_pk>/preview/",
        preview,
        name="inquiries_inquiry_preview",
    ),
    path(
        "<int:pk>/personal-data/export/",
        export_personal_data,
        name="inquiries_inquiry_export_personal_data",
    ),
    path(
        "<int:pk>/personal-data/erase/",
        erase_personal_data,
        name="inquiries_inquiry_erase_personal_data",
    ),
]

assignment_rule_urls = [
    path("test/", rule_test, name="inquiries_assignmentrule_test"),
]
