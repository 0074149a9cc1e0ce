import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Predicts IDX images with a saved model, using nothing but DL4J: a line of probabilities an image. */
public class Predict {
  public static void main(String[] arguments) throws Exception {
    MultiLayerNetwork network = MultiLayerNetwork.load(new File(arguments[0]), false);
    byte[] idx = Files.readAllBytes(Path.of(arguments[1]));
    int count = (idx.length - 16) / 784;
    float[] pixels = new float[count * 784];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (idx[16 + i] & 0xff) / 255f;
    }
    INDArray probabilities = network.output(Nd4j.create(pixels, new long[] {count, 1, 28, 28}));
    for (int n = 0; n < count; n++) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < probabilities.size(1); c++) {
        line.append(c == 0 ? "" : " ").append(probabilities.getFloat(n, c));
      }
      System.out.println(line);
    }
  }
}
