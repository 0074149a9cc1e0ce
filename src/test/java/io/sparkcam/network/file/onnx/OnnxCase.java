package io.sparkcam.network.file.onnx;

import io.sparkcam.data.ImageShape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Scanner;

/** A file of {@code cases/onnx} with what it computes: {@code reference.py} there says by whom. */
record OnnxCase(String name) {

  byte[] bytes(String extension) throws IOException {
    try (InputStream in = open(extension)) {
      return in.readAllBytes();
    }
  }

  private InputStream open(String extension) {
    return OnnxCase.class.getResourceAsStream("/cases/onnx/" + name + "." + extension);
  }

  /** Little-endian, single precision. */
  float[] values(String extension) throws IOException {
    byte[] bytes = bytes(extension);
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  ImageShape images() {
    try (Scanner sides = new Scanner(open("shape"), StandardCharsets.US_ASCII)) {
      int channels = sides.nextInt();
      return new ImageShape(sides.nextInt(), sides.nextInt(), channels);
    }
  }

  OnnxModel model() throws IOException {
    return read(bytes("onnx"), images());
  }

  OnnxModel read(byte[] file, ImageShape images) throws IOException {
    return OnnxFile.read(new ByteArrayInputStream(file), name + ".onnx", images, Optional.empty());
  }
}
