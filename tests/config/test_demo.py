"""The demo house: starter lexicons that can be looked up, and a login for each role, in local mode only."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from pytest_django.fixtures import Settings

from access.domain.roles import ROLES
from access.models import User
from config import demo
from dictionary.models import Entry, Lexicon

pytestmark = pytest.mark.django_db


def test_every_starter_lexicon_comes_in_whole_and_a_second_time_changes_nothing() -> None:
    call_command("load_demo", stdout=StringIO())
    lexicons = demo.lexicons()
    assert set(Lexicon.objects.values_list("slug", flat=True)) == {lexicon["slug"] for lexicon in lexicons}
    assert all(Lexicon.objects.values_list("under_review", flat=True))
    for lexicon in Lexicon.objects.all():
        assert lexicon.entries.filter(live=True).count() >= 100, lexicon.slug
        assert lexicon.licence
        assert lexicon.citation
    before = sorted(Entry.objects.values_list("uuid", "updated_at", "headword"))
    call_command("load_demo", stdout=StringIO())
    assert sorted(Entry.objects.values_list("uuid", "updated_at", "headword")) == before


def test_each_role_has_a_login_that_works_and_stays_the_same(settings: Settings, tmp_path: object) -> None:
    settings.DATA_DIR = tmp_path
    logins = demo.logins()
    assert [login.name for login in logins] == [role.key for role in ROLES]
    for login in logins:
        user = authenticate(username=login.name, password=login.password)
        assert user is not None
        assert user.groups.count() == 1
    assert demo.logins() == logins
    assert User.objects.filter(is_superuser=True).count() == 1
    assert (settings.DATA_DIR / demo.LOGINS_FILE).stat().st_mode & 0o777 == 0o600


def test_no_login_is_made_in_production(settings: Settings) -> None:
    settings.LOCAL = False
    with pytest.raises(demo.NotLocal):
        demo.logins()
    assert not User.objects.exists()
