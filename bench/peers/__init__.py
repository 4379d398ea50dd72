"""What the site is compared with: a Wagtail site, a bare Django view and a file behind nginx."""
