package io.sparkcam.config;

import io.sparkcam.data.ImageShape;
import io.sparkcam.data.image.DecodeSettings;
import io.sparkcam.data.ingest.BadRecords;
import io.sparkcam.explain.CamMethods;
import io.sparkcam.explain.LargeColumns;
import io.sparkcam.network.HeadKind;
import io.sparkcam.network.Initialisation;
import io.sparkcam.network.ModelOptions;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.network.file.Networks;
import io.sparkcam.training.Augmentation;
import io.sparkcam.training.Recipe;
import io.sparkcam.training.TrainingPlan;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * What can be set: a flag of the command line and, under the same name, a key of a file. All that
 * is to be said of a setting is in its declaration.
 *
 * @param <T> of its values
 */
public final class Setting<T> {
  private static final Map<String, Setting<?>> BY_KEY = new LinkedHashMap<>();
  private static final Set<String> ALSO_OF_HEADS =
      Set.of("backbone", "head-penalty", "workers", "validation-split", "seed", "train-limit");

  /** What a value determines, and what must therefore be the same where work is taken over. */
  public enum Determines {
    /** Speed, names, places: no byte of the results. */
    NOTHING,
    /** Which records there are; these are compared by their SHA-256. */
    DATA,
    /** The pixels that images become, and with them model and table. */
    PIXELS,
    /** The trained model. */
    MODEL,
    /** The table of explanations. */
    TABLE,
    /** Model and table. */
    BOTH
  }

  public static final Setting<Optional<String>> DATA =
      new Setting<>(
          "data",
          "",
          "PATH",
          Determines.DATA,
          "Images and labels, such as a directory of IDX files, of Parquet files, or of image files (one"
              + " directory a class in train/ and in test/). Not given: for show-* and verify the"
              + " run's own data, else the Debian data set's directory, else a cached download.",
          OptionValue::optionalText);
  public static final Setting<String> IMAGE_COLUMN =
      new Setting<>(
          "image-column",
          "image",
          "NAME",
          Determines.DATA,
          "Parquet: encoded images (binary, or a struct with bytes) or arrays of pixels.",
          OptionValue::requiredText);
  public static final Setting<String> LABEL_COLUMN =
      new Setting<>(
          "label-column",
          "label",
          "NAME",
          Determines.DATA,
          "Parquet: classes, as numbers or names.",
          OptionValue::requiredText);
  public static final Setting<Optional<ImageShape>> ARRAY_SHAPE =
      new Setting<>(
          "array-shape",
          "square",
          "HxWxC",
          Determines.PIXELS,
          "Parquet: shape of arrays of pixels and of raw bytes; 4 channels are RGBA. square: as their"
              + " length says, grey or RGB.",
          given -> given.shapeOr("square"));
  public static final Setting<DecodeSettings.ArrayLayout> ARRAY_LAYOUT =
      new Setting<>(
          "array-layout",
          "evident",
          "NAME",
          Determines.PIXELS,
          "Parquet: order of arrays of several channels: hwc (row, column, channel) or chw. evident:"
              + " hwc, and what looks like chw is refused.",
          given -> given.oneOf(DecodeSettings.ArrayLayout.class));
  public static final Setting<OptionalInt> ARRAY_WHITE =
      new Setting<>(
          "array-white",
          "auto",
          "1|255",
          Determines.PIXELS,
          "Parquet: the number that is white in arrays. auto: 255, and numbers of 0 to 1 are refused.",
          given -> given.autoOr(1, 255));
  public static final Setting<Optional<int[]>> RESIZE =
      new Setting<>(
          "resize",
          "none",
          "HxW",
          Determines.PIXELS,
          "Bring images to one size, as 224 or 48x64. none: they keep theirs, and those of another size"
              + " than most are bad records.",
          OptionValue::sizeOrNone);
  public static final Setting<DecodeSettings.Resize.Mode> RESIZE_MODE =
      new Setting<>(
          "resize-mode",
          "crop",
          "NAME",
          Determines.PIXELS,
          "How images of another aspect ratio are resized: crop (the shorter side, then the centre),"
              + " fit (the rest is black), or stretch.",
          given -> given.oneOf(DecodeSettings.Resize.Mode.class));
  public static final Setting<DecodeSettings.Resize.Filter> RESIZE_FILTER =
      new Setting<>(
          "resize-filter",
          "bilinear",
          "NAME",
          Determines.PIXELS,
          "How resized pixels are computed, antialiased as Pillow does: bilinear or bicubic.",
          given -> given.oneOf(DecodeSettings.Resize.Filter.class));
  public static final Setting<DecodeSettings.Channels> CHANNELS =
      new Setting<>(
          "channels",
          "majority",
          "NAME",
          Determines.PIXELS,
          "Convert images to grey or rgb. majority: to what most of them are.",
          given -> given.oneOf(DecodeSettings.Channels.class));
  public static final Setting<OptionalInt> BACKGROUND =
      new Setting<>(
          "background",
          "none",
          "COLOUR",
          Determines.PIXELS,
          "Lay transparent images on white, black, or a colour as #20c040. none: transparency is"
              + " dropped, colours are as they are stored.",
          given -> given.colourOr("none"));
  public static final Setting<OptionalInt> GREY_BITS =
      new Setting<>(
          "grey-bits",
          "auto",
          "N",
          Determines.PIXELS,
          "Significant bits of grey images of 16 bits: 10, 12, 14 or 16. auto: as the file says, else 16.",
          given -> given.autoOr(10, 12, 14, 16));
  public static final Setting<LabelUse> LABELS =
      new Setting<>(
          "labels",
          "read",
          "NAME",
          Determines.DATA,
          "Whether the labels of the data are used: read, or ignore (explains without).",
          given -> given.oneOf(LabelUse.class));
  public static final Setting<Optional<String>> LABELS_FILE =
      new Setting<>(
          "labels-file",
          "",
          "FILE",
          Determines.DATA,
          "Image files: a table (CSV) of their labels, found in the data or anywhere else; its columns"
              + " are --image-column and --label-column.",
          OptionValue::optionalText);
  public static final Setting<Optional<String>> CLASS_NAMES =
      new Setting<>(
          "class-names",
          "",
          "FILE",
          Determines.DATA,
          "The names of the model's classes, one a line in their order, where it does not know them.",
          OptionValue::optionalText);
  public static final Setting<OptionalDouble> TEST_SPLIT =
      new Setting<>(
          "test-split",
          "auto",
          "FRACTION",
          Determines.DATA,
          "Share of the images that are test images where the data has none. auto: 0.1 where they are"
              + " needed.",
          given -> given.fractionOr("auto"));
  public static final Setting<BadRecords> BAD_RECORDS =
      new Setting<>(
          "bad-records",
          "fail",
          "NAME",
          Determines.DATA,
          "Images that cannot be used: fail, drop, or quarantine (named in a table of the run).",
          given -> given.oneOf(BadRecords.class));
  public static final Setting<String> OUTPUT =
      new Setting<>(
          "output",
          "out",
          "PATH",
          Determines.NOTHING,
          "Where runs are published.",
          OptionValue::requiredText);
  public static final Setting<Optional<String>> RUN_ID =
      new Setting<>(
          "run-id",
          "",
          "NAME",
          Determines.NOTHING,
          "Name of the run. Not given: the time (UTC).",
          OptionValue::plainName);
  public static final Setting<Optional<String>> SCRATCH =
      new Setting<>(
          "scratch",
          "",
          "PATH",
          Determines.NOTHING,
          "Where images that are unpacked and what Spark spills lie while the job runs. Not given:"
              + " Spark's spark.local.dir, else the temporary directory.",
          OptionValue::optionalText);
  public static final Setting<Optional<String>> SIGN =
      new Setting<>(
          "sign",
          "",
          "KEY",
          Determines.NOTHING,
          "A PEM file of an Ed25519 private key that signs the run's manifest.",
          OptionValue::optionalText);
  public static final Setting<Optional<Networks>> NETWORK =
      new Setting<>(
          "network",
          "lab",
          "NAME",
          Determines.MODEL,
          "What is trained: "
              + OptionValue.words(Networks.class)
              + ", or a file .json with DL4J's configuration of a network.",
          given -> given.oneOfOrFile(Networks.class, ".json"));
  public static final Setting<Optional<String>> BACKBONE =
      new Setting<>(
          "backbone",
          "",
          "FILE",
          Determines.MODEL,
          "A model as explain takes it, whose features are kept: only a new dense layer is trained, to"
              + " its optimum.",
          OptionValue::optionalText);
  public static final Setting<Optional<String>> INIT =
      new Setting<>(
          "init",
          "",
          "FILE",
          Determines.MODEL,
          "A model whose weights training starts with; where it has another number of classes, those of"
              + " its dense layer are left out. It says what is trained: --network is left out.",
          OptionValue::optionalText);
  public static final Setting<Double> HEAD_PENALTY =
      new Setting<>(
          "head-penalty",
          "1e-5",
          "X",
          Determines.MODEL,
          "With --backbone: half of the squared weights times this is added to the loss.",
          OptionValue::positiveReal);
  public static final Setting<Integer> EPOCHS =
      new Setting<>(
          "epochs",
          "5",
          "N",
          Determines.MODEL,
          "Passes over the training images.",
          OptionValue::positive);
  public static final Setting<Recipe> RECIPE =
      new Setting<>(
          "recipe",
          "steady",
          "NAME",
          Determines.MODEL,
          "What the settings of training that are auto come to: plain, steady (as accurate with many"
              + " workers), best (for 20 epochs and more), or lab (the lab's own).",
          given -> given.oneOf(Recipe.class));
  public static final Setting<Optional<Integer>> BATCH_SIZE =
      new Setting<>(
          "batch-size",
          "auto",
          "N",
          Determines.MODEL,
          "Images in a worker's training step.",
          given -> given.unlessAuto(OptionValue::positive));
  public static final Setting<OptionalInt> WORKERS =
      new Setting<>(
          "workers",
          "auto",
          "N",
          Determines.MODEL,
          "Logical shards, each trained by one task. auto: the cluster's task slots, at least 2, and no"
              + " more than one for 6,750 images.",
          given -> given.positiveOr("auto"));
  public static final Setting<Optional<Integer>> AVERAGING_FREQUENCY =
      new Setting<>(
          "averaging-frequency",
          "auto",
          "K",
          Determines.MODEL,
          "Training steps between two averagings.",
          given -> given.unlessAuto(OptionValue::positive));
  public static final Setting<Optional<Double>> OUTER_RATE =
      new Setting<>(
          "outer-rate",
          "auto",
          "RATE",
          Determines.MODEL,
          "Between rounds: share of the way to the workers' average that is gone. 1: all of it.",
          given -> given.unlessAuto(OptionValue::positiveReal));
  public static final Setting<Optional<Double>> OUTER_MOMENTUM =
      new Setting<>(
          "outer-momentum",
          "auto",
          "FRACTION",
          Determines.MODEL,
          "Between rounds: Nesterov momentum on that way. 0: none.",
          given -> given.unlessAuto(OptionValue::fraction));
  public static final Setting<Optional<Double>> OUTER_AVERAGE =
      new Setting<>(
          "outer-average",
          "auto",
          "FRACTION",
          Determines.MODEL,
          "Between rounds: decay of the moving average of the weights that is the model. 0: none.",
          given -> given.unlessAuto(OptionValue::fraction));
  public static final Setting<Double> VALIDATION_SPLIT =
      new Setting<>(
          "validation-split",
          "0.1",
          "FRACTION",
          Determines.MODEL,
          "Share of the training images, from their end, that is held out.",
          OptionValue::fraction);
  public static final Setting<Optional<Double>> LEARNING_RATE =
      new Setting<>(
          "learning-rate",
          "auto",
          "RATE",
          Determines.MODEL,
          "Adam's largest learning rate.",
          given -> given.unlessAuto(OptionValue::positiveReal));
  public static final Setting<Optional<Double>> ADAM_BETA2 =
      new Setting<>(
          "adam-beta2",
          "auto",
          "FRACTION",
          Determines.MODEL,
          "Adam's decay of the second moments.",
          given -> given.unlessAuto(OptionValue::fraction));
  public static final Setting<Optional<TrainingPlan.Schedule>> SCHEDULE =
      new Setting<>(
          "schedule",
          "auto",
          "NAME",
          Determines.MODEL,
          "How the learning rate goes on: constant, cosine (falls to 0), or linear (rises, then falls"
              + " to 0).",
          given -> given.unlessAuto(value -> value.oneOf(TrainingPlan.Schedule.class)));
  public static final Setting<Optional<Initialisation>> INITIALISATION =
      new Setting<>(
          "initialisation",
          "auto",
          "NAME",
          Determines.MODEL,
          "Weights of convolutions at the start, uniform: glorot, or he.",
          given -> given.unlessAuto(value -> value.oneOf(Initialisation.class)));
  public static final Setting<Optional<Augmentation>> AUGMENTATION =
      new Setting<>(
          "augmentation",
          "auto",
          "NAME",
          Determines.MODEL,
          "Training images at random: none (as they are), flips (mirrored left to right), or"
              + " shifts_and_flips (also moved by up to 2 pixels).",
          given -> given.unlessAuto(value -> value.oneOf(Augmentation.class)));
  public static final Setting<Long> SEED =
      new Setting<>(
          "seed",
          "42",
          "N",
          Determines.MODEL,
          "Of the initial weights and the order of the images.",
          OptionValue::whole);
  public static final Setting<OptionalInt> TRAIN_LIMIT =
      new Setting<>(
          "train-limit",
          "all",
          "N",
          Determines.MODEL,
          "Use only the first N training images.",
          given -> given.positiveOr("all"));
  public static final Setting<OptionalInt> TEST_LIMIT =
      new Setting<>(
          "test-limit",
          "all",
          "N",
          Determines.TABLE,
          "Explain only the first N test images.",
          given -> given.positiveOr("all"));
  public static final Setting<Engine> ENGINE =
      new Setting<>(
          "engine",
          "fast",
          "NAME",
          Determines.BOTH,
          "Convolutions: fast, or stock (DL4J's own layers, the slow reference).",
          given -> given.oneOf(Engine.class));
  public static final Setting<OptionalInt> CHECKPOINT_EVERY =
      new Setting<>(
          "checkpoint-every",
          "epoch",
          "N",
          Determines.NOTHING,
          "Keep a checkpoint every N rounds, too, not only after each epoch.",
          given -> given.positiveOr("epoch"));
  public static final Setting<Boolean> RESUME =
      new Setting<>(
          "resume",
          "false",
          "true|false",
          Determines.NOTHING,
          "Go on with the run that --run-id names. Not given: with the newest unfinished one.",
          OptionValue::yes);
  public static final Setting<OptionalInt> PARTITIONS =
      new Setting<>(
          "partitions",
          "auto",
          "N",
          Determines.TABLE,
          "Partitions of the explanation. auto: for the cluster's task slots.",
          given -> given.positiveOr("auto"));
  public static final Setting<Integer> EXPLAIN_BATCH_SIZE =
      new Setting<>(
          "explain-batch-size",
          "64",
          "N",
          Determines.NOTHING,
          "Images explained at a time.",
          OptionValue::positive);
  public static final Setting<CamMethods> METHOD =
      new Setting<>(
          CamMethods.SETTING,
          "cam",
          "NAME",
          Determines.TABLE,
          "How maps are made: "
              + OptionValue.words(CamMethods.class)
              + ". cam needs one dense layer after the features; all others explain any Keras or DL4J"
              + " classifier.",
          given -> given.oneOf(CamMethods.class));
  public static final Setting<Optional<String>> LAYER =
      new Setting<>(
          "layer",
          "",
          "NAME",
          Determines.TABLE,
          "The layer whose output methods other than cam explain. Not given: the one that a single"
              + " dense layer averages or flattens, else the last convolution.",
          OptionValue::optionalText);
  public static final Setting<Boolean> FAITHFULNESS =
      new Setting<>(
          "faithfulness",
          "false",
          "true|false",
          Determines.TABLE,
          "Measure how faithful the maps are, beside controls.",
          OptionValue::yes);
  public static final Setting<OptionalInt> FAITHFULNESS_SAMPLE =
      new Setting<>(
          "faithfulness-sample",
          "1000",
          "N",
          Determines.TABLE,
          "Images that have insertion and deletion curves, or all.",
          given -> given.positiveOr("all"));
  public static final Setting<LargeColumns> COLUMNS =
      new Setting<>(
          "columns",
          "auto",
          OptionValue.words(LargeColumns.class),
          Determines.TABLE,
          "Which of the large columns features and cam the table has. auto: features up to 64x64"
              + " pixels, else none.",
          given -> given.oneOf(LargeColumns.class));
  public static final Setting<MappedClasses> MAPS =
      new Setting<>(
          "maps",
          "all",
          OptionValue.words(MappedClasses.class),
          Determines.TABLE,
          "Classes that cam_low has maps of: all, or top5, of each image the five likeliest, which the"
              + " column cam_classes names.",
          given -> given.oneOf(MappedClasses.class));
  public static final Setting<Boolean> SHAPLEY =
      new Setting<>(
          "shapley",
          "false",
          "true|false",
          Determines.TABLE,
          "Add each cell's Shapley value, and the fewest cells that keep or change the prediction.",
          OptionValue::yes);
  public static final Setting<Boolean> SANITY =
      new Setting<>(
          "sanity",
          "false",
          "true|false",
          Determines.NOTHING,
          "Compare all maps with those of the network whose last layers are random.",
          OptionValue::yes);
  public static final Setting<Optional<String>> TABLE =
      new Setting<>(
          "table",
          "",
          "CATALOG.DB.NAME",
          Determines.NOTHING,
          "A table of a Spark catalog that the published explanations are also written to.",
          OptionValue::tableName);
  public static final Setting<Boolean> WITH_IMAGES =
      new Setting<>(
          "with-images",
          "false",
          "true|false",
          Determines.NOTHING,
          "With --table: add each image as a PNG file.",
          OptionValue::yes);
  public static final Setting<List<Double>> ROAR_SHARES =
      new Setting<>(
          "roar-shares",
          "0.1,0.3,0.5,0.7,0.9",
          "X,...",
          Determines.NOTHING,
          "Of the command roar: shares of the pixels that are removed, ascending.",
          OptionValue::ascendingShares);
  public static final Setting<Boolean> REASONS =
      new Setting<>(
          "reasons",
          "false",
          "true|false",
          Determines.NOTHING,
          "Group the images of each predicted class by where their maps are strong.",
          OptionValue::yes);
  public static final Setting<ModelOptions.PixelForm> PIXELS =
      new Setting<>(
          "pixels",
          "auto",
          "NAME",
          Determines.TABLE,
          "How a model from elsewhere wants pixels: unit (0 to 1), signed (-1 to 1), raw (0 to 255),"
              + " imagenet, caffe. auto: as its file says, else unit.",
          given -> given.oneOf(ModelOptions.PixelForm.class));
  public static final Setting<Optional<Double>> PIXEL_SCALE =
      new Setting<>(
          "pixel-scale",
          "",
          "X",
          Determines.TABLE,
          "Pixels of 0 to 255 are multiplied by this; instead of --pixels.",
          OptionValue::optionalReal);
  public static final Setting<List<Double>> PIXEL_MEAN =
      new Setting<>(
          "pixel-mean",
          "",
          "X,...",
          Determines.TABLE,
          "Then this is subtracted; one number, or one a channel as the model takes them.",
          OptionValue::reals);
  public static final Setting<List<Double>> PIXEL_STD =
      new Setting<>(
          "pixel-std",
          "",
          "X,...",
          Determines.TABLE,
          "Then they are divided by this; one number, or one a channel.",
          OptionValue::positiveReals);
  public static final Setting<ModelOptions.ChannelOrder> CHANNEL_ORDER =
      new Setting<>(
          "channel-order",
          "auto",
          "rgb|bgr",
          Determines.TABLE,
          "How the model takes channels. auto: as --pixels says, else rgb.",
          given -> given.oneOf(ModelOptions.ChannelOrder.class));

  public static final Setting<Optional<HeadKind>> HEAD =
      new Setting<>(
          "head",
          "auto",
          "NAME",
          Determines.TABLE,
          "What makes probabilities of the logits that a model from elsewhere ends in: "
              + OptionValue.words(HeadKind.class)
              + ". auto: softmax.",
          given -> given.unlessAuto(value -> value.oneOf(HeadKind.class)));

  public static final Setting<Double> THRESHOLD =
      new Setting<>(
          "threshold",
          "0.5",
          "FRACTION",
          Determines.TABLE,
          "Of several sigmoids: the classes above it are predicted_labels.",
          OptionValue::fraction);

  /** Which classes have maps. */
  public enum MappedClasses {
    ALL,
    TOP5
  }

  /** Whether labels are used. */
  enum LabelUse {
    READ,
    IGNORE
  }

  private final String key;
  private final String builtIn;
  private final String placeholder;
  private final Determines determines;
  private final String description;
  private final Function<OptionValue, T> reader;

  private Setting(
      String key,
      String builtIn,
      String placeholder,
      Determines determines,
      String description,
      Function<OptionValue, T> reader) {
    this.key = key;
    this.builtIn = builtIn;
    this.placeholder = placeholder;
    this.determines = determines;
    this.description = description;
    this.reader = reader;
    BY_KEY.put(key, this);
  }

  /** In the order of the help. */
  public static Set<Setting<?>> all() {
    return Collections.unmodifiableSet(new LinkedHashSet<>(BY_KEY.values()));
  }

  public static Optional<Setting<?>> named(String key) {
    return Optional.ofNullable(BY_KEY.get(key));
  }

  static List<String> keys() {
    return List.copyOf(BY_KEY.keySet());
  }

  /** Whether the pixels that images become depend on it. */
  public boolean determinesPixels() {
    return determines == Determines.PIXELS;
  }

  /** Whether the model depends on it, data aside. */
  public boolean determinesModel() {
    return EnumSet.of(Determines.PIXELS, Determines.MODEL, Determines.BOTH).contains(determines);
  }

  /** Whether it says how a whole network is trained. */
  public boolean ofNetworkTraining() {
    return determines == Determines.MODEL && !ALSO_OF_HEADS.contains(key);
  }

  /** Whether the table of explanations depends on it, data and model aside. */
  public boolean determinesTable() {
    return EnumSet.of(Determines.PIXELS, Determines.TABLE, Determines.BOTH).contains(determines);
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
  T read(OptionValue given) {
    return reader.apply(given);
  }
}
