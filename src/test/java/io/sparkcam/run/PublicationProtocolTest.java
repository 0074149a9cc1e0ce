package io.sparkcam.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.storage.Publication;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The protocol of {@link RunDirectory} and {@link RunLock} as the state machine of
 * src/docs/architecture.md: every interleaving of two processes that make the run of one name, each
 * of which may die before any of its steps.
 */
class PublicationProtocolTest {
  /** What a process does next. Each step is one operation of the file system. */
  private enum Step {
    LOOK,
    CREATE_OWNER,
    READ_OWNER,
    MOVE_OWNER,
    READ_GRAVE,
    RETURN_GRAVE,
    DELETE_GRAVE,
    CREATE_OWNER_AGAIN,
    NAME_OWNER,
    LOOK_AGAIN,
    REMOVE_REST,
    WRITE_FIRST_PART,
    WRITE_LAST_PART,
    LOOK_AT_TARGET,
    PUBLISH,
    DELETE_OWNER,
    // A process that is here has ended.
    PUBLISHED,
    REFUSED,
    DEAD;

    boolean ended() {
      return compareTo(PUBLISHED) >= 0;
    }

    /** Whether it holds the run: two that do could mix their files. */
    boolean holds() {
      return compareTo(NAME_OWNER) >= 0 && compareTo(DELETE_OWNER) < 0;
    }
  }

  private static final int NOBODY = 0;

  /** Whose process was dead before the two began; theirs are 1 and 2. */
  private static final int ANCESTOR = 3;

  /** In place of a maker: the parts of two. */
  private static final int MIXED = 9;

  /**
   * A moment.
   *
   * @param steps of the processes 1 and 2
   * @param read whom each found to be the owner
   * @param graves whose file each moved away
   * @param owner whose file the owner's is
   * @param maker whose the unpublished files are
   * @param parts how many of two there are
   * @param published whose run it is
   */
  private record Moment(
      List<Step> steps,
      List<Integer> read,
      List<Integer> graves,
      int owner,
      int maker,
      int parts,
      int published) {
    boolean dead(int process) {
      return process == ANCESTOR || (process != NOBODY && steps.get(process - 1).ended());
    }

    Step step(int process) {
      return steps.get(process - 1);
    }

    Moment to(int process, Step step) {
      return new Moment(with(steps, process, step), read, graves, owner, maker, parts, published);
    }

    Moment read(int process, int found) {
      return new Moment(steps, with(read, process, found), graves, owner, maker, parts, published);
    }

    Moment grave(int process, int whose) {
      return new Moment(steps, read, with(graves, process, whose), owner, maker, parts, published);
    }

    Moment owner(int whose) {
      return new Moment(steps, read, graves, whose, maker, parts, published);
    }

    Moment files(int whose, int count) {
      return new Moment(steps, read, graves, owner, whose, count, published);
    }

    Moment published(int whose) {
      return new Moment(steps, read, graves, owner, NOBODY, 0, whose);
    }

    private static <T> List<T> with(List<T> values, int process, T value) {
      List<T> changed = new ArrayList<>(values);
      changed.set(process - 1, value);
      return List.copyOf(changed);
    }
  }

  /** What the file system and the code promise; without one of them, runs are mixed. */
  private record Promises(boolean exclusive, boolean looksAgain) {}

  private static Moment next(Moment now, int process, Publication mode, Promises promises) {
    Step step = now.step(process);
    switch (step) {
      case LOOK -> {
        return now.to(process, now.published() != NOBODY ? Step.REFUSED : Step.CREATE_OWNER);
      }
      case CREATE_OWNER -> {
        boolean free = now.owner() == NOBODY || !promises.exclusive();
        return free
            ? now.owner(process).to(process, Step.NAME_OWNER)
            : now.to(process, Step.READ_OWNER);
      }
      case READ_OWNER -> {
        int found = now.owner();
        if (found == NOBODY) {
          return now.to(process, Step.CREATE_OWNER_AGAIN);
        }
        return now.read(process, found)
            .to(process, now.dead(found) ? Step.MOVE_OWNER : Step.REFUSED);
      }
      case MOVE_OWNER -> {
        return now.owner() == NOBODY
            ? now.to(process, Step.CREATE_OWNER_AGAIN)
            : now.grave(process, now.owner()).owner(NOBODY).to(process, Step.READ_GRAVE);
      }
      case READ_GRAVE -> {
        boolean expected = now.graves().get(process - 1).equals(now.read().get(process - 1));
        return now.to(process, expected ? Step.DELETE_GRAVE : Step.RETURN_GRAVE);
      }
      case RETURN_GRAVE -> {
        return now.owner(now.graves().get(process - 1))
            .grave(process, NOBODY)
            .to(process, Step.REFUSED);
      }
      case DELETE_GRAVE -> {
        return now.grave(process, NOBODY).to(process, Step.CREATE_OWNER_AGAIN);
      }
      case CREATE_OWNER_AGAIN -> {
        return now.owner() == NOBODY
            ? now.owner(process).to(process, Step.NAME_OWNER)
            : now.to(process, Step.REFUSED);
      }
      case NAME_OWNER -> {
        return now.to(process, promises.looksAgain() ? Step.LOOK_AGAIN : Step.REMOVE_REST);
      }
      case LOOK_AGAIN -> {
        return now.published() == NOBODY
            ? now.to(process, Step.REMOVE_REST)
            : now.read(process, NOBODY).to(process, Step.DELETE_OWNER);
      }
      case REMOVE_REST -> {
        // In an object store the files lie under the run's name: so does what is published.
        Moment empty = mode == Publication.MANIFEST ? now.published(NOBODY) : now;
        return empty.files(NOBODY, 0).to(process, Step.WRITE_FIRST_PART);
      }
      case WRITE_FIRST_PART -> {
        return now.files(now.parts() == 0 ? process : MIXED, 1).to(process, Step.WRITE_LAST_PART);
      }
      case WRITE_LAST_PART -> {
        return now.files(now.maker() == process ? process : MIXED, 2)
            .to(process, Step.LOOK_AT_TARGET);
      }
      case LOOK_AT_TARGET -> {
        return now.to(process, now.published() == NOBODY ? Step.PUBLISH : Step.DELETE_OWNER);
      }
      case PUBLISH -> {
        int maker = now.parts() == 2 ? now.maker() : MIXED;
        return now.published(maker).read(process, process).to(process, Step.DELETE_OWNER);
      }
      case DELETE_OWNER -> {
        boolean published = now.read().get(process - 1) == process;
        return now.owner(NOBODY).to(process, published ? Step.PUBLISHED : Step.REFUSED);
      }
      default -> throw new IllegalStateException(step + " is the last");
    }
  }

  private static Moment start(boolean afterADeath) {
    return new Moment(
        List.of(Step.LOOK, Step.LOOK),
        List.of(NOBODY, NOBODY),
        List.of(NOBODY, NOBODY),
        afterADeath ? ANCESTOR : NOBODY,
        afterADeath ? ANCESTOR : NOBODY,
        afterADeath ? 1 : 0,
        NOBODY);
  }

  /** What is wrong at a moment; empty: nothing. */
  private static String wrong(Moment now, Moment before) {
    if (now.step(1).holds() && now.step(2).holds()) {
      return "two processes hold the run";
    }
    if (now.published() == MIXED || now.maker() == MIXED) {
      return "files of two processes are mixed";
    }
    if (before.published() != NOBODY && now.published() != before.published()) {
      return "a published run was touched";
    }
    return "";
  }

  private record Explored(Set<Moment> moments, Set<String> wrong) {}

  private static Explored explore(boolean afterADeath, Publication mode, Promises promises) {
    Moment start = start(afterADeath);
    Set<Moment> seen = new HashSet<>(List.of(start));
    Set<String> wrong = new HashSet<>();
    Deque<Moment> pending = new ArrayDeque<>(List.of(start));
    while (!pending.isEmpty()) {
      Moment now = pending.pop();
      for (int process : new int[] {1, 2}) {
        if (now.step(process).ended()) {
          continue;
        }
        for (Moment then :
            List.of(next(now, process, mode, promises), now.to(process, Step.DEAD))) {
          wrong.add(wrong(then, now));
          if (seen.add(then)) {
            pending.push(then);
          }
        }
      }
    }
    wrong.remove("");
    return new Explored(seen, wrong);
  }

  private static final Promises KEPT = new Promises(true, true);

  @ParameterizedTest
  @CsvSource({"false, RENAME", "true, RENAME", "false, MANIFEST", "true, MANIFEST"})
  void noInterleavingMixesRunsOrTouchesAPublishedOne(boolean afterADeath, Publication mode) {
    Explored explored = explore(afterADeath, mode, KEPT);
    assertEquals(Set.of(), explored.wrong());
    int ends = 0;
    for (Moment end : explored.moments()) {
      if (end.step(1).ended() && end.step(2).ended()) {
        ends++;
        List<Step> how = end.steps();
        assertTrue(!how.contains(Step.PUBLISHED) || end.published() != NOBODY, end::toString);
        assertNotEquals(List.of(Step.PUBLISHED, Step.PUBLISHED), how);
        assertPublishable(end, mode);
      }
    }
    assertTrue(ends > 20, ends + " ends of " + explored.moments().size() + " moments");
  }

  /** Whatever two processes left, a third one that is let alone publishes, or finds it done. */
  private static void assertPublishable(Moment end, Publication mode) {
    Moment now =
        new Moment(
            Arrays.asList(Step.LOOK, Step.DEAD),
            List.of(NOBODY, NOBODY),
            List.of(NOBODY, NOBODY),
            end.owner() == NOBODY ? NOBODY : ANCESTOR,
            end.maker(),
            end.parts(),
            end.published());
    while (!now.step(1).ended()) {
      now = next(now, 1, mode, KEPT);
    }
    assertNotEquals(NOBODY, now.published(), end::toString);
  }

  @Test
  void everyPromiseIsNeeded() {
    assertEquals(
        Set.of("two processes hold the run", "files of two processes are mixed"),
        explore(false, Publication.RENAME, new Promises(false, true)).wrong());
    assertEquals(
        Set.of("a published run was touched"),
        explore(false, Publication.MANIFEST, new Promises(true, false)).wrong());
  }
}
