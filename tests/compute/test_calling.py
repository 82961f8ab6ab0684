"""Work that is named by a text."""

import pytest

from core.compute.calling import Hosted, call, named


def test_a_name_leads_to_the_thing_itself():
    """ "core.module:name" is what an import of that name gives."""
    from core.ops.sizes import output_size

    assert named("core.ops.sizes:output_size") is output_size
    assert call("core.ops.sizes:output_size", 28, 3) == 26


@pytest.mark.parametrize("path", ["os:system", "core.ops.sizes", "subprocess:run", "core.ops.sizes:", "", ":x"])
def test_only_things_of_the_house_can_be_named(path):
    """A worker calls nothing outside core, whatever text arrives."""
    with pytest.raises(ValueError, match="core.module:name"):
        named(path)


def test_a_hosted_object_keeps_its_state_between_calls():
    """Calls go to one object, made once."""
    hosted = Hosted("core.training.view:Curve")
    hosted.call("add", 1, 2.0, 0.5)
    hosted.call("add", 2, 1.0, 0.7)
    assert hosted._object.points == [(1, 2.0, 0.5), (2, 1.0, 0.7)]
