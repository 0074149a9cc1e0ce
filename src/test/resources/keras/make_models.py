"""Writes small models as Keras 2 saves them, with random weights, and what PyTorch computes with the same weights in double precision.

Needs Debian's python3-h5py, python3-numpy and python3-torch; Keras itself is not needed. Run in this directory:
python3 make_models.py
"""
import json

import h5py
import numpy as np
import torch
import torch.nn.functional as F

rng = np.random.default_rng(20260102)


def layer(kind, name, **config):
    return {"class_name": kind, "config": {"name": name, "trainable": True, "dtype": "float32", **config}}


def conv(kind, name, size, strides=(1, 1), padding="same", activation="linear", **config):
    return layer(kind, name, kernel_size=list(size), strides=list(strides), padding=padding, data_format="channels_last",
                 dilation_rate=[1, 1], groups=1, activation=activation, use_bias=True, kernel_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None,
                 kernel_initializer={"class_name": "GlorotUniform", "config": {"seed": None}},
                 bias_initializer={"class_name": "Zeros", "config": {}}, **config)


def conv2d(name, filters, size=(3, 3), **config):
    return conv("Conv2D", name, size, filters=filters, **config)


def pool(kind, name, padding="valid"):
    return layer(kind, name, pool_size=[2, 2], padding=padding, strides=[2, 2], data_format="channels_last")


def gap(name="gap"):
    return layer("GlobalAveragePooling2D", name, data_format="channels_last", keepdims=False)


def dense(name, units, activation="softmax"):
    return layer("Dense", name, units=units, activation=activation, use_bias=True, kernel_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, kernel_constraint=None, bias_constraint=None,
                 kernel_initializer={"class_name": "GlorotUniform", "config": {"seed": None}},
                 bias_initializer={"class_name": "Zeros", "config": {}})


def dropout(name):
    return layer("Dropout", name, rate=0.3, noise_shape=None, seed=None)


def activation(name, function):
    return layer("Activation", name, activation=function)


def batch_norm(name):
    return layer("BatchNormalization", name, axis=[3], momentum=0.99, epsilon=0.001, center=True, scale=True,
                 beta_initializer={"class_name": "Zeros", "config": {}}, gamma_initializer={"class_name": "Ones", "config": {}},
                 moving_mean_initializer={"class_name": "Zeros", "config": {}},
                 moving_variance_initializer={"class_name": "Ones", "config": {}}, beta_regularizer=None, gamma_regularizer=None,
                 beta_constraint=None, gamma_constraint=None)


def input_layer(shape):
    return {"class_name": "InputLayer",
            "config": {"batch_input_shape": [None, *shape], "dtype": "float32", "sparse": False, "ragged": False, "name": "input_1"}}


def sequential(shape, *layers):
    return {"class_name": "Sequential", "config": {"name": "sequential", "layers": [input_layer(shape), *layers]}}


def functional(shape, *layers):
    """Each layer takes what the one before gives, or what its own "inbound" names."""
    placed, before = [], None
    for entry in (input_layer(shape), *layers):
        entry = dict(entry)
        inbound = entry.pop("inbound", [before] if before else [])
        entry["name"] = entry["config"]["name"]
        entry["inbound_nodes"] = [[[name, 0, 0, {}] for name in inbound]] if inbound else []
        placed.append(entry)
        before = entry["name"]
    return {"class_name": "Functional",
            "config": {"name": "model", "trainable": True, "layers": placed, "input_layers": [["input_1", 0, 0]],
                       "output_layers": [[before, 0, 0]]}}


def save(file, model, weights, version="2.11.0"):
    """weights: of a layer's name, its arrays by their names, in Keras's order."""
    with h5py.File(file, "w") as out:
        out.attrs["backend"], out.attrs["keras_version"] = "tensorflow", version
        if model:
            out.attrs["model_config"] = json.dumps(model)
        groups = out.create_group("model_weights")
        groups.attrs["backend"], groups.attrs["keras_version"] = "tensorflow", version
        names = [entry["config"]["name"] for entry in model["config"]["layers"]] if model else list(weights)
        groups.attrs["layer_names"] = [name.encode() for name in names]
        for name in names:
            group, arrays = groups.create_group(name), weights.get(name, {})
            group.attrs["weight_names"] = [f"{name}/{key}:0".encode() for key in arrays]
            for key, array in arrays.items():
                group[f"{name}/{key}:0"] = array.astype(np.float32)


def random(*shape, scale=0.4):
    return rng.standard_normal(shape).astype(np.float32) * np.float32(scale)


def kernel(height, width, into, out):
    return {"kernel": random(height, width, into, out), "bias": random(out)}


def head(into, out):
    return {"kernel": random(into, out, scale=2), "bias": random(out)}


def same(x, size, stride):
    """TensorFlow's padding: the odd row or column is added at the end."""
    totals = [max((-(-side // stride) - 1) * stride + size - side, 0) for side in x.shape[2:]]
    return F.pad(x, (totals[1] // 2, totals[1] - totals[1] // 2, totals[0] // 2, totals[0] - totals[0] // 2))


def tensor(array):
    return torch.tensor(array, dtype=torch.float64)


def convolved(x, weights, stride=1, padded=True):
    w = tensor(weights["kernel"]).permute(3, 2, 0, 1)
    return F.conv2d(same(x, w.shape[2], stride) if padded else x, w, tensor(weights["bias"]), stride=stride)


def reference(file, images, features, weights):
    logits = features.mean((2, 3)) @ tensor(weights["kernel"]) + tensor(weights["bias"])
    np.savez(file, images=images.transpose(0, 3, 1, 2).copy(), features=features.permute(0, 2, 3, 1).contiguous().numpy(),
             probabilities=logits.softmax(1).numpy())


def pixels(height, width, channels):
    images = rng.integers(0, 256, (3, height, width, channels), dtype=np.uint8)
    return images, tensor(images / 255.0).permute(0, 3, 1, 2)


# A functional model, one layer after the other, that is a plain stack: 29 rows leave 14.
images, x = pixels(29, 29, 1)
w = {"conv_a": kernel(3, 3, 1, 6), "conv_b": kernel(1, 1, 6, 5), "dense": head(5, 4)}
save("functional.h5", functional((29, 29, 1), conv2d("conv_a", 6, activation="relu"), pool("MaxPooling2D", "pool"), dropout("drop"),
                                 conv2d("conv_b", 5, (1, 1), activation="relu"), gap(), dense("dense", 4)), w)
reference("functional.npz", images, convolved(F.max_pool2d(convolved(x, w["conv_a"]).relu(), 2), w["conv_b"]).relu(), w["dense"])

# The same kind with every activation in a layer of its own, for colour images of any size.
images, x = pixels(11, 14, 3)
w = {"conv2d": kernel(3, 3, 3, 6), "conv2d_1": kernel(3, 3, 6, 8), "dense": head(8, 4)}
save("separate.h5", sequential((None, None, 3), conv2d("conv2d", 6), activation("activation", "relu"),
                               pool("MaxPooling2D", "max_pooling2d"), conv2d("conv2d_1", 8),
                               layer("ReLU", "re_lu", max_value=None, negative_slope=0.0, threshold=0.0), gap(), dropout("dropout"),
                               dense("dense", 4, "linear"), activation("activation_1", "softmax")), w)
reference("separate.npz", images, convolved(F.max_pool2d(convolved(x, w["conv2d"]).relu(), 2), w["conv2d_1"]).relu(), w["dense"])

# Strides, valid and same padding of odd sizes, normalisation, average pooling, clipped ReLU.
images, x = pixels(21, 16, 3)
w = {"conv2d": kernel(5, 5, 3, 6), "conv2d_1": kernel(3, 3, 6, 7), "dense": head(7, 4),
     "batch_normalization": {"gamma": random(6), "beta": random(6), "moving_mean": random(6),
                             "moving_variance": np.abs(random(6)) + np.float32(0.5)}}
save("strided.h5", sequential((21, 16, 3), conv2d("conv2d", 6, (5, 5), strides=(2, 2), activation="elu"),
                              batch_norm("batch_normalization"), pool("AveragePooling2D", "average_pooling2d"),
                              conv2d("conv2d_1", 7, padding="valid"),
                              layer("ReLU", "re_lu", max_value=6.0, negative_slope=0.0, threshold=0.0), gap(), dense("dense", 4)), w)
norm = {key: tensor(value) for key, value in w["batch_normalization"].items()}
y = F.batch_norm(F.elu(convolved(x, w["conv2d"], stride=2)), norm["moving_mean"], norm["moving_variance"], norm["gamma"],
                 norm["beta"], eps=0.001)
reference("strided.npz", images, convolved(F.avg_pool2d(y, 2), w["conv2d_1"], padded=False).clamp(0, 6), w["dense"])

# Branches that are added.
images, x = pixels(9, 12, 3)
w = {"stem": kernel(3, 3, 3, 6), "left": kernel(3, 3, 6, 6), "right": kernel(1, 1, 6, 6), "dense": head(6, 4)}
save("residual.h5", functional((9, 12, 3), conv2d("stem", 6, activation="relu"), conv2d("left", 6),
                               {**conv2d("right", 6, (1, 1)), "inbound": ["stem"]}, {**layer("Add", "sum"), "inbound": ["left", "right"]},
                               activation("relu", "relu"), gap(), dense("dense", 4, "linear"), activation("softmax", "softmax")), w)
y = convolved(x, w["stem"]).relu()
reference("residual.npz", images, (convolved(y, w["left"]) + convolved(y, w["right"])).relu(), w["dense"])

# What is refused.
w = {"conv2d": kernel(3, 3, 1, 2), "dense": head(2, 10)}
plain = (conv2d("conv2d", 2, activation="relu"), gap(), dense("dense", 10))
save("lost.h5", sequential((28, 28, 1), *plain), {"conv2d": w["conv2d"]})
save("misshapen.h5", sequential((28, 28, 1), *plain), {**w, "dense": head(3, 10)})
