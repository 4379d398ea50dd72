"""`upgrade` does all that new code needs, and stops before it changes anything without a backup."""

CHANGES = """
from core.page_cache.models import ContentChange
print(ContentChange.objects.filter(tag="site").count())
"""


def test_an_upgrade_backs_up_migrates_collects_and_renews_the_pages(site, tmp_path):
    site.run("migrate", "backup", "zero")
    before = int(site.python(CHANGES))
    output = site.run("upgrade", STATIC_ROOT=str(tmp_path / "static"))
    steps = [line for line in output.splitlines() if line.endswith("…")]
    assert steps == [
        "Checking the settings …",
        "Backing up …",
        "Migrating the database …",
        "Collecting the static files …",
        "Renewing all pages …",
    ]
    assert "with the same numbers of rows" in output
    assert "Restart the web server and the worker now." in output
    assert len(site.archives()) == 1
    assert "[ ]" not in site.run("showmigrations")
    assert (tmp_path / "static/css/site.css").exists()
    assert int(site.python(CHANGES)) == before + 1


def test_without_a_backup_nothing_is_changed(site, tmp_path):
    (tmp_path / "backups").write_text("no folder")
    result = site.manage("upgrade", STATIC_ROOT=str(tmp_path / "static"))
    assert result.returncode == 1
    assert "The folder for backups cannot be used" in result.stderr
    assert "Migrating" not in result.stdout
    assert not (tmp_path / "static").exists()
