package io.sparkcam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sparkcam.job.SmallRuns;
import io.sparkcam.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every query of the cookbook, in both engines, on a run of the whole job. */
@SharedSpark
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CookbookTest {
  private static final Path COOKBOOK = Path.of("src/main/resources/sql");
  private static final Pattern COLUMNS = Pattern.compile("(?m)^-- Columns: ([a-z0-9_, \n-]+)$");

  /**
   * Engines add up to some 10^4 doubles in orders of their own: relative errors of 10^4 * 2^-53, a
   * thousand times less than this.
   */
  private static final double TOLERANCE = 1e-9;

  private SparkSession spark;
  private Connection duck;
  private QueryTable first;
  private QueryTable second;

  @BeforeAll
  void openBothEngines(SparkSession shared) throws IOException, SQLException {
    Path run = SmallRuns.first(shared);
    Path other = SmallRuns.second(shared);
    first = QueryTable.read(shared, run).zoomed();
    second = QueryTable.read(shared, other).zoomed();
    spark = shared.newSession();
    spark.sql("SET run = " + run);
    spark.sql("SET other = " + other);
    String views = Files.readString(COOKBOOK.resolve("views-spark.sql"));
    for (String statement : views.replaceAll("(?m)^--.*\n", "").split(";", -1)) {
      if (!statement.isBlank()) {
        spark.sql(statement);
      }
    }
    duck = DriverManager.getConnection("jdbc:duckdb:");
    try (var statement = duck.createStatement()) {
      statement.execute("SET VARIABLE run = '" + run + "'");
      statement.execute("SET VARIABLE other = '" + other + "'");
      statement.execute(Files.readString(COOKBOOK.resolve("views-duckdb.sql")));
    }
  }

  @AfterAll
  void closeDuckDb() throws SQLException {
    duck.close();
  }

  static Stream<String> queries() throws IOException {
    try (var files = Files.list(COOKBOOK)) {
      return files
          .map(file -> file.getFileName().toString().replace(".sql", ""))
          .filter(name -> !name.startsWith("views-"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("queries")
  void bothEnginesAnswerAsPlainJavaDoes(String query) throws IOException, SQLException {
    String sql = Files.readString(COOKBOOK.resolve(query + ".sql"));
    assertAnswer(first.answer(query, second), sql);
  }

  /** A network trained so little is never as sure as the query asks: asked for less, it answers. */
  @Test
  void mistakesOffTheObjectAreFound() throws IOException, SQLException {
    String sql = Files.readString(COOKBOOK.resolve("wrong-off-object.sql"));
    List<List<Object>> expected = first.wrongOffObject(0.5, 0.05);
    assertFalse(expected.isEmpty());
    assertAnswer(
        expected,
        sql.replace("probability > 0.95", "probability > 0.5")
            .replace("share_off_object > 0.1", "share_off_object > 0.05"));
  }

  private void assertAnswer(List<List<Object>> expected, String sql) throws SQLException {
    Dataset<Row> answer = spark.sql(sql.replace(";", ""));
    assertEquals(columns(sql), List.of(answer.columns()));
    assertRows(expected, sparkRows(answer));

    try (var statement = duck.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      assertEquals(columns(sql), names(found));
      assertRows(expected, duckRows(found));
    }
  }

  /** What the comment on top promises. */
  private static List<String> columns(String sql) {
    Matcher columns = COLUMNS.matcher(sql);
    return columns.find()
        ? Arrays.stream(columns.group(1).split("[, \n-]+", -1)).toList()
        : List.of();
  }

  private static List<String> names(ResultSet found) throws SQLException {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
      names.add(found.getMetaData().getColumnName(i));
    }
    return names;
  }

  private static List<List<Object>> sparkRows(Dataset<Row> answer) {
    List<List<Object>> rows = new ArrayList<>();
    for (Row row : answer.collectAsList()) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        values.add(row.get(i));
      }
      rows.add(values);
    }
    return rows;
  }

  private static List<List<Object>> duckRows(ResultSet found) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    while (found.next()) {
      List<Object> values = new ArrayList<>();
      for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
        values.add(found.getObject(i));
      }
      rows.add(values);
    }
    return rows;
  }

  private static void assertRows(List<List<Object>> expected, List<List<Object>> found) {
    assertEquals(expected.size(), found.size(), "rows");
    for (int row = 0; row < expected.size(); row++) {
      List<Object> wanted = expected.get(row);
      assertEquals(wanted.size(), found.get(row).size(), "columns");
      for (int i = 0; i < wanted.size(); i++) {
        assertValue(wanted.get(i), found.get(row).get(i), "row " + row + ", column " + i);
      }
    }
  }

  private static void assertValue(Object expected, Object found, String place) {
    if (expected instanceof Number wanted && found instanceof Number number) {
      double value = wanted.doubleValue();
      assertEquals(value, number.doubleValue(), TOLERANCE * Math.max(1, Math.abs(value)), place);
    } else {
      assertEquals(expected, found, place);
    }
  }
}
