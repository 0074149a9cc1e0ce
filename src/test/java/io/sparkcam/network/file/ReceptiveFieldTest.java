package io.sparkcam.network.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.junit.jupiter.api.Test;

class ReceptiveFieldTest {
  private static ReceptiveField after(int axis, org.deeplearning4j.nn.conf.layers.Layer... layers) {
    ReceptiveField field = ReceptiveField.ofPixels(axis, 20);
    for (org.deeplearning4j.nn.conf.layers.Layer layer : layers) {
      field = field.after(layer);
    }
    return field;
  }

  @Test
  void rowsAndColumnsAreFollowedEachByItself() {
    ConvolutionLayer tall = new ConvolutionLayer.Builder(7, 5).stride(2, 1).build();
    assertEquals(new ReceptiveField(0, 3, 2, 7), after(0, tall));
    assertEquals(new ReceptiveField(1, 2, 1, 16), after(1, tall));
  }

  @Test
  void whatIsPaddedOrCroppedMovesTheFirstCell() {
    ZeroPaddingLayer padding = new ZeroPaddingLayer.Builder(1, 2, 3, 4).build();
    Cropping2D cropping = new Cropping2D.Builder(2, 1, 5, 0).build();
    assertEquals(new ReceptiveField(0, 1, 1, 20), after(0, padding, cropping));
    assertEquals(new ReceptiveField(1, 2, 1, 22), after(1, padding, cropping));
  }

  /** Two cells share a pixel, and look a quarter of it to either side of its centre. */
  @Test
  void upsampledCellsLieCloser() {
    Upsampling2D upsampling = new Upsampling2D.Builder(2).build();
    assertEquals(new ReceptiveField(0, -0.25, 0.5, 40), after(0, upsampling));
  }
}
