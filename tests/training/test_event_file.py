"""Event files for TensorBoard, read back with TensorFlow's own reader."""

import zlib

import pytest

from core.training.event_file import crc32c, event_file

# The reader drops a record whose checksum is wrong, so that what comes back was written rightly.
CURVES = {
    "epoch_accuracy": [(0, 1000.5, 0.25), (1, 1003.0, 0.75)],
    "epoch_loss": [(0, 1000.5, 2.5), (1, 1003.0, 0.125), (300, 1009.0, 0.0625)],
}


def test_tensorflow_reads_the_curves_back(tmp_path):
    """Tags, steps, times and values are those that were written."""
    from tensorflow.compat.v1.train import summary_iterator

    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(event_file(CURVES))
    first, *events = summary_iterator(str(path))
    assert first.file_version == "brain.Event:2"
    read: dict = {}
    for event in events:
        [value] = event.summary.value
        read.setdefault(value.tag, []).append((event.step, event.wall_time, value.simple_value))
    assert read == CURVES


def test_a_run_without_an_epoch_is_a_file_too(tmp_path):
    """Nothing to draw, but no broken file."""
    from tensorflow.compat.v1.train import summary_iterator

    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(event_file({}))
    assert [event.file_version for event in summary_iterator(str(path))] == ["brain.Event:2"]


@pytest.mark.parametrize("content, check", [(b"", 0), (b"123456789", 0xE3069283), (bytes(32), 0x8A9136AA)])
def test_the_checksum_is_castagnoli_s(content, check):
    """Test vectors of RFC 3720; the usual CRC-32 of zlib gives other numbers."""
    assert crc32c(content) == check
    assert not content or zlib.crc32(content) != check
