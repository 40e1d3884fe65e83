package dev.lariat.benchmarks.hosts;

import dev.lariat.benchmarks.ChildJvm;
import dev.lariat.cli.bench.Benchmark;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A benchmark that is run on each toolkit, in a JVM of its own: two toolkits can be in each other's
 * way.
 */
abstract class HostBenchmark implements Benchmark {
  @Override
  public Iterable<Map<String, Object>> measure() {
    return () -> HostMain.TOOLKITS.keySet().stream().map(this::measure).iterator();
  }

  private Map<String, Object> measure(String toolkit) {
    List<String> command =
        ChildJvm.command("-Djava.library.path=" + libraries(), HostMain.class, name(), toolkit);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("host", toolkit);
    try {
      Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
      process
          .inputReader()
          .lines()
          .forEach(line -> {
            System.err.println(
                name() + " on " + toolkit + ": " + line); // as soon as it is measured
            String[] pair = line.split(" ", 2);
            figures.put(pair[0], new BigDecimal(pair[1]));
          });
      if (process.waitFor() != 0) {
        throw new IllegalStateException("the benchmark " + name() + " on " + toolkit + " failed");
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return figures;
  }

  /** Where Debian keeps Qt, and QtJambi is to look for it. */
  private static String libraries() {
    String architecture = System.getProperty("os.arch");
    return "/usr/lib/%s-linux-gnu"
        .formatted(architecture.equals("amd64") ? "x86_64" : architecture);
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
