package io.sparkcam.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageTest {
  @ParameterizedTest
  @CsvSource({
    "out, , out",
    "a:b, , ./a:b",
    "./a:b/c, , ./a:b/c",
    "/x/a:b*[c]{d}, , /x/a:b*[c]{d}",
    "file:/x/y, file, /x/y",
    "s3a://bucket/runs, s3a, /runs"
  })
  void pathsAreUrisOrFilesOfAnyName(String name, String scheme, String path) {
    assertEquals(scheme, Storage.path(name).toUri().getScheme());
    assertEquals(path, Storage.path(name).toUri().getPath());
  }

  @ParameterizedTest
  @CsvSource({
    "hdfs://127.0.0.1:9, /data, hdfs://127.0.0.1:9/data",
    "hdfs://127.0.0.1:9, file:///data, file:///data",
    "hdfs://127.0.0.1:9, s3a://bucket/data, s3a://bucket/data",
    "file:///, /data, /data",
    "file:///, data, data"
  })
  void withoutASchemeDataIsInTheDefaultFileSystem(String common, String name, String place)
      throws IOException {
    Configuration hadoop = new Configuration(false);
    hadoop.set("fs.defaultFS", common);
    hadoop.set("fs.hdfs.impl", "org.apache.hadoop.hdfs.DistributedFileSystem");
    assertEquals(place, Storage.place(name, hadoop));
  }
}
