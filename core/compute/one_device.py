"""Optimisers for networks that are trained on one device. A worker module: it imports Keras."""

import keras


def on_one_device(kind: type[keras.optimizers.Optimizer]) -> type[keras.optimizers.Optimizer]:
    """The optimiser without its sum of gradients over devices, which is the gradient itself where there is one.

    TensorFlow writes that sum's own gradient into a register that nothing is ever taken out of, and with it the graph
    of the training step: a worker would keep 13 MB of every network that it ever trained (Keras 3.15, TensorFlow 2.21).
    Other backends do not ask for it.
    """

    class OneDevice(kind):
        def _all_reduce_sum_gradients(self, grads_and_vars):
            return grads_and_vars

    return OneDevice
