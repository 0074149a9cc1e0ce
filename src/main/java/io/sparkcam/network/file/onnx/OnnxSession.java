package io.sparkcam.network.file.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * A graph at work in ONNX Runtime, on the thread that calls it and on no other: Spark gives a task
 * one core. Reads no file: graphs come as bytes, and what refers to files is refused before. Safe
 * for any number of threads.
 */
final class OnnxSession implements AutoCloseable {
  private static final Map<String, OnnxSession> SHARED = new HashMap<>();

  private final OrtEnvironment environment;
  private final OrtSession session;
  private int users = 1;

  /**
   * @throws IllegalArgumentException if the runtime refuses the graph
   */
  OnnxSession(byte[] graph) {
    environment = environment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      session = environment.createSession(graph, options);
    } catch (OrtException e) {
      throw new IllegalArgumentException("ONNX Runtime refuses it: " + line(e), e);
    }
  }

  /**
   * The session of a graph, one for all threads of this process; whoever asked closes it once.
   *
   * @param key the same only for the same graph
   */
  static OnnxSession shared(String key, byte[] graph) {
    synchronized (SHARED) {
      OnnxSession open = SHARED.get(key);
      if (open == null) {
        open = new OnnxSession(graph);
        SHARED.put(key, open);
      } else {
        open.users++;
      }
      return open;
    }
  }

  /** One for the whole process; what goes wrong it says by exceptions. */
  private static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "sparkcam");
  }

  /** Name and version. */
  static String engine() {
    return "ONNX Runtime " + environment().getVersion();
  }

  /** Its messages go on over several lines. */
  private static String line(OrtException e) {
    return String.valueOf(e.getMessage()).strip().replaceAll("(?s)\\R.*", "");
  }

  /**
   * Computes one batch.
   *
   * @param images direct, {@code dims} of them
   * @param outputs by name: direct buffers that receive the values, with their shapes
   * @throws IllegalStateException if the runtime fails, or gives other shapes
   */
  void run(FloatBuffer images, long[] dims, Map<String, Output> outputs) {
    try (OnnxTensor input = OnnxTensor.createTensor(environment, images, dims)) {
      Map<String, OnnxTensor> pinned = new HashMap<>();
      try {
        for (Map.Entry<String, Output> output : outputs.entrySet()) {
          pinned.put(
              output.getKey(),
              OnnxTensor.createTensor(
                  environment, output.getValue().values(), output.getValue().dims()));
        }
        session.run(Map.of(OnnxTrunk.IMAGES, input), pinned).close();
      } finally {
        pinned.values().forEach(OnnxTensor::close);
      }
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + line(e), e);
    }
  }

  /**
   * Where an output goes.
   *
   * @param values direct
   */
  record Output(FloatBuffer values, long[] dims) {}

  /** Room for so many values, as {@link #run} wants it. */
  static FloatBuffer buffer(long values) {
    return ByteBuffer.allocateDirect(Math.toIntExact(Math.multiplyExact(values, Float.BYTES)))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  @Override
  public void close() {
    synchronized (SHARED) {
      users--;
      if (users > 0) {
        return;
      }
      SHARED.values().remove(this);
    }
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + line(e), e);
    }
  }
}
