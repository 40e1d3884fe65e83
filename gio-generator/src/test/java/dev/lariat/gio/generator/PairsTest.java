package dev.lariat.gio.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GLIB-4: what the generator finds in java-gi's jars, and what it makes of that. */
class PairsTest {
  private static final List<Path> JARS =
      Arrays.stream(System.getProperty("java.class.path").split(Pattern.quote(":")))
          .map(Path::of)
          .filter(path ->
              path.getFileName().toString().matches("(glib|gtk|gdkpixbuf|adw|secret)-[0-9.]*jar"))
          .toList();

  @TempDir Path directory;

  @Test
  @DisplayName(
      "GLIB-4 of 218 operations 215 can be awaited, and 60 overloads; it is said why not all")
  void counts() throws IOException {
    assertThat(JARS).hasSize(5);
    Pairs pairs = Main.read(JARS);
    assertThat(pairs.operations()).isEqualTo(215);
    assertThat(pairs.pairs.size() - pairs.operations()).isEqualTo(60);
    assertThat(pairs.leftOut.keySet())
        .containsExactlyInAnyOrder(
            "AsyncInitable.newAsync",
            "AsyncInitable.newvAsync",
            "FontDialog.chooseFontAndFeatures");
    assertThat(pairs.leftOut.values()).noneMatch(String::isBlank);
  }

  @Test
  @DisplayName("GLIB-4 those with out parameters are written as records")
  void outParameters() throws IOException {
    List<Pairs.Pair> withOuts =
        Main.read(JARS).pairs.stream().filter(pair -> pair.finish().takes(Method.OUT)).toList();
    assertThat(
            withOuts.stream()
                .map(pair -> pair.begin().ownerName() + pair.begin().name())
                .distinct())
        .hasSize(34);
  }

  @Test
  @DisplayName("each operation is written twice: with a cancellable of the caller's, and without")
  void writes() throws IOException {
    Main.main(arguments());
    String file = Files.readString(directory.resolve("dev/lariat/gio/FileAwait.java"));
    assertThat(file)
        .contains("public static FileInfo queryInfo(")
        .contains("public record LoadContents(byte @Nullable [] contents, @Nullable String etag)")
        .contains("{@link org.gnome.gio.File#loadContentsAsync(org.gnome.gio.Cancellable,")
        .contains("public static LoadContents loadContents(File self) throws GErrorException {")
        .contains(
            "public static LoadContents loadContents(File self, @Nullable Cancellable cancellable)");
    try (Stream<Path> written = Files.walk(directory)) {
      assertThat(written.filter(Files::isRegularFile)).hasSizeGreaterThan(50);
    }
  }

  @Test
  @DisplayName("what is as it was is not written again, for the compiler's sake")
  void incremental() throws IOException {
    Main.main(arguments());
    Path file = directory.resolve("dev/lariat/gio/FileAwait.java");
    var before = Files.getLastModifiedTime(file);
    Main.main(arguments());
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(before);
  }

  private String[] arguments() {
    return Stream.concat(Stream.of(directory), JARS.stream())
        .map(Path::toString)
        .toArray(String[]::new);
  }

  @Test
  @DisplayName("an operation that nothing finishes stops the build, and says what to do")
  void unknown() {
    Type callback = new Type(Method.CALLBACK, List.of(), 0, false, false);
    Type none = new Type("void", List.of(), 0, false, false);
    Method begin =
        new Method(
            "org/gnome/gio/New",
            "thingAsync",
            true,
            false,
            "",
            List.of(new Method.Parameter("callback", callback)),
            none,
            false);
    assertThatThrownBy(() -> new Pairs().addAll(List.of(begin)))
        .hasMessageContaining("New.thingAsync")
        .hasMessageContaining("Pairs.ODD");
  }

  @Test
  @DisplayName("the class for an old GLib asks for the same types, and insists on none")
  void patched() throws IOException {
    Path glib =
        JARS.stream()
            .filter(jar -> jar.getFileName().toString().startsWith("glib-"))
            .findFirst()
            .orElseThrow();
    var model = ClassFile.of().parse(GLibCompat.patched(glib));
    List<String> calls =
        model.methods().stream()
            .filter(method -> method.methodName().equalsString("<clinit>"))
            .flatMap(method -> method.code().stream())
            .flatMap(code -> code.elementStream())
            .filter(InvokeInstruction.class::isInstance)
            .map(element -> ((InvokeInstruction) element).name().stringValue())
            .toList();
    assertThat(calls).isNotEmpty().doesNotContain("requireNonNull");
  }
}
