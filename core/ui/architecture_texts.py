"""What the Architecture page explains below its stage."""

HOW_IT_WORKS = """
- **Smaller but deeper.** A convolution turns maps into other maps, a pool or a stride halves their sides. The numbers
  of *where* become fewer, the numbers of *what* more: ResNet50 goes from 224×224×3 to 7×7×2048.
- **Parameters.** A filter looks at every map that comes in, so it has kernel · kernel · maps weights and one bias:
  (3·3·32 + 1)·64 = 18,496. A dense layer has a weight for every number and every unit. Pools, dropout and activations
  learn nothing. Of the four numbers that a batch norm keeps for each map, two are learnt and two are counted along.
- **Receptive field.** With every layer a cell sees more of the picture: the field grows by (kernel − 1) · step, and a
  stride makes the steps of all later layers larger. A cell at the edge sees padding too, and that is nothing.
- **Multiply-adds** are what one picture costs: of a convolution, its weights times the cells of its maps. They are
  counted as the field counts them, without biases, norms and pools.
- **How many layers, how many filters?** Start small. Add a block as long as the validation accuracy rises; when only
  the training accuracy does, you have too many parameters or too few pictures.
"""
RECIPES = """
- `Conv2D → Conv2D → pool`, with twice the filters in the next block (VGG).
- Batch norm between a convolution and its ReLU; the convolution then needs no bias.
- Residual blocks as soon as there are more than about ten layers: what comes in is added to what comes out.
- A global average pool instead of Flatten: a tenth of the parameters, and any size of picture.
- Dropout before the last dense layer; random flips and shifts at the very front, where they see the picture.
"""
