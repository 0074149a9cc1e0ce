"""Writes files beside it that look like Keras's and are not; python3 make_hostile.py (h5py 3)."""
import json
import os
import shutil

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
BASE = os.path.join(HERE, "..", "..", "models", "gap_flatten_dense", "model.h5")
KERNEL = "model_weights/conv2d/conv2d/kernel:0"


def hostile(name, change):
    path = os.path.join(HERE, name + ".h5")
    shutil.copyfile(BASE, path)
    os.chmod(path, 0o644)
    with h5py.File(path, "r+") as f:
        change(f)


def replaced(make):
    def change(f):
        del f[KERNEL]
        make(f)
    return change


def virtual(f):
    layout = h5py.VirtualLayout(shape=(3, 3, 1, 8), dtype="f4")
    layout[...] = h5py.VirtualSource("/etc/passwd", "x", shape=(3, 3, 1, 8))
    f.create_virtual_dataset(KERNEL, layout)


def nested(f):
    f["model_weights/conv2d/again"] = f["model_weights"]


def attribute(name, value):
    def change(f):
        del f.attrs[name]
        f.attrs.create(name, value)
    return change


def configured(edit):
    def change(f):
        config = json.loads(f.attrs["model_config"])
        edit(config["config"]["layers"])
        f.attrs["model_config"] = json.dumps(config)
    return change


def wide(layers):
    layers[1]["config"]["filters"] = 1 << 30


def padded(layers):
    layers.insert(1, {"class_name": "ZeroPadding2D", "config": {"name": "p", "padding": [1 << 25, 1 << 25]}})


TEXTS = np.array(["2.11.0", "2.11.0"], dtype=h5py.string_dtype())
hostile("external", replaced(lambda f: f.create_dataset(KERNEL, (3, 3, 1, 8), "f4", external=[("/etc/passwd", 0, h5py.h5f.UNLIMITED)])))
hostile("virtual", replaced(virtual))
hostile("external-link", replaced(lambda f: f.__setitem__(KERNEL, h5py.ExternalLink("/etc/passwd", "/x"))))
hostile("soft-link", replaced(lambda f: f.__setitem__(KERNEL, h5py.SoftLink("/model_weights/dense/dense/kernel:0"))))
hostile("huge", replaced(lambda f: f.create_dataset(KERNEL, (1 << 20, 1 << 20, 1, 8), "f4", chunks=(1, 1, 1, 8))))
hostile("wrapped", replaced(lambda f: f.create_dataset(KERNEL, ((1 << 32) + 3, 3, 1, 8), "f4", chunks=(1024, 3, 1, 8))))
hostile("large-chunk", replaced(lambda f: f.create_dataset(KERNEL, (3, 3, 1, 8), "f4", chunks=(16, 16, 8, 8), maxshape=(None,) * 4, data=np.ones((3, 3, 1, 8)))))
hostile("unwritten", replaced(lambda f: f.create_dataset(KERNEL, (3, 3, 1, 8), "f4", chunks=(3, 3, 1, 8))))
hostile("bomb", replaced(lambda f: f.create_dataset(KERNEL, (3, 3, 1, 8), "f4", compression="gzip", data=np.zeros((3, 3, 1, 8), "f4"))))
hostile("compound", replaced(lambda f: f.create_dataset(KERNEL, (3, 3, 1, 8), data=np.zeros((3, 3, 1, 8), [("a", "f4"), ("b", "S4")]))))
hostile("texts", replaced(lambda f: f.create_dataset(KERNEL, (3, 3, 1, 8), h5py.string_dtype(), data=np.full((3, 3, 1, 8), "0.5", object))))
hostile("cycle", nested)
hostile("versions", attribute("keras_version", TEXTS))
hostile("configurations", attribute("model_config", TEXTS))
hostile("number", attribute("model_config", 7))
hostile("wide", configured(wide))
hostile("padded", configured(padded))
