package io.sparkcam.data.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.DataPlace.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * The log of a Delta table (https://github.com/delta-io/delta/blob/master/PROTOCOL.md): which of
 * the files that lie there are the table's. Logs that need more than their JSON files are refused.
 */
final class DeltaLog {
  static final String DIRECTORY = "_delta_log";
  private static final JsonMapper JSON = new JsonMapper();

  private DeltaLog() {}

  /** The files of the newest version of a table. */
  static List<TableFile> files(DataPlace place, String table, Configuration configuration)
      throws IOException {
    String log = DataPlace.join(table, DIRECTORY);
    Map<String, TableFile> files = new TreeMap<>();
    long expected = 0;
    for (Entry entry : place.list(log, configuration)) {
      if (!entry.name().matches("\\d{20}\\.json")) {
        continue;
      }
      String file = DataPlace.join(log, entry.name());
      if (Long.parseLong(entry.name().substring(0, 20)) != expected++) {
        throw refused(place, table, "its log begins with a checkpoint");
      }
      try (InputStream in = place.open(file, configuration)) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
          apply(JSON.readTree(line), place, table, files);
        }
      } catch (JsonProcessingException e) {
        throw new IOException(place.resolve(file) + ": no JSON: " + e.getOriginalMessage(), e);
      }
    }
    if (expected == 0) {
      throw refused(place, table, "its log has no JSON files");
    }
    return new ArrayList<>(files.values());
  }

  private static void apply(
      JsonNode action, DataPlace place, String table, Map<String, TableFile> files)
      throws IOException {
    if (action.has("remove")) {
      files.remove(path(action.get("remove")));
    } else if (action.has("add")) {
      JsonNode add = action.get("add");
      if (add.hasNonNull("deletionVector")) {
        throw refused(place, table, "rows of it are deleted by deletion vectors");
      }
      Map<String, String> partition = new HashMap<>();
      add.path("partitionValues")
          .fields()
          .forEachRemaining(
              field ->
                  partition.put(
                      field.getKey(),
                      field.getValue().isNull() ? null : field.getValue().asText()));
      files.put(path(add), new TableFile(DataPlace.join(table, path(add)), partition));
    }
  }

  private static String path(JsonNode action) {
    return URLDecoder.decode(
        action.path("path").asText().replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static IOException refused(DataPlace place, String table, String why) {
    return new IOException(
        "%s: a Delta table that cannot be read here, %s: write it as plain Parquet first"
            .formatted(place.resolve(table), why));
  }
}
