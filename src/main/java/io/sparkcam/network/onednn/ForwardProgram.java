package io.sparkcam.network.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import io.sparkcam.network.Trunk;
import io.sparkcam.network.TrunkEngine;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The trunk forward at one batch size: for each stage one convolution with its ReLU fused, then the
 * pooling. Activations stay in the format that oneDNN prefers until the features are handed out.
 */
final class ForwardProgram implements AutoCloseable {

  /** What one stage leaves for its backward pass. */
  record StageForward(
      memory source,
      memory weights,
      memory activation,
      convolution_forward.primitive_desc convolution,
      memory output,
      pooling_forward.primitive_desc pooling,
      memory workspace) {}

  final Workbench bench = new Workbench();
  final Trunk trunk;
  final int batch;
  final List<StageForward> stages = new ArrayList<>();
  private final prop_kind kind;
  private final List<Workbench.Step> steps = new ArrayList<>();
  private final Workbench.Window images;
  private final Workbench.Window features;
  private final List<Workbench.Window> weightWindows = new ArrayList<>();
  private final List<Workbench.Window> biasWindows = new ArrayList<>();

  ForwardProgram(Trunk trunk, int batch, prop_kind kind, TrunkEngine.Layout layout) {
    this.trunk = trunk;
    this.batch = batch;
    this.kind = kind;
    this.images =
        bench.window(
            bench.description(
                format_tag.nchw, batch, trunk.channels(), trunk.height(), trunk.width()));
    memory activation = images.view();
    for (int i = 0; i < trunk.stages().size(); i++) {
      stages.add(stage(i, activation));
      activation = stages.get(i).output();
    }
    features = bench.window(featureDescription(layout));
    steps.add(bench.reorder(activation, features.view()));
  }

  /** {@code (batch, K, h, w)} in the layout of the caller. */
  memory.desc featureDescription(TrunkEngine.Layout layout) {
    return bench.description(
        layout == TrunkEngine.Layout.CHANNELS_FIRST ? format_tag.nchw : format_tag.nhwc,
        batch,
        trunk.featureChannels(),
        trunk.featureRows(),
        trunk.featureColumns());
  }

  void run(FloatPointer imagePointer, FloatPointer parameters, FloatPointer featurePointer) {
    images.aim(imagePointer, 0);
    features.aim(featurePointer, 0);
    for (int i = 0; i < weightWindows.size(); i++) {
      int bias = trunk.biasOffset(i);
      biasWindows.get(i).aim(parameters, bias);
      weightWindows.get(i).aim(parameters, bias + trunk.stages().get(i).filters());
    }
    for (Workbench.Step step : steps) {
      step.run();
    }
  }

  private StageForward stage(int index, memory input) {
    Trunk.Stage stage = trunk.stages().get(index);
    int rows = trunk.rowsInto(index);
    int columns = trunk.columnsInto(index);
    int channels = trunk.channelsInto(index);
    long[] one = {1, 1};
    long[] padding = {stage.kernel() / 2, stage.kernel() / 2};

    convolution_forward.desc description =
        bench.keep(
            new convolution_forward.desc(
                kind,
                algorithm.convolution_direct,
                bench.description(format_tag.any, batch, channels, rows, columns),
                bench.description(
                    format_tag.any, stage.filters(), channels, stage.kernel(), stage.kernel()),
                bench.description(format_tag.x, stage.filters()),
                bench.description(format_tag.any, batch, stage.filters(), rows, columns),
                one,
                padding,
                padding));
    convolution_forward.primitive_desc convolution =
        bench.keep(new convolution_forward.primitive_desc(description, withRelu(), bench.cpu));

    memory source = bench.converted(input, convolution.src_desc(), steps);
    Workbench.Window weightWindow =
        bench.window(
            bench.description(
                format_tag.oihw, stage.filters(), channels, stage.kernel(), stage.kernel()));
    Workbench.Window biasWindow = bench.window(bench.description(format_tag.x, stage.filters()));
    weightWindows.add(weightWindow);
    biasWindows.add(biasWindow);
    memory weights = bench.converted(weightWindow.view(), convolution.weights_desc(), steps);
    memory activation = bench.memory(convolution.dst_desc());
    steps.add(
        bench.new Step(new convolution_forward(convolution))
            .with(DNNL_ARG_SRC, source)
            .with(DNNL_ARG_WEIGHTS, weights)
            .with(DNNL_ARG_BIAS, biasWindow.view())
            .with(DNNL_ARG_DST, activation)
            .withScratchpad(convolution.scratchpad_desc()));
    if (!stage.pooled()) {
      return new StageForward(
          source, weightWindow.view(), activation, convolution, activation, null, null);
    }

    pooling_forward.desc poolingDescription =
        bench.keep(
            new pooling_forward.desc(
                kind,
                algorithm.pooling_max,
                convolution.dst_desc(),
                bench.description(format_tag.any, batch, stage.filters(), rows / 2, columns / 2),
                new long[] {2, 2},
                new long[] {2, 2},
                new long[] {0, 0},
                new long[] {0, 0}));
    pooling_forward.primitive_desc pooling =
        bench.keep(
            new pooling_forward.primitive_desc(poolingDescription, bench.attributes(), bench.cpu));
    memory output = bench.memory(pooling.dst_desc());
    Workbench.Step step =
        bench.new Step(new pooling_forward(pooling))
            .with(DNNL_ARG_SRC, activation)
            .with(DNNL_ARG_DST, output)
            .withScratchpad(pooling.scratchpad_desc());
    memory workspace = null;
    if (kind == prop_kind.forward_training) {
      workspace = bench.memory(pooling.workspace_desc());
      step.with(DNNL_ARG_WORKSPACE, workspace);
    }
    steps.add(step);
    return new StageForward(
        source, weightWindow.view(), activation, convolution, output, pooling, workspace);
  }

  private primitive_attr withRelu() {
    post_ops relu = bench.keep(new post_ops());
    relu.append_eltwise(1f, algorithm.eltwise_relu, 0f, 0f);
    primitive_attr attributes = bench.attributes();
    attributes.set_post_ops(relu);
    return attributes;
  }

  @Override
  public void close() {
    bench.close();
  }
}
