package dev.lariat.cli.conform;

import dev.lariat.EventLoop;
import dev.lariat.host.VirtualTime;
import dev.lariat.testkit.conform.Conformance;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command: prints one line for each program of each file. */
@Command(
    name = "conform",
    mixinStandardHelpOptions = true,
    description = {
      "Runs conformance programs and prints the order of events, a JSON object a line:",
      "the same lines that CPython's asyncio gives."
    })
public final class Conform implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "one program (.json), or one a line (.jsonl)")
  private List<Path> files = List.of();

  @Spec private CommandSpec spec;

  /** Made by the command line. */
  public Conform() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (Path file : files) {
      String where = file.toString();
      try {
        List<String> texts =
            where.endsWith(".jsonl") ? Files.readAllLines(file) : List.of(Files.readString(file));
        for (int i = 0; i < texts.size(); i++) {
          where = file + " line " + (i + 1);
          if (!texts.get(i).isBlank()) {
            out.println(Conformance.run(texts.get(i), new EventLoop(new VirtualTime())));
          }
        }
      } catch (NoSuchFileException e) {
        return fail("there is no file " + file);
      } catch (IOException | IllegalArgumentException e) {
        return fail(where + ": " + e.getMessage());
      } finally {
        out.flush();
      }
    }
    return 0;
  }

  private int fail(String message) {
    spec.commandLine().getErr().println("lariat conform: " + message);
    return 2;
  }
}
