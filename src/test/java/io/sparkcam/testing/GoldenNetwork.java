package io.sparkcam.testing;

import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageShape;
import io.sparkcam.network.GapCnn;
import java.io.IOException;
import java.util.Map;
import java.util.stream.LongStream;

/** The lab's network as the directory {@code golden} has it: its weights and what it saw. */
public final class GoldenNetwork {
  public static final GapCnn MODEL = GapCnn.lab(28, 28, 1, 10);

  private GoldenNetwork() {}

  /** The trained weights, flattened as DL4J flattens them. */
  public static float[] parameters() throws IOException {
    return flattened(Npy.goldenArchive("weights.npz"));
  }

  /** Derivatives of the mean loss over {@link #batch} by each parameter, flattened alike. */
  public static float[] gradients() throws IOException {
    return flattened(Npy.goldenArchive("gradients.npz"));
  }

  /** PyTorch's (10, 128) in c order is DL4J's (128, 10) in f order. */
  private static float[] flattened(Map<String, Npy> arrays) {
    float[] all = new float[MODEL.parameterCount()];
    int filled = 0;
    for (int i = 0; i < MODEL.trunk().stages().size(); i++) {
      filled = append(arrays.get("conv_b" + i), all, filled);
      filled = append(arrays.get("conv_w" + i), all, filled);
    }
    filled = append(arrays.get("dense_w"), all, filled);
    append(arrays.get("dense_b"), all, filled);
    return all;
  }

  private static int append(Npy array, float[] all, int filled) {
    float[] values = array.floats();
    System.arraycopy(values, 0, all, filled, values.length);
    return filled + values.length;
  }

  /** Images of the test set whose features, logits and maps are known. */
  public static ImageBlock images() throws IOException {
    long[] ids = Npy.golden("image_ids.npy").longs();
    return block("images.npy", ids, new int[ids.length]);
  }

  /** Images of the training set whose gradients are known. */
  public static ImageBlock batch() throws IOException {
    long[] ids = Npy.golden("batch_ids.npy").longs();
    return block(
        "batch_images.npy",
        ids,
        LongStream.of(Npy.golden("batch_labels.npy").longs()).mapToInt(Math::toIntExact).toArray());
  }

  private static ImageBlock block(String pixels, long[] ids, int[] labels) throws IOException {
    return new ImageBlock(new ImageShape(28, 28, 1), ids, labels, Npy.golden(pixels).bytes());
  }
}
