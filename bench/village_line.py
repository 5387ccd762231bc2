"""A village line between the browser and the school's computer: it counts what comes over it, and can be slow.

All connections share the one line, the service worker's too (the browser's own brake would let those go by).
`delay` holds back each request, and once more each new connection, as the line's round trip does; it knows no lost
packets and no TLS. Bytes are what the school's computer sent, headers and all.
"""

import asyncio
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

PIECE = 2_048
CALLS = (b"GET ", b"POST ", b"HEAD ")


class Line:
    def __init__(self, base: str) -> None:
        self.there = urlsplit(base)
        self.bytes: Counter[str] = Counter()  # by path
        self.rate = self.delay = 0.0  # bytes a second, seconds; 0: as fast as it goes
        self.last = time.monotonic()
        self._free = 0.0
        self._asked: set[int] = set()  # connections whose answer has not begun
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        opening = asyncio.start_server(self._connected, "127.0.0.1", 0)
        server = asyncio.run_coroutine_threadsafe(opening, self._loop).result()
        self.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    def slow(self, *, kbit: float, milliseconds: float) -> None:
        self.rate, self.delay = kbit * 1000 / 8, milliseconds / 1000

    @property
    def total(self) -> int:
        return sum(self.bytes.values())

    def quiet_for(self) -> float:
        """Seconds since anything went over the line; none while an answer is awaited."""
        return 0.0 if self._asked else time.monotonic() - self.last

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.delay)
        up, away = await asyncio.open_connection(self.there.hostname, self.there.port)
        path = [""]
        await asyncio.gather(self._asks(reader, away, path), self._answers(up, writer, path))

    async def _asks(self, reader: asyncio.StreamReader, away: asyncio.StreamWriter, path: list[str]) -> None:
        while piece := await _read(reader):
            self.last = time.monotonic()
            if piece.startswith(CALLS):
                path[0] = urlsplit(piece.split(b" ", 2)[1].decode()).path
                self._asked.add(id(path))
                await asyncio.sleep(self.delay)
            away.write(piece)
        away.close()

    async def _answers(self, up: asyncio.StreamReader, writer: asyncio.StreamWriter, path: list[str]) -> None:
        while piece := await _read(up):
            self.last = now = time.monotonic()
            self._asked.discard(id(path))
            self.bytes[path[0]] += len(piece)
            if self.rate:
                self._free = max(now, self._free) + len(piece) / self.rate
                await asyncio.sleep(self._free - now)
            writer.write(piece)
        self._asked.discard(id(path))
        writer.close()


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(PIECE)
    except ConnectionError:
        return b""
