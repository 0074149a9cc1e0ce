package io.sparkcam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What submit/ starts. The scripts run in a copy of the project whose path has a space in it, with
 * a Java, a Maven and a Spark that only print their arguments, one a line.
 */
class SubmitScriptsTest {
  private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path directory;
  private Path home;
  private final Map<String, String> environment = new TreeMap<>();

  private record Result(int code, List<String> out, String err) {}

  @BeforeEach
  void projectThatIsBuilt() throws IOException {
    home = Files.createDirectories(directory.resolve("a project"));
    for (String copied : List.of("submit", "conf")) {
      try (Stream<Path> files = Files.list(Path.of(copied))) {
        Files.createDirectories(home.resolve(copied));
        for (Path file : files.toList()) {
          Files.copy(file, home.resolve(copied).resolve(file.getFileName()));
        }
      }
    }
    Files.createDirectories(home.resolve("src/main"));
    Files.createDirectories(home.resolve("src/test"));
    Files.createFile(home.resolve("pom.xml"));
    Files.createDirectories(home.resolve("target/spark/jars"));
    Files.createFile(home.resolve("target/sparkcam.jar"));
    Files.createFile(home.resolve("target/sparkcam-all.jar"));
    Files.createFile(home.resolve("target/classes.jsa"));
    built("src/main", BUILT);
    built("src/test", BUILT);
    built("pom.xml", BUILT);
    javaOfVersion("17.0.1");
    environment.put("SPARKCAM_MEMORY", "3g");
    environment.put("TMPDIR", directory.toString());
  }

  private void built(String path, Instant time) throws IOException {
    Files.setLastModifiedTime(home.resolve(path), FileTime.from(time));
  }

  private void javaOfVersion(String version) throws IOException {
    program(
        "jdk/bin/java",
        "if [[ $1 == -version ]]; then echo 'openjdk version \"" + version + "\"' >&2; exit; fi",
        "for word; do if [[ $word == -XX:Arch* ]]; then echo 1 >\"${word#*=}\"; fi; done",
        "printf '%s\\n' java \"$@\" \"OMP_NUM_THREADS=$OMP_NUM_THREADS\" \"SPARK_HOME=$SPARK_HOME\"",
        "printf '%s\\n' \"SPARKCAM_HOME=$SPARKCAM_HOME\" \"COLUMNS=${SPARKCAM_COLUMNS-none}\"");
    environment.put("JAVA_HOME", directory.resolve("jdk").toString());
  }

  private void program(String path, String... lines) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/bash\n" + String.join("\n", lines) + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  private Result run(String script, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of("/bin/bash", home + "/submit/" + script));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    // First the programs of the test, then those that scripts cannot do without.
    builder.environment().put("PATH", directory.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().putAll(environment);
    Path out = directory.resolve("out.txt");
    Path err = directory.resolve("err.txt");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    int code = process.waitFor();
    return new Result(
        code,
        Files.readAllLines(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private static String following(Result result, String word) {
    int at = result.out().indexOf(word);
    assertTrue(at >= 0, word + " in " + result.out());
    return result.out().get(at + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"local.sh", "cluster.sh", "bench.sh", "study.sh", "common.sh"})
  void scriptsParse(String script) throws Exception {
    Process process = new ProcessBuilder("bash", "-n", "submit/" + script).inheritIO().start();
    assertEquals(0, process.waitFor());
  }

  @Test
  void locallyEverythingIsOnTheClassPathOfOneProcess() throws Exception {
    Result result = run("local.sh", "verify", "a b");
    assertEquals(0, result.code(), result.err());
    String target = home + "/target";
    assertEquals(
        target + "/sparkcam-all.jar:" + target + "/spark/jars/*", following(result, "-cp"));
    assertEquals("local[*]", following(result, "--master"));
    assertEquals("io.sparkcam.cli.SparkCam", following(result, "--class"));
    List<String> out = result.out();
    assertTrue(out.contains("spark.driver.memory=3g"));
    assertTrue(out.contains("-Xmx3g"));
    assertTrue(out.contains("--add-opens=java.base/java.nio=ALL-UNNAMED"));
    assertTrue(out.contains("spark.broadcast.compress=false"));
    assertTrue(out.contains("spark.ui.enabled=false"));
    assertFalse(out.contains("--jars"));
    int jar = out.lastIndexOf(target + "/sparkcam.jar");
    assertEquals(
        List.of(
            "verify",
            "a b",
            "OMP_NUM_THREADS=1",
            "SPARK_HOME=" + target + "/spark",
            "SPARKCAM_HOME=" + home,
            "COLUMNS=none"),
        out.subList(jar + 1, out.size()));
    assertEquals("", result.err());
  }

  @Test
  void aMasterThatIsNotLocalGetsOneJar() throws Exception {
    environment.put("SPARK_MASTER", "local-cluster[2,1,1024]");
    Result result = run("local.sh", "summary");
    assertEquals("local-cluster[2,1,1024]", following(result, "--master"));
    assertFalse(result.out().contains("--jars"));
    assertEquals("summary", following(result, home + "/target/sparkcam-all.jar"));
    assertEquals(home + "/target/spark/jars/*", following(result, "-cp"));
  }

  @Test
  void aClusterGetsItsOptionsAndTheJobItsOwn() throws Exception {
    Result result =
        run(
            "cluster.sh",
            "--master=spark://h:7077",
            "--conf",
            "spark.broadcast.compress=true",
            "--jars",
            "/x/c.jar",
            "--name=mine",
            "--driver-memory",
            "5g",
            "--driver-class-path",
            "/x/first",
            "--driver-java-options",
            "-Da='b c' -Dd",
            "--",
            "explain",
            "--model",
            "m.zip");
    assertEquals(0, result.code(), result.err());
    assertEquals("spark://h:7077", following(result, "--master"));
    assertEquals("/x/c.jar", following(result, "--jars"));
    List<String> out = result.out();
    assertTrue(out.containsAll(List.of("-Xmx5g", "spark.driver.memory=5g")));
    assertTrue(out.indexOf("SparkCAM") < out.indexOf("--name=mine"), "the later one counts");
    assertEquals("/x/first:" + home + "/target/spark/jars/*", following(result, "-cp"));
    assertTrue(out.containsAll(List.of("-Da=b c", "-Dd")), "words of this driver's Java");
    assertEquals("-Da='b c' -Dd", following(result, "--driver-java-options"));
    assertTrue(
        out.indexOf("spark.broadcast.compress=false")
            < out.indexOf("spark.broadcast.compress=true"),
        "the later one counts");
    int jar = out.lastIndexOf(home + "/target/sparkcam-all.jar");
    assertEquals(List.of("explain", "--model", "m.zip"), out.subList(jar + 1, jar + 4));
  }

  @Test
  void aDriverOnTheClusterGetsNothingOfThisMachine() throws Exception {
    environment.remove("SPARKCAM_MEMORY");
    String[] submission = {"cluster.sh", "--master", "spark://h:7077", "--deploy-mode=cluster"};
    Result result = run(submission, "--conf", "spark.hadoop.a=b", "--", "--output", "hdfs://h/o/");
    assertEquals(0, result.code(), result.err());
    List<String> out = result.out();
    assertTrue(out.contains("spark.driver.memory=2g"));
    assertTrue(
        following(result, "--driver-java-options").contains("--add-modules=jdk.incubator.vector"));
    int asked = out.indexOf("io.sparkcam.cluster.DriverResult");
    assertTrue(out.subList(0, asked).contains("-Dspark.hadoop.a=b"));
    String file = out.get(asked + 1);
    assertTrue(file.startsWith("hdfs://h/o/.submission-"), file);
    assertTrue(out.contains("spark.sparkcam.result=" + file));
    assertEquals("0", out.get(asked + 2), "how the submission ended");

    assertRefused(
        2,
        "--output: out; with --deploy-mode cluster it must be absolute (hdfs://HOST/DIRECTORY)",
        run(submission, "--", "run", "--output", "out"));
    assertRefused(
        2,
        "--output: not given; with --deploy-mode cluster it must be absolute (hdfs://HOST/DIRECTORY)",
        run(submission, "--", "run"));
    assertRefused(
        2,
        "--config: a file of this machine, and the driver runs on another; give its settings as options",
        run(submission, "--", "run", "--config=c", "--output=/o"));
  }

  private Result run(String[] first, String... further) throws Exception {
    List<String> all = new ArrayList<>(List.of(first).subList(1, first.length));
    all.addAll(List.of(further));
    return run(first[0], all.toArray(String[]::new));
  }

  @Test
  void anInstalledSparkIsUsed() throws Exception {
    program("spark/bin/spark-submit", "printf '%s\\n' spark-submit \"$@\"");
    environment.put("SPARK_HOME", directory.resolve("spark").toString());
    Result result = run("local.sh", "summary");
    assertEquals("spark-submit", result.out().get(0), result.err());
    assertEquals(home + "/target/sparkcam-all.jar", following(result, "--driver-class-path"));
    assertEquals("summary", following(result, home + "/target/sparkcam.jar"));
  }

  @Test
  void anInstalledSparkMustBeOne() throws Exception {
    environment.put("SPARK_HOME", directory + "/none");
    assertRefused(
        1, "SPARK_HOME is " + directory + "/none, without bin/spark-submit", run("local.sh"));

    program("spark/bin/spark-submit");
    program("spark/jars/scala-library-2.13.8.jar");
    environment.put("SPARK_HOME", directory + "/spark");
    assertRefused(
        1,
        "needs a Spark for Scala 2.12, found one for 2.13: " + directory + "/spark",
        run("local.sh"));
  }

  @Test
  void theSparkThatMavenResolvedMayBeNamedToo() throws Exception {
    environment.put("SPARK_HOME", home + "/target/spark");
    Result result = run("cluster.sh", "--master", "spark://h:7077", "--", "summary");
    assertEquals("java", result.out().get(0), result.err());
  }

  @Test
  void helpStartsNoSpark() throws Exception {
    String target = home + "/target";
    for (Result result :
        List.of(run("local.sh", "run", "--help"), run("cluster.sh", "--", "run", "--help"))) {
      assertEquals(
          target + "/sparkcam-all.jar:" + target + "/spark/jars/*", following(result, "-cp"));
      assertEquals("run", following(result, "io.sparkcam.cli.SparkCam"));
      assertFalse(result.out().contains("org.apache.spark.deploy.SparkSubmit"));
    }
  }

  @Test
  void lookingAtARunStartsNoSpark() throws Exception {
    environment.put("HADOOP_CONF_DIR", "/etc/hadoop");
    Result result = run("local.sh", "show-cam", "first", "--index", "7");
    String target = home + "/target";
    assertEquals(
        target + "/sparkcam-all.jar:" + target + "/spark/jars/*:/etc/hadoop",
        following(result, "-cp"));
    assertEquals("show-cam", following(result, "io.sparkcam.cli.SparkCam"));
    assertFalse(result.out().contains("org.apache.spark.deploy.SparkSubmit"));
  }

  @Test
  void anOldJavaIsRefused() throws Exception {
    javaOfVersion("11.0.2");
    assertRefused(
        1,
        "needs Java 17, found 11.0.2: " + directory + "/jdk/bin/java",
        run("local.sh", "--help"));
    javaOfVersion("1.8.0_402");
    assertRefused(
        1,
        "needs Java 17, found 1.8.0_402: " + directory + "/jdk/bin/java",
        run("local.sh", "--help"));
  }

  @Test
  void aMissingJavaIsOneLine() throws Exception {
    environment.put("JAVA_HOME", "/no/such");
    assertRefused(
        1, "needs Java 17, found none: JAVA_HOME is /no/such, without bin/java", run("local.sh"));
  }

  @Test
  void javaIsFoundOnThePathWhereJavaHomeIsNotSet() throws Exception {
    environment.remove("JAVA_HOME");
    Files.createDirectories(directory.resolve("bin"));
    Files.copy(directory.resolve("jdk/bin/java"), directory.resolve("bin/java"));
    assertTrue(directory.resolve("bin/java").toFile().setExecutable(true));
    assertEquals("java", run("local.sh", "summary").out().get(0));
  }

  @Test
  void whatIsMissingIsBuiltFirst() throws Exception {
    program("bin/mvn", "echo \"mvn $*\"", "touch \"" + home + "/target/sparkcam.jar\"");
    Files.delete(home.resolve("target/sparkcam.jar"));
    Result result = run("local.sh", "summary");
    assertEquals(
        "building (first use) ...\nmvn -B -q -f "
            + home
            + "/pom.xml -DskipTests package\narchiving classes ...\n",
        result.err());
    assertEquals("java", result.out().get(0));
    assertEquals("", run("local.sh", "summary").err());
    String archive = "-XX:SharedArchiveFile=" + home + "/target/classes.jsa";
    assertTrue(run("local.sh", "verify").out().contains(archive));
    assertTrue(run("local.sh", "clean").out().contains(archive));
  }

  @Test
  void changedSourcesAreBuiltOnce() throws Exception {
    program("bin/mvn", "exit 0");
    Files.createFile(home.resolve("src/main/New.java"));
    built("target/sparkcam.jar", BUILT);
    assertEquals(
        "building (sources have changed) ...\narchiving classes ...\n",
        run("local.sh", "summary").err());
    assertEquals("", run("local.sh", "summary").err());
  }

  @Test
  void aFailedBuildEndsIt() throws Exception {
    program("bin/mvn", "exit 1");
    Files.delete(home.resolve("target/sparkcam.jar"));
    Result result = run("local.sh", "summary");
    assertEquals(1, result.code());
    assertEquals("building (first use) ...\nsparkcam: the build failed\n", result.err());
    assertEquals(List.of(), result.out());
  }

  @Test
  void impossibleArgumentsOfTheScriptsAreRefused() throws Exception {
    assertRefused(
        2,
        "-- must come between spark-submit's options and the job's",
        run("cluster.sh", "--master", "yarn", "run"));
    assertRefused(2, "--master: nothing given", run("cluster.sh", "--", "run"));
    assertRefused(2, "--master: nothing given", run("cluster.sh", "--master"));
    environment.put("SPARKCAM_MEMORY", "lots");
    assertRefused(2, "SPARKCAM_MEMORY: lots is not a size like 4g", run("local.sh", "summary"));
    for (String little : List.of("9k", "20m")) {
      environment.put("SPARKCAM_MEMORY", little);
      assertRefused(
          1, "SPARKCAM_MEMORY: " + little + ", expected at least 512m", run("local.sh", "summary"));
    }
  }

  @Test
  void theUsageOfAClusterIsTheHeadOfItsScript() throws Exception {
    Result result = run("cluster.sh", "--help");
    assertTrue(result.out().get(0).startsWith("submit/cluster.sh --master URL"), result.err());
    assertTrue(result.out().stream().noneMatch(line -> line.startsWith("#")));
    assertTrue(result.out().stream().noneMatch(line -> line.startsWith("set -")));
  }

  @Test
  void benchmarksRunOnSparkAsTheJobDoes() throws Exception {
    Result result = run("bench.sh", "--quick", "--only", "empty_job_ms,explain_images_per_s");
    assertEquals(0, result.code(), result.err());
    assertEquals("quick", following(result, "io.sparkcam.bench.Heading"));
    assertEquals("io.sparkcam.bench.SparkFigures", following(result, "--class"));
    assertEquals("local[2]", following(result, "--master"));
    List<String> out = result.out();
    assertTrue(out.contains("spark.broadcast.compress=false"));
    String target = home + "/target/";
    List<String> job = out.subList(out.lastIndexOf(target + "sparkcam.jar") + 1, out.size());
    assertEquals("quick", job.get(0));
    assertTrue(job.get(1).startsWith(target + "bench-"));
    assertFalse(Files.exists(Path.of(job.get(1))), "temporary files are gone");
    assertEquals(
        List.of("empty_job_ms", "explain_images_per_s"),
        job.subList(2, 4).stream().sorted().toList());
  }

  @Test
  void benchmarksAreBuiltWhenTestsHaveChanged() throws Exception {
    program("bin/mvn", "exit 0");
    Files.createFile(home.resolve("src/test/New.java"));
    built("target/sparkcam.jar", BUILT);
    assertEquals("", run("local.sh", "summary").err());
    assertEquals(
        "building (sources have changed) ...\n", run("bench.sh", "--only", "empty_job_ms").err());
  }

  @Test
  void onlyFiguresThatThereAreAreMeasured() throws Exception {
    assertRefused(
        2, "unknown figure speed: see --help", run("bench.sh", "--only", "startup_s,speed"));
    assertRefused(2, "--only: nothing given", run("bench.sh", "--only"));
    assertRefused(2, "unknown argument fast", run("bench.sh", "fast"));
    assertTrue(run("bench.sh", "--help").out().contains("  startup_s"));
  }

  @Test
  void studyIsOfTheRecipesWorkersAndSeedsThatAreNamed() throws Exception {
    Result result =
        run(
            "study.sh",
            "--recipe",
            "plain",
            "--recipe",
            "steady:batch-size=8",
            "--workers",
            "1,16",
            "--seeds",
            "7",
            "--output",
            "a b");
    assertEquals(0, result.code(), result.err());
    List<String> out = result.out();
    assertEquals(
        List.of("a b", "2", "5", "1,16", "7", "plain", "steady:batch-size=8"),
        out.subList(out.indexOf("io.sparkcam.bench.Study") + 1, out.indexOf("OMP_NUM_THREADS=1")));
    assertTrue(out.contains("--add-modules=jdk.incubator.vector"));
    assertRefused(
        2, "--workers: two is no list of whole numbers", run("study.sh", "--workers", "two"));
    assertRefused(2, "--seeds: nothing given", run("study.sh", "--seeds"));
    assertRefused(2, "unknown argument fast", run("study.sh", "fast"));
  }

  @Test
  void withoutSparkcamMemoryItIsBetween2And8Gigabytes() throws Exception {
    environment.remove("SPARKCAM_MEMORY");
    String heap = "-Xmx";
    List<String> out = run("local.sh", "summary").out();
    String memory = out.stream().filter(word -> word.startsWith(heap)).findFirst().orElseThrow();
    int megabytes = Integer.parseInt(memory.replace(heap, "").replace("m", ""));
    assertTrue(megabytes >= 2048 && megabytes <= 8192, memory);
  }

  private static void assertRefused(int code, String why, Result result) {
    assertEquals("sparkcam: " + why + "\n", result.err());
    assertEquals(code, result.code());
    assertEquals(List.of(), result.out());
  }
}
