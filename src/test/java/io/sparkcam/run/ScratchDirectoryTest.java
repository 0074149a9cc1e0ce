package io.sparkcam.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchDirectoryTest {
  @TempDir Path directory;

  private Path made(String name, RunLock.Owner owner) throws Exception {
    Path scratch = Files.createDirectory(directory.resolve(name));
    Files.write(scratch.resolve(".owner"), new JsonMapper().writeValueAsBytes(owner));
    return scratch;
  }

  @Test
  void onlyThoseOfEndedProcessesAreDead() throws Exception {
    RunLock.Owner here = RunLock.Owner.current();
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Path dead =
        made(
            "sparkcam-1",
            new RunLock.Owner(here.host(), here.machine(), ended.pid(), here.started()));
    made("sparkcam-2", here);
    made("sparkcam-3", new RunLock.Owner("elsewhere", here.machine(), 1, here.started()));
    Files.createDirectory(directory.resolve("sparkcam-4"));
    Path begun = Files.createDirectory(directory.resolve("sparkcam-5"));
    Files.setLastModifiedTime(begun, FileTime.from(Instant.now().minusSeconds(100)));
    Files.createSymbolicLink(directory.resolve("sparkcam-6"), dead);
    made("sparkcam-data", RunLock.Owner.NOBODY);

    assertEquals(List.of(dead, begun), ScratchDirectory.dead(directory));
  }

  @Test
  void linksAreNotFollowed() throws Exception {
    Path kept = Files.createFile(Files.createDirectory(directory.resolve("kept")).resolve("file"));
    Path scratch = Files.createDirectory(directory.resolve("sparkcam-1"));
    Files.createSymbolicLink(scratch.resolve("link"), kept.getParent());

    ScratchDirectory.remove(scratch);

    assertFalse(Files.exists(scratch));
    assertTrue(Files.exists(kept));
  }
}
