"""Which answers travel compressed, so that a page costs a village line little.

Compressed are pages and the data scripts ask for. Left as they are: files (photos, PDF, Word and Excel are compressed
in themselves), calendar feeds (not every calendar unpacks), anything streamed. Static files come compressed from
WhiteNoise and never reach this place.

A compressed page that repeats what an address asked for beside something secret can be guessed by its length (BREACH)
by whoever makes the browser ask again and again. Three things stand against it: a page that another site asked for
travels uncompressed, each answer carries up to 100 random bytes, and the form token is masked anew in every answer.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TYPES = {"text/html", "application/json", "application/manifest+json", "text/javascript"}
#: What a browser says of a request that a page elsewhere set off.
FOREIGN = {"cross-site", "same-site"}


class CompressedPages(GZipMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or _type(response) not in TYPES:
            return response
        if request.headers.get("Sec-Fetch-Site") in FOREIGN:
            return response
        return super().process_response(request, response)


def _type(response: HttpResponseBase) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
