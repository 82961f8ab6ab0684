"""A ZIP of pictures from an address that a person typed: https only, and never from this machine's own network."""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from core.images.archives import MOST_ZIP_BYTES, Archive, read_zip
from core.images.download import CHUNK, CONNECT_SECONDS, READ_SECONDS, DownloadCancelled, DownloadError, Transfer

MOST_REDIRECTS = 5
MOST_AT_ONCE = 3  # downloads in the whole house: each may lay 200 MB on the disk
HTTPS = 443
MOST_SECONDS = 1800.0  # a server that drips does not keep its place for ever
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "ConvLab"}
_AS_IT_IS = "%/:?#[]@!$&'()*+,;=~"  # what an address spells already; letters beyond ASCII go as percents
_places = threading.BoundedSemaphore(MOST_AT_ONCE)


def is_public(address: str) -> bool:
    """True for an address out on the internet: not this machine, its network, or one set aside."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if found.version == 6:  # an IPv4 address wrapped in it is the one that counts
        inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF) if found in _NAT64 else None
        found = inner or found.ipv4_mapped or found.sixtofour or found
    aside = found.is_multicast or found.is_reserved or (found.version == 6 and found.is_site_local)
    return found.is_global and not aside


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host. OSError when there are none."""
    return list(dict.fromkeys(entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


@dataclass(frozen=True)
class Reach:
    """How far a download may reach. Tests put a server of their own in its way."""

    resolve: Callable[[str, int], list[str]] = resolve
    allows: Callable[[str], bool] = is_public
    port: int = HTTPS  # that is connected to, whatever the test's server listens on
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)


def check_url(url: str) -> SplitResult:
    """The parts of an address that may be asked for. ValueError, in plain words, for any other."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"This is no web address. Received: {url[:120]}") from error
    if parts.scheme != "https" or not host:
        raise ValueError(f"The address of a ZIP begins with https://. Received: {url[:120]}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("The address of a ZIP has no user name or password in it. Received: one that has")
    if port not in (None, HTTPS):
        raise ValueError(f"The address of a ZIP has no port of its own. Received: port {port}")
    if any(letter <= " " or letter == "\x7f" for letter in parts.geturl()):
        raise ValueError(f"A web address has no spaces. Received: {url[:120]}")
    return parts


class ArchiveDownload(Transfer):
    """One ZIP on its way to a temporary file, which nobody else sees and which goes with this object.

    Raises ValueError at once for an address that may not be asked for; what goes wrong later is told by `progress()`.
    No proxy is used: behind one, nobody could say which machine is asked.
    """

    def __init__(self, url: str, reach: Reach | None = None):
        parts = check_url(url)
        super().__init__(f"the ZIP from {parts.hostname}", parts.hostname)
        self._url = parts.geturl()
        self._reach = reach or Reach()
        self._file = None

    def archive(self) -> Archive:
        """What is in the ZIP, once the state is "done". ValueError as in `read_zip`."""
        if self._file is None or self.progress().state != "done":
            raise ValueError(f"The ZIP is here once its download is done. Received: {self.progress().state}")
        return read_zip(self._file)

    def close(self) -> None:
        """Throw the file away; pictures that were taken in stay."""
        self.cancel()
        if self._file:
            self._file.close()

    def _receive(self) -> None:
        if not _places.acquire(blocking=False):
            raise DownloadError(f"{MOST_AT_ONCE} ZIPs are being downloaded here at the moment. Try again in a minute.")
        try:
            self._fetch()
        except DownloadError:
            raise
        except ssl.SSLError as error:
            raise DownloadError(f"The connection to {self._name} is not trustworthy: {_reason(error)}.") from error
        except (OSError, http.client.HTTPException) as error:
            raise DownloadError(
                f"The ZIP from {self._name} did not arrive ({_reason(error)}). Try again, or upload the file instead."
            ) from error
        finally:
            _places.release()

    def _fetch(self) -> None:
        connection, answer = self._answer()
        with contextlib.closing(connection):
            announced = answer.headers.get("Content-Length", "")
            length = int(announced) if announced.isdecimal() else 0
            if length > MOST_ZIP_BYTES:
                raise _too_long(length)
            self._expect(length)
            stream = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as this object)
            try:
                done = self._write(answer, stream)
                if done < length or done == 0:
                    raise DownloadError(f"The connection ended after {done / 1e6:.1f} MB of {self.title}. Try again.")
            except BaseException:
                stream.close()
                raise
            self._file = stream

    def _write(self, answer: http.client.HTTPResponse, stream) -> int:
        """Pass the body on, and return its bytes."""
        done, began = 0, time.monotonic()
        while piece := answer.read1(CHUNK):
            if self._finished.is_set():
                raise DownloadCancelled("The download was stopped.")
            if done == 0 and not piece.startswith(b"PK"):
                raise DownloadError(
                    f"What {self._name} gives is no ZIP but perhaps a page about one. Take the address of the "
                    "download itself."
                )
            done += len(piece)
            if done > MOST_ZIP_BYTES:
                raise _too_long(done)
            if time.monotonic() - began > MOST_SECONDS:
                raise DownloadError(f"{self._name} takes more than {MOST_SECONDS / 60:.0f} minutes. Upload the file.")
            stream.write(piece)
            self._arrived(len(piece))
        return done

    def _answer(self) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        """The server's answer with its body not yet read, after at most five redirects, each checked anew."""
        url = self._url
        for _ in range(1 + MOST_REDIRECTS):
            try:
                parts = check_url(url)
            except ValueError as error:
                raise DownloadError(f"{self._name} sends on to an address that is not asked. {error}") from error
            connection = _Checked(parts.hostname, self._reach)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            try:
                connection.request("GET", quote(path, safe=_AS_IT_IS), headers=_HEADERS)
                answer = connection.getresponse()
            except BaseException:
                connection.close()
                raise
            if answer.status == 200:
                return connection, answer
            connection.close()
            if answer.status not in (301, 302, 303, 307, 308) or not answer.headers.get("Location"):
                raise DownloadError(
                    f"{parts.hostname} does not give the ZIP: it answered {answer.status} {answer.reason}."
                )
            url = urljoin(url, answer.headers["Location"])
        raise DownloadError(f"{self._name} sends on more than {MOST_REDIRECTS} times.")


class _Checked(http.client.HTTPSConnection):
    """A connection to an address that was looked at first: the name is looked up once, and not again to connect."""

    def __init__(self, host: str, reach: Reach):
        super().__init__(host, HTTPS, timeout=READ_SECONDS, context=reach.context)
        self._reach = reach

    def connect(self) -> None:
        try:
            addresses = self._reach.resolve(self.host, self.port)
        except (OSError, UnicodeError) as error:
            raise DownloadError(f"No connection: {self.host} is not known here, or there is no internet.") from error
        if not addresses or not all(self._reach.allows(address) for address in addresses):
            raise DownloadError(f"{self.host} is a machine in a private network, from which nothing is fetched.")
        self.sock = self._context.wrap_socket(self._first_open(addresses), server_hostname=self.host)

    def _first_open(self, addresses: list[str]) -> socket.socket:
        for address in addresses:
            try:
                opened = socket.create_connection((address, self._reach.port), CONNECT_SECONDS)
            except OSError:
                continue
            opened.settimeout(READ_SECONDS)
            return opened
        raise DownloadError(f"No connection to {self.host}. Try again, or upload the file instead.")


def _too_long(length: int) -> DownloadError:
    return DownloadError(
        f"A ZIP has at most {MOST_ZIP_BYTES // 1024**2} MB. This one has {length / 1024**2:.0f} MB or more."
    )


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"nothing came for {READ_SECONDS:g} seconds"
    return getattr(error, "verify_message", "") or getattr(error, "strerror", "") or type(error).__name__
