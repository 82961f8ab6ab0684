"""The shuffled digits as a lesson in Keras: the same two networks, the same recipe."""

SOURCE = """
import keras
import numpy as np
from keras import layers

(pictures, labels), (test_pictures, test_labels) = keras.datasets.mnist.load_data()
pictures, labels = pictures[:{training_pictures}], labels[:{training_pictures}]
order = np.random.default_rng({shuffle_seed}).permutation(28 * 28)  # one new order for the pixels of all pictures


def straight(pictures):
    return pictures[..., np.newaxis] / np.float32(255)  # (N, 28, 28, 1), from 0 to 1


def shuffled(pictures):
    return straight(pictures.reshape(-1, 28 * 28)[:, order].reshape(-1, 28, 28))


def dense():
    return [layers.Flatten(), layers.Dense(128, activation="relu")]


def convolutional():
    return [
        layers.Conv2D(32, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Conv2D(32, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Flatten(),
    ]


for kind in (dense, convolutional):
    for arrange in (straight, shuffled):
        keras.utils.set_random_seed({seed})
        network = keras.Sequential([keras.Input((28, 28, 1)), *kind(), layers.Dense(10, activation="softmax")])
        network.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        network.fit(arrange(pictures), labels, batch_size={batch_size}, epochs={epochs}, verbose=0)
        _, accuracy = network.evaluate(arrange(test_pictures), test_labels, verbose=0)
        print(f"{{kind.__name__}}, {{arrange.__name__}}: {{accuracy:.1%}}")
"""


def shuffled_source(recipe: dict) -> str:
    """Python source for the recipe that core.explain.shuffled_digits keeps; it prints four accuracies."""
    numbers = {name: recipe[name] for name in ("training_pictures", "shuffle_seed", "batch_size", "epochs")}
    return SOURCE.format(seed=recipe["seeds"][0], **numbers).lstrip()
