"""The pictures of `make screens` keep up with the pages."""

from tools import screens_school

from .matrix import pages


def test_every_page_has_an_example_for_its_picture():
    needed = {name for page in pages() for name in page.parameters}
    assert not needed - set(screens_school.EXAMPLES)
