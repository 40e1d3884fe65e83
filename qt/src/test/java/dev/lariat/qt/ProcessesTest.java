package dev.lariat.qt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What takes a process of its own: signals, crashes, libraries that are missing. */
@Timeout(60)
class ProcessesTest {
  /** What Qt says of a locale that is not UTF-8. */
  private static final List<String> CHATTER =
      List.of("Detected locale", "Qt depends on", "QStandardPaths");

  @TempDir Path temporary;

  @BeforeEach
  void needsQt() {
    QtThread.needsQt();
  }

  /** With the options of this JVM, but for the agents; with QtJambi, or without. */
  private Process start(boolean jambi, List<String> options, Class<?> main, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--"))
        .forEach(command::add);
    command.add("-XX:TieredStopAtLevel=1"); // it starts faster
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-Djava.library.path=" + System.getProperty("java.library.path"));
    command.addAll(options);
    command.add("-cp");
    command.add(
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> jambi || !entry.contains("qtjambi"))
            .collect(Collectors.joining(File.pathSeparator)));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static List<String> rest(Process process) throws IOException {
    return process.inputReader().readAllLines().stream()
        .filter(line -> CHATTER.stream().noneMatch(line::contains))
        .toList();
  }

  private static void awaitLine(Process process, String line) throws IOException {
    BufferedReader output = process.inputReader();
    List<String> before = new ArrayList<>();
    for (String next = output.readLine(); !line.equals(next); next = output.readLine()) {
      assertThat(next).as("the output ended after %s", before).isNotNull();
      before.add(next);
    }
  }

  // -- what there is -----------------------------------------------------------------------------

  @Test
  @DisplayName("a console program needs Qt's core library, and no QtJambi")
  void console() throws Exception {
    assertThat(rest(start(false, List.of(), Programs.Console.class))).containsExactly("value");
  }

  @Test
  @Tag("qtjambi")
  @DisplayName("the same with QtJambi, and where only QtJambi can be had: its events are used")
  void consoleOfJambi() throws Throwable {
    QtThread.needsJambi();
    assertThat(rest(start(true, List.of(), Programs.Console.class))).containsExactly("value");
    String missing = "-D" + QtCore.LIBRARY_PROPERTY + "=libc.so.6"; // has other functions
    assertThat(rest(start(true, List.of(missing), Programs.Console.class)))
        .containsExactly("value");
    assertThat(rest(start(true, List.of(missing), Programs.Jambi.class)).getFirst())
        .isEqualTo("JambiQt");
    assertThat(rest(start(true, List.of(), Programs.Jambi.class)).getFirst()).isEqualTo("HybridQt");
  }

  @Test
  @DisplayName("where there is neither, it says in a sentence what to install")
  void neither() throws Exception {
    String missing = "-D" + QtCore.LIBRARY_PROPERTY + "=libNone.so";
    Process process = start(false, List.of(missing), Programs.Console.class);
    assertThat(rest(process).getFirst())
        .contains("There is no Qt 6 here: there is no libNone.so, and there is no QtJambi.")
        .contains("Install libqt6core6");
    assertThat(process.waitFor()).isEqualTo(1);
  }

  // -- Ctrl-C ------------------------------------------------------------------------------------

  @Test
  @DisplayName("handleSigint: Ctrl-C ends all in good order; without it, Ctrl-C ends the process")
  void sigint() throws Exception {
    for (boolean handled : new boolean[] {true, false}) {
      Process process =
          start(
              false,
              List.of(),
              Programs.Interrupted.class,
              handled ? new String[] {"handle"} : new String[0]);
      awaitLine(process, "ready");
      new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();
      assertThat(rest(process))
          .isEqualTo(handled ? List.of("tidied up", "interrupted") : List.of());
      assertThat(process.waitFor()).isEqualTo(handled ? 0 : 130);
    }
  }

  // -- what QtJambi unpacks ----------------------------------------------------------------------

  private List<String> unpacked() throws IOException {
    try (var files = Files.list(temporary)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("QtJambi"))
          .toList();
    }
  }

  @Test
  @Tag("qtjambi")
  @DisplayName(
      "what QtJambi unpacks is deleted: at the end, and by the next start if it was killed")
  void temporaries() throws Throwable {
    QtThread.needsJambi();
    assertThat(start(true, List.of(), Programs.Jambi.class).waitFor()).isZero();
    assertThat(unpacked()).isEmpty();

    Process killed = start(true, List.of(), Programs.Jambi.class, "wait");
    awaitLine(killed, "ready");
    killed.destroyForcibly().waitFor();
    assertThat(unpacked()).singleElement().asString().endsWith("_" + killed.pid());

    Process alive = start(true, List.of(), Programs.Jambi.class, "wait");
    awaitLine(alive, "ready");
    assertThat(unpacked()).singleElement().asString().endsWith("_" + alive.pid());

    assertThat(start(true, List.of(), Programs.Jambi.class).waitFor()).isZero();
    assertThat(unpacked()).singleElement().asString().endsWith("_" + alive.pid());
    alive.destroyForcibly().waitFor();
    JambiTemporaries.clean(temporary);
    assertThat(unpacked()).isEmpty();
  }

  @Test
  @DisplayName("nothing else is deleted: other names, other users, files, what cannot be listed")
  void nothingElse() throws Exception {
    String user = System.getProperty("user.name");
    Path gone = temporary.resolve("QtJambi6.3.4_" + user + "_999999999");
    Path others = temporary.resolve("QtJambi6.3.4_somebodyelse_999999999");
    Path unnumbered = temporary.resolve("QtJambi6.3.4_" + user);
    Path file = temporary.resolve("QtJambi6.3.4_" + user + "_999999998");
    Path target = temporary.resolve("target");
    for (Path folder : List.of(gone, others, unnumbered, target)) {
      Files.createDirectories(folder.resolve("lib"));
      Files.createFile(folder.resolve("lib/libQtJambi.so"));
    }
    Files.createFile(file);
    Files.createSymbolicLink(temporary.resolve("QtJambi6.3.4_" + user + "_999999997"), target);
    JambiTemporaries.clean(temporary);
    assertThat(gone).doesNotExist();
    assertThat(List.of(others, unnumbered, file, target.resolve("lib/libQtJambi.so")))
        .allMatch(Files::exists);
    JambiTemporaries.clean(temporary.resolve("none"));
  }
}
