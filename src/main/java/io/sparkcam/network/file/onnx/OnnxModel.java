package io.sparkcam.network.file.onnx;

/**
 * An ONNX file that can be explained.
 *
 * @param file its bytes
 * @param network what it computes
 * @param parameters of the network's dense layer: weights {@code (K, classes)} a class after the
 *     other, then biases
 */
public record OnnxModel(byte[] file, OnnxNetwork network, float[] parameters) {}
