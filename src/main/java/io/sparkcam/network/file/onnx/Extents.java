package io.sparkcam.network.file.onnx;

import static io.sparkcam.network.file.onnx.OnnxGraph.require;

import io.sparkcam.network.CellGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * The sizes of all tensors of a graph, and where their cells look, followed from the image on. So
 * what a graph would need is known before anything of it is computed. Operators of unknown effect
 * are refused.
 */
final class Extents {
  /** Of one tensor, for one image. */
  private static final long MOST_VALUES = 1 << 26;

  /** Of all tensors together: the runtime keeps only those that it still needs. */
  private static final long MOST_OF_ALL = 1L << 30;

  /** Multiplications for one image, a hundred times those of a ResNet-152. */
  private static final long MOST_PRODUCTS = 1L << 40;

  /** Of a kernel, a stride, a padding. */
  private static final long LONGEST = 1 << 12;

  /** Of the whole numbers that are followed by value: shapes and axes. */
  private static final int MOST_FOLLOWED = 1 << 10;

  private final OnnxGraph graph;
  private final Map<String, Extent> extents = new HashMap<>();
  private final Map<String, long[]> values = new HashMap<>();
  private long all;
  private long products;

  private Extents(OnnxGraph graph) {
    this.graph = graph;
  }

  /**
   * Follows the sizes through a graph.
   *
   * @param image what the graph is given
   * @throws IllegalArgumentException naming the operator that it is refused for
   */
  static Extents of(OnnxGraph graph, Extent image) {
    Extents followed = new Extents(graph);
    followed.extents.put(graph.input().getName(), image);
    for (OnnxNode node : graph.nodes()) {
      try {
        followed.follow(node);
      } catch (ArithmeticException | IndexOutOfBoundsException | NegativeArraySizeException e) {
        throw new IllegalArgumentException(node + ": its inputs do not fit it", e);
      }
    }
    return followed;
  }

  /** Of a tensor that the graph computes or holds. */
  Extent of(String tensor) {
    Extent known = extents.get(tensor);
    return known != null
        ? known
        : graph
            .constant(tensor)
            .map(constant -> Extent.flat(constant.dims(), false))
            .orElseThrow(() -> new IllegalArgumentException("no tensor '" + tensor + "'"));
  }

  /** The whole numbers that a tensor holds whatever the image, where they are known. */
  Optional<long[]> wholeNumbers(String tensor) {
    long[] known = values.get(tensor);
    return known != null
        ? Optional.of(known)
        : graph
            .constant(tensor)
            .filter(c -> c.isInteger() && c.dims().length <= 1 && c.count() <= MOST_FOLLOWED)
            .map(ConstantTensor::longs);
  }

  /** Where an operator has moved a list from its attributes to an input: from either. */
  Optional<long[]> listed(OnnxNode node, String attribute, int input) {
    if (node.has(attribute)) {
      return Optional.of(node.integers(attribute));
    }
    return node.input(input).isEmpty() ? Optional.empty() : wholeNumbers(node.input(input));
  }

  private void follow(OnnxNode node) {
    List<Extent> outputs = outputs(node);
    for (int i = 0; i < Math.min(outputs.size(), node.outputs().size()); i++) {
      Extent extent = outputs.get(i);
      long count = 1;
      for (int dim : extent.dims()) {
        require(dim >= 0, "%s: gives %s, expected sides of at least 0", node, extent);
        count *= Math.max(1, dim);
        require(
            count <= MOST_VALUES, "%s: gives %s, more than %d values", node, extent, MOST_VALUES);
      }
      all += count;
      require(all <= MOST_OF_ALL, "%s: all before it is more than %d values", node, MOST_OF_ALL);
      extents.put(node.outputs().get(i), extent);
    }
    foldWholeNumbers(node);
  }

  private List<Extent> outputs(OnnxNode node) {
    return switch (node.operator()) {
      case "Constant" -> List.of(of(node.output()));
      case "Split" -> split(node);
      case "Dropout" -> List.of(first(node), first(node));
      default -> List.of(output(node));
    };
  }

  private Extent output(OnnxNode node) {
    return switch (node.operator()) {
      case "Identity", "Cast", "LRN" -> first(node);
      case "Relu", "Sigmoid", "HardSigmoid", "Softmax", "Softplus", "Abs", "Exp", "Sqrt" ->
          first(node).signed(true);
      case "Clip" -> first(node).signed(first(node).nonNegative() || lowest(node) >= 0);
      case "LeakyRelu",
          "PRelu",
          "Elu",
          "Selu",
          "Celu",
          "HardSwish",
          "Tanh",
          "Softsign",
          "Mish",
          "Gelu",
          "Swish",
          "Erf",
          "Log",
          "LogSoftmax",
          "Neg",
          "Reciprocal",
          "ThresholdedRelu",
          "BatchNormalization",
          "InstanceNormalization",
          "LayerNormalization",
          "GroupNormalization",
          "LpNormalization" ->
          first(node).signed(false);
      case "Add", "Mul", "Div", "Max", "Min", "Sum", "Mean" -> broadcast(node, true);
      case "Sub", "Pow" -> broadcast(node, false);
      case "Conv" -> convolution(node);
      case "MaxPool", "AveragePool" ->
          slid(node, first(node), ints(node.integers("kernel_shape"), node))
              .signed(first(node).nonNegative());
      case "GlobalAveragePool", "GlobalMaxPool" -> pooled(first(node));
      case "ReduceMean", "ReduceMax", "ReduceSum", "ReduceMin" -> reduced(node);
      case "Concat" -> concatenated(node);
      case "Flatten" -> flattened(node);
      case "Reshape" -> reshaped(first(node), target(node));
      case "Squeeze" -> reshaped(first(node), squeezed(node));
      case "Unsqueeze" -> reshaped(first(node), unsqueezed(node));
      case "Transpose" -> transposed(node);
      case "Slice" -> sliced(node);
      case "Pad" -> padded(node);
      case "Resize", "Upsample" -> resized(node);
      case "Gather" -> gathered(node);
      case "Gemm" -> product(node);
      case "MatMul" -> matrixProduct(node);
      case "Shape" -> Extent.flat(new int[] {first(node).rank()}, true);
      default -> throw new IllegalArgumentException(node + ": an operator that is not known here");
    };
  }

  private Extent first(OnnxNode node) {
    return of(node.input(0));
  }

  /** The lower bound of a Clip: an attribute until opset 10. */
  private float lowest(OnnxNode node) {
    if (node.has("min")) {
      return node.number("min", 0);
    }
    return graph
        .constant(node.input(1))
        .filter(c -> c.isFloating() && c.count() == 1)
        .map(c -> c.floats()[0])
        .orElse(Float.NEGATIVE_INFINITY);
  }

  private Extent broadcast(OnnxNode node, boolean keepsSign) {
    List<Extent> terms = node.inputs().stream().map(this::of).toList();
    int rank = terms.stream().mapToInt(Extent::rank).max().orElseThrow();
    int[] dims = new int[rank];
    Arrays.fill(dims, 1);
    boolean nonNegative = keepsSign;
    for (int t = 0; t < terms.size(); t++) {
      Extent term = terms.get(t);
      for (int i = 0; i < term.rank(); i++) {
        int to = i + rank - term.rank();
        int dim = term.dims()[i];
        require(
            dim == dims[to] || dim == 1 || dims[to] == 1, "%s: sides %s do not fit", node, terms);
        dims[to] = dims[to] == 1 ? dim : dims[to];
      }
      nonNegative &= term.nonNegative() || isNonNegative(node.inputs().get(t));
    }
    return merged(node.inputs(), dims).signed(nonNegative);
  }

  private boolean isNonNegative(String tensor) {
    return graph
        .constant(tensor)
        .filter(ConstantTensor::isFloating)
        .map(
            c -> {
              for (float value : c.floats()) {
                if (value < 0) {
                  return false;
                }
              }
              return true;
            })
        .orElse(false);
  }

  /** Several tensors over each other: their cells look at one place if all of them do. */
  private Extent merged(List<String> names, int[] dims) {
    Extent cells = null;
    CellGrid.Axis rows = Extent.NOWHERE;
    CellGrid.Axis columns = Extent.NOWHERE;
    for (String name : names) {
      Extent term = of(name);
      int shift = dims.length - term.rank();
      if (!term.hasCells()
          || (term.cells() == 1
              && dims[term.rowAxis() + shift] * dims[term.columnAxis() + shift] > 1)
          || graph.constant(name).isPresent()) {
        continue;
      }
      if (cells == null) {
        cells =
            new Extent(
                dims,
                term.rowAxis() + shift,
                term.columnAxis() + shift,
                Extent.NOWHERE,
                Extent.NOWHERE,
                false);
        rows = term.rows();
        columns = term.columns();
      } else if (cells.rowAxis() != term.rowAxis() + shift
          || cells.columnAxis() != term.columnAxis() + shift) {
        return Extent.flat(dims, false);
      } else {
        rows = rows.equals(term.rows()) ? rows : Extent.NOWHERE;
        columns = columns.equals(term.columns()) ? columns : Extent.NOWHERE;
      }
    }
    return cells == null
        ? Extent.flat(dims, false)
        : new Extent(dims, cells.rowAxis(), cells.columnAxis(), rows, columns, false);
  }

  private Extent convolution(OnnxNode node) {
    Extent image = first(node);
    int[] weights = of(node.input(1)).dims();
    long groups = node.integer("group", 1);
    require(weights.length == 4 && image.rank() == 4, "%s: of %s, expected images", node, image);
    require(
        groups >= 1 && weights[1] * groups == image.dims()[1],
        "%s: takes %d channels, gets %s",
        node,
        weights[1] * groups,
        image);
    Extent slid = slid(node, image, new int[] {weights[2], weights[3]});
    Extent output =
        slid.withDims(image.dims()[0], weights[0], slid.dims()[2], slid.dims()[3]).signed(false);
    spend(node, output.count(), (long) weights[1] * weights[2] * weights[3]);
    return output;
  }

  private void spend(OnnxNode node, long outputs, long each) {
    products = Math.addExact(products, Math.multiplyExact(outputs, each));
    require(products <= MOST_PRODUCTS, "%s: more than %d products", node, MOST_PRODUCTS);
  }

  /** Slides a window over rows and columns: axes 2 and 3, as ONNX has it. */
  private Extent slid(OnnxNode node, Extent image, int[] kernel) {
    require(image.rank() == 4 && kernel.length == 2, "%s: of %s, expected images", node, image);
    int[] strides = sides(node, "strides", 1);
    int[] dilations = sides(node, "dilations", 1);
    int[] pads = padding(node);
    int[] dims = image.dims().clone();
    CellGrid.Axis[] windows = {
      image.rowAxis() == 2 ? image.rows() : Extent.NOWHERE,
      image.columnAxis() == 3 ? image.columns() : Extent.NOWHERE
    };
    String auto = node.text("auto_pad", "NOTSET");
    for (int axis = 0; axis < 2; axis++) {
      int cells = dims[2 + axis];
      require(kernel[axis] >= 1 && kernel[axis] <= LONGEST, "%s: kernel %s", node, kernel[axis]);
      int extent = (kernel[axis] - 1) * dilations[axis];
      int before = pads[axis];
      int after = pads[2 + axis];
      if (auto.startsWith("SAME")) {
        int left = (cells + strides[axis] - 1) / strides[axis];
        int total = Math.max((left - 1) * strides[axis] + extent + 1 - cells, 0);
        before = auto.equals("SAME_LOWER") ? (total + 1) / 2 : total / 2;
        after = total - before;
      } else if (auto.equals("VALID")) {
        before = 0;
        after = 0;
      }
      int free = cells + before + after - extent - 1;
      require(free >= 0, "%s: kernel is larger than %s", node, image);
      int left = free / strides[axis] + 1;
      // The last window starts inside the image or the padding before it.
      if (node.integer("ceil_mode", 0) == 1
          && free % strides[axis] != 0
          && left * strides[axis] < cells + before) {
        left++;
      }
      dims[2 + axis] = left;
      windows[axis] = windows[axis].moved(extent / 2.0 - before, strides[axis]);
    }
    return new Extent(dims, 2, 3, windows[0], windows[1], false);
  }

  private static int[] sides(OnnxNode node, String attribute, int otherwise) {
    if (!node.has(attribute)) {
      return new int[] {otherwise, otherwise};
    }
    int[] sides = ints(node.integers(attribute), node);
    require(
        sides.length == 2 && sides[0] >= 1 && sides[1] >= 1,
        "%s: %s %s, expected two of at least 1",
        node,
        attribute,
        Arrays.toString(sides));
    return sides;
  }

  private static int[] padding(OnnxNode node) {
    if (!node.has("pads")) {
      return new int[4];
    }
    int[] pads = ints(node.integers("pads"), node);
    require(
        pads.length == 4 && Arrays.stream(pads).allMatch(p -> p >= 0),
        "%s: pads %s, expected four of at least 0",
        node,
        Arrays.toString(pads));
    return pads;
  }

  private static int[] ints(long[] longs, OnnxNode node) {
    for (long value : longs) {
      require(Math.abs(value) <= LONGEST, "%s: side %d, expected at most %d", node, value, LONGEST);
    }
    return Arrays.stream(longs).mapToInt(value -> (int) value).toArray();
  }

  private static Extent pooled(Extent image) {
    int[] dims = image.dims().clone();
    Arrays.fill(dims, 2, dims.length, 1);
    return Extent.flat(dims, image.nonNegative());
  }

  /**
   * The axes that a reduction takes together, from 0 on; empty if they are not known beforehand.
   */
  Optional<int[]> reducedAxes(OnnxNode node) {
    int rank = first(node).rank();
    boolean given = node.has("axes") || !node.input(1).isEmpty();
    if (!given) {
      require(node.integer("noop_with_empty_axes", 0) == 0, "%s: reduces nothing", node);
      return Optional.of(java.util.stream.IntStream.range(0, rank).toArray());
    }
    return listed(node, "axes", 1)
        .map(axes -> Arrays.stream(axes).mapToInt(a -> axis(a, rank, node)).sorted().toArray());
  }

  private Extent reduced(OnnxNode node) {
    Extent input = first(node);
    int[] axes = reducedAxes(node).orElseThrow(() -> unknown(node, "axes"));
    boolean keeps = node.integer("keepdims", 1) == 1;
    boolean[] gone = new boolean[input.rank()];
    for (int axis : axes) {
      gone[axis] = true;
    }
    boolean cells = input.hasCells() && !gone[input.rowAxis()] && !gone[input.columnAxis()];
    List<Integer> dims = new ArrayList<>();
    int[] to = new int[input.rank()];
    for (int i = 0; i < input.rank(); i++) {
      to[i] = dims.size();
      if (!gone[i] || keeps) {
        dims.add(gone[i] ? 1 : input.dims()[i]);
      }
    }
    int[] left = dims.stream().mapToInt(Integer::intValue).toArray();
    return cells
        ? new Extent(
            left,
            to[input.rowAxis()],
            to[input.columnAxis()],
            input.rows(),
            input.columns(),
            input.nonNegative())
        : Extent.flat(left, input.nonNegative());
  }

  private Extent concatenated(OnnxNode node) {
    List<Extent> parts = node.inputs().stream().map(this::of).toList();
    int[] dims = parts.get(0).dims().clone();
    int axis = axis(node.integer("axis", 0), dims.length, node);
    boolean nonNegative = parts.get(0).nonNegative();
    for (Extent part : parts.subList(1, parts.size())) {
      require(part.rank() == dims.length, "%s: of %s", node, parts);
      for (int i = 0; i < dims.length; i++) {
        require(i == axis || part.dims()[i] == dims[i], "%s: of %s", node, parts);
      }
      dims[axis] += part.dims()[axis];
      nonNegative &= part.nonNegative();
    }
    Extent merged = merged(node.inputs(), dims).signed(nonNegative);
    return merged.rowAxis() == axis || merged.columnAxis() == axis
        ? Extent.flat(dims, nonNegative)
        : merged;
  }

  private List<Extent> split(OnnxNode node) {
    Extent input = first(node);
    int axis = axis(node.integer("axis", 0), input.rank(), node);
    int parts = node.outputs().size();
    int whole = input.dims()[axis];
    long[] sizes =
        listed(node, "split", 1)
            .orElseGet(
                () -> {
                  long[] equal = new long[parts];
                  int each = (whole + parts - 1) / parts;
                  Arrays.fill(equal, each);
                  equal[parts - 1] = whole - (long) each * (parts - 1);
                  return equal;
                });
    require(
        sizes.length == parts && Arrays.stream(sizes).sum() == whole,
        "%s: %s of %d",
        node,
        Arrays.toString(sizes),
        whole);
    List<Extent> outputs = new ArrayList<>();
    for (long size : sizes) {
      int[] dims = input.dims().clone();
      dims[axis] = Math.toIntExact(size);
      outputs.add(
          axis == input.rowAxis() || axis == input.columnAxis()
              ? Extent.flat(dims, input.nonNegative())
              : input.withDims(dims));
    }
    return outputs;
  }

  private Extent flattened(OnnxNode node) {
    Extent input = first(node);
    long axis = node.integer("axis", 1);
    int from = axis == input.rank() ? input.rank() : axis(axis, input.rank(), node);
    int before = 1;
    int after = 1;
    for (int i = 0; i < input.rank(); i++) {
      before *= i < from ? input.dims()[i] : 1;
      after *= i < from ? 1 : input.dims()[i];
    }
    return reshaped(input, new int[] {before, after});
  }

  private int[] target(OnnxNode node) {
    Extent input = first(node);
    long[] shape = listed(node, "shape", 1).orElseThrow(() -> unknown(node, "shape"));
    boolean zeros = node.integer("allowzero", 0) == 1;
    int[] dims = new int[shape.length];
    int open = -1;
    long count = 1;
    for (int i = 0; i < dims.length; i++) {
      if (shape[i] == -1) {
        require(open < 0, "%s: shape %s", node, Arrays.toString(shape));
        open = i;
        continue;
      }
      dims[i] = shape[i] == 0 && !zeros ? input.dims()[i] : Math.toIntExact(shape[i]);
      count = Math.multiplyExact(count, dims[i]);
    }
    if (open >= 0) {
      dims[open] = Math.toIntExact(input.count() / count);
      count *= dims[open];
    }
    require(count == input.count(), "%s: %s cannot be %s", node, input, Arrays.toString(dims));
    return dims;
  }

  private int[] squeezed(OnnxNode node) {
    int[] dims = first(node).dims();
    Optional<long[]> given = listed(node, "axes", 1);
    boolean[] gone = new boolean[dims.length];
    if (given.isPresent()) {
      for (long axis : given.get()) {
        gone[axis(axis, dims.length, node)] = true;
      }
    }
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < dims.length; i++) {
      // Without axes every side of 1, but the batch's is one by chance.
      boolean squeezes = given.isPresent() ? gone[i] : dims[i] == 1 && i > 0;
      require(!squeezes || dims[i] == 1, "%s: of %s", node, first(node));
      if (!squeezes) {
        left.add(dims[i]);
      }
    }
    return left.stream().mapToInt(Integer::intValue).toArray();
  }

  private int[] unsqueezed(OnnxNode node) {
    int[] dims = first(node).dims();
    long[] axes = listed(node, "axes", 1).orElseThrow(() -> unknown(node, "axes"));
    int[] wider = new int[dims.length + axes.length];
    for (long axis : axes) {
      wider[axis(axis, wider.length, node)] = 1;
    }
    int next = 0;
    for (int i = 0; i < wider.length; i++) {
      wider[i] = wider[i] == 1 ? 1 : dims[next++];
    }
    return wider;
  }

  /** In row-major order an axis is where as many values lie before it and in it as there were. */
  private static Extent reshaped(Extent input, int[] dims) {
    int row = moved(input, input.rowAxis(), dims);
    int column = moved(input, input.columnAxis(), dims);
    return row < 0 || column < 0
        ? Extent.flat(dims, input.nonNegative())
        : new Extent(dims, row, column, input.rows(), input.columns(), input.nonNegative());
  }

  private static int moved(Extent input, int axis, int[] dims) {
    if (axis < 0 || Arrays.equals(input.dims(), dims)) {
      return axis;
    }
    long before = 1;
    for (int i = 0; i < axis; i++) {
      before *= input.dims()[i];
    }
    long found = 1;
    for (int i = 0; i < dims.length; i++) {
      if (found == before && dims[i] == input.dims()[axis] && dims[i] > 1) {
        return i;
      }
      found *= dims[i];
    }
    return Extent.NO_AXIS;
  }

  private Extent transposed(OnnxNode node) {
    Extent input = first(node);
    int rank = input.rank();
    long[] order = node.integers("perm");
    if (order.length == 0) {
      order = new long[rank];
      Arrays.setAll(order, i -> rank - 1 - i);
    }
    require(
        Arrays.equals(
            Arrays.stream(order).sorted().toArray(),
            java.util.stream.LongStream.range(0, rank).toArray()),
        "%s: perm %s of %s",
        node,
        Arrays.toString(order),
        input);
    int[] dims = new int[rank];
    int row = Extent.NO_AXIS;
    int column = Extent.NO_AXIS;
    for (int i = 0; i < rank; i++) {
      int from = (int) order[i];
      dims[i] = input.dims()[from];
      row = from == input.rowAxis() ? i : row;
      column = from == input.columnAxis() ? i : column;
    }
    return new Extent(dims, row, column, input.rows(), input.columns(), input.nonNegative());
  }

  private Extent sliced(OnnxNode node) {
    Extent input = first(node);
    long[] starts = listed(node, "starts", 1).orElseThrow(() -> unknown(node, "starts"));
    long[] ends = listed(node, "ends", 2).orElseThrow(() -> unknown(node, "ends"));
    long[] axes =
        listed(node, "axes", 3)
            .orElseGet(() -> java.util.stream.LongStream.range(0, starts.length).toArray());
    long[] steps = node.input(4).isEmpty() ? null : listed(node, "steps", 4).orElse(new long[0]);
    require(
        starts.length == ends.length
            && axes.length == ends.length
            && (steps == null || steps.length == ends.length),
        "%s: its inputs do not fit each other",
        node);
    Extent output = input;
    for (int i = 0; i < axes.length; i++) {
      long step = steps == null ? 1 : steps[i];
      require(step >= 1, "%s: step %d, expected at least 1", node, step);
      int axis = axis(axes[i], input.rank(), node);
      int side = input.dims()[axis];
      long from = Math.min(Math.max(starts[i] < 0 ? starts[i] + side : starts[i], 0), side);
      long to = Math.min(Math.max(ends[i] < 0 ? ends[i] + side : ends[i], 0), side);
      output =
          cut(
              output,
              axis,
              (double) from,
              Math.max(0, (to - from + step - 1) / step),
              (double) step);
    }
    return output;
  }

  private static Extent cut(Extent input, int axis, double from, long left, double step) {
    int[] dims = input.dims().clone();
    dims[axis] = Math.toIntExact(left);
    return new Extent(
        dims,
        input.rowAxis(),
        input.columnAxis(),
        axis == input.rowAxis() ? input.rows().moved(from, step) : input.rows(),
        axis == input.columnAxis() ? input.columns().moved(from, step) : input.columns(),
        input.nonNegative());
  }

  private Extent padded(OnnxNode node) {
    Extent input = first(node);
    int rank = input.rank();
    int[] pads = ints(listed(node, "pads", 1).orElseThrow(() -> unknown(node, "pads")), node);
    require(
        pads.length == 2 * rank && node.input(3).isEmpty(),
        "%s: pads %s of %s",
        node,
        Arrays.toString(pads),
        input);
    Extent output = input;
    for (int axis = 0; axis < rank; axis++) {
      int side = input.dims()[axis] + pads[axis] + pads[rank + axis];
      output = cut(output, axis, -pads[axis], side, 1);
    }
    return output.signed(false);
  }

  private Extent resized(OnnxNode node) {
    Extent input = first(node);
    double[] scales = scales(node);
    require(scales.length == input.rank(), "%s: %d scales of %s", node, scales.length, input);
    String mode = node.text("coordinate_transformation_mode", "half_pixel");
    if (node.operator().equals("Upsample")) {
      mode = "asymmetric";
    }
    CellGrid.Axis[] windows = {input.rows(), input.columns()};
    int[] axes = {input.rowAxis(), input.columnAxis()};
    int[] dims = input.dims().clone();
    for (int axis = 0; axis < dims.length; axis++) {
      double scaled = dims[axis] * scales[axis];
      require(scaled >= 1 && scaled <= MOST_VALUES, "%s: scale %s", node, scales[axis]);
      dims[axis] = (int) Math.floor(scaled + 1e-6);
    }
    for (int i = 0; i < 2; i++) {
      double scale = axes[i] < 0 ? 1 : scales[axes[i]];
      windows[i] =
          switch (mode) {
            case "half_pixel", "pytorch_half_pixel" ->
                windows[i].moved(0.5 / scale - 0.5, 1 / scale);
            case "asymmetric" -> windows[i].moved(0, 1 / scale);
            default -> scale == 1 ? windows[i] : Extent.NOWHERE;
          };
    }
    return new Extent(dims, input.rowAxis(), input.columnAxis(), windows[0], windows[1], false);
  }

  private double[] scales(OnnxNode node) {
    Extent input = first(node);
    Optional<long[]> sizes =
        node.input(3).isEmpty() ? Optional.empty() : wholeNumbers(node.input(3));
    if (sizes.isPresent()) {
      double[] scales = new double[sizes.get().length];
      Arrays.setAll(scales, i -> (double) sizes.get()[i] / input.dims()[i]);
      return scales;
    }
    if (node.has("scales")) {
      return node.attribute("scales").getFloatsList().stream().mapToDouble(f -> f).toArray();
    }
    int place = node.operator().equals("Upsample") || graph.opset() < 11 ? 1 : 2;
    float[] scales =
        graph.constant(node.input(place)).orElseThrow(() -> unknown(node, "scales")).floats();
    double[] wide = new double[scales.length];
    Arrays.setAll(wide, i -> scales[i]);
    return wide;
  }

  private Extent gathered(OnnxNode node) {
    Extent data = first(node);
    int axis = axis(node.integer("axis", 0), data.rank(), node);
    int[] picked = of(node.input(1)).dims();
    int[] dims = new int[data.rank() - 1 + picked.length];
    System.arraycopy(data.dims(), 0, dims, 0, axis);
    System.arraycopy(picked, 0, dims, axis, picked.length);
    System.arraycopy(data.dims(), axis + 1, dims, axis + picked.length, data.rank() - axis - 1);
    return Extent.flat(dims, data.nonNegative());
  }

  private Extent product(OnnxNode node) {
    int[] a = first(node).dims();
    int[] b = of(node.input(1)).dims();
    require(a.length == 2 && b.length == 2, "%s: of %s", node, first(node));
    IntUnaryOperator left = i -> node.integer("transA", 0) == 1 ? a[1 - i] : a[i];
    IntUnaryOperator right = i -> node.integer("transB", 0) == 1 ? b[1 - i] : b[i];
    require(
        left.applyAsInt(1) == right.applyAsInt(0),
        "%s: takes %d values, gets %d",
        node,
        right.applyAsInt(0),
        left.applyAsInt(1));
    int[] dims = {left.applyAsInt(0), right.applyAsInt(1)};
    spend(node, (long) dims[0] * dims[1], left.applyAsInt(1));
    return Extent.flat(dims, false);
  }

  private Extent matrixProduct(OnnxNode node) {
    int[] a = first(node).dims();
    int[] b = of(node.input(1)).dims();
    require(a.length >= 2 && b.length >= 2, "%s: of %s", node, first(node));
    require(
        a[a.length - 1] == b[b.length - 2],
        "%s: takes %d values, gets %d",
        node,
        b[b.length - 2],
        a[a.length - 1]);
    int rank = Math.max(a.length, b.length);
    int[] dims = new int[rank];
    for (int i = 0; i < rank - 2; i++) {
      int left = i + a.length - rank < 0 ? 1 : a[i + a.length - rank];
      int right = i + b.length - rank < 0 ? 1 : b[i + b.length - rank];
      require(left == right || left == 1 || right == 1, "%s: of %s", node, first(node));
      dims[i] = Math.max(left, right);
    }
    dims[rank - 2] = a[a.length - 2];
    dims[rank - 1] = b[b.length - 1];
    Extent output = Extent.flat(dims, false);
    spend(node, output.count(), a[a.length - 1]);
    return output;
  }

  private static int axis(long given, int rank, OnnxNode node) {
    require(given >= -rank && given < rank, "%s: axis %d of %d", node, given, rank);
    return (int) (given < 0 ? given + rank : given);
  }

  private static IllegalArgumentException unknown(OnnxNode node, String what) {
    return new IllegalArgumentException(
        node + ": its " + what + " are computed from the images, expected constants");
  }

  /** Shapes are often computed: from the shape of a tensor, number by number. */
  private void foldWholeNumbers(OnnxNode node) {
    Extent output = extents.get(node.output());
    if (output.rank() > 1 || output.count() > MOST_FOLLOWED) {
      return;
    }
    if (node.operator().equals("Shape")) {
      int[] dims = first(node).dims();
      if (!node.has("start") && !node.has("end")) {
        values.put(node.output(), Arrays.stream(dims).asLongStream().toArray());
      }
      return;
    }
    List<long[]> inputs = new ArrayList<>();
    for (String name : node.inputs()) {
      Optional<long[]> known = name.isEmpty() ? Optional.empty() : wholeNumbers(name);
      if (known.isEmpty()) {
        return;
      }
      inputs.add(known.get());
    }
    if (inputs.isEmpty()) {
      return;
    }
    long[] first = inputs.get(0);
    long[] folded =
        switch (node.operator()) {
          case "Identity", "Cast", "Squeeze", "Unsqueeze", "Reshape" -> first;
          case "Concat" -> inputs.stream().flatMapToLong(Arrays::stream).toArray();
          case "Gather" ->
              Arrays.stream(inputs.get(1))
                  .map(i -> first[(int) (i < 0 ? i + first.length : i)])
                  .toArray();
          case "Slice" -> slice(first, inputs);
          case "Mul" -> combined(first, inputs.get(1), (a, b) -> Math.multiplyExact(a, b));
          case "Add" -> combined(first, inputs.get(1), Math::addExact);
          case "Sub" -> combined(first, inputs.get(1), Math::subtractExact);
          case "Div" -> combined(first, inputs.get(1), (a, b) -> a / b);
          default -> null;
        };
    if (folded != null && folded.length == output.count()) {
      values.put(node.output(), folded);
    }
  }

  private static long[] slice(long[] list, List<long[]> inputs) {
    boolean plain = inputs.size() == 3 || inputs.size() == 4;
    if (!plain || inputs.get(1).length != 1) {
      return null;
    }
    long from = inputs.get(1)[0];
    long to = inputs.get(2)[0];
    from = Math.min(Math.max(from < 0 ? from + list.length : from, 0), list.length);
    to = Math.min(Math.max(to < 0 ? to + list.length : to, from), list.length);
    return Arrays.copyOfRange(list, (int) from, (int) to);
  }

  private static long[] combined(
      long[] a, long[] b, java.util.function.LongBinaryOperator operation) {
    long[] result = new long[Math.max(a.length, b.length)];
    Arrays.setAll(
        result, i -> operation.applyAsLong(a[a.length == 1 ? 0 : i], b[b.length == 1 ? 0 : i]));
    return result;
  }
}
