"""Writes the reference values of this directory.

apt-get install python3-matplotlib
/usr/bin/python3 reference.py     # matplotlib 3.6.3, NumPy 1.24.2, Debian 12
"""

import os

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "../../../golden")
SQUARE = 4  # screen pixels to an image pixel


def write(name, lines):
    with open(os.path.join(HERE, name), "w") as file:
        file.writelines(line + "\n" for line in lines)


def colormaps():
    """A line each: name, then its 256 colours."""
    for name in ("viridis", "Greens", "Reds", "inferno", "coolwarm", "gray"):
        colours = plt.get_cmap(name)(np.arange(256), bytes=True)[:, :3]
        yield name + " " + colours.tobytes().hex()


def drawn(image, cam, cmap, scale):
    """The two layers as the screen shows them, one colour per image pixel."""
    height, width = cam.shape
    figure = plt.figure(figsize=(width * SQUARE / 100, height * SQUARE / 100), dpi=100)
    axes = figure.add_axes([0, 0, 1, 1])
    axes.axis("off")
    axes.imshow(image / 255.0, alpha=0.5, aspect="auto")
    low, high = scale or (None, None)
    axes.imshow(cam, cmap=cmap, alpha=0.5, vmin=low, vmax=high, aspect="auto")
    figure.canvas.draw()
    screen = np.asarray(figure.canvas.buffer_rgba())[..., :3]
    plt.close(figure)
    pixels = screen[::SQUARE, ::SQUARE]
    assert (screen == pixels.repeat(SQUARE, 0).repeat(SQUARE, 1)).all()
    return pixels


def overlays():
    """Five lines each: name, colormap and scale; channels, height, width; image; map, big-endian float32; colours."""
    images = np.load(os.path.join(GOLDEN, "images.npy"))
    cams = np.load(os.path.join(GOLDEN, "cam28_predicted.npy")).astype(np.float32)
    y, x = np.mgrid[:5, :8]
    small = ((31 * y + 17 * x) % 256).astype(np.uint8)
    ramp = (x - y * 1.7).astype(np.float32)
    holes = np.where((x + y) % 3 == 0, np.float32(np.nan), ramp)
    infinite = np.where(x == 2, np.float32(np.inf), ramp)
    rgb = np.stack([small, 255 - small, (small // 2 + 9)], axis=2).astype(np.uint8)
    cases = [
        ("confident", images[0], cams[0], "Greens", None),
        ("doubtful", images[4], cams[4], "Reds", None),
        ("shared-scale", images[12], cams[12], "inferno", (0, 12.5)),
        ("holes", small, holes, "viridis", None),
        ("infinite", small, infinite, "Greens", None),
        ("flat-map", small, np.full_like(ramp, 3.25), "Reds", None),
        ("flat-image", np.full_like(small, 200), ramp, "coolwarm", None),
        ("rgb", rgb, ramp, "Greens", None),
    ]
    for name, image, cam, cmap, scale in cases:
        yield " ".join([name, cmap, *map(str, scale or [])])
        planes = image.reshape(*cam.shape, -1).transpose(2, 0, 1)
        yield " ".join(map(str, planes.shape))
        yield planes.tobytes().hex()
        yield cam.astype(">f4").tobytes().hex()
        yield drawn(image, cam, cmap, scale).tobytes().hex()


def floats():
    """A line each: the bits of a float32 from 0 to 1, then what str() makes of it."""
    random = np.random.default_rng(1)
    one = int(np.float32(1).view(np.uint32))
    bits = [
        np.array([0, 1, one - 1, one], np.uint32),
        np.arange(0, one + 1, 1 << 23, np.uint32),  # powers of two: unequal neighbours
        np.float32([0.95, 0.5, 0.1, 0.9998739, 1e-4, 1.1e-4, 9.999e-5, 1e-5, 2e-44, 2.0 ** -44]).view(np.uint32),
        random.random(100, np.float32).view(np.uint32),
        random.integers(0, one, 100, np.uint32),
    ]
    for value in np.unique(np.concatenate(bits)).view(np.float32):
        yield "%08x %s" % (value.view(np.uint32), value)


if __name__ == "__main__":
    write("colormaps.txt", colormaps())
    write("overlays.txt", overlays())
    write("floats.txt", floats())
