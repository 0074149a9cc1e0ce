package io.sparkcam;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which package may know which. */
@AnalyzeClasses(packages = "io.sparkcam", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String PACKAGE = "io.sparkcam.";
  private static final String[] SPARK = {"org.apache.spark..", "scala.."};
  private static final String[] DL4J = {
    "org.deeplearning4j..", "org.nd4j..", "org.datavec..", "org.bytedeco.."
  };

  /** From the command line down to pixels: a room knows only rooms that come after it. */
  private static final List<List<String>> ROOMS =
      List.of(
          List.of("cli"),
          List.of("job"),
          List.of("terminal"),
          List.of("view"),
          List.of("inputs"),
          List.of("config"),
          List.of("verify", "training"),
          List.of("aggregate"),
          List.of("run"),
          List.of("table", "cluster"),
          List.of("explain"),
          List.of("network"),
          List.of("data"),
          List.of("storage"),
          List.of("cam", "text"));

  @ArchTest
  static void dependenciesPointDown(JavaClasses classes) {
    List<String> above = new ArrayList<>();
    for (List<String> level : ROOMS) {
      for (String room : level) {
        List<String> forbidden = new ArrayList<>(above);
        level.stream().filter(other -> !other.equals(room)).forEach(forbidden::add);
        noClasses()
            .that()
            .resideInAPackage(PACKAGE + room + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                forbidden.stream().map(other -> PACKAGE + other + "..").toArray(String[]::new))
            .allowEmptyShould(true)
            .check(classes);
      }
      above.addAll(level);
    }
  }

  /** Every package has its place in the order above. */
  @ArchTest
  static void everyRoomHasItsPlace(JavaClasses classes) {
    Set<String> found = new TreeSet<>();
    classes.stream()
        .map(each -> each.getPackageName().replaceFirst("^io\\.sparkcam\\.?", ""))
        .filter(name -> !name.isEmpty())
        .forEach(name -> found.add(name.replaceFirst("\\..*", "")));
    Set<String> placed = new TreeSet<>();
    ROOMS.forEach(placed::addAll);
    assertEquals(placed, found);
  }

  @ArchTest
  static final ArchRule noCycles = slices().matching("io.sparkcam.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule camAndPicturesNeedTheJdkOnly =
      classes()
          .that()
          .resideInAnyPackage("io.sparkcam.cam..", "io.sparkcam.view.picture", "io.sparkcam.text")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "javax..", "io.sparkcam..");

  /** Pages are templates: what they show is escaped by a library that does nothing else. */
  @ArchTest
  static final ArchRule pagesNeedTheJdkAndTemplates =
      classes()
          .that()
          .resideInAPackage("io.sparkcam.view.html..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "io.sparkcam.cam..",
              "io.sparkcam.view.picture..",
              "io.sparkcam.view.html..",
              "io.sparkcam.text..",
              "com.samskivert.mustache..");

  @ArchTest
  static final ArchRule sparkIsUnknownBelowTheCluster =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.sparkcam.cam..",
              "io.sparkcam.data",
              "io.sparkcam.data.image..",
              "io.sparkcam.view.picture..",
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
              "io.sparkcam.data..",
              "io.sparkcam.view.picture..",
              "io.sparkcam.table..",
              "io.sparkcam.storage..",
              "io.sparkcam.verify..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(DL4J);

  @ArchTest
  static final ArchRule onlyTheEngineKnowsWinograd =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sparkcam.network.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.sparkcam.network.engine.winograd..");

  @ArchTest
  static final ArchRule networksKnowNoEnginesAndNoFiles =
      noClasses()
          .that()
          .resideInAPackage("io.sparkcam.network")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.sparkcam.network.engine..", "io.sparkcam.network.file..");

  @ArchTest
  static final ArchRule noPackagesDependOnEachOther =
      slices().matching("io.sparkcam.(**)").should().beFreeOfCycles();
}
