package io.sparkcam.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
