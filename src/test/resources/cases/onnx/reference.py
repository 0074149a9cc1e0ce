"""Writes ONNX files like those that exporters write, and what they compute, in float64 by NumPy.

python3 reference.py    writes NAME.onnx, .shape (channels, height, width), .x (images, NCHW),
.y (logits), .f (the first image's features, NCHW), .cam (its maps, (classes, h, w)) beside it.
densenet, lab, squeezenet and vgg were exported by PyTorch 2.7, which computed their values as well.
"""

import numpy as np

rng = np.random.default_rng(7)


# --- protocol buffers

def varint(v):
    v &= (1 << 64) - 1
    out = b""
    while v > 127:
        out += bytes([v & 127 | 128])
        v >>= 7
    return out + bytes([v])


def num(field, v):
    return varint(field << 3) + varint(v)


def sub(field, b):
    b = b.encode() if isinstance(b, str) else b
    return varint(field << 3 | 2) + varint(len(b)) + b


def attribute(name, v):
    b = sub(1, name)
    if isinstance(v, float):
        return b + varint(2 << 3 | 5) + np.float32(v).tobytes() + num(20, 1)
    if isinstance(v, int):
        return b + num(3, v) + num(20, 2)
    if isinstance(v, str):
        return b + sub(4, v) + num(20, 3)
    return b + b"".join(num(8, i) for i in v) + num(20, 7)


def tensor(name, v):
    kind = 1 if v.dtype == np.float32 else 7
    return b"".join(num(1, d) for d in v.shape) + num(2, kind) + sub(8, name) + sub(9, v.tobytes())


def value(name, dims):
    shape = b"".join(sub(1, sub(2, d) if isinstance(d, str) else num(1, d)) for d in dims)
    return sub(1, name) + sub(2, sub(1, num(1, 1) + sub(2, shape)))


# --- operators: each is written and computed at once

class Net:
    def __init__(self, images, dims, opset=13):
        self.opset, self.nodes, self.constants, self.count = opset, b"", b"", 0
        self.input = value("input", dims)
        self.values = {"input": images.astype(np.float64)}

    def const(self, v):
        v = np.asarray(v)
        v = v.astype(np.int64 if v.dtype.kind == "i" else np.float32)
        name = f"c{self.count}"
        self.count += 1
        self.constants += sub(5, tensor(name, v))
        self.values[name] = v.astype(np.float64) if v.dtype == np.float32 else v
        return name

    def op(self, kind, inputs, result, **attributes):
        name = f"/{kind}_{self.count}"
        self.count += 1
        node = b"".join(sub(1, i) for i in inputs) + sub(2, name) + sub(3, name) + sub(4, kind)
        node += b"".join(sub(5, attribute(k, v)) for k, v in attributes.items())
        self.nodes += sub(1, node)
        self.values[name] = result
        return name

    def __getitem__(self, name):
        return self.values[name]

    def conv(self, x, out, k, s=1, pads=(0, 0, 0, 0), d=1, groups=1, bias=True, auto=None):
        a = self[x]
        w = rng.normal(0, (2 / (a.shape[1] // groups * k * k)) ** 0.5, (out, a.shape[1] // groups, k, k))
        names = [x, self.const(w)] + ([self.const(rng.normal(0, 0.1, out))] if bias else [])
        extra = {"auto_pad": auto} if auto else {"pads": list(pads)}
        if auto:
            total = [max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0) for n in a.shape[2:]]
            pads = [t // 2 for t in total] + [t - t // 2 for t in total]
        b = self[names[2]] if bias else np.zeros(out)
        y = convolve(a, self[names[1]], b, s, pads, d, groups)
        return self.op("Conv", names, y, kernel_shape=[k, k], strides=[s, s], dilations=[d, d],
                       group=groups, **extra)

    def bn(self, x):
        k = self[x].shape[1]
        scale, shift, mean, var = (self.const(v) for v in (
            rng.uniform(0.5, 1.5, k), rng.normal(0, 0.2, k), rng.normal(0, 0.2, k), rng.uniform(0.5, 1.5, k)))
        at = (slice(None), slice(None)) + (None,) * (self[x].ndim - 2)
        row = lambda n: self[n][None][at]
        y = (self[x] - row(mean)) / np.sqrt(row(var) + np.float64(np.float32(1e-3))) * row(scale) + row(shift)
        return self.op("BatchNormalization", [x, scale, shift, mean, var], y, epsilon=1e-3)

    def relu(self, x):
        return self.op("Relu", [x], np.maximum(self[x], 0))

    def relu6(self, x):
        return self.op("Clip", [x, self.const(np.float32(0)), self.const(np.float32(6))], self[x].clip(0, 6))

    def sigmoid(self, x):
        return self.op("Sigmoid", [x], 1 / (1 + np.exp(-self[x])))

    def swish(self, x):
        return self.mul(x, self.sigmoid(x))

    def mul(self, x, y):
        return self.op("Mul", [x, y], self[x] * self[y])

    def add(self, x, y):
        return self.op("Add", [x, y], self[x] + self[y])

    def concat(self, *x):
        return self.op("Concat", x, np.concatenate([self[i] for i in x], 1), axis=1)

    def pool(self, x, k, s, pads=(0, 0, 0, 0), ceil=0):
        return self.op("MaxPool", [x], pooled(self[x], k, s, pads, ceil), kernel_shape=[k, k],
                       strides=[s, s], pads=list(pads), ceil_mode=ceil)

    def gap(self, x):
        return self.op("GlobalAveragePool", [x], self[x].mean((2, 3), keepdims=True))

    def mean(self, x, keep=0):
        return self.op("ReduceMean", [x], self[x].mean((2, 3), keepdims=bool(keep)), axes=[2, 3], keepdims=keep)

    def flatten(self, x):
        return self.op("Flatten", [x], self[x].reshape(len(self[x]), -1), axis=1)

    def transpose(self, x, *perm):
        return self.op("Transpose", [x], self[x].transpose(perm), perm=list(perm))

    def gemm(self, x, out):
        w = self.const(rng.normal(0, 0.5, (out, self[x].shape[1])))
        b = self.const(rng.normal(0, 0.5, out))
        return self.op("Gemm", [x, w, b], self[x] @ self[w].T + self[b], alpha=1.0, beta=1.0, transB=1)

    def softmax(self, x):
        e = np.exp(self[x] - self[x].max(-1, keepdims=True))
        return self.op("Softmax", [x], e / e.sum(-1, keepdims=True), axis=-1)

    def save(self, name, output, images, logits, features):
        shape = images.shape[1:]
        graph = self.nodes + sub(2, name) + self.constants
        graph += sub(11, self.input) + sub(12, value(output, ["n"] + list(self[output].shape[1:])))
        with open(name + ".onnx", "wb") as f:
            f.write(num(1, 8) + sub(2, "reference.py") + sub(7, graph) + sub(8, num(2, self.opset)))
        with open(name + ".shape", "w") as f:
            f.write(" ".join(map(str, shape)) + "\n")
        z, a = self[logits].reshape(len(images), -1), self[features]
        # The logits are affine in the averages: the maps follow from differences.
        pooled_ = a.mean((2, 3))
        w, b = self.head
        if len(w) > a.shape[1]:  # flattened: a weight a cell
            assert np.abs(a.reshape(len(a), -1) @ w + b - z).max() < 1e-9, name
            cam = a[0].size / a.shape[1] * np.einsum("khw,khwc->chw", a[0], w.reshape(*a.shape[1:], -1))
        else:
            assert np.abs(pooled_ @ w + b - z).max() < 1e-9, name
            cam = np.einsum("khw,kc->chw", a[0], w)
        if z.shape[1] == 1:  # two classes, without evidence for the first
            z, cam = np.hstack([0 * z, z]), np.vstack([0 * cam, cam])
        for suffix, v in (("x", images), ("y", z), ("f", a[0]), ("cam", cam)):
            v.astype("<f4").tofile(f"{name}.{suffix}")
        print(name, shape, a.shape, z.shape, float(np.abs(a).max()), float((a != 0).mean()))


def convolve(x, w, b, s, pads, d, groups):
    x = np.pad(x, ((0, 0), (0, 0), (pads[0], pads[2]), (pads[1], pads[3])))
    n, c, h, wd = x.shape
    o, cg, k, _ = w.shape
    oh, ow = (h - (k - 1) * d - 1) // s + 1, (wd - (k - 1) * d - 1) // s + 1
    y = np.zeros((n, o, oh, ow))
    for g in range(groups):
        og = slice(g * o // groups, (g + 1) * o // groups)
        for i in range(k):
            for j in range(k):
                part = x[:, g * cg:(g + 1) * cg, i * d:i * d + (oh - 1) * s + 1:s, j * d:j * d + (ow - 1) * s + 1:s]
                y[:, og] += np.einsum("nchw,oc->nohw", part, w[og, :, i, j])
    return y + b[None, :, None, None]


def pooled(x, k, s, pads, ceil):
    n, c, h, w = x.shape
    size = lambda m, a, b: (m + a + b - k + (s - 1 if ceil else 0)) // s + 1
    oh, ow = size(h, pads[0], pads[2]), size(w, pads[1], pads[3])
    padded = np.full((n, c, (oh - 1) * s + k + pads[0] + pads[2], (ow - 1) * s + k + pads[1] + pads[3]), -np.inf)
    padded[:, :, pads[0]:pads[0] + h, pads[1]:pads[1] + w] = x
    return np.max([padded[:, :, i:i + (oh - 1) * s + 1:s, j:j + (ow - 1) * s + 1:s]
                   for i in range(k) for j in range(k)], 0)


# --- networks

def resnet():
    x = rng.random((2, 3, 32, 48))
    n = Net(x, ["n", 3, "h", "w"])
    p1 = (1, 1, 1, 1)
    a = n.pool(n.relu(n.bn(n.conv("input", 8, 7, 2, (3, 3, 3, 3), bias=False))), 3, 2, p1)
    b = n.bn(n.conv(n.relu(n.bn(n.conv(a, 8, 3, 1, p1, bias=False))), 8, 3, 1, p1, bias=False))
    a = n.relu(n.add(b, a))
    b = n.bn(n.conv(n.relu(n.bn(n.conv(a, 16, 3, 2, p1, bias=False))), 16, 3, 1, p1, bias=False))
    f = n.relu(n.add(b, n.bn(n.conv(a, 16, 1, 2, bias=False))))
    y = n.gemm(n.flatten(n.gap(f)), 7)
    dense(n)
    n.save("resnet", y, x, y, f)


def dense(n, w=-2, b=-1):
    """The last two matrices and vectors made are the dense layer's."""
    names = [k for k in n.values if k.startswith("c")]
    n.head = n[names[w]].T, n[names[b]]


def mobilenet():
    x = rng.random((2, 3, 32, 32))
    n = Net(x, ["n", 3, 32, 32], opset=17)
    p1 = (1, 1, 1, 1)
    a = n.relu6(n.bn(n.conv("input", 8, 3, 2, p1, bias=False)))
    for out, s in ((8, 1), (12, 2), (12, 1)):
        c = n[a].shape[1]
        b = n.relu6(n.bn(n.conv(a, c * 3, 1, bias=False)))
        b = n.relu6(n.bn(n.conv(b, c * 3, 3, s, p1, groups=c * 3, bias=False)))
        b = n.bn(n.conv(b, out, 1, bias=False))
        a = n.add(a, b) if s == 1 and c == out else b
    f = n.relu6(n.bn(n.conv(a, 24, 1, bias=False)))
    y = n.gemm(n.mean(f), 10)
    dense(n)
    n.save("mobilenet", y, x, y, f)


def efficientnet():
    x = rng.random((2, 3, 40, 40))
    n = Net(x, ["n", 3, 40, 40])
    a = n.swish(n.bn(n.conv("input", 8, 3, 2, (0, 0, 1, 1), bias=False)))
    for out, s, k in ((8, 1, 3), (12, 2, 5)):
        c = n[a].shape[1]
        b = n.swish(n.bn(n.conv(a, c * 2, 1, bias=False)))
        b = n.swish(n.bn(n.conv(b, c * 2, k, s, (k // 2,) * 4, groups=c * 2, bias=False)))
        se = n.sigmoid(n.conv(n.swish(n.conv(n.mean(b, 1), 4, 1)), c * 2, 1))
        b = n.bn(n.conv(n.mul(b, se), out, 1, bias=False))
        a = n.add(a, b) if s == 1 and c == out else b
    f = n.swish(n.bn(n.conv(a, 20, 1, bias=False)))
    y = n.gemm(n.flatten(n.gap(f)), 9)
    dense(n)
    n.save("efficientnet", n.softmax(y), x, y, f)


def tensorflow():
    """As tf2onnx writes Keras: channels last outside, a vector of biases apart, softmax."""
    x = rng.random((2, 1, 30, 30))
    n = Net(x.transpose(0, 2, 3, 1), ["unk__1", 30, 30, 1])
    a = n.op("Reshape", ["input", n.const([-1, 1, 30, 30])], x.astype(np.float64))
    a = n.relu(n.conv(a, 6, 3, 2, auto="SAME_UPPER"))
    f = n.relu(n.conv(a, 8, 3, 2, auto="SAME_UPPER"))
    g = n.mean(f, 1)
    g = n.op("Squeeze", [g, n.const([2, 3])], n[g].reshape(2, -1))
    w, b = n.const(rng.normal(0, 0.5, (8, 5))), n.const(rng.normal(0, 0.5, 5))
    y = n.op("MatMul", [g, w], n[g] @ n[w])
    y = n.add(y, b)
    n.head = n[w], n[b]
    n.save("tensorflow", n.softmax(y), x, y, f)


def branches():
    """A batch of 1 written into the graph; batch norm after the average; branches apart by a pixel."""
    x = rng.random((2, 3, 33, 27))
    n = Net(x, [1, 3, 33, 27])
    a = n.relu(n.conv("input", 6, 3, 1, (2, 0, 0, 1), d=2))
    a = n.pool(a, 3, 2, ceil=1)
    b = n.relu(n.conv(a, 5, 3, 2, (0, 0, 1, 1)))
    c = n.relu(n.conv(a, 7, 3, 2, (1, 1, 0, 0)))
    f = n.concat(b, c)
    g = n.gap(f)
    g = n.op("Reshape", [g, n.const([1, 12])], n[g].reshape(2, 12))
    h = n.bn(g)
    s, t, m, v = [n[k] for k in n.values if k.startswith("c")][-4:]
    y = n.gemm(h, 6)
    dense(n)
    w, bias = n.head
    scale = s / np.sqrt(v + np.float64(np.float32(1e-3)))
    n.head = scale[:, None] * w, bias + (t - m * scale) @ w
    n.save("branches", y, x, y, f)


def tagger():
    """Several sigmoids, the dense layer a convolution of one cell, a shape computed in the graph."""
    x = rng.random((2, 1, 28, 28))
    n = Net(x, ["n", 1, 28, 28], opset=11)
    a = n.pool(n.relu(n.conv("input", 6, 3, 1, (1, 1, 1, 1))), 2, 2)
    f = n.conv(a, 8, 3, 1, (1, 1, 1, 1))
    y = n.conv(n.gap(f), 4, 1)
    names = [k for k in n.values if k.startswith("c")]
    n.head = n[names[-2]][:, :, 0, 0].T, n[names[-1]]
    shape = n.op("Shape", [y], np.array(n[y].shape))
    batch = n.op("Gather", [shape, n.const(0)], n[shape][0], axis=0)
    batch = n.op("Unsqueeze", [batch], n[batch][None], axes=[0])
    to = n.op("Concat", [batch, n.const([-1])], np.array([2, -1]), axis=0)
    z = n.op("Reshape", [y, to], n[y].reshape(2, -1))
    n.save("tagger", n.sigmoid(z), x, z, f)


def flat():
    """One sigmoid over all cells: Flatten and a dense layer."""
    x = rng.random((2, 1, 20, 28))
    n = Net(x, ["n", 1, 20, 28])
    f = n.pool(n.relu(n.conv("input", 4, 3, 1, (1, 1, 1, 1))), 4, 4)
    y = n.gemm(n.flatten(f), 1)
    dense(n)
    n.save("flat", n.sigmoid(y), x, y, f)


for network in (resnet, mobilenet, efficientnet, tensorflow, branches, tagger, flat):
    network()
