"""Every page of the product, one line per domain."""

from itertools import chain

urlpatterns = list(chain())
