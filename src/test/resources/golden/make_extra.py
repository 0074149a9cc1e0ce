"""Extracts the golden images and computes further reference values with SciPy.

Needs Debian's python3-numpy, python3-scipy and dataset-fashion-mnist. Run in this directory: python3 make_extra.py
"""
import gzip
import pathlib

import numpy as np
import scipy.ndimage as ndi

DATA = pathlib.Path("/usr/share/datasets/fashion-mnist")


def idx(name, header, shape):
    with gzip.open(DATA / name) as stream:
        return np.frombuffer(stream.read(), np.uint8, offset=header).reshape(shape)


# The images of image_ids.npy (test set) and batch_ids.npy (training set), with the labels of the latter.
np.save("images.npy", idx("t10k-images-idx3-ubyte.gz", 16, (-1, 28, 28))[np.load("image_ids.npy")])
batch = np.load("batch_ids.npy")
np.save("batch_images.npy", idx("train-images-idx3-ubyte.gz", 16, (-1, 28, 28))[batch])
np.save("batch_labels.npy", idx("train-labels-idx1-ubyte.gz", 8, (-1,))[batch])

rng = np.random.default_rng(20260101)
cases = {}

# scipy.ndimage.zoom: equal sizes, single rows and columns, downscaling, halves at order 0, and sizes (8 or 15 to 26) at which
# SciPy's last coordinate rounds to just past the last sample, so that its mode 'constant' leaves the far edge 0.
ZOOMS = [
    (3, 3, 3, 3, 2), (5, 4, 5, 4, 3), (1, 5, 1, 12, 2), (5, 1, 9, 1, 3), (1, 4, 6, 4, 1), (2, 2, 5, 6, 3), (2, 2, 5, 6, 2),
    (10, 7, 4, 3, 2), (12, 12, 5, 5, 3), (9, 6, 4, 4, 1), (4, 4, 7, 7, 0), (5, 5, 4, 4, 0), (6, 6, 1, 1, 2), (8, 3, 26, 28, 2),
    (15, 8, 26, 26, 0), (8, 2, 26, 5, 1), (8, 8, 26, 26, 3),
]
for number, (h, w, height, width, order) in enumerate(ZOOMS):
    source = rng.standard_normal((h, w))
    target = ndi.zoom(source, (height / h, width / w), order=order)
    assert target.shape == (height, width)
    cases |= {f"case{number}_in": source, f"case{number}_out": target, f"case{number}_order": np.int64(order)}

# Cells drawn at pixels offset + stride * i: the mirror-extended spline at the clamped coordinates.
ALIGNED = [(3, 3, 28, 28, 3.5, 8.0), (7, 7, 56, 56, 3.5, 8.0), (2, 4, 20, 30, 5.0, 7.25), (1, 1, 8, 8, 3.5, 8.0), (4, 5, 9, 9, -2.0, 3.0)]
for number, (h, w, height, width, offset, stride) in enumerate(ALIGNED):
    source = rng.standard_normal((h, w))
    rows = np.clip((np.arange(height) - offset) / stride, 0, h - 1)
    columns = np.clip((np.arange(width) - offset) / stride, 0, w - 1)
    target = ndi.map_coordinates(source, np.meshgrid(rows, columns, indexing="ij"), order=2, mode="mirror")
    cases |= {f"aligned{number}_in": source, f"aligned{number}_out": target, f"aligned{number}_geometry": np.array([offset, stride])}
np.savez("zoom_extra.npz", **cases)


def box(values):
    """x0, y0, x1, y1 (exclusive) of the largest 8-connected component above 20% of the maximum, the first of equals."""
    labels, _ = ndi.label(values.astype(float) > 0.2 * float(values.max()), structure=np.ones((3, 3)))
    rows, columns = ndi.find_objects(labels)[np.bincount(labels.ravel())[1:].argmax()]
    return [columns.start, rows.start, columns.stop, rows.stop]


speckles = rng.random((24, 11, 13)).astype(np.float32)
speckles[rng.random(speckles.shape) < 0.6] *= -1
np.savez(
    "boxes.npz",
    cam28_boxes=np.array([box(cam) for cam in np.load("cam28_predicted.npy").astype(np.float32)]),
    speckles=speckles,
    speckles_boxes=np.array([box(values) for values in speckles]),
)
