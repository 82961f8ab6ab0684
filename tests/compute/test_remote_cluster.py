"""A cluster elsewhere, as the README says to start it: a scheduler, and workers that claim a GPU."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from core.compute.engine import Engine
from tests.compute.waiting import wait_until


def test_training_goes_to_the_workers_that_claim_a_gpu(start_cluster, monkeypatch):
    """CONVLAB_SCHEDULER names the cluster; both GPU workers train, the third worker does not."""
    gpu = ["--resources", "GPU=1"]
    monkeypatch.setenv("CONVLAB_SCHEDULER", start_cluster([gpu, gpu, []]))
    engine = Engine()
    try:
        wait_until(lambda: len(engine.workers("train")) == 2)
        wait_until(lambda: len(engine._client.scheduler_info(n_workers=-1)["workers"]) == 3)
        claims = engine._client.scheduler_info(n_workers=-1)["workers"]
        assert all(claims[address]["resources"] == {"GPU": 1} for address in engine.workers("train"))
        first, second = (
            engine.actor("core.training.view:Curve", role="train", worker=address)
            for address in engine.workers("train")
        )
        assert first.worker != second.worker
        assert engine._process is None, "no cluster of its own beside it"
    finally:
        engine.close()


def test_a_cluster_behind_tls_is_reached_with_the_files_that_the_environment_names(
    start_cluster, monkeypatch, tmp_path
):
    """With CONVLAB_TLS_CA, _CERT and _KEY the work is done over TLS; without them the cluster does not answer."""
    certificate, key = _own_certificate(tmp_path)
    tls = ["--tls-ca-file", certificate, "--tls-cert", certificate, "--tls-key", key, "--protocol", "tls"]
    address = start_cluster([[]], *tls)
    assert address.startswith("tls://")
    for name, value in {"CA": certificate, "CERT": certificate, "KEY": key}.items():
        monkeypatch.setenv(f"CONVLAB_TLS_{name}", value)
    engine = Engine(address)
    try:
        wait_until(lambda: engine.status().state == "ready")
        assert engine.submit("core.ops.sizes:output_size", 28, 3).result(60) == 26
    finally:
        engine.close()
    for name in ("CA", "CERT", "KEY"):
        monkeypatch.delenv(f"CONVLAB_TLS_{name}")
    stranger = Engine(address)
    wait_until(lambda: stranger.status().state == "lost")
    stranger.close()


def _own_certificate(folder):
    """A certificate that signs itself, and its key: the paths of both files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=1))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = builder.sign(key, hashes.SHA256())
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))
    return tuple(map(str, paths))
