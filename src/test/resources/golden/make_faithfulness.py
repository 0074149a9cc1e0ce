"""Computes how faithful the golden network's maps are, image by image, in float64.

Needs Debian's python3-numpy, python3-scipy and python3-torch. Run in this directory: python3 make_faithfulness.py
"""
import numpy as np
import scipy.ndimage as ndi
import torch

SEED = 42
STEPS = 28
MASK64 = (1 << 64) - 1

weights = {name: torch.tensor(array, dtype=torch.float64) for name, array in np.load("weights.npz").items()}


def features(images):
    x = torch.tensor(images, dtype=torch.float64).reshape(-1, 1, 28, 28)
    for layer in range(4):
        x = torch.relu(torch.conv2d(x, weights[f"conv_w{layer}"], weights[f"conv_b{layer}"], padding=1))
        x = torch.max_pool2d(x, 2) if layer < 3 else x
    return x


def probabilities(images):
    pooled = features(images).mean((2, 3))
    return torch.softmax(pooled @ weights["dense_w"].T + weights["dense_b"], 1).numpy()


class SplittableRandom:
    """java.util.SplittableRandom (Steele, Lea, Flood 2014; OpenJDK 17), as far as it is needed."""

    def __init__(self, seed):
        self.seed = seed & MASK64

    def next_seed(self):
        self.seed = (self.seed + 0x9E3779B97F4A7C15) & MASK64
        return self.seed

    def next_long(self):
        z = self.next_seed()
        z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & MASK64
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & MASK64
        return z ^ z >> 31

    def next_bits(self):
        z = self.next_seed()
        z = ((z ^ z >> 33) * 0x62A9D9ED799705F5) & MASK64
        z = ((z ^ z >> 28) * 0xCB24D0A5C88C35B3) & MASK64
        return z >> 32

    def next_int(self, bound):
        bits = self.next_bits()
        if bound & bound - 1 == 0:
            return bits & bound - 1
        bits >>= 1
        while bits - bits % bound + bound - 1 >= 1 << 31:
            bits = self.next_bits() >> 1
        return bits % bound


def shuffled(cells, id):
    random = SplittableRandom(SplittableRandom(SEED).next_long() + int(id))
    cells = cells.ravel().copy()
    for last in range(len(cells) - 1, 0, -1):
        other = random.next_int(last + 1)
        cells[last], cells[other] = cells[other], cells[last]
    return cells.reshape(3, 3)


def aligned(cells):
    place = np.clip((np.arange(28) - 3.5) / 8, 0, 2)
    return ndi.map_coordinates(cells, np.meshgrid(place, place, indexing="ij"), order=2, mode="mirror")


def masked(image, map):
    rectified = np.maximum(map, 0)
    return image * rectified / rectified.max()


def curves(image, map):
    """Images of the insertion curve and of the deletion curve; maps are compared in the precision that they are computed in."""
    order = np.argsort(-map.astype(np.float32).ravel(), kind="stable")
    inserted, deleted = [], []
    for step in range(STEPS + 1):
        top = np.zeros(784, bool)
        top[order[: step * 784 // STEPS]] = True
        inserted.append(np.where(top, image.ravel(), 0))
        deleted.append(np.where(top, 0, image.ravel()))
    return inserted + deleted


def peak(map):
    y, x = np.nonzero(map == map.max())
    nearest = np.argmin((y - 13.5) ** 2 + (x - 13.5) ** 2)
    return x[nearest], y[nearest]


images = np.load("images.npy").reshape(-1, 28, 28) / 255
predicted = probabilities(images).argmax(1)
dense = weights["dense_w"].numpy()
axis = (np.arange(28) - 13.5) / 7
gaussian = np.exp(-(axis[:, None] ** 2 + axis[None, :] ** 2) / 2)

result = {name: np.empty((len(images), 3)) for name in ("masked", "insertion", "deletion")}
peaks = np.empty((len(images), 2), np.int32)
for n, (image, id) in enumerate(zip(images, np.load("image_ids.npy"))):
    cells = np.einsum("kyx,k->yx", features(image)[0].numpy(), dense[predicted[n]])
    peaks[n] = peak(aligned(cells))
    for kind, map in enumerate((aligned(cells), aligned(shuffled(cells, id)), gaussian)):
        result["masked"][n, kind] = probabilities(masked(image, map))[0, predicted[n]]
        curve = probabilities(np.array(curves(image, map)))[:, predicted[n]]
        result["insertion"][n, kind] = np.trapz(curve[: STEPS + 1], dx=1 / STEPS)
        result["deletion"][n, kind] = np.trapz(curve[STEPS + 1 :], dx=1 / STEPS)
np.savez("faithfulness.npz", peaks=peaks, **result)
