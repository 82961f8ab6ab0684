import datetime
import ipaddress
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.images import archive_url
from core.images.archive_url import ArchiveDownload, Reach, check_url, is_public
from tests.images.making import photo, zipped

SECONDS = 10
HOST, OTHER = "pictures.example", "elsewhere.example"
CONTENT = zipped({"bags/1.jpg": photo(1, 300, 200), "shoes/2.jpg": photo(2, 300, 200)})


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for the two hosts, in a file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST), x509.DNSName(OTHER)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


class Server:
    """A web server on this machine, with TLS; what it answers is in the path."""

    def __init__(self, certificate):
        self.asked: list[tuple[str, str]] = []
        self.half_sent, self.go_on = threading.Event(), threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.asked.append((self.headers["Host"], self.path))
                server.answer(self)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def answer(self, handler):
        kind, _, rest = handler.path.strip("/").partition("/")
        if kind == "to":
            handler.send_response(302)
            handler.send_header("Location", rest)
            handler.end_headers()
        elif kind == "missing":
            handler.send_error(404)
        elif kind == "page":
            self.send(handler, b"<html>Download</html>")
        elif kind == "claims":
            self.send(handler, CONTENT, int(rest))
        elif kind == "endless":
            self.send(handler, CONTENT * 40, None)
        elif kind == "held":
            self.send(handler, CONTENT[:1000], len(CONTENT))
            self.half_sent.set()
            self.go_on.wait(SECONDS)
            handler.wfile.write(CONTENT[1000:])
        else:
            self.send(handler, CONTENT)

    def send(self, handler, body, length=-1):
        handler.send_response(200)
        if length is not None:
            handler.send_header("Content-Length", str(len(body) if length < 0 else length))
        handler.end_headers()
        handler.wfile.write(body)
        handler.wfile.flush()


@pytest.fixture
def server(certificate):
    running = Server(certificate)
    yield running
    running.go_on.set()
    running.http.shutdown()
    running.http.server_close()


@pytest.fixture
def reach(server, certificate):
    """Names lead to the test's server, and its address, 127.0.0.1, is allowed; its certificate is trusted."""
    return Reach(
        resolve=lambda host, port: ["127.0.0.1"],
        allows=lambda address: True,
        port=server.http.server_port,
        context=ssl.create_default_context(cafile=str(certificate)),
    )


def end_of(url: str, reach: Reach):
    return ArchiveDownload(url, reach).start().wait(SECONDS)


def test_a_zip_arrives_and_is_opened(server, reach):
    """All bytes are counted, and its pictures are there; closed, the file is gone."""
    download = ArchiveDownload(f"https://{HOST}/set.zip?dl=1", reach)
    with pytest.raises(ValueError, match="here once its download is done. Received: running"):
        download.archive()
    end = download.start().wait(SECONDS)
    assert (end.state, end.done, end.total, end.fraction) == ("done", len(CONTENT), len(CONTENT), 1.0)
    assert end.message == f"The ZIP from {HOST} is here."
    archive = download.archive()
    assert archive.classes == ("bags", "shoes") and archive.files[0].read() == photo(1, 300, 200)
    assert server.asked == [(HOST, "/set.zip?dl=1")]
    download.close()
    with pytest.raises(ValueError):
        archive.files[0].read()


@pytest.mark.parametrize(
    "url, words",
    [
        ("http://pictures.example/set.zip", "begins with https://"),
        ("file:///etc/passwd", "begins with https://"),
        ("ftp://pictures.example/x", "begins with https://"),
        ("pictures.example/set.zip", "begins with https://"),
        ("https:///set.zip", "begins with https://"),
        ("https://me:secret@pictures.example/x", "no user name or password"),
        ("https://pictures.example:8443/x", "no port of its own. Received: port 8443"),
        ("https://pictures.example:99999/x", "no web address"),
        ("https://[::1/x", "no web address"),
        ("https://pictures.example/a b", "no spaces"),
        ("", "begins with https://"),
    ],
)
def test_other_addresses_are_refused_at_once(url, words):
    """Before any connection, with the rule; a password is not repeated."""
    with pytest.raises(ValueError, match=words) as refusal:
        check_url(url)
    assert "secret" not in str(refusal.value)
    with pytest.raises(ValueError):
        ArchiveDownload(url)


@pytest.mark.parametrize(
    "address, public",
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("64:ff9b::5db8:d70e", True),  # 93.184.215.14 behind NAT64
        ("127.0.0.1", False),
        ("127.9.9.9", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("240.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.1.2.3", False),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2002:c0a8:101::1", False),
    ],
)
def test_an_address_of_a_private_network_is_told(address, public):
    """Loopback, private, link-local (a cloud's secrets), multicast, reserved; and IPv4 wrapped in IPv6."""
    assert is_public(address) is public


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], []])
def test_a_name_that_leads_inside_is_not_connected_to(server, reach, addresses):
    """Every address counts: one inner one among outer ones is enough."""
    end = end_of(f"https://{HOST}/set.zip", Reach(lambda host, port: addresses, is_public, reach.port, reach.context))
    assert end.state == "failed" and f"{HOST} is a machine in a private network" in end.message
    assert server.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_this_machine_is_not_asked_under_any_of_its_names(host):
    """With the real look-up; numbers are addresses too."""
    end = end_of(f"https://{host}/set.zip", Reach())
    assert end.state == "failed" and ("private network" in end.message or "is not known here" in end.message)


def test_the_address_that_was_checked_is_the_one_connected_to(server, reach):
    """The name is looked up once for each connection: a second look-up could answer otherwise."""
    looked_up = []

    def resolve(host, port):
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["10.0.0.1"]

    assert end_of(f"https://{HOST}/set.zip", Reach(resolve, reach.allows, reach.port, reach.context)).state == "done"
    assert looked_up == [HOST]


def test_a_redirect_is_followed_and_checked_anew(server, reach):
    """To another host: yes, when it is allowed; to an inner one, to http or to a port: no."""
    assert end_of(f"https://{HOST}/to/https://{OTHER}/set.zip", reach).state == "done"
    assert [host for host, _ in server.asked] == [HOST, OTHER]
    server.asked.clear()

    def resolve(host, port):
        return ["93.184.215.14"] if host == OTHER else ["127.0.0.1"]

    inside = Reach(resolve, lambda address: address == "127.0.0.1", reach.port, reach.context)
    assert "private network" in end_of(f"https://{HOST}/to/https://{OTHER}/x", inside).message
    for target in (f"http://{HOST}/set.zip", f"https://{HOST}:22/x", "file:///etc/passwd"):
        assert "sends on to an address that is not asked" in end_of(f"https://{HOST}/to/{target}", reach).message
    assert {host for host, _ in server.asked} == {HOST}


def test_a_ring_of_redirects_ends(server, reach):
    """After five it is enough."""
    server.answer = lambda handler: (
        handler.send_response(302),
        handler.send_header("Location", handler.path),
        handler.end_headers(),
    )
    end = end_of(f"https://{HOST}/round", reach)
    assert end.state == "failed" and "sends on more than 5 times" in end.message
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    "path, words",
    [
        ("missing", f"{HOST} does not give the ZIP: it answered 404"),
        ("page", "is no ZIP but perhaps a page about one"),
        ("claims/999999999", "A ZIP has at most 200 MB. This one has 954 MB or more."),
        ("claims/9999999", "The connection ended after"),
    ],
)
def test_a_bad_answer_is_one_clear_line(server, reach, path, words):
    """No such file, a page instead of it, too much, too little."""
    end = end_of(f"https://{HOST}/{path}", reach)
    assert end.state == "failed" and words in end.message


def test_too_much_is_not_read_to_its_end(server, reach, monkeypatch):
    """A server that does not say how long it goes on is left at the limit."""
    monkeypatch.setattr(archive_url, "MOST_ZIP_BYTES", 2 * len(CONTENT))
    end = end_of(f"https://{HOST}/endless", reach)
    assert end.state == "failed" and "A ZIP has at most" in end.message
    assert end.done <= 2 * len(CONTENT)


def test_it_can_be_watched_and_stopped(server, reach):
    """In the middle it says how far it is; stopped, it counts at once."""
    download = ArchiveDownload(f"https://{HOST}/held", reach).start()
    assert server.half_sent.wait(SECONDS)
    while download.progress().done == 0:
        download.wait(0.01)
    now = download.progress()
    assert now.state == "running" and 0 < now.fraction < 1 and now.message == f"Downloading the ZIP from {HOST}"
    download.cancel()
    assert download.progress().state == "cancelled"
    server.go_on.set()


def test_only_so_many_at_once(server, reach):
    """Each may lay 200 MB on the disk: the fourth is told to wait, and afterwards there is room again."""
    held = [ArchiveDownload(f"https://{HOST}/held", reach).start() for _ in range(archive_url.MOST_AT_ONCE)]
    while len(server.asked) < len(held):
        held[0].wait(0.01)
    assert "Try again in a minute" in end_of(f"https://{HOST}/set.zip", reach).message
    server.go_on.set()
    assert [download.wait(SECONDS).state for download in held] == ["done"] * len(held)
    assert archive_url._places.acquire(timeout=SECONDS)
    archive_url._places.release()
    assert end_of(f"https://{HOST}/set.zip", reach).state == "done"


def test_a_stranger_with_the_name_is_not_trusted(server, reach):
    """A certificate that nobody vouches for, or one for another name, ends it."""
    untrusted = Reach(reach.resolve, reach.allows, reach.port)
    assert f"The connection to {HOST} is not trustworthy" in end_of(f"https://{HOST}/set.zip", untrusted).message
    assert "is not trustworthy" in end_of("https://third.example/set.zip", reach).message


def test_no_connection_is_said(reach):
    """A name that nobody knows and a port that nobody listens on."""

    def unknown(host, port):
        raise socket.gaierror("unknown")

    message = end_of(f"https://{HOST}/x", Reach(unknown, reach.allows, reach.port, reach.context)).message
    assert f"{HOST} is not known here" in message
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = Reach(reach.resolve, reach.allows, probe.getsockname()[1], reach.context)
        assert f"No connection to {HOST}" in end_of(f"https://{HOST}/x", closed).message


def test_the_house_looks_names_up_itself():
    """The real look-up gives addresses that can be checked."""
    assert all(ipaddress.ip_address(address) for address in archive_url.resolve("localhost", 443))
