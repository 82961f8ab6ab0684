"""What the learning lesson derives and defines, in formulas."""

THE_SLOPE = r"""
The learner's error is the mean squared difference over all $n$ output cells. With the sum $z$ of a window's products
and the activation $f$:

$$
z_{rc} = \sum_{i,j} w_{ij}\,x_{r+i,\,c+j} \qquad L = \frac{1}{n}\sum_{r,c}\bigl(f(z_{rc}) - y_{rc}\bigr)^2
$$

How does $L$ change with one weight? By the chain rule, link by link:

$$
\frac{\partial L}{\partial w_{ij}} = \frac{2}{n}\sum_{r,c}
\underbrace{\bigl(f(z_{rc}) - y_{rc}\bigr)}_{\text{error}}\cdot
\underbrace{f'(z_{rc})}_{\text{0 or 1}}\cdot
\underbrace{x_{r+i,\,c+j}}_{\text{pixel}}
$$

So the slope is itself a convolution: **the error map, laid on the picture**. Point at a number under *Slope* and both
light up. Without an activation $f'$ is 1; ReLU makes it 0 where $z \le 0$. The same weight was used at every place, so
every place has its say, and all are added.
"""
THE_STEP = r"""
| | what is added to a weight with slope $g$, at learning rate $\eta$ |
|---|---|
| **Plain** | $-\eta\,g$ |
| **Momentum** | $v \leftarrow 0.9\,v - \eta\,g$: nine tenths of the last move stay |
| **Adam** | $-\eta\,\hat m / \sqrt{\hat s}$: the running mean of $g$ over its running size, so about $\eta$ a step |

**Pictures a step** is the batch: with fewer than ten, each step follows the slope of those underlined above the stage.
**Noise** is added once to all outputs of the hidden filter: its spread, where a fully lit pixel is 1.
"""
