package io.sparkcam.job;

import io.sparkcam.aggregate.Aggregates;
import io.sparkcam.aggregate.ExplanationSums;
import io.sparkcam.aggregate.ReasonGroups;
import io.sparkcam.aggregate.RunAggregates;
import io.sparkcam.cluster.BroadcastModel;
import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.cluster.TestEvaluation;
import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.config.UsageException;
import io.sparkcam.data.ClassNames;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageShape;
import io.sparkcam.data.Part;
import io.sparkcam.data.ValidationSplit;
import io.sparkcam.data.ingest.StoredPart;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.explain.FaithfulnessPlan;
import io.sparkcam.explain.LabelSets;
import io.sparkcam.inputs.ExplainableModel;
import io.sparkcam.inputs.KeptPixels;
import io.sparkcam.inputs.ModelFile;
import io.sparkcam.inputs.StoredData;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.HeadKind;
import io.sparkcam.network.PixelScale;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.network.file.ModelZip;
import io.sparkcam.network.file.Networks;
import io.sparkcam.run.Manifest;
import io.sparkcam.run.ManifestSignature;
import io.sparkcam.run.PartFiles;
import io.sparkcam.run.RunCheckpoints;
import io.sparkcam.run.RunDirectory;
import io.sparkcam.table.ExplanationSchema;
import io.sparkcam.table.PartFile;
import io.sparkcam.table.TableEntry;
import io.sparkcam.terminal.ConfusionTable;
import io.sparkcam.terminal.FaithfulnessTable;
import io.sparkcam.terminal.TerminalProgress;
import io.sparkcam.text.Console;
import io.sparkcam.training.EpochRecord;
import io.sparkcam.training.HeadTraining;
import io.sparkcam.training.Training;
import io.sparkcam.training.TrainingCheckpoint;
import io.sparkcam.training.TrainingPlan;
import io.sparkcam.training.TrainingProgress;
import io.sparkcam.verify.RunVerifier;
import io.sparkcam.view.PublishedRun;
import io.sparkcam.view.Report;
import io.sparkcam.view.TensorBoardEvents;
import io.sparkcam.view.TestImages;
import io.sparkcam.view.TrainingHistory;
import java.io.IOException;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What makes a run: data, training, evaluation, explanation, publication, each a timed stage. */
public final class MainJob {
  private static final Logger LOG = LoggerFactory.getLogger(MainJob.class);

  private static final String ROAR = "roar";

  private final JavaSparkContext sc;
  private final Settings settings;
  private final Console console;
  private Defaults sizing;

  /** Of the model that explains. */
  private ClassNames names = ClassNames.digits(1);

  public MainJob(JavaSparkContext sc, Settings settings, Console console) {
    this.sc = sc;
    this.settings = settings;
    this.console = console;
    this.sizing = Defaults.of(settings, sc.defaultParallelism());
  }

  /** Trains, explains the test set, publishes. */
  public void run() throws Exception {
    asModelWantsPixels().runPixels("run");
  }

  /** The same, and trains again without the pixels that the maps rank highest. */
  public void roar() throws Exception {
    if (settings.get(Setting.BACKBONE).isPresent()) {
      throw new IOException(
          "roar trains whole networks again, --backbone keeps the features of one: use the one"
              + " without the other");
    }
    asModelWantsPixels().runPixels(ROAR);
  }

  /** Trains and publishes the model. */
  public void train() throws Exception {
    asModelWantsPixels().trainPixels();
  }

  private MainJob asModelWantsPixels() throws IOException {
    if (settings.get(Setting.LAYER).isPresent()) {
      throw new UsageException(
          "--layer is for explain: a network that is trained has one dense layer, and what that takes"
              + " is explained");
    }
    Optional<String> model = settings.get(Setting.BACKBONE).or(() -> settings.get(Setting.INIT));
    return model.isEmpty() ? this : new MainJob(sc, decodedAsBy(model.get()), console);
  }

  @SuppressWarnings("try") // the notice is there while the run is made
  private void runPixels(String command) throws Exception {
    try (RunDirectory run = begin();
        StopNotice notice = StopNotice.of(run, command, settings.output(), console);
        StoredData data = data(run, Set.of(Part.TRAIN, Part.TEST), Optional.empty())) {
      ManifestBuilder record = record(run);
      Trained trained = train(command, Set.of(Part.TRAIN, Part.TEST), data, run, record);
      StoredPart test = trained.test().orElseThrow();
      if (command.equals(ROAR)) {
        removeAndRetrain(data, trained, test, run);
      }
      explain(command, data, test, trained.model(), trained.parameters(), run, record);
      publish(run, record, data, test);
    }
  }

  @SuppressWarnings("try") // the notice is there while the run is made
  private void trainPixels() throws Exception {
    try (RunDirectory run = begin();
        StopNotice notice = StopNotice.of(run, "train", settings.output(), console);
        StoredData data = data(run, Set.of(Part.TRAIN), Optional.empty())) {
      ManifestBuilder record = record(run);
      train("train", Set.of(Part.TRAIN), data, run, record);
      publish(run, record);
    }
  }

  /**
   * Explains the test set with a saved model, publishes. Pixels are made as for the run that the
   * model is of, where nothing else is said.
   */
  public void explain(String modelFile) throws Exception {
    new MainJob(sc, decodedAsBy(modelFile), console).explainPixels(modelFile);
  }

  private Settings decodedAsBy(String modelFile) throws IOException {
    Map<String, String> trained = ModelFile.runSettings(modelFile, sc.hadoopConfiguration());
    Settings own = settings;
    for (Setting<?> setting : Setting.all()) {
      if (!setting.determinesPixels() && setting != Setting.HEAD) {
        continue;
      }
      String given = settings.asMap().get(setting.key());
      String recorded = trained.getOrDefault(setting.key(), given);
      if (given.equals(setting.builtIn()) && !recorded.equals(given)) {
        LOG.info("as the model's run has it: {} {}", setting.flag(), recorded);
        own = own.with(setting, recorded);
      }
    }
    OptionalInt channels = ModelFile.channels(modelFile, sc.hadoopConfiguration());
    if (channels.isPresent() && own.decodeSettings().channels().count().isEmpty()) {
      String taken = channels.getAsInt() == 1 ? "grey" : "rgb";
      LOG.info("as the model takes them: {} {}", Setting.CHANNELS.flag(), taken);
      return own.with(Setting.CHANNELS, taken);
    }
    return own;
  }

  @SuppressWarnings("try") // the notice is there while the run is made
  private void explainPixels(String modelFile) throws Exception {
    Optional<ClassNames> known =
        ModelFile.classNames(
            modelFile, settings.get(Setting.CLASS_NAMES), sc.hadoopConfiguration());
    try (RunDirectory run = begin();
        StopNotice notice = StopNotice.of(run, "explain", settings.output(), console);
        StoredData data = data(run, Set.of(Part.TEST), known)) {
      ManifestBuilder record = record(run);
      StoredPart test = test(data, record);
      ExplainableModel model = read(modelFile, test.index().shape());
      engine(model, record);
      int classes = model.network().classes();
      if (data.labelled(Part.TEST)) {
        names = classNames(modelFile, classes, data, known, record);
        record.classNames(names);
      } else if (known.isPresent() && known.get().count() == classes) {
        record.classNames(known.get());
      }
      write(model, run, record);
      explain("explain", data, test, model.network(), model.parameters(), run, record);
      publish(run, record, data, test);
    }
  }

  private ExplainableModel read(String model, ImageShape images) throws IOException {
    return ModelFile.read(model, images, settings.modelOptions(), sc.hadoopConfiguration());
  }

  private static void engine(ExplainableModel model, ManifestBuilder record) {
    model
        .engine()
        .ifPresent(
            engine -> {
              LOG.info("computed by {}", engine);
              record.engine(engine);
            });
  }

  private static void write(ExplainableModel model, RunDirectory run, ManifestBuilder record)
      throws IOException {
    record.model(run.write(model.fileName(), model.content()));
    if (model.network().pixels().isPresent()) {
      PixelScale pixels = model.network().pixels().get();
      LOG.info("pixels: {}", pixels);
      run.write(KeptPixels.NAME, out -> out.write(KeptPixels.content(pixels)));
    }
  }

  private ManifestBuilder record(RunDirectory run) {
    return new ManifestBuilder(
        settings.with(Setting.RUN_ID, run.runId()), sizing.workers(), sc.version());
  }

  /**
   * What training gives.
   *
   * @param test the test images, if they are wanted
   * @param again trains as many images as were trained on, in the same way, to parameters
   */
  private record Trained(
      CamNetwork model,
      float[] parameters,
      Optional<StoredPart> test,
      Optional<Retraining> again) {}

  /**
   * Training that is to be done again.
   *
   * @param images that were trained on first
   * @param count of them
   */
  private record Retraining(
      IndexedImages images, long count, Function<IndexedImages, float[]> train) {}

  /** What another process left of the run is kept only to resume it. */
  private RunDirectory begin() throws IOException {
    if (settings.get(Setting.TABLE).isPresent()) {
      CatalogTable.of(sc, settings.get(Setting.TABLE).get()); // before anything is computed
    }
    Optional<String> keyFile = settings.get(Setting.SIGN);
    if (keyFile.isEmpty()) {
      return beginUnsigned();
    }
    PrivateKey key = ManifestSignature.privateKey(keyFile.get());
    RunDirectory run = beginUnsigned();
    run.sign(key);
    return run;
  }

  private RunDirectory beginUnsigned() throws IOException {
    String output = settings.output();
    String runId = settings.runId();
    if (settings.get(Setting.RESUME)) {
      return RunDirectory.resume(output, runId, sc.hadoopConfiguration());
    }
    if (!settings.namesRun()) {
      return RunDirectory.beginUnnamed(output, runId, sc.hadoopConfiguration());
    }
    Optional<RunStart> before =
        RunStart.read(RunCheckpoints.of(output, runId, sc.hadoopConfiguration()));
    RunDirectory run = RunDirectory.begin(output, runId, sc.hadoopConfiguration());
    if (before.isPresent()) {
      LOG.warn(
          "{}: an unfinished run of this name is discarded and started anew (--resume would"
              + " continue it)",
          runId);
    }
    return run;
  }

  private StoredData data(RunDirectory run, Set<Part> wanted, Optional<ClassNames> known)
      throws IOException {
    return StoredData.open(settings, wanted, known, run, sc, LOG::info);
  }

  private Trained train(
      String command, Set<Part> wanted, StoredData data, RunDirectory run, ManifestBuilder record)
      throws IOException {
    StageTimer reading = StageTimer.begin(sc, "data");
    StoredPart stored = data.store(Part.TRAIN, settings.get(Setting.TRAIN_LIMIT));
    input(Part.TRAIN, data, stored, record);
    names = data.classNames();
    if (!data.labelSets().isEmpty()) {
      throw new IOException(
          "%s: images have lists of labels, training takes one label an image"
              .formatted(data.location()));
    }
    Optional<StoredPart> validation = Optional.empty();
    if (data.validates()) {
      validation = Optional.of(data.store(Part.VALIDATION, OptionalInt.empty()));
      input(Part.VALIDATION, data, validation.get(), record);
    }
    // Before training, so that data that is to be refused is refused early.
    Optional<StoredPart> test =
        wanted.contains(Part.TEST) ? Optional.of(test(data, record)) : Optional.empty();
    ValidationSplit split =
        new ValidationSplit(
            stored.count(), validation.isPresent() ? 0 : settings.get(Setting.VALIDATION_SPLIT));
    long heldOutCount = validation.map(StoredPart::count).orElse(split.validationCount());
    ImageShape shape = stored.index().shape();
    reading.done(
        "data: %,d images of %dx%d from %s, %,d to train on, %,d held out",
        stored.count(),
        shape.height(),
        shape.width(),
        data.location(),
        split.trainingCount(),
        heldOutCount);
    IndexedImages images = data.images(stored);
    Optional<JavaRDD<ImageBlock>> heldOut =
        heldOutCount == 0
            ? Optional.empty()
            : Optional.of(
                validation.isPresent()
                    ? data.images(validation.get())
                        .blocks(0, heldOutCount, Defaults.block(shape), sizing.workers())
                    : images.blocks(
                        split.trainingCount(),
                        stored.count(),
                        Defaults.block(shape),
                        sizing.workers()));
    if (settings.get(Setting.BACKBONE).isPresent()) {
      ExplainableModel model =
          trainHead(command, images, split.trainingCount(), heldOut, run, record);
      return new Trained(model.network(), model.parameters(), test, Optional.empty());
    }
    int slots = sizing.workers();
    sizing = sizing.forTraining(split.trainingCount());
    record.workers(sizing.workers());
    if (sizing.workers() < slots) {
      LOG.info(
          "{} workers, not {}: more would cost accuracy with so few images; --workers sets it",
          sizing.workers(),
          slots);
    }
    TrainingPlan plan = sizing.trainingPlan(split.trainingCount());
    Optional<ExplainableModel> init = Optional.empty();
    if (settings.get(Setting.INIT).isPresent()) {
      init = Optional.of(read(settings.get(Setting.INIT).get(), shape));
    }
    int classes = stored.index().classes();
    TrainableNetwork model =
        init.isPresent()
            ? InitialWeights.network(init.get(), settings, classes)
            : network(shape, classes);
    String engine =
        model.plainStack().isPresent()
            ? settings.get(Setting.ENGINE).description()
            : "DL4J's own layers";
    record.engine(engine);
    Optional<float[]> initial = init.map(before -> InitialWeights.of(before, model, plan));
    TrainingCheckpoints checkpoints =
        new TrainingCheckpoints(
            run.checkpoints(),
            Fingerprint.ofTraining(settings, plan, model, initial, stored, validation),
            settings.get(Setting.CHECKPOINT_EVERY));
    Optional<TrainingCheckpoint> start =
        settings.get(Setting.RESUME) ? checkpoints.last() : Optional.empty();
    // Not before: settings that were just refused are not how the run was begun.
    new RunStart(command, sizing.workers()).note(run.checkpoints());
    StageTimer training = StageTimer.begin(sc, "training");
    LOG.info(
        String.format(
            Locale.ROOT,
            "training: %,d parameters, %d workers, batch %d, averaging every %d steps, engine %s",
            model.parameterCount(),
            plan.workers(),
            plan.batchSize(),
            plan.averagingFrequency(),
            engine));
    EpochLog epochs;
    Model network;
    try (TerminalProgress progress = TerminalProgress.on(console)) {
      List<EpochRecord> before = start.map(TrainingCheckpoint::history).orElse(List.of());
      epochs = new EpochLog(progress, before);
      Training trainer =
          new Training(sc, model, settings.get(Setting.ENGINE), plan, epochs, checkpoints);
      initial.ifPresent(trainer::from);
      network =
          start.isPresent()
              ? trainer.resume(start.get(), images, split.trainingCount(), heldOut)
              : trainer.run(images, split.trainingCount(), heldOut);
    }
    record.model(run.write(ModelFile.DL4J, out -> ModelZip.write(network, out)));
    history(epochs.epochs(), run, record);
    training.done("trained: %d epochs", plan.epochs());
    RoundAdvice.of(epochs.epochs(), plan.averagingFrequency()).ifPresent(LOG::warn);
    Function<IndexedImages, float[]> again =
        others -> {
          Training trainer =
              new Training(sc, model, settings.get(Setting.ENGINE), plan, TrainingProgress.NONE);
          initial.ifPresent(trainer::from);
          return parameters(trainer.run(others, split.trainingCount(), Optional.empty()));
        };
    return new Trained(
        model,
        parameters(network),
        test,
        Optional.of(new Retraining(images, split.trainingCount(), again)));
  }

  private static float[] parameters(Model network) {
    return network.params().dup().data().asFloat();
  }

  private void removeAndRetrain(StoredData data, Trained trained, StoredPart test, RunDirectory run)
      throws IOException {
    if (!data.labelled(Part.TEST) || trained.model().cellGrid().isEmpty()) {
      throw new IOException(
          "roar needs labelled test images, and a network whose maps can be drawn where cells look");
    }
    StageTimer removing = StageTimer.begin(sc, "roar");
    Retraining again = trained.again().orElseThrow();
    try (var broadcast =
        new BroadcastModel(
            sc, trained.model(), settings.get(Setting.ENGINE), trained.parameters())) {
      RemoveAndRetrain roar =
          new RemoveAndRetrain(
              sc,
              broadcast.handle(),
              settings.get(Setting.ENGINE),
              data.place(),
              settings.get(Setting.METHOD),
              settings.get(Setting.SEED),
              sizing.partitions(again.count()));
      Aggregates.writeRoar(
          run,
          roar.rows(
              again.images(),
              again.count(),
              data.images(test),
              settings.get(Setting.ROAR_SHARES),
              again.train()));
    }
    removing.done("removed and retrained: %s", Aggregates.ROAR);
  }

  private TrainableNetwork network(ImageShape shape, int classes) throws IOException {
    Optional<Networks> named = settings.get(Setting.NETWORK);
    return named.isPresent()
        ? named.get().of(shape.height(), shape.width(), shape.channels(), classes)
        : ModelFile.configuration(
            settings.asMap().get(Setting.NETWORK.key()), shape, classes, sc.hadoopConfiguration());
  }

  private static void history(List<EpochRecord> epochs, RunDirectory run, ManifestBuilder record)
      throws IOException {
    Instant now = Instant.now();
    run.write(TrainingHistory.NAME, out -> TrainingHistory.write(epochs, out));
    run.write(TensorBoardEvents.NAME, out -> TensorBoardEvents.write(epochs, now, out));
    record.epochs(epochs);
  }

  /** A dense layer on the features of a network that stays as it is. */
  private ExplainableModel trainHead(
      String command,
      IndexedImages images,
      long count,
      Optional<JavaRDD<ImageBlock>> heldOut,
      RunDirectory run,
      ManifestBuilder record)
      throws IOException {
    StageTimer training = StageTimer.begin(sc, "training");
    long began = System.nanoTime();
    for (Setting<?> setting : Setting.all()) {
      String given = settings.asMap().get(setting.key());
      if (setting.ofNetworkTraining() && !given.equals(setting.builtIn())) {
        LOG.warn("{} {} is not used: --backbone trains a dense layer alone", setting.flag(), given);
      }
    }
    ImageShape shape = images.index().shape();
    int classes = images.index().classes();
    ExplainableModel backbone = read(settings.get(Setting.BACKBONE).orElseThrow(), shape);
    engine(backbone, record);
    new RunStart(command, sizing.workers()).note(run.checkpoints());
    Engine engine = settings.get(Setting.ENGINE);
    HeadTraining.Head head;
    try (var broadcast =
        new BroadcastModel(sc, backbone.network(), engine, backbone.parameters())) {
      head =
          HeadTraining.train(
              sc,
              broadcast.handle(),
              images.blocks(0, count, Defaults.block(shape), sizing.partitions(count)),
              count,
              classes,
              settings.get(Setting.HEAD_PENALTY));
    }
    ExplainableModel model = backbone.withHead(classes, head.parameters());
    Optional<TestEvaluation> validated = Optional.empty();
    if (heldOut.isPresent()) {
      try (var broadcast = new BroadcastModel(sc, model.network(), engine, model.parameters())) {
        validated = Optional.of(TestEvaluation.of(broadcast.handle(), heldOut.get()));
      }
    }
    write(model, run, record);
    double seconds = (System.nanoTime() - began) / 1e9;
    EpochRecord only = head.record(count, validated, seconds);
    history(List.of(only), run, record);
    training.done(
        "trained: dense layer for %d classes in %d passes, gradient %.1e, accuracy %.4f, validated"
            + " %.4f",
        classes, head.passes(), head.gradientNorm(), head.accuracy(), only.valAccuracy());
    if (head.gradientNorm() >= HeadTraining.TOLERANCE) {
      LOG.warn("the dense layer is not at its optimum: more --head-penalty would help");
    }
    return model;
  }

  private StoredPart test(StoredData data, ManifestBuilder record) throws IOException {
    sc.sc().setJobDescription("data: test");
    StoredPart stored = data.store(Part.TEST, settings.get(Setting.TEST_LIMIT));
    input(Part.TEST, data, stored, record);
    return stored;
  }

  private static void input(Part part, StoredData data, StoredPart stored, ManifestBuilder record) {
    record.input(part, stored);
    if (data.labelled(part)) {
      record.classNames(data.classNames());
    }
    DataWarnings.of(part, data, stored).forEach(LOG::warn);
  }

  private void explain(
      String command,
      StoredData data,
      StoredPart stored,
      CamNetwork model,
      float[] parameters,
      RunDirectory run,
      ManifestBuilder record)
      throws IOException {
    IndexedImages images = data.images(stored);
    FaithfulnessPlan faithfulness = sizing.faithfulnessPlan(stored.count(), stored.index().shape());
    List<List<Integer>> sets = data.labelSets();
    if (model.headKind() == HeadKind.SIGMOID) {
      faithfulness = faithfulness.with(new LabelSets(settings.get(Setting.THRESHOLD), sets));
    } else if (!sets.isEmpty()) {
      throw new IOException(
          "%s: images have lists of labels, and the model ends in softmax, expected sigmoids;"
                  .formatted(data.location())
              + " --labels ignore explains without labels");
    }
    if (faithfulness.measures() && model.cellGrid().isEmpty()) {
      throw new IOException(
          "faithfulness is measured on maps drawn where cells look, and those of this model look at"
              + " several places: leave --faithfulness out");
    }
    settings.get(Setting.METHOD).method().require(model);
    if (settings.get(Setting.SANITY) && model.plainStack().isEmpty()) {
      throw new IOException(
          "--sanity gives layers random weights, and those of this model are not known one by one:"
              + " it is for plain stacks of convolutions");
    }
    if (faithfulness.measuresCells() && !settings.get(Setting.METHOD).method().addsUp()) {
      throw new IOException(
          "--shapley and --faithfulness need maps that add up to logits, those of --method %s do not"
              .formatted(settings.asMap().get(Setting.METHOD.key())));
    }
    ExplanationSchema schema =
        ExplanationSchema.of(
            ExplanationShape.of(model, settings.get(Setting.METHOD)), faithfulness);
    int partitions = sizing.explainPartitions(stored.count());
    Fingerprint origin =
        Fingerprint.ofTable(
            settings, record.modelSha256(), model.pixels(), stored, partitions, faithfulness);
    origin.keepTo(run.checkpoints());
    // Not before, as in training.
    new RunStart(command, sizing.workers()).note(run.checkpoints());
    ExplanationSums sums;
    List<PartFile> parts;
    try (var broadcast = new BroadcastModel(sc, model, settings.get(Setting.ENGINE), parameters)) {
      JavaRDD<ImageBlock> blocks =
          images.blocks(0, stored.count(), Defaults.block(stored.index().shape()), partitions);
      StageTimer explaining = StageTimer.begin(sc, "explanation");
      PartFiles attempts = run.attempts(origin.toString());
      Explanation.Written written =
          Explanation.write(
              sc,
              broadcast.handle(),
              blocks,
              attempts,
              settings.get(Setting.EXPLAIN_BATCH_SIZE),
              settings.get(Setting.METHOD),
              faithfulness);
      sums = written.sums();
      parts = run.adopt(written.parts());
      record.table(TableEntry.explanations(schema, parts));
      explaining.done("explained: %,d images", stored.count());
    }
    if (!sets.isEmpty()) {
      record.labels(sums);
      LOG.info(String.format(Locale.ROOT, "test: micro F1 %.4f", sums.microF1()));
    } else if (data.labelled(Part.TEST)) {
      evaluation(command, sums, record);
    }
    StageTimer aggregating = StageTimer.begin(sc, "aggregates");
    Aggregates.write(
        sc,
        run,
        schema,
        parts,
        sums,
        settings.get(Setting.METHOD).method().addsUp()
            ? model.denseBias(parameters)
            : new float[0]);
    if (settings.get(Setting.SANITY)) {
      StageTimer checking = StageTimer.begin(sc, "sanity check");
      Aggregates.writeSanity(
          run,
          SanityCheck.rows(
              sc,
              model,
              settings.get(Setting.ENGINE),
              parameters,
              images.blocks(0, stored.count(), Defaults.block(stored.index().shape()), partitions),
              settings.get(Setting.METHOD),
              settings.get(Setting.EXPLAIN_BATCH_SIZE),
              settings.get(Setting.SEED)));
      checking.done("compared with maps of random layers");
    }
    if (settings.get(Setting.REASONS)) {
      ReasonGroups.write(sc, run, schema.shape(), parts, sums, settings.get(Setting.SEED));
    }
    record.flatMaps(sums.flatMaps());
    aggregating.done(
        "aggregated: mean maps, confused pairs, quantiles; %,d maps are flat", sums.flatMaps());
    if (faithfulness.measures()) {
      console
          .out()
          .print(
              FaithfulnessTable.text(RunAggregates.maps(run.building(), sc.hadoopConfiguration()))
                  + FaithfulnessTable.cells(
                      RunAggregates.rankings(run.building(), sc.hadoopConfiguration())));
    }
    report(stored, run, record);
  }

  private void report(StoredPart stored, RunDirectory run, ManifestBuilder record)
      throws IOException {
    StageTimer reporting = StageTimer.begin(sc, "report");
    Manifest soFar = record.manifest(run.files());
    PublishedRun unpublished =
        new PublishedRun(
            run.building(), soFar, soFar.explanations().orElseThrow(), sc.hadoopConfiguration());
    try (TestImages images = TestImages.of(unpublished, stored)) {
      run.write(Report.NAME, out -> Report.writeUnpublished(unpublished, images, out));
    }
    reporting.done("reported: %s", Report.NAME);
  }

  private void evaluation(String command, ExplanationSums test, ManifestBuilder record) {
    record.evaluation(test);
    console.out().print(ConfusionTable.of(names.names(), test.confusion()).text());
    LOG.info(
        String.format(Locale.ROOT, "test: loss %.4f, accuracy %.4f", test.loss(), test.accuracy()));
    if (test.isGuessing()) {
      LOG.warn(
          String.format(
              Locale.ROOT,
              "accuracy %.2f of %d classes is that of guessing%s",
              test.accuracy(),
              test.confusion().length,
              !command.equals("explain")
                  ? ""
                  : ": are pixels given as the model expects? --pixels"));
    }
  }

  private void publish(RunDirectory run, ManifestBuilder record, StoredData data, StoredPart test)
      throws IOException {
    Path published = publish(run, record);
    if (settings.get(Setting.TABLE).isPresent()) {
      String table = settings.get(Setting.TABLE).get();
      StageTimer adding = StageTimer.begin(sc, "table");
      CatalogTable.of(sc, table)
          .write(
              published,
              settings.get(Setting.WITH_IMAGES)
                  ? Optional.of(
                      data.images(test)
                          .blocks(
                              0,
                              test.count(),
                              Defaults.block(test.index().shape()),
                              sizing.partitions(test.count())))
                  : Optional.empty());
      adding.done("written to %s: %,d rows", table, test.count());
    }
  }

  private Path publish(RunDirectory run, ManifestBuilder record) throws IOException {
    StageTimer publishing = StageTimer.begin(sc, "verification");
    RunVerifier verifier = new RunVerifier(sc);
    Path published =
        run.publish(
            record.manifest(run.files()),
            (staged, manifest) -> verifier.verify(staged, manifest).requireSound());
    publishing.done("verified and published");
    console.out().println(published);
    return published;
  }

  /** The names of a model's classes, which labels are compared by. */
  private static ClassNames classNames(
      String file, int classes, StoredData data, Optional<ClassNames> known, ManifestBuilder record)
      throws IOException {
    ClassNames found = data.classNames();
    boolean numbers = found.equals(ClassNames.digits(found.count()));
    if (known.isEmpty() && numbers && found.count() < classes) {
      return ClassNames.digits(classes); // numbers match by number
    }
    if (found.count() != classes) {
      throw new IOException(
          "%s: model has %s classes, data has %s (%s); --labels ignore explains without labels"
              .formatted(file, classes, found.count(), found.shown()));
    }
    if (known.isEmpty() && !numbers) {
      LOG.warn(
          "{} does not name its classes: they are taken to be {}, in this order"
              + " (--class-names says otherwise)",
          file,
          found.shown());
      record.classNamesAssumed();
    }
    return found;
  }
}
