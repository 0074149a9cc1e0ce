package io.sparkcam.network.file.keras;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Weights of layers as a file holds them. */
abstract class KerasWeights {
  private static final String OF_KERAS_2 = "model_weights";
  private static final String VARIABLES = "/vars/";

  final String file;

  private KerasWeights(String file) {
    this.file = file;
  }

  /**
   * The numbers of one of a layer's weights.
   *
   * @param names of all weights that the layer has, in Keras's order
   * @param number of the wanted one among them
   * @param shape that it must have
   */
  float[] floats(KerasNode node, List<String> names, int number, int... shape) throws IOException {
    return find(node, names, number).floats(shape);
  }

  abstract Hdf5File.Array find(KerasNode node, List<String> names, int number) throws IOException;

  IOException missing(KerasNode node, String name, String found) {
    return new IOException(
        "%s: %s: %s weights '%s' in the file, expected one".formatted(file, node, found, name));
  }

  /** In {@code model_weights/LAYER/.../LAYER/NAME:0}, as {@code model.save("model.h5")} writes. */
  static KerasWeights ofKeras2(Hdf5File hdf5, String file) throws IOException {
    return new ByName(hdf5.arrays(OF_KERAS_2), file);
  }

  /**
   * In {@code layers/CLASS_N/vars/I} of the weights within a {@code .keras} file: N counts the
   * layers of a class; some versions write the layer's name instead.
   */
  static KerasWeights ofKeras3(Hdf5File hdf5, KerasGraph graph, String file) throws IOException {
    return new ByNumber(hdf5.arrays(""), graph, file);
  }

  private static final class ByName extends KerasWeights {
    private final Map<String, Hdf5File.Array> arrays;

    ByName(Map<String, Hdf5File.Array> arrays, String file) {
      super(file);
      this.arrays = arrays;
    }

    @Override
    Hdf5File.Array find(KerasNode node, List<String> names, int number) throws IOException {
      String name = names.get(number);
      String group = node.layers().get(0) + "/";
      boolean nested = node.layers().size() > 1;
      List<String> found = new ArrayList<>();
      List<String> exact = new ArrayList<>();
      List<String> anywhere = new ArrayList<>();
      for (String path : arrays.keySet()) {
        String plain = "/" + path.replaceFirst(":0$", "");
        if (!plain.endsWith("/" + name)) {
          continue;
        }
        boolean own = plain.endsWith("/" + node.name() + "/" + name);
        if (own) {
          anywhere.add(path);
        }
        if (path.startsWith(group)) {
          found.add(path);
          if (own) {
            exact.add(path);
          }
        }
      }
      List<String> best = exact.size() == 1 || nested ? exact : found;
      best = best.isEmpty() && nested ? anywhere : best;
      if (best.size() != 1) {
        throw missing(node, name, best.isEmpty() ? "no" : "several");
      }
      return arrays.get(best.get(0));
    }
  }

  private static final class ByNumber extends KerasWeights {
    private final Map<String, Hdf5File.Array> arrays;
    private final boolean byClass;

    ByNumber(Map<String, Hdf5File.Array> arrays, KerasGraph graph, String file) throws IOException {
      super(file);
      this.arrays = arrays;
      Set<String> stored = new HashSet<>();
      for (String path : arrays.keySet()) {
        int end = path.indexOf(VARIABLES);
        if (end > 0 && path.startsWith("layers/") && !path.contains("/seed_generator/")) {
          stored.add(path.substring(0, end));
        }
      }
      Set<String> classes = new HashSet<>();
      Set<String> names = new HashSet<>();
      for (KerasNode node : graph.nodes().values()) {
        classes.add(node.weights());
        names.add(named(node));
      }
      byClass = classes.containsAll(stored);
      if (!byClass && !names.containsAll(stored)) {
        stored.removeAll(classes);
        throw new IOException(
            "%s: weights of '%s', which is no layer of its configuration"
                .formatted(file, KerasNode.shown(stored.iterator().next())));
      }
    }

    private static String named(KerasNode node) {
      return "layers/" + String.join("/layers/", node.layers());
    }

    @Override
    Hdf5File.Array find(KerasNode node, List<String> names, int number) throws IOException {
      String path = (byClass ? node.weights() : named(node)) + VARIABLES + number;
      Hdf5File.Array array = arrays.get(path);
      if (array == null) {
        throw missing(node, names.get(number), "no");
      }
      String says = array.groupText("name").orElse(node.name());
      if (!says.equals(node.name())) {
        throw new IOException(
            "%s: weights of layer '%s' where those of %s should be"
                .formatted(file, KerasNode.shown(says), node));
      }
      return array;
    }
  }
}
