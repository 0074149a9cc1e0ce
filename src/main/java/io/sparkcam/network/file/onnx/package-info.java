/**
 * Networks as ONNX files: read with care, since they may come from anywhere, their head found, and
 * their features computed by ONNX Runtime.
 */
package io.sparkcam.network.file.onnx;
