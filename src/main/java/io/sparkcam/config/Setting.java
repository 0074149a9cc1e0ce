package io.sparkcam.config;

import io.sparkcam.data.image.DecodeSettings;
import io.sparkcam.data.ingest.BadRecords;
import io.sparkcam.network.Initialisation;
import io.sparkcam.network.ModelOptions;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.training.Augmentation;
import io.sparkcam.training.Recipe;
import io.sparkcam.training.TrainingPlan;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What can be set: a flag of the command line and, under the same name, a key of a file. */
public enum Setting {
  DATA(
      "data",
      "",
      "PATH",
      "Images and labels: a directory of IDX files, of Parquet files, or of image files (one"
          + " directory a class in train/ and in test/). Not given: for show-* and verify the"
          + " run's own data, else the Debian data set's directory, else a cached download.",
      OptionValue::optionalText),
  IMAGE_COLUMN(
      "image-column",
      "image",
      "NAME",
      "Parquet: encoded images (binary, or a struct with bytes) or arrays of pixels.",
      OptionValue::requiredText),
  LABEL_COLUMN(
      "label-column",
      "label",
      "NAME",
      "Parquet: classes, as numbers or names.",
      OptionValue::requiredText),
  ARRAY_SHAPE(
      "array-shape",
      "square",
      "HxWxC",
      "Parquet: shape of arrays of pixels and of raw bytes; 4 channels are RGBA. square: as their"
          + " length says, grey or RGB.",
      given -> given.shapeOr("square")),
  ARRAY_LAYOUT(
      "array-layout",
      "evident",
      "NAME",
      "Parquet: order of arrays of several channels: hwc (row, column, channel) or chw. evident:"
          + " hwc, and what looks like chw is refused.",
      given -> given.oneOf(DecodeSettings.ArrayLayout.class)),
  ARRAY_WHITE(
      "array-white",
      "auto",
      "1|255",
      "Parquet: the number that is white in arrays. auto: 255, and fractions of 0 to 1 are refused.",
      given -> given.autoOr(1, 255)),
  RESIZE(
      "resize",
      "none",
      "HxW",
      "Bring images to one size, as 224 or 48x64. none: they keep theirs, and those of another size"
          + " than most are bad records.",
      OptionValue::sizeOrNone),
  RESIZE_MODE(
      "resize-mode",
      "crop",
      "NAME",
      "How images of another aspect ratio are resized: crop (the shorter side, then the centre),"
          + " fit (the rest is black), or stretch.",
      given -> given.oneOf(DecodeSettings.Resize.Mode.class)),
  RESIZE_FILTER(
      "resize-filter",
      "bilinear",
      "NAME",
      "How resized pixels are computed, antialiased as Pillow does: bilinear or bicubic.",
      given -> given.oneOf(DecodeSettings.Resize.Filter.class)),
  CHANNELS(
      "channels",
      "majority",
      "NAME",
      "Convert images to grey or rgb. majority: to what most of them are.",
      given -> given.oneOf(DecodeSettings.Channels.class)),
  BACKGROUND(
      "background",
      "none",
      "COLOUR",
      "Lay transparent images on white, black, or a colour as #20c040. none: transparency is"
          + " dropped, colours are as they are stored.",
      given -> given.colourOr("none")),
  GREY_BITS(
      "grey-bits",
      "auto",
      "N",
      "Significant bits of grey images of 16 bits: 10, 12, 14 or 16. auto: as the file says, else 16.",
      given -> given.autoOr(10, 12, 14, 16)),
  LABELS(
      "labels",
      "read",
      "NAME",
      "Whether the labels of the data are used: read, or ignore (explains without).",
      given -> given.oneOf(LabelUse.class)),
  LABELS_FILE(
      "labels-file",
      "",
      "FILE",
      "Image files: a table (CSV) of their labels, found in the data or anywhere else; its columns"
          + " are --image-column and --label-column.",
      OptionValue::optionalText),
  CLASS_NAMES(
      "class-names",
      "",
      "FILE",
      "The names of the model's classes, one a line in their order, where it does not know them.",
      OptionValue::optionalText),
  TEST_SPLIT(
      "test-split",
      "auto",
      "FRACTION",
      "Share of the images that are test images where the data has none. auto: 0.1 where they are"
          + " needed.",
      given -> given.fractionOr("auto")),
  BAD_RECORDS(
      "bad-records",
      "fail",
      "NAME",
      "Images that cannot be used: fail, drop, or quarantine (named in a table of the run).",
      given -> given.oneOf(BadRecords.class)),
  OUTPUT("output", "out", "PATH", "Where runs are published.", OptionValue::requiredText),
  RUN_ID(
      "run-id", "", "NAME", "Name of the run. Not given: the time (UTC).", OptionValue::plainName),
  SIGN(
      "sign",
      "",
      "KEY",
      "A PEM file of an Ed25519 private key that signs the run's manifest.",
      OptionValue::optionalText),
  EPOCHS("epochs", "5", "N", "Passes over the training images.", OptionValue::positive),
  RECIPE(
      "recipe",
      "plain",
      "NAME",
      "What the settings of training that are auto come to: plain, steady (as accurate with many"
          + " workers), best (for 20 epochs and more), or lab (the lab's own).",
      given -> given.oneOf(Recipe.class)),
  BATCH_SIZE(
      "batch-size",
      "auto",
      "N",
      "Images in a worker's training step.",
      given -> given.unlessAuto(OptionValue::positive)),
  WORKERS(
      "workers",
      "auto",
      "N",
      "Logical shards, each trained by one task. auto: the cluster's task slots, at least 2.",
      given -> given.positiveOr("auto")),
  AVERAGING_FREQUENCY(
      "averaging-frequency",
      "auto",
      "K",
      "Training steps between two averagings.",
      given -> given.unlessAuto(OptionValue::positive)),
  OUTER_RATE(
      "outer-rate",
      "auto",
      "RATE",
      "Between rounds: share of the way to the workers' average that is gone. 1: all of it.",
      given -> given.unlessAuto(OptionValue::positiveReal)),
  OUTER_MOMENTUM(
      "outer-momentum",
      "auto",
      "FRACTION",
      "Between rounds: Nesterov momentum on that way. 0: none.",
      given -> given.unlessAuto(OptionValue::fraction)),
  OUTER_AVERAGE(
      "outer-average",
      "auto",
      "FRACTION",
      "Between rounds: decay of the moving average of the weights that is the model. 0: none.",
      given -> given.unlessAuto(OptionValue::fraction)),
  VALIDATION_SPLIT(
      "validation-split",
      "0.1",
      "FRACTION",
      "Share of the training images, from their end, that is held out.",
      OptionValue::fraction),
  LEARNING_RATE(
      "learning-rate",
      "auto",
      "RATE",
      "Adam's largest learning rate.",
      given -> given.unlessAuto(OptionValue::positiveReal)),
  ADAM_BETA2(
      "adam-beta2",
      "auto",
      "FRACTION",
      "Adam's decay of the second moments.",
      given -> given.unlessAuto(OptionValue::fraction)),
  SCHEDULE(
      "schedule",
      "auto",
      "NAME",
      "How the learning rate goes on: constant, cosine (falls to 0), or linear (rises, then falls"
          + " to 0).",
      given -> given.unlessAuto(value -> value.oneOf(TrainingPlan.Schedule.class))),
  INITIALISATION(
      "initialisation",
      "auto",
      "NAME",
      "Weights of convolutions at the start, uniform: glorot, or he.",
      given -> given.unlessAuto(value -> value.oneOf(Initialisation.class))),
  AUGMENTATION(
      "augmentation",
      "auto",
      "NAME",
      "Training images at random: none (as they are), flips (mirrored left to right), or"
          + " shifts_and_flips (also moved by up to 2 pixels).",
      given -> given.unlessAuto(value -> value.oneOf(Augmentation.class))),
  SEED(
      "seed", "42", "N", "Of the initial weights and the order of the images.", OptionValue::whole),
  TRAIN_LIMIT(
      "train-limit",
      "all",
      "N",
      "Use only the first N training images.",
      given -> given.positiveOr("all")),
  TEST_LIMIT(
      "test-limit",
      "all",
      "N",
      "Explain only the first N test images.",
      given -> given.positiveOr("all")),
  ENGINE(
      "engine",
      "fast",
      "NAME",
      "Convolutions: fast, or stock (DL4J's own layers, the slow reference).",
      given -> given.oneOf(Engine.class)),
  CHECKPOINT_EVERY(
      "checkpoint-every",
      "epoch",
      "N",
      "Keep a checkpoint every N rounds, too, not only after each epoch.",
      given -> given.positiveOr("epoch")),
  RESUME(
      "resume",
      "false",
      "true|false",
      "Go on with the run that --run-id names. Not given: with the newest unfinished one.",
      OptionValue::yes),
  PARTITIONS(
      "partitions",
      "auto",
      "N",
      "Partitions of the explanation. auto: for the cluster's task slots.",
      given -> given.positiveOr("auto")),
  EXPLAIN_BATCH_SIZE(
      "explain-batch-size", "64", "N", "Images explained at a time.", OptionValue::positive),
  FAITHFULNESS(
      "faithfulness",
      "false",
      "true|false",
      "Measure how faithful the maps are, beside controls.",
      OptionValue::yes),
  FAITHFULNESS_SAMPLE(
      "faithfulness-sample",
      "1000",
      "N",
      "Images that have insertion and deletion curves, or all.",
      given -> given.positiveOr("all")),
  PIXELS(
      "pixels",
      "auto",
      "NAME",
      "How a model from elsewhere wants pixels: unit (0 to 1), signed (-1 to 1), raw (0 to 255),"
          + " imagenet, caffe. auto: as its file says, else unit.",
      given -> given.oneOf(ModelOptions.PixelForm.class)),
  PIXEL_SCALE(
      "pixel-scale",
      "",
      "X",
      "Pixels of 0 to 255 are multiplied by this; instead of --pixels.",
      OptionValue::optionalReal),
  PIXEL_MEAN(
      "pixel-mean",
      "",
      "X,...",
      "Then this is subtracted; one number, or one a channel as the model takes them.",
      OptionValue::reals),
  PIXEL_STD(
      "pixel-std",
      "",
      "X,...",
      "Then they are divided by this; one number, or one a channel.",
      OptionValue::positiveReals),
  CHANNEL_ORDER(
      "channel-order",
      "auto",
      "rgb|bgr",
      "How the model takes channels. auto: as --pixels says, else rgb.",
      given -> given.oneOf(ModelOptions.ChannelOrder.class));

  /** What determines pixels, beside the images themselves. */
  public static final Set<Setting> DECODING =
      Collections.unmodifiableSet(EnumSet.range(ARRAY_SHAPE, GREY_BITS));

  /** Whether labels are used. */
  enum LabelUse {
    READ,
    IGNORE
  }

  private final String key;
  private final String builtIn;
  private final String placeholder;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // functions without state
  private final Function<OptionValue, Object> reader;

  Setting(
      String key,
      String builtIn,
      String placeholder,
      String description,
      Function<OptionValue, Object> reader) {
    this.key = key;
    this.builtIn = builtIn;
    this.placeholder = placeholder;
    this.description = description;
    this.reader = reader;
  }

  public static Optional<Setting> named(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(Setting::key).toList();
  }

  /** In a file. */
  public String key() {
    return key;
  }

  /** On the command line. */
  public String flag() {
    return "--" + key;
  }

  /** The value where nothing is given, as a file would write it; empty for none. */
  public String builtIn() {
    return builtIn;
  }

  /** Whether the flag alone says it all. */
  public boolean isSwitch() {
    return builtIn.equals("false");
  }

  /** What the help calls the value. */
  public String placeholder() {
    return placeholder;
  }

  public String description() {
    return description;
  }

  /**
   * @throws IllegalArgumentException naming the source, when the value is impossible
   */
  Object read(OptionValue given) {
    return reader.apply(given);
  }
}
