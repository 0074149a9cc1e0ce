package io.sparkcam.storage;

import java.util.regex.Pattern;

/** Names of runs and of their files: whatever they say, they stay in the directory they are in. */
public final class PlainName {
  /** Letters, digits, '.', '_' and '-', no '.' first. */
  public static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");

  private PlainName() {}

  public static boolean is(String name) {
    return PATTERN.matcher(name).matches();
  }

  /** Such names, separated by slashes. */
  public static boolean isPath(String path) {
    for (String step : path.split("/", -1)) {
      if (!is(step)) {
        return false;
      }
    }
    return true;
  }
}
