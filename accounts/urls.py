"""URLs of the log-in and of one's own account, below that of the admin and before its own."""

from django.urls import path

from accounts.views import second_factor, sessions
from accounts.views.invitation import accept_invitation
from accounts.views.log_in import LogInView, log_in_code
from accounts.views.password_reset import NewPasswordView, forgotten_password

urlpatterns = [
    path("login/", LogInView.as_view(), name="log_in"),
    path("login/code/", log_in_code, name="log_in_code"),
    path("invitation/<str:token>/", accept_invitation, name="accept_invitation"),
    # Django's log-in page links to the URL of this name.
    path("password-reset/", forgotten_password, name="admin_password_reset"),
    path(
        "password-reset/<uidb64>/<token>/",
        NewPasswordView.as_view(),
        name="password_reset_confirm",
    ),
    path("account/sessions/", sessions.sessions, name="sessions"),
    path("account/sessions/others/", sessions.end_sessions, name="end_sessions"),
    path("account/sessions/<str:public_id>/", sessions.end_one_session, name="end_session"),
    path("account/second-factor/", second_factor.second_factor, name="second_factor"),
    path("account/second-factor/codes/", second_factor.recovery_codes, name="recovery_codes"),
    path(
        "account/second-factor/off/",
        second_factor.turn_off_second_factor,
        name="turn_off_second_factor",
    ),
]
