package io.sparkcam.network.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import io.sparkcam.network.Trunk;
import io.sparkcam.network.TrunkEngine;
import io.sparkcam.network.onednn.ForwardProgram.StageForward;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The way back through a {@link ForwardProgram}: last stage first, no gradient by the images.
 *
 * <p>ReLU's mask is applied to the pooled gradient, a quarter the size: where the maximum of a
 * window is positive, its winner is, and where it is not, no gradient passes at all.
 */
final class BackwardProgram {
  private final ForwardProgram forward;
  private final Workbench bench;
  private final List<Workbench.Step> steps = new ArrayList<>();
  private final Workbench.Window featureGradients;
  private final Workbench.Window[] weightGradients;
  private final Workbench.Window[] biasGradients;

  BackwardProgram(ForwardProgram forward, TrunkEngine.Layout layout) {
    this.forward = forward;
    this.bench = forward.bench;
    int count = forward.stages.size();
    weightGradients = new Workbench.Window[count];
    biasGradients = new Workbench.Window[count];
    featureGradients = bench.window(forward.featureDescription(layout));
    memory gradient = bench.memory(forward.stages.get(count - 1).output().get_desc());
    steps.add(bench.reorder(featureGradients.view(), gradient));
    for (int i = count - 1; i >= 0; i--) {
      StageForward stage = forward.stages.get(i);
      maskByRelu(gradient, stage.output());
      gradient = stage.pooling() == null ? gradient : throughPooling(stage, gradient);
      byWeights(i, stage, gradient);
      if (i > 0) {
        memory bySource = byImages(i, stage, gradient);
        gradient = bench.converted(bySource, forward.stages.get(i - 1).output().get_desc(), steps);
      }
    }
  }

  void run(FloatPointer featureGradientPointer, FloatPointer gradients) {
    featureGradients.aim(featureGradientPointer, 0);
    for (int i = 0; i < weightGradients.length; i++) {
      int bias = forward.trunk.biasOffset(i);
      biasGradients[i].aim(gradients, bias);
      weightGradients[i].aim(gradients, bias + forward.trunk.stages().get(i).filters());
    }
    for (Workbench.Step step : steps) {
      step.run();
    }
  }

  private void maskByRelu(memory gradient, memory output) {
    memory.desc description = bench.keep(output.get_desc());
    eltwise_forward.desc hintDescription =
        bench.keep(
            new eltwise_forward.desc(
                prop_kind.forward_training,
                algorithm.eltwise_relu_use_dst_for_bwd,
                description,
                0f,
                0f));
    eltwise_forward.primitive_desc hint =
        bench.keep(new eltwise_forward.primitive_desc(hintDescription, bench.cpu));
    eltwise_backward.desc backward =
        bench.keep(
            new eltwise_backward.desc(
                algorithm.eltwise_relu_use_dst_for_bwd, description, description, 0f, 0f));
    eltwise_backward.primitive_desc primitive =
        bench.keep(
            new eltwise_backward.primitive_desc(backward, bench.attributes(), bench.cpu, hint));
    steps.add(
        bench.new Step(new eltwise_backward(primitive))
            .with(DNNL_ARG_DST, output)
            .with(DNNL_ARG_DIFF_DST, gradient)
            .with(DNNL_ARG_DIFF_SRC, gradient)
            .withScratchpad(primitive.scratchpad_desc()));
  }

  private memory throughPooling(StageForward stage, memory gradient) {
    pooling_backward.desc description =
        bench.keep(
            new pooling_backward.desc(
                algorithm.pooling_max,
                bench.keep(stage.activation().get_desc()),
                bench.keep(stage.output().get_desc()),
                new long[] {2, 2},
                new long[] {2, 2},
                new long[] {0, 0},
                new long[] {0, 0}));
    pooling_backward.primitive_desc primitive =
        bench.keep(
            new pooling_backward.primitive_desc(
                description, bench.attributes(), bench.cpu, stage.pooling()));
    memory spread = bench.memory(primitive.diff_src_desc());
    steps.add(
        bench.new Step(new pooling_backward(primitive))
            .with(DNNL_ARG_DIFF_DST, gradient)
            .with(DNNL_ARG_WORKSPACE, stage.workspace())
            .with(DNNL_ARG_DIFF_SRC, spread)
            .withScratchpad(primitive.scratchpad_desc()));
    return spread;
  }

  private void byWeights(int index, StageForward stage, memory gradient) {
    Trunk.Stage shape = forward.trunk.stages().get(index);
    long[] padding = padding(shape);
    convolution_backward_weights.desc description =
        bench.keep(
            new convolution_backward_weights.desc(
                algorithm.convolution_direct,
                anySource(index),
                anyWeights(index),
                bench.description(format_tag.x, shape.filters()),
                anyOutput(index),
                new long[] {1, 1},
                padding,
                padding));
    convolution_backward_weights.primitive_desc primitive =
        bench.keep(
            new convolution_backward_weights.primitive_desc(
                description, bench.attributes(), bench.cpu, stage.convolution()));
    weightGradients[index] = bench.window(bench.keep(stage.weights().get_desc()));
    biasGradients[index] = bench.window(primitive.diff_bias_desc());
    memory blocked = bench.memory(primitive.diff_weights_desc());
    Workbench.Step step =
        bench.new Step(new convolution_backward_weights(primitive))
            .with(DNNL_ARG_SRC, bench.converted(stage.source(), primitive.src_desc(), steps))
            .with(DNNL_ARG_DIFF_DST, bench.converted(gradient, primitive.diff_dst_desc(), steps))
            .with(DNNL_ARG_DIFF_WEIGHTS, blocked)
            .with(DNNL_ARG_DIFF_BIAS, biasGradients[index].view())
            .withScratchpad(primitive.scratchpad_desc());
    steps.add(step);
    steps.add(bench.reorder(blocked, weightGradients[index].view()));
  }

  private memory byImages(int index, StageForward stage, memory gradient) {
    Trunk.Stage shape = forward.trunk.stages().get(index);
    long[] padding = padding(shape);
    convolution_backward_data.desc description =
        bench.keep(
            new convolution_backward_data.desc(
                algorithm.convolution_direct,
                anySource(index),
                anyWeights(index),
                anyOutput(index),
                new long[] {1, 1},
                padding,
                padding));
    convolution_backward_data.primitive_desc primitive =
        bench.keep(
            new convolution_backward_data.primitive_desc(
                description, bench.attributes(), bench.cpu, stage.convolution()));
    memory bySource = bench.memory(primitive.diff_src_desc());
    steps.add(
        bench.new Step(new convolution_backward_data(primitive))
            .with(
                DNNL_ARG_WEIGHTS, bench.converted(stage.weights(), primitive.weights_desc(), steps))
            .with(DNNL_ARG_DIFF_DST, bench.converted(gradient, primitive.diff_dst_desc(), steps))
            .with(DNNL_ARG_DIFF_SRC, bySource)
            .withScratchpad(primitive.scratchpad_desc()));
    return bySource;
  }

  private static long[] padding(Trunk.Stage stage) {
    return new long[] {stage.kernel() / 2, stage.kernel() / 2};
  }

  private memory.desc anySource(int index) {
    return any(forward.trunk.channelsInto(index), index);
  }

  private memory.desc anyOutput(int index) {
    return any(forward.trunk.stages().get(index).filters(), index);
  }

  private memory.desc any(int channels, int index) {
    return bench.description(
        format_tag.any,
        forward.batch,
        channels,
        forward.trunk.rowsInto(index),
        forward.trunk.columnsInto(index));
  }

  private memory.desc anyWeights(int index) {
    Trunk.Stage stage = forward.trunk.stages().get(index);
    return bench.description(
        format_tag.any,
        stage.filters(),
        forward.trunk.channelsInto(index),
        stage.kernel(),
        stage.kernel());
  }
}
