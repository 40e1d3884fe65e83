package dev.lariat.benchmarks.hosts;

import dev.lariat.cli.bench.Benchmark;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A benchmark that is run on each toolkit, in a JVM of its own: two toolkits can be in each other's
 * way.
 */
abstract class HostBenchmark implements Benchmark {
  @Override
  public List<Map<String, Object>> measure() {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (String toolkit : HostMain.TOOLKITS.keySet()) {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("host", toolkit);
      figures.putAll(measure(toolkit));
      lines.add(figures);
    }
    return lines;
  }

  private Map<String, Object> measure(String toolkit) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(HostMain.class.getName(), name(), toolkit));
    Map<String, Object> figures = new LinkedHashMap<>();
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "the benchmark " + name() + " on " + toolkit + " failed: " + output);
      }
      output
          .lines()
          .map(line -> line.split(" ", 2))
          .forEach(pair -> figures.put(pair[0], new java.math.BigDecimal(pair[1])));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return figures;
  }

  /** Found by the service loader. */
  public static final class Hosts extends HostBenchmark {
    /** Made by the service loader. */
    public Hosts() {}

    @Override
    public String name() {
      return "hosts";
    }

    @Override
    public String description() {
      return "on each toolkit: a callback and a task switch, alone and in bulk, and a wake-up;"
          + " floor: the toolkit's own post";
    }
  }

  /** Found by the service loader. */
  public static final class Frames extends HostBenchmark {
    /** Made by the service loader. */
    public Frames() {}

    @Override
    public String name() {
      return "frames";
    }

    @Override
    public String description() {
      return "on each toolkit: frames and events while 100,000 tasks are busy;"
          + " peer: the same work, each piece a post";
    }
  }
}
