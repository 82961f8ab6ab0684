"""The screen's convolution as a lesson in Keras: source text that computes the same feature map."""

import numpy as np

from core.ops.arrays import as_filters, as_picture
from core.ops.convolution import check_match
from core.ops.sizes import border, output_size

ACTIVATION_SOURCE = {"none": "None", "relu": '"relu"', "abs": "keras.ops.abs"}
LARGEST_DIVISOR = 256  # of kernels like ones / 9; the 5×5 Gaussian is in 256ths


def convolution_source(image, kernel, settings) -> str:
    """Python source whose last line gives `feature_map` (H', W'), the numbers of `core.ops.convolution.convolve`.

    image: (H, W). kernel: (kh, kw). The source needs keras and numpy only; Keras computes in float32, so its numbers
    agree to about six digits.
    Raises ValueError for more than one channel or filter and for everything that `convolve` refuses.
    """
    picture, filters = as_picture(image), as_filters(kernel)  # (H, W, C), (kh, kw, C, K)
    check_match(picture, filters, settings)
    if filters.shape[2:] != (1, 1):
        raise ValueError(f"The source shows one channel and one filter. Received: kernel of shape {np.shape(kernel)}")
    picture, filters = picture[:, :, 0], filters[:, :, 0, 0]
    shape = tuple(output_size(n, k, **settings.geometry) for n, k in zip(picture.shape, filters.shape))
    borders = tuple(border(n, k, **settings.geometry) for n, k in zip(picture.shape, filters.shape))

    # Conv2D refuses a stride together with a dilation, and knows no padding by a number.
    sliced = settings.stride > 1 and settings.dilation > 1
    own_zeros = any(map(any, borders)) and (sliced or settings.padding != "same")

    paragraphs = [
        ["import keras", "import numpy as np"],
        _kernel_lines(filters, settings),
        _layer_lines(
            filters.shape,
            settings,
            strides=1 if sliced else settings.stride,
            padding="same" if settings.padding == "same" and not sliced else "valid",
        ),
        picture_lines(picture),
        _result_lines(shape, borders if own_zeros else None, settings.stride if sliced else None),
    ]
    return "\n\n".join("\n".join(lines) for lines in paragraphs) + "\n"


def _kernel_lines(kernel, settings):
    lines = array_lines("kernel", *_whole_numbers(kernel))
    if settings.flip:
        lines.append(
            "kernel = kernel[::-1, ::-1]  # Keras lays a kernel down as it is; true convolution turns it by 180°"
        )
    return [*lines, f"bias = {_number(np.asarray(settings.bias).item())}"]


def _layer_lines(kernel_shape, settings, *, strides, padding):
    options = ["filters=1", f"kernel_size={kernel_shape}", f"strides={strides}", f'padding="{padding}"']
    if settings.dilation > 1:
        options.append(f"dilation_rate={settings.dilation}")
    options.append(f"activation={ACTIVATION_SOURCE[settings.activation]}")
    return [
        "convolution = keras.layers.Conv2D(",
        *(f"    {option}," for option in options),
        ")",
        "convolution.build((None, None, None, 1))  # any number of pictures, any rows, any columns, one channel",
        "# The weights of a layer: kernels as (rows, columns, channels, filters), and one bias for each filter.",
        "convolution.set_weights([kernel[:, :, np.newaxis, np.newaxis], np.array([bias])])",
    ]


def picture_lines(picture):
    """picture = np.array([...]), as grey levels where it holds such."""
    levels = np.round(picture * 255)
    if levels.min() >= 0 and levels.max() <= 255 and np.allclose(picture * 255, levels, rtol=1e-5, atol=0):
        return ["# The grey levels of the picture, 0 to 255, scaled to 0 to 1.", *array_lines("picture", levels, 255)]
    return array_lines("picture", picture)


def _result_lines(shape, borders, step):
    lines = [
        "# Keras works on a batch of pictures with the channels last: (pictures, rows, columns, channels).",
        'maps = picture[np.newaxis, :, :, np.newaxis].astype("float32")',
    ]
    if borders:
        lines.append(f"maps = keras.layers.ZeroPadding2D({borders})(maps)  # ((top, bottom), (left, right))")
    lines.append("maps = convolution(maps)")
    if step:
        lines.append(
            "# A Conv2D takes a stride or a dilation, not both: this one dilates, and the slice is the stride."
        )
        lines.append(f"maps = maps[:, ::{step}, ::{step}, :]")
    return [*lines, f"feature_map = keras.ops.convert_to_numpy(maps)[0, :, :, 0]  # {shape}"]


def _whole_numbers(values):
    """(rows, divisor) with values = rows / divisor: whole numbers over a divisor where short decimals will not do."""
    if np.array_equal(values, np.round(values, 3)):
        return values, 1
    for divisor in range(2, LARGEST_DIVISOR + 1):
        if np.allclose(values * divisor, np.round(values * divisor), rtol=1e-9, atol=0):
            return np.round(values * divisor), divisor
    return values, 1


def array_lines(name, rows, divisor=1):
    """name = np.array([...]) with one line for each row, its numbers in columns."""
    texts = [[_number(value) for value in row] for row in rows]
    width = max(len(text) for row in texts for text in row)
    return [
        f"{name} = np.array([",
        *(f"    [{', '.join(text.rjust(width) for text in row)}]," for row in texts),
        "])" if divisor == 1 else f"]) / {divisor}",
    ]


def _number(value):
    return f"{value:.9g}"  # nine digits hold any float32
