package io.sparkcam.job;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A command line whose pipeline only notes what it was asked for, or fails as told. */
final class RecordedCalls {
  final List<String> calls = new ArrayList<>();
  final List<Settings> settings = new ArrayList<>();
  final List<Look> looks = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Path defaults;
  private Throwable failure;

  /**
   * @param defaults in place of the installation's settings
   */
  RecordedCalls(Path defaults) {
    this.defaults = defaults;
  }

  RecordedCalls failingWith(Throwable thrown) {
    failure = thrown;
    return this;
  }

  int execute(String... args) {
    Console console = new Console(new PrintWriter(out), new PrintWriter(err), 0);
    return SparkCam.of(ignored -> pipeline(), console, defaults).execute(args);
  }

  private Pipeline pipeline() {
    return (Pipeline)
        Proxy.newProxyInstance(
            Pipeline.class.getClassLoader(),
            new Class<?>[] {Pipeline.class},
            (proxy, method, args) -> {
              settings.add((Settings) args[0]);
              calls.add(
                  Arrays.stream(args)
                      .skip(1)
                      .filter(arg -> !(arg instanceof Look))
                      .map(String::valueOf)
                      .collect(Collectors.joining(" ", method.getName() + " ", ""))
                      .strip());
              Stream.of(args)
                  .filter(Look.class::isInstance)
                  .map(Look.class::cast)
                  .forEach(looks::add);
              if (failure != null) {
                throw failure;
              }
              return null;
            });
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
