package io.sparkcam.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** ONNX Runtime alone: nothing is read, nothing is written, one image of noise over and over. */
final class OnnxForward implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final int batch;

  OnnxForward(byte[] file, int batch) throws OrtException {
    this.batch = batch;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = environment.createSession(file, options);
    }
  }

  /** Images a second, {@code count} of them by {@code threads} threads together. */
  double speed(int count, int threads) throws InterruptedException {
    List<Thread> working = new ArrayList<>();
    int batches = count / threads / batch;
    long began = System.nanoTime();
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(() -> run(batches));
      thread.start();
      working.add(thread);
    }
    for (Thread thread : working) {
      thread.join();
    }
    return (double) batches * threads * batch / ((System.nanoTime() - began) / 1e9);
  }

  private void run(int batches) {
    int size = OnnxResNet.SIDE * OnnxResNet.SIDE;
    FloatBuffer images =
        ByteBuffer.allocateDirect(batch * size * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int i = 0; i < images.capacity(); i++) {
      images.put(i, i % 251 / 250f);
    }
    long[] sides = {batch, 1, OnnxResNet.SIDE, OnnxResNet.SIDE};
    try (OnnxTensor input = OnnxTensor.createTensor(environment, images, sides)) {
      for (int i = 0; i < batches; i++) {
        session.run(Map.of(OnnxResNet.INPUT, input)).close();
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
