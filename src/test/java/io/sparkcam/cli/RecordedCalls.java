package io.sparkcam.cli;

import io.sparkcam.config.Settings;
import io.sparkcam.text.Console;
import io.sparkcam.view.ViewOptions;
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
  final List<ViewOptions> looks = new ArrayList<>();
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

  private CommandActions pipeline() {
    return (CommandActions)
        Proxy.newProxyInstance(
            CommandActions.class.getClassLoader(),
            new Class<?>[] {CommandActions.class},
            (proxy, method, args) -> {
              settings.add((Settings) args[0]);
              calls.add(
                  Arrays.stream(args)
                      .skip(1)
                      .filter(arg -> !(arg instanceof ViewOptions))
                      .map(String::valueOf)
                      .collect(Collectors.joining(" ", method.getName() + " ", ""))
                      .strip());
              Stream.of(args)
                  .filter(ViewOptions.class::isInstance)
                  .map(ViewOptions.class::cast)
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
