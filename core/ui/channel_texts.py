"""What the Channels page says about the ways to treat the channels of a picture."""

from core.ops.layers import APART, GROUPED, SUMMED, TRANSPOSED

KIND_NAMES = {SUMMED: "added up", APART: "kept apart", GROUPED: "in two groups", TRANSPOSED: "transposed"}
KIND_WORDS = {
    SUMMED: "**A usual convolution.** Each filter sees all channels and adds up what its slices find: one filter, one "
    "map. A 1×1 filter only mixes the channels of each pixel.",
    APART: "**A depthwise convolution.** Each slice keeps its map to itself. It needs few weights but never compares "
    "colours; networks for phones (MobileNet) let a 1×1 convolution mix the maps afterwards.",
    GROUPED: "**A grouped convolution.** The light of all three, L, is a fourth channel here. The first half of the "
    "filters sees R and G, the other half B and L, so that each has half the weights. As many groups as channels "
    "would be the depthwise convolution.",
    TRANSPOSED: "**A transposed convolution.** Every pixel stamps the filter, times its own value, on a larger map, "
    "and the stamps add up. With stride 2 the map is about twice as large: this is how networks paint pictures. It "
    "turns the sizes of a convolution around, not its numbers.",
}
WHY_ADD = """
One filter for each channel, kept apart, asks three questions and hears three answers. The sum asks **one question about
the colour**.

- **Only the sum sees it** (button under the stage). The filter asks: does red stop here, *and* green? Either light
  alone brings at most 3, and the bias takes 4 away. Only where yellow ends do both arrive: 3 + 3 − 4 = 2. Switch to
  "kept apart": all maps stay dark.
- **The sum cancels.** Red ends where green begins, and both are equally bright. The red slice finds an edge, the green
  slice its opposite, and the sum is 0: an edge that a filter with three equal slices cannot see. Take the filter "Red,
  then green", whose green slice is turned around, and it shines twice as bright.
"""
HOW_IT_WORKS = """
A colour picture is three grids of numbers: how much **red**, **green** and **blue** light each pixel has. Where all
three are 1 it is white, where all are 0 it is black, and red and green together make yellow.

A 3×3 filter on three channels has 3·3·3 = **27 weights**: a slice of nine for each channel. It lies on the same place
of all three, 27 products are made, and all of them and the bias are added up to **one number**. So whatever comes out
of one filter is always flat: one map.

Several filters work side by side, and their maps are **stacked**: K filters give a block of depth K. The next layer
takes that block as its picture, and its filters have K slices each.

The third axis has its place by convention only. Keras and TensorFlow write it last (rows, columns, channels), PyTorch
first (channels, rows, columns).
"""
