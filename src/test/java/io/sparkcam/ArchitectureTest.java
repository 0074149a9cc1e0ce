package io.sparkcam;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package may know which. */
@AnalyzeClasses(packages = "io.sparkcam", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] SPARK = {"org.apache.spark..", "scala.."};
  private static final String[] DL4J = {
    "org.deeplearning4j..", "org.nd4j..", "org.datavec..", "org.bytedeco.."
  };

  @ArchTest
  static final ArchRule dependenciesPointDown =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("job")
          .definedBy("io.sparkcam.job..")
          .layer("training")
          .definedBy("io.sparkcam.training..")
          .layer("explain")
          .definedBy("io.sparkcam.explain..")
          .layer("ingest")
          .definedBy("io.sparkcam.ingest..")
          .layer("sink")
          .definedBy("io.sparkcam.sink..")
          .layer("report")
          .definedBy("io.sparkcam.report..")
          .layer("cluster")
          .definedBy("io.sparkcam.cluster..")
          .layer("network")
          .definedBy("io.sparkcam.network..")
          .layer("cam")
          .definedBy("io.sparkcam.cam..")
          .layer("data")
          .definedBy("io.sparkcam.data..")
          .layer("dataset")
          .definedBy("io.sparkcam.dataset..")
          .whereLayer("job")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("training")
          .mayOnlyAccessLayers("cluster", "network", "cam", "data", "dataset")
          .whereLayer("explain")
          .mayOnlyAccessLayers("sink", "cluster", "network", "cam", "data", "dataset")
          .whereLayer("ingest")
          .mayOnlyAccessLayers("sink", "data", "dataset")
          .whereLayer("sink")
          .mayOnlyAccessLayers("cam", "data", "dataset")
          .whereLayer("report")
          .mayOnlyAccessLayers("cam", "data", "dataset")
          .whereLayer("cluster")
          .mayOnlyAccessLayers("network", "cam", "data", "dataset")
          .whereLayer("network")
          .mayOnlyAccessLayers("cam", "data", "dataset")
          .whereLayer("cam")
          .mayNotAccessAnyLayer()
          .whereLayer("data")
          .mayOnlyAccessLayers("dataset")
          .whereLayer("dataset")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule noCycles = slices().matching("io.sparkcam.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule camAndPicturesNeedTheJdkOnly =
      classes()
          .that()
          .resideInAnyPackage("io.sparkcam.cam..", "io.sparkcam.report")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "javax..", "io.sparkcam..");

  /** Pages are templates: what they show is escaped by a library that does nothing else. */
  @ArchTest
  static final ArchRule pagesNeedTheJdkAndTemplates =
      classes()
          .that()
          .resideInAPackage("io.sparkcam.report.html..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "io.sparkcam.cam..", "io.sparkcam.report..", "com.samskivert.mustache..");

  @ArchTest
  static final ArchRule dataSetsAreReadThroughTheJdkAndHadoopsFileSystems =
      classes()
          .that()
          .resideInAPackage("io.sparkcam.dataset..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "io.sparkcam..", "org.apache.hadoop.fs..", "org.apache.hadoop.conf..");

  @ArchTest
  static final ArchRule sparkIsUnknownBelowTheCluster =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.sparkcam.cam..",
              "io.sparkcam.dataset..",
              "io.sparkcam.report..",
              "io.sparkcam.network..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(SPARK);

  @ArchTest
  static final ArchRule dl4jIsUnknownToDataMapsTablesAndPictures =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.sparkcam.cam..",
              "io.sparkcam.dataset..",
              "io.sparkcam.report..",
              "io.sparkcam.sink..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(DL4J);

  @ArchTest
  static final ArchRule onlyTheNetworkKnowsItsEnginesInside =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sparkcam.network..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.sparkcam.network.winograd..",
              "io.sparkcam.network.onednn..",
              "io.sparkcam.network.layer..");
}
