package dev.lariat.cli.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command: runs benchmarks, and prints one JSON object a line. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures what things cost, and prints one JSON object a line.")
public final class Bench implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "which benchmarks; all, if none is named")
  private List<String> names = List.of();

  @Option(names = "--list", description = "say what there is, and run nothing")
  private boolean list;

  @Spec private CommandSpec spec;

  /** Made by the command line. */
  public Bench() {}

  @Override
  public Integer call() {
    List<Benchmark> all = new ArrayList<>(KernelBenchmarks.all());
    all.add(new ThreadsafeBenchmark());
    all.add(new MemoryBenchmark());
    ServiceLoader.load(Benchmark.class).forEach(all::add);
    PrintWriter out = spec.commandLine().getOut();
    if (list) {
      all.forEach(benchmark -> out.println(benchmark.name() + ": " + benchmark.description()));
      return 0;
    }
    List<String> known = all.stream().map(Benchmark::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "there is no benchmark " + name + "; there are " + String.join(", ", known));
      }
    }
    for (Benchmark benchmark : all) {
      if (names.isEmpty() || names.contains(benchmark.name())) {
        for (Map<String, Object> figures : benchmark.measure()) {
          out.println(json(benchmark.name(), figures));
          out.flush();
        }
      }
    }
    return 0;
  }

  private static String json(String name, Map<String, Object> figures) {
    return figures.entrySet().stream()
        .map(figure -> "\"" + figure.getKey() + "\":" + value(figure.getValue()))
        .collect(Collectors.joining(",", "{\"bench\":\"" + name + "\",", "}"));
  }

  private static String value(Object value) {
    return value instanceof String text ? "\"" + text + "\"" : String.valueOf(value);
  }
}
