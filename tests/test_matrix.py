import time
import pytest
from tests import world as w
@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        t=time.time()
        with w.built() as world:
            print("BUILT", time.time()-t)
            yield world
def test_x(world):
    t=time.time(); d=w.digest(); print("DIGEST", time.time()-t)
    for n,p in w.patterns(): print(n, p.pattern)
    t=time.time()
    for n in w.EVERYONE:
        with w.undone():
            print(n, world.browser(n).get("/").status_code)
    print(time.time()-t)
    assert d==w.digest()
