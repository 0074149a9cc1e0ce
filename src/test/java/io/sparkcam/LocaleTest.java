package io.sparkcam;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.xbean.asm9.ClassReader;
import org.apache.xbean.asm9.ClassVisitor;
import org.apache.xbean.asm9.MethodVisitor;
import org.apache.xbean.asm9.Opcodes;
import org.junit.jupiter.api.Test;

/**
 * Names, keys and messages are the same whatever language the computer speaks: what depends on a
 * locale is given {@code Locale.ROOT}. Only a literal format that shows text as it is ({@code %s})
 * needs none.
 */
class LocaleTest {
  /** What {@code java.util.Formatter} writes in the digits or letters of a locale. */
  private static final Pattern LOCALISED =
      Pattern.compile("%(\\d+\\$)?[-+ 0,(#]*\\d*(\\.\\d+)?[dfeEgGaAStT]");

  private static final List<String> FORMATTING =
      List.of(
          "format(Ljava/lang/String;[Ljava/lang/Object;)",
          "printf(Ljava/lang/String;[Ljava/lang/Object;)",
          "formatted([Ljava/lang/Object;)");

  private static final List<String> FORBIDDEN =
      List.of(
          "java/lang/String.toLowerCase()",
          "java/lang/String.toUpperCase()",
          "java/util/Formatter.<init>()",
          "java/util/Scanner.<init>(Ljava/io/InputStream;)",
          "java/text/DecimalFormat.<init>(Ljava/lang/String;)",
          "java/time/format/DateTimeFormatter.ofPattern(Ljava/lang/String;)");

  private static final class Calls extends ClassVisitor {
    private final JavaClass within;
    private final TreeSet<String> found = new TreeSet<>();

    Calls(JavaClass within) {
      super(Opcodes.ASM9);
      this.within = within;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {
        /** The text constants since the last format. */
        private final List<String> constants = new ArrayList<>();

        @Override
        public void visitLdcInsn(Object value) {
          if (value instanceof String text) {
            constants.add(text);
          }
        }

        @Override
        public void visitMethodInsn(
            int opcode, String owner, String called, String types, boolean ofInterface) {
          String call = called + types.substring(0, types.indexOf(')') + 1);
          boolean formats = owner.startsWith("java/") && FORMATTING.contains(call);
          boolean safe =
              !constants.isEmpty()
                  && constants.stream().noneMatch(text -> LOCALISED.matcher(text).find());
          if (FORBIDDEN.contains(owner + "." + call) || (formats && !safe)) {
            found.add(within.getName() + "." + name + ": " + called + " " + constants);
          }
          if (formats || call.startsWith("format(Ljava/util/Locale;")) {
            constants.clear();
          }
        }
      };
    }
  }

  @Test
  void nothingIsWrittenInTheLocaleOfTheComputer() throws IOException {
    TreeSet<String> found = new TreeSet<>();
    for (JavaClass each :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.sparkcam")) {
      try (InputStream in = each.getSource().orElseThrow().getUri().toURL().openStream()) {
        Calls calls = new Calls(each);
        new ClassReader(in).accept(calls, 0);
        found.addAll(calls.found);
      }
    }
    assertEquals(new TreeSet<>(), found);
  }
}
