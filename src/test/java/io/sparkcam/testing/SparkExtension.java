package io.sparkcam.testing;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts the shared session when the first test asks for it, stops it after the last test. */
public final class SparkExtension implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == SparkSession.class || type == JavaSparkContext.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    SparkSession session =
        context
            .getRoot()
            .getStore(Namespace.create(SparkExtension.class))
            .getOrComputeIfAbsent(RunningSession.class)
            .session;
    return parameter.getParameter().getType() == SparkSession.class
        ? session
        : JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  private static final class RunningSession implements Store.CloseableResource {
    // local[N] alone never starts a failed task again: four attempts, as on a cluster.
    private final SparkSession session =
        SparkSession.builder()
            .master("local[2,4]")
            .appName("tests")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "ERROR")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.warehouse.dir", "target/spark-warehouse")
            .getOrCreate();

    @Override
    public void close() {
      session.stop();
    }
  }
}
