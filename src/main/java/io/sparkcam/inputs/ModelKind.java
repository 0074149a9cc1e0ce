package io.sparkcam.inputs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What a file is that somebody took for a model that can be read, and what to do with it. */
final class ModelKind {
  private static final int LOCAL_HEADER = 30;
  static final int START_LENGTH = 16;

  static final String TENSORFLOW = "convert it with python -m tf2onnx.convert, see README";

  private static final String PYTORCH =
      "is a PyTorch checkpoint: export it with torch.onnx.export, see README";

  private static final Pattern TORCH_ENTRY =
      Pattern.compile(
          "[^/]+/(data\\.pkl|constants\\.pkl|version|byteorder|\\.format_version|(data|code)/.*)");

  private ModelKind() {}

  static boolean isZip(byte[] start) {
    return text(start).startsWith("PK\u0003\u0004");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** The name of a zip's first entry, as its local header has it; empty where there is none. */
  static String firstEntry(InputStream in) throws IOException {
    byte[] header = in.readNBytes(LOCAL_HEADER);
    if (header.length < LOCAL_HEADER) {
      return "";
    }
    int length = (header[26] & 0xff) | (header[27] & 0xff) << 8;
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /**
   * Refuses files of known kinds that hold no model, or one that nobody can read without Python.
   *
   * @param first name of the first entry, of a zip
   */
  static void requireReadable(String name, byte[] start, String first) throws IOException {
    String text = text(start);
    String why = null;
    if (start.length == 0) {
      why = "is empty";
    } else if (text.startsWith("version https://")) {
      why = "is a pointer of Git LFS, not the file: get it with git lfs pull";
    } else if (text.startsWith("\u0080\u0002") || TORCH_ENTRY.matcher(first).matches()) {
      why = PYTORCH;
    } else if (first.endsWith(".npy")) {
      why = "holds weights alone, without the network: save the whole model";
    } else if (text.startsWith("TFL3", 4)) {
      why = "is a TensorFlow Lite model: " + TENSORFLOW;
    } else if (text.startsWith("{\"", 8)) {
      why =
          "holds weights alone (safetensors): export the model with torch.onnx.export, see README";
    } else if (text.startsWith("{")) {
      why = "is a model's configuration alone, without weights: save it with model.save";
    } else if (name.endsWith(".pb")) {
      why = "is a graph of TensorFlow: " + TENSORFLOW;
    }
    if (why != null) {
      throw new IOException(name + ": " + why);
    }
  }
}
