import time
import pytest
from tests import world as w
@pytest.fixture
def world(db): return w.build()
def test_x(world):
    t=time.time(); d=w.digest(); print("DIGEST", time.time()-t)
    for n,p in w.patterns(): print(n, p.pattern)
    t=time.time()
    for n in w.EVERYONE:
        with w.undone():
            print(n, world.browser(n).get("/").status_code)
    print(time.time()-t)
    assert d==w.digest()
